"""What columns are called, as ``data/price_columns.yaml`` lists it, and which ones name shares."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from paperlib.machine.files import read_yaml
from paperlib.paths import DATA
from paperlib.prices.dates import LONGEST, is_date
from paperlib.prices.findings import quote, refuse
from paperlib.prices.numbers import MISSING

WANTED = (
    "Bring a text file with a row that names the columns, Date and Close and if known Open, High, "
    "Low and Volume, as Kaggle, Yahoo, Nasdaq or Investing.com give it."
)
SHARE_COLUMNS = ("ticker", "symbol", "symbols", "name", "unique id")
AMOUNT = re.compile(r"[\W_]*[0-9](?:[\W\d_]|[eE][+-]?[0-9])*[KMBkmb]?[\W_]*")  # -0.3%, 1.2M, 16:00
FIELD = "(Open|High|Low|Close|Volume)"
# XYZ.Close, ('Close', 'XYZ'): a column's name and the share's, as R and pandas join them
JOINED = re.compile(rf"(?!ADJ)[A-Z0-9.^=-]+\.{FIELD}|\('{FIELD}', '[^']*'\)")


@dataclass(frozen=True)
class Kind:
    """What a file is to hold."""

    table: Path  # of what columns are called
    values: str  # our name of the column that it can't do without, beside the date
    wanted: str  # what to bring, the end of a refusal
    told: tuple[str, ...]  # columns whose own names are told


PRICE_FILE = Kind(DATA / "price_columns.yaml", "close", WANTED, ("date", "close"))


def plain(name: str) -> str:
    """Bring a column's name to the form of the table."""
    joined = JOINED.fullmatch(name.strip())
    name = joined[joined.lastindex or 0] if joined else name
    name = unicodedata.normalize("NFKC", name).casefold()
    name = re.sub(r"[\s_]+", " ", name).strip(" *\"'<>")
    name = re.sub(r"^[0-9]+\. |\.[0-9]+$", "", name)  # Alpha Vantage's 4. close, pandas' close.1
    name = re.sub(r"^.+-(lo|hi)-[0-9.]+$", r"\1", name)  # statsforecast's AutoARIMA-lo-90
    return re.sub(r"^(lo|hi|lower|upper) [0-9.]+%?$", r"\1", name)  # R's Lo 90


def known(name: str, kind: Kind) -> str | None:
    """Tell what a column's name stands for, such as date, close, splits or forecast."""
    return _meanings(kind.table).get(plain(name))


def is_name(cell: str) -> bool:
    """Tell whether a cell is neither blank nor an amount nor a date."""
    is_amount = len(cell) < LONGEST and (AMOUNT.fullmatch(cell) or is_date(cell))
    return cell.lower() not in MISSING and not is_amount


def refuse_shares(path: Path, column: str, cells: list[str]) -> None:
    """Refuse a column of several tickers, or one of any name that seems to name several shares.

    Most rows then have a name, and on average a name comes twice or more. So a column of rare
    notes, or of a headline a day, is no such column.
    """
    named = [cell for cell in map(str.strip, cells) if is_name(cell)]
    names = list(dict.fromkeys(named))
    repeated = 2 * len(named) > len(cells) and len(named) >= 2 * len(names)
    sure = plain(column) in SHARE_COLUMNS
    if len(names) > 1 and (sure or (repeated and not _are_no_shares(names))):
        shown = ", ".join(map(quote, names[:8])) + ", …" * (len(names) > 8)
        why = f"{quote(column)} names {len(names)} shares{', it seems' * (not sure)} ({shown})"
        refuse(path, f"{why}. Keep one, or remove the column if it names something else.")


def _are_no_shares(values: list[str]) -> bool:
    """Tell whether values are weekdays, months, signals and the like, and not names of shares."""
    groups = map(tuple, _table(PRICE_FILE.table)["no shares"])
    return any(all(value.casefold().startswith(group) for value in values) for group in groups)


@cache
def _table(path: Path) -> dict:
    return read_yaml(path)


@cache
def _meanings(path: Path) -> dict[str, str]:
    return {plain(name): ours for ours, names in _table(path)["columns"].items() for name in names}
