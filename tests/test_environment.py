"""Whatever the user has set, and whatever else runs: the same book, or one sentence."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_a_checkout_with_other_line_endings_has_the_same_bytes(tmp_path: Path) -> None:
    """As on a machine where git's core.autocrlf is true."""

    def git(*arguments: str) -> None:
        options = ["-c", "core.autocrlf=true", "-c", "user.name=a", "-c", "user.email=a@b.c"]
        subprocess.run(["git", *options, *arguments], cwd=tmp_path, check=True, capture_output=True)

    names = [".gitattributes", ".ci/run", "data/prices/NFLX.csv", "notebooks/01_prices.ipynb"]
    git("init")
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    git("add", ".")
    git("commit", "-m", "All")
    for name in names:
        (tmp_path / name).unlink()
    git("checkout", ".")
    for name in names:
        assert (tmp_path / name).read_bytes() == (ROOT / name).read_bytes(), name
