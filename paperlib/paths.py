"""Where things are kept: the only place in the package that knows the project's folders."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"  # committed
BUILD = ROOT / "_build"  # can be made again
