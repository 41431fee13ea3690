"""Numbers from a price file's text, their decimal mark decided from the whole file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from paperlib.prices.findings import quote, refuse

MISSING = ("", "-", "--", "–", "—", ".", "null", "nan", "n/a", "#n/a", "na", "none")
PRICES = ["open", "high", "low", "close"]
SIZES = {"K": 1e3, "M": 1e6, "B": 1e9}  # after a volume
MARKS = {"point": (".", ","), "comma": (",", ".")}  # the decimal mark and the other one
LIKE_OTHERS = str.maketrans("\u00a0\u202f\u2009\u2007’", "    '")
SIGN = r"[A-Z]{0,3}[$€£¥₩₹₽₺₪₫฿₱]|[A-Z]{3}|kr|zł"  # $, US$, EUR
IN_BRACKETS = re.compile(r"^\[+ *([^][ ]+) *\]+$")  # an array of one, as NumPy prints it
SIGNED = re.compile(rf"(?P<before>{SIGN})? ?(?P<number>.*?[0-9]+[.,]?) ?(?P<after>{SIGN})?")
INDIAN = {"point": "|[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}", "comma": ""}  # 12,34,567
NUMBER = {  # digits, perhaps in groups of three, perhaps with a fraction
    mark: re.compile(
        rf"[+-]?(?:(?:[0-9]+|[1-9][0-9]{{0,2}}(?:([{other} '])[0-9]{{3}})(?:\1[0-9]{{3}})*"
        rf"{INDIAN[mark]})(?:[{decimal}][0-9]*)?|[{decimal}][0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?"
    )
    for mark, (decimal, other) in MARKS.items()
}


def parse_numbers(
    path: Path,
    columns: dict[str, list[str]],
    lines: list[int],
    priced: Sequence[str] = PRICES,
) -> tuple[dict[str, np.ndarray], str]:
    """Return the columns as float64, NaN where a cell is blank, and the decimal mark in words.

    Whether a point or a comma is the decimal mark is decided from all columns together. Signs and
    codes of one currency and marks of thousands are read, and K, M or B after a volume.

    Args:
        path: the file, for a refusal.
        columns: cells by name of the column.
        lines: on which they stand.
        priced: the columns in one currency, whose decimal mark must be beyond doubt.

    Raises:
        PriceFileError: for a cell that is no number, for signs of a currency that differ within a
            column, and if numbers can be read with either mark.
    """
    bare = {name: [_part(cell, name) for cell in cells] for name, cells in columns.items()}
    read = {
        mark: {
            name: [_number(cell, mark, has_size=name == "volume") for _, cell in cells]
            for name, cells in bare.items()
        }
        for mark in MARKS
    }
    failures = {mark: sum(cells.count(None) for cells in read[mark].values()) for mark in MARKS}
    told = any(None in read[mark][name] for mark in MARKS for name in columns if name in priced)
    mark = min(MARKS, key=lambda mark: failures[mark])
    signs = (sign for name in priced for sign, _ in bare.get(name, ()) if sign is not None)
    usual = next(signs, "")
    for row, line in enumerate(lines):
        for name, column in read[mark].items():
            number, sign = column[row], bare[name][row][0]
            other = read["comma" if mark == "point" else "point"][name][row]
            cell = f"the {name} {quote(columns[name][row])}"
            if number is None or np.isinf(number):
                why = f"is not a number with a decimal {mark}, and groups of three if any"
                refuse(path, f"{cell} {why}. Correct it, or delete the row if it is a note.", line)
            if name in priced and sign not in (None, usual):
                why = f"is in {quote(sign)}, the first one in {quote(usual)}"
                refuse(path, f"{cell} {why}. Bring prices in one currency, written alike.", line)
            if name in priced and not told and number != other and not np.isnan(number):
                why = "and no price of the file tells whether a point or a comma marks decimals"
                may = f"may be {number:.12g} or {other:.12g}, {why}"
                refuse(path, f"{cell} {may}. Write one with two decimals at least.", line)
    words = f"decimal {mark}" if any(failures.values()) else "whole numbers"
    return {name: np.array(column, dtype=float) for name, column in read[mark].items()}, words


def _part(cell: str, name: str) -> tuple[str | None, str]:
    """Part a cell into the sign of a currency, None for a blank cell, and its number."""
    cell = IN_BRACKETS.sub(r"\1", cell.translate(LIKE_OTHERS))
    if cell.lower() in MISSING:
        return None, ""
    match = SIGNED.fullmatch(cell) if name != "volume" else None
    return (match["before"] or match["after"] or "", match["number"]) if match else ("", cell)


def _number(cell: str, mark: str, has_size: bool) -> float | None:
    """Read one number; NaN for a blank cell, None for what is no number."""
    if not cell:
        return np.nan
    size = SIZES.get(cell[-1].upper(), 1.0) if has_size else 1.0
    text = cell if size == 1 else cell[:-1].rstrip()
    if not NUMBER[mark].fullmatch(text):
        return None
    decimal, other = MARKS[mark]
    value = size * float(re.sub(rf"[{re.escape(other)} ']", "", text).replace(decimal, "."))
    return value if size == 1 or np.isinf(value) else float(round(value))
