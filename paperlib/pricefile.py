"""Read a price file that a user brings, or refuse it with one clear sentence."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NoReturn

import numpy as np
import pandas as pd

COLUMNS = ["open", "high", "low", "close", "volume"]
MIN_SESSIONS = 250
LAYOUTS = (
    "Save it as plain CSV with the columns Date (as 2016-01-04) and Close, and if known Open, "
    "High, Low and Volume, as Kaggle and Yahoo do."
)


class PriceFileError(ValueError):
    """A price file that can't be used. The message names the file, the row and the remedy."""


def read_price_file(path: Path) -> pd.DataFrame:
    """Read and check a CSV in Kaggle's or Yahoo's plain layout, columns in any order.

    Args:
        path: the file.

    Returns:
        Prices indexed by session (``date``, ascending) with the columns open, high, low, close
        and volume, float64. A column that the file lacks, and a blank outside date and close,
        is NaN. Prices are in the file's own units.

    Raises:
        PriceFileError: if it is not a readable CSV of that layout, has fewer than 250 sessions,
            a date that is missing, unreadable or repeated, or a close that is not positive.
    """
    table = _read_cells(path)
    columns = _match_columns(path, table)
    dates = _parse_dates(path, table[columns["date"]])
    prices = pd.DataFrame({name: np.nan for name in COLUMNS}, index=pd.Index(dates, name="date"))
    for name in COLUMNS:
        if name in columns:
            prices[name] = _parse_numbers(path, table[columns[name]], name)
    positive = prices["close"].to_numpy() > 0  # false for zero, negative and missing alike
    if not positive.all():
        line, cell = _first(table[columns["close"]], ~positive)
        _fail(path, line, f"the close {cell!r} is not a positive price. Correct or delete the row.")
    if len(prices) < MIN_SESSIONS:
        raise PriceFileError(
            f"{path}: {len(prices)} sessions are too few for windows, a split and a test. "
            f"Bring at least {MIN_SESSIONS}, about a year."
        )
    return prices.sort_index()


def _fail(path: Path, line: int, problem: str) -> NoReturn:
    raise PriceFileError(f"{path}, line {line}: {problem}")


def _read_cells(path: Path) -> pd.DataFrame:
    """Return every cell as text, indexed by line, so that nothing is guessed before the checks."""
    if not path.is_file():
        raise PriceFileError(
            f"{path}: no such file. Give the path of a CSV file, or a bundled ticker such as NFLX."
        )
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            rows = [(reader.line_num, row) for row in reader if row]
    except (UnicodeDecodeError, csv.Error) as why:
        raise PriceFileError(f"{path}: not a readable CSV file ({why}). {LAYOUTS}") from why
    if not rows:
        raise PriceFileError(f"{path}: the file is empty. {LAYOUTS}")
    (_, header), *rows = rows
    for line, row in rows:
        if len(row) != len(header):
            _fail(path, line, f"{len(row)} cells under {len(header)} column names. {LAYOUTS}")
    lines = [line for line, _ in rows]
    return pd.DataFrame([row for _, row in rows], index=lines, columns=header, dtype=str)


def _match_columns(path: Path, table: pd.DataFrame) -> dict[str, str]:
    """Map our names to the file's, whatever their case."""
    found: dict[str, str] = {}
    for column in table.columns:
        name = column.strip().lower()
        if name in found:
            raise PriceFileError(f"{path}, line 1: two columns are called {name!r}. Remove one.")
        found[name] = column
    for name in ("date", "close"):
        if name not in found:
            shown = ", ".join(repr(str(c)[:20]) for c in table.columns[:8])
            raise PriceFileError(f"{path}, line 1: no column {name!r} among {shown}. {LAYOUTS}")
    return found


def _first(cells: pd.Series, bad: np.ndarray) -> tuple[int, str]:
    """Return the line and the text of the first bad cell."""
    row = int(np.argmax(bad))
    return cells.index[row], cells.iloc[row]


def _parse_dates(path: Path, cells: pd.Series) -> pd.DatetimeIndex:
    dates = pd.DatetimeIndex(pd.to_datetime(cells.str.strip(), format="%Y-%m-%d", errors="coerce"))
    if dates.hasnans:
        line, cell = _first(cells, dates.isna())
        _fail(path, line, f"{cell!r} is not a date such as 2016-01-04. {LAYOUTS}")
    if dates.has_duplicates:
        line, cell = _first(cells, dates.duplicated())
        _fail(path, line, f"the date {cell.strip()} comes a second time. Keep one row a session.")
    return dates


def _parse_numbers(path: Path, cells: pd.Series, name: str) -> np.ndarray:
    text = cells.str.strip()
    numbers = pd.to_numeric(text, errors="coerce").to_numpy(dtype=float)
    bad = (np.isnan(numbers) & (text != "").to_numpy()) | np.isinf(numbers)
    if bad.any():
        line, cell = _first(cells, bad)
        _fail(
            path,
            line,
            f"the {name} {cell!r} is not a number. Write it as 1180.49, or delete the row.",
        )
    return numbers
