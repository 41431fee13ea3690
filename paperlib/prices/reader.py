"""Read a price file that a user brings, or refuse it with one clear sentence.

The file's bytes become columns of text (``layout``), these become dates (``dates``) and numbers
(``numbers``), and the prices are checked (``checks``). What was found and done is told in a report
(``findings``). Where a file can be read in two ways it is refused, never
guessed.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from paperlib.prices import checks
from paperlib.prices.dates import parse_dates
from paperlib.prices.findings import PriceReport, quote, refuse
from paperlib.prices.layout import read_table
from paperlib.prices.names import PRICE_FILE
from paperlib.prices.numbers import parse_numbers
from paperlib.recipe import MIN_SESSIONS, PAPER_START


def read_price_file(path: Path) -> pd.DataFrame:
    """Read and check a file of daily prices of one share traded in New York.

    Args:
        path: the file, as Kaggle, Yahoo, yfinance, Nasdaq, Investing.com or a spreadsheet write it.

    Returns:
        Prices indexed by session (``date``, ascending) with the columns open, high, low, close
        and volume, float64. A column that the file lacks, and a blank outside date and close,
        is NaN. Prices are in the file's own units. ``attrs["report"]`` is a
        :class:`~paperlib.prices.findings.PriceReport`.

    Raises:
        PriceFileError: if it can't be read in exactly one way, or if its prices can't be right.
    """
    table = read_table(path, PRICE_FILE)
    if not table.lines:
        refuse(path, "the file has a header and no rows. Bring one with prices.")
    dates, date_words = parse_dates(path, table.columns["date"], table.lines)
    cells = {name: column for name, column in table.columns.items() if name != "date"}
    numbers, number_words = parse_numbers(path, cells, table.lines)

    blank = dict.fromkeys(checks.COLUMNS, np.nan)
    rows = pd.DataFrame(blank | numbers, index=dates)
    rows = rows.assign(line=table.lines, written=table.columns["date"])
    rows, priceless = checks.drop_priceless(rows)
    if rows.empty:
        refuse(path, "no row has a price. Bring a file with prices.")
    bad = rows[~(rows["close"] > 0)]  # zero, negative and missing alike
    if len(bad):
        line = bad["line"].iloc[0]
        close = quote(cells["close"][table.lines.index(line)])
        why = f"the close {close} is not a positive price (rows of this kind: {len(bad)})"
        refuse(path, f"{why}. Correct or delete them.", line)
    rows, repeated = checks.drop_repeated(path, rows)
    rows, calendar = checks.drop_closed_days(path, rows)
    rows, early = checks.drop_before_split(rows, PAPER_START, MIN_SESSIONS)
    if len(rows) < MIN_SESSIONS:
        few = f"{len(rows)} sessions are too few for windows, a split and a test"
        refuse(path, f"{few}. Bring at least {MIN_SESSIONS}, about a year.")
    checks.refuse_splits(path, rows)
    checks.refuse_misplaced(path, rows)

    prices = rows[checks.COLUMNS].copy()
    prices.attrs["report"] = PriceReport(
        source=path.name,
        layout=f"{table.layout}, {date_words}, {number_words}",
        rows=len(table.lines),
        sessions=len(prices),
        first=str(prices.index[0].date()),
        last=str(prices.index[-1].date()),
        findings=(*priceless, *repeated, *calendar, *early, *checks.find_oddities(rows)),
    )
    return prices
