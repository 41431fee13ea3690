"""Numbers from a price file's text, their decimal mark decided from the whole file."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from paperlib.pricereport import quote, refuse

MISSING = ("", "-", "--", "–", "—", "null", "nan", "n/a", "na", "none")
SIZES = {"K": 1e3, "M": 1e6, "B": 1e9}
MARKS = {"point": (".", ","), "comma": (",", ".")}  # the decimal mark and the other one
NAMES = {".": "point", ",": "comma", " ": "space", "'": "apostrophe"}
NUMBER = {  # digits, perhaps in groups of three, perhaps with a fraction
    mark: re.compile(
        rf"[+-]?(?:(?:[0-9]+|[1-9][0-9]{{0,2}}(?:([{other} '])[0-9]{{3}})(?:\1[0-9]{{3}})*)"
        rf"(?:[{decimal}][0-9]*)?|[{decimal}][0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?"
    )
    for mark, (decimal, other) in MARKS.items()
}


def parse_numbers(
    path: Path, columns: dict[str, list[str]], lines: list[int]
) -> tuple[dict[str, np.ndarray], str]:
    """Return the columns as float64, NaN where a cell is blank, and the decimal mark in words.

    Whether a point or a comma is the decimal mark is decided from all columns together. Dollar
    signs and marks of thousands are read, and K, M or B after a volume.

    Raises:
        PriceFileError: for a cell that is no number, and if numbers can be read with either mark.
    """
    read = {
        mark: {
            name: [_number(cell, mark, has_size=name == "volume") for cell in cells]
            for name, cells in columns.items()
        }
        for mark in MARKS
    }
    failures = {
        mark: sum(column.count(None) for column in numbers.values())
        for mark, numbers in read.items()
    }
    mark = min(MARKS, key=lambda mark: failures[mark])
    for row, line in enumerate(lines):
        for name, column in read[mark].items():
            number, other = column[row], read["comma"][name][row]
            if number is None or np.isinf(number):
                refuse(
                    path,
                    f"the {name} {quote(columns[name][row])} is not a number with a decimal "
                    f"{mark}{_misplaced(columns[name][row], mark)}. Correct it, or delete the row "
                    "if it is a note or a total.",
                    line,
                )
            if not any(failures.values()) and number != other and not np.isnan(number):
                refuse(
                    path,
                    f"the {name} {quote(columns[name][row])} may be {number:.12g} or "
                    f"{other:.12g}, and no number of the file tells whether a point or a comma "
                    f"marks the decimals. {_remedy(columns[name][row], number, other)}",
                    line,
                )
    words = f"decimal {mark}" if any(failures.values()) else "whole numbers"
    return {name: np.array(column, dtype=float) for name, column in read[mark].items()}, words


def _misplaced(cell: str, mark: str) -> str:
    """Name the mark of thousands that keeps a cell from being a number, if it is that alone."""
    found = re.findall(rf"[{MARKS[mark][1]} ']", cell)
    plain = re.sub(rf"[{MARKS[mark][1]} ']", "", cell)
    if not found or _number(plain, mark, has_size=True) is None:
        return ""
    return f": its {NAMES[found[0]]} does not part groups of three digits"


def _remedy(cell: str, number: float, other: float) -> str:
    """Say how to write a cell of three digits after its only mark so that it tells the mark."""
    mark = "." if "." in cell else ","
    longer = re.sub(r"([.,][0-9]{3})", r"\g<1>0", cell)
    grouped = re.sub(r"([.,][0-9]{3})", rf"\g<1>{'.,'.replace(mark, '')}00", cell)
    low, high = sorted((number, other), key=abs)
    return f'Write it as "{longer}" if it is {low:.12g} or as "{grouped}" if it is {high:.12g}.'


def _number(cell: str, mark: str, has_size: bool) -> float | None:
    """Read one number; NaN for a blank cell, None for what is no number."""
    if cell.lower() in MISSING:
        return np.nan
    text = cell.replace("\u00a0", " ").replace("\u202f", " ").removeprefix("$")
    size = SIZES.get(text[-1:].upper(), 1.0) if has_size else 1.0
    text = text if size == 1 else text[:-1]
    if not NUMBER[mark].fullmatch(text):
        return None
    decimal, other = MARKS[mark]
    plain = re.sub(rf"[{re.escape(other)} ']", "", text).replace(decimal, ".")
    return float(plain) if size == 1 else float(round(float(plain) * size))
