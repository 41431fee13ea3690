"""Refuse a price file of several shares, whatever its column of their names is called."""

from __future__ import annotations

import re
from pathlib import Path

from paperlib.pricecells import MISSING
from paperlib.pricedates import MONTHS, date_form
from paperlib.pricereport import quote, refuse

SHARE_COLUMNS = ("ticker", "symbol", "name")
AMOUNT = re.compile(r"[\W_]*[0-9](?:[\W\d_]|[eE][+-]?[0-9])*[KMBkmb]?[\W_]*")  # -0.3%, 1.2M, 16:00
NO_SHARES = (  # how all values of a column begin that repeats them and names no shares
    {"mon", "tue", "wed", "thu", "fri"},
    {month[:3] for month in MONTHS},
    {"tru", "fal"},
)


def is_name(cell: str) -> bool:
    """Tell whether a cell is neither blank nor an amount nor a date."""
    return cell.lower() not in MISSING and not AMOUNT.fullmatch(cell) and not date_form(cell)


def refuse_several(path: Path, shares: list[str]) -> None:
    """Refuse names of shares if there is more than one."""
    names = _distinct(shares)
    if len(names) > 1:
        refuse(path, f"the prices of {len(names)} shares ({_shown(names)}). Keep those of one.")


def refuse_shares(path: Path, column: str, cells: list[str]) -> None:
    """Refuse a column of any name that seems to name several shares.

    Most rows then have a name, and on average a name comes twice or more. So a column of rare
    notes, or of a headline a day, is no such column.
    """
    named = [cell for cell in cells if is_name(cell)]
    names = _distinct(named)
    repeated = 2 * len(named) > len(cells) and len(named) >= 2 * len(names)
    if len(names) > 1 and repeated and {name[:3].lower() for name in names} not in NO_SHARES:
        refuse(
            path,
            f"the column {quote(column)} names {len(names)} shares, it seems ({_shown(names)}). "
            "Keep the rows of one, or remove the column if it names something else.",
        )


def _distinct(names: list[str]) -> list[str]:
    return list(dict.fromkeys(name.strip() for name in names if name.strip()))


def _shown(names: list[str]) -> str:
    return ", ".join(quote(name) for name in names[:8]) + ", …" * (len(names) > 8)
