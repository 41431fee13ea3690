"""Read a price file that a user brings, or refuse it with one clear sentence.

The file's bytes become columns of text (``pricelayout``), these become dates (``pricedates``) and
numbers (``pricecells``), and the prices are checked (``pricecheck``). What was found and done is
told in a report (``pricereport``). Where a file can be read in two ways it is refused, never
guessed.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from paperlib import pricecheck
from paperlib.pricecells import parse_numbers
from paperlib.pricedates import parse_dates
from paperlib.pricelayout import read_table
from paperlib.pricereport import PriceReport, quote, refuse

MIN_SESSIONS = 250


def read_price_file(path: Path) -> pd.DataFrame:
    """Read and check a file of daily prices of one share traded in New York.

    Args:
        path: the file, as Kaggle, Yahoo, yfinance, Nasdaq, Investing.com or a spreadsheet write it.

    Returns:
        Prices indexed by session (``date``, ascending) with the columns open, high, low, close
        and volume, float64. A column that the file lacks, and a blank outside date and close,
        is NaN. Prices are in the file's own units. ``attrs["report"]`` is a
        :class:`~paperlib.pricereport.PriceReport`.

    Raises:
        PriceFileError: if it can't be read in exactly one way, or if its prices can't be right.
    """
    table = read_table(path)
    if not table.lines:
        refuse(path, "the file has a header and no rows. Bring one with prices.")
    dates, date_words = parse_dates(path, table.columns["date"], table.lines)
    cells = {name: column for name, column in table.columns.items() if name != "date"}
    numbers, number_words = parse_numbers(path, cells, table.lines)
    _refuse_bad_closes(path, numbers["close"], cells["close"], table.lines)

    blank = dict.fromkeys(pricecheck.COLUMNS, np.nan)
    rows = pd.DataFrame(blank | numbers, index=dates)
    rows = rows.assign(line=table.lines, written=table.columns["date"])
    rows, repeated = pricecheck.drop_repeated(path, rows)
    rows, calendar = pricecheck.drop_closed_days(path, rows)
    if len(rows) < MIN_SESSIONS:
        refuse(
            path,
            f"{len(rows)} sessions are too few for windows, a split and a test. Bring at least "
            f"{MIN_SESSIONS}, about a year.",
        )
    pricecheck.refuse_splits(path, rows)

    prices = rows[pricecheck.COLUMNS].copy()
    prices.attrs["report"] = PriceReport(
        source=path.name,
        layout=f"{table.layout}, {date_words}, {number_words}",
        rows=len(table.lines),
        sessions=len(prices),
        first=f"{prices.index[0]:%Y-%m-%d}",
        last=f"{prices.index[-1]:%Y-%m-%d}",
        findings=(*repeated, *calendar, *pricecheck.find_oddities(rows)),
    )
    return prices


def _refuse_bad_closes(path: Path, close: np.ndarray, cells: list[str], lines: list[int]) -> None:
    positive = close > 0  # false for zero, negative and missing alike
    if not positive.all():
        row = int(np.argmin(positive))
        refuse(
            path,
            f"the close {quote(cells[row])} is not a positive price. Correct or delete the row.",
            lines[row],
        )
