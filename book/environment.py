"""What a program that executes notebooks sees of the user's environment: only what it needs.

Any other variable, and any settings file in the user's home, could change a figure, a number or a
warning: a backend or a style of matplotlib, another kernel, Python's warnings, a place for other
packages. Such a notebook would be kept as if it followed from its cells, code and data alone.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PASSED_ON = (
    "PRICES",
    # Where the system's programs and libraries lie, and where a program may write for a while.
    "PATH",
    "LD_*",
    "DYLD_*",
    "TMPDIR",
    "TEMP",
    "TMP",
    "SYSTEMROOT",
    # What a processor needs, or may do: some fail without, and a wrong guess of its kind is slow.
    "OPENBLAS_CORETYPE",
    "NPY_DISABLE_CPU_FEATURES",
    "KMP_DUPLICATE_LIB_OK",
)
FIXED = {
    # One thread per process: more gain nothing on an idle machine and cost much on a busy one.
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    # First on the path, so that a .venv set up in another folder brings no code from there.
    "PYTHONPATH": str(ROOT),
    "TZ": "UTC",
    "COLUMNS": "80",
    "LINES": "24",
}


def fixed_environment(home: Path, given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the variables for a program, whatever the user has set.

    Args:
        home: a folder that stands for the user's home: empty, and writable.
        given: the user's variables.
    """
    variables = {
        name: value
        for name, value in given.items()
        if any(fnmatchcase(name, pattern) for pattern in PASSED_ON)
    }
    if os.path.isfile(prices := variables.get("PRICES", "")):
        variables["PRICES"] = os.path.abspath(prices)  # a notebook runs in another folder
    variables |= {"HOME": str(home), "USERPROFILE": str(home)}
    # Kept between runs, since matplotlib looks up the system's fonts for seconds.
    return variables | FIXED | {"MPLCONFIGDIR": str(ROOT / "_build" / "matplotlib")}
