"""Read a file of forecasts that a reader brings, or refuse it with one clear sentence."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd

from paperlib.paths import DATA
from paperlib.prices.dates import parse_dates
from paperlib.prices.findings import PriceFileError, quote, refuse
from paperlib.prices.layout import Table, read_table
from paperlib.prices.names import Kind
from paperlib.prices.numbers import parse_numbers

FORECAST_FILE = Kind(
    DATA / "forecast_columns.yaml",
    "forecast",
    "Bring a text file with a row that names the columns, Date and Forecast (rename yours), and if "
    "known Lower, Upper, Actual and Cutoff; the date is the session that a forecast is for.",
    ("date", "forecast", "lower", "upper", "actual", "cutoff"),
)
VALUES = ["forecast", "lower", "upper", "actual"]
ROUNDING = 1e-3  # relative: a cent of a share of ten dollars
LATEST = dt.date(2099, 12, 31)  # forecasts may be of days to come


def read_forecast_file(path: Path) -> pd.DataFrame:
    """Read forecasts of closes, each made the session before its date, unless it has a cutoff.

    Args:
        path: a text file of rows under column names, of which ``data/forecast_columns.yaml`` has
            the usual ones.

    Returns:
        Indexed by ``date``, ascending, float64, with ``forecast``, and ``lower``, ``upper`` and
        ``actual`` if there; also ``cutoff``, the last day that a forecast knew, if that is there,
        as in tables of a cross-validation. An actual value may be missing (NaN). Rows before the
        first forecast, as of a training part, are left out. ``attrs["read"]`` says in words how the
        file was read.

    Raises:
        PriceFileError: if it can't be read in exactly one way, lacks a value, has a date twice
            (with the same cutoff), bounds that are not a pair, or a cutoff not before its date.
    """
    if not path.exists():
        refuse(path, "no such file. Give the path of a file of forecasts.")
    table = read_table(path, FORECAST_FILE)
    if not table.lines:
        refuse(path, "the file has a header and no rows. Bring one with forecasts.")
    dates, date_words = parse_dates(path, table.columns["date"], table.lines, LATEST)
    cells = {name: table.columns[name] for name in VALUES if name in table.columns}
    numbers, number_words = parse_numbers(path, cells, table.lines, VALUES)
    rows = pd.DataFrame(numbers, index=dates).assign(line=table.lines)
    if "cutoff" in table.columns:
        rows["cutoff"], words = _parse_cutoffs(path, table)
        date_words += f", those of the cutoff {words.removeprefix('dates ')}"
    rows = rows.sort_index(kind="stable")
    rows = rows[rows["forecast"].notna().cummax()]
    if rows.empty:
        refuse(path, "no row has a forecast. Bring a file with forecasts.")
    check_forecasts(rows, path)
    forecasts = rows.drop(columns="line")
    forecasts.attrs["read"] = f"{table.layout}, {date_words}, {number_words}"
    return forecasts


def _parse_cutoffs(path: Path, table: Table) -> tuple[pd.DatetimeIndex, str]:
    """Read the column of cutoffs, and say in a refusal that it is this one."""
    try:
        return parse_dates(path, table.columns["cutoff"], table.lines, LATEST)
    except PriceFileError as problem:
        raise PriceFileError(f"{problem} (This is the column of cutoffs.)") from None


def check_forecasts(rows: pd.DataFrame, path: Path) -> None:
    """Refuse what can't be a set of forecasts.

    Args:
        rows: sorted by date, as :func:`read_forecast_file` returns them, perhaps with their
            ``line``.
        path: of the file, or what the table is called in a refusal.

    Raises:
        PriceFileError: as that function does.
    """
    bounds = [name for name in ("lower", "upper") if name in rows]
    if len(bounds) == 1:
        other = "upper" if bounds == ["lower"] else "lower"
        refuse(path, f"a column of {bounds[0]} bounds without one of {other} ones. Bring both.")
    for name in ["forecast", *bounds]:
        where = ~np.isfinite(rows[name].to_numpy(dtype=np.float64))
        _refuse_first(path, rows, where, f"the {name} is missing. Fill it in, or delete the row.")
    again = rows.index.duplicated()
    if "cutoff" in rows:
        late = ~(rows["cutoff"] < rows.index).to_numpy()
        why = "its cutoff, the last day that it knew, is missing or not before its date. Mend it."
        _refuse_first(path, rows, late, why)
        again = rows["cutoff"].reset_index().duplicated().to_numpy()
        if "actual" in rows:
            first = rows["actual"].groupby(level=0).transform("first")
            other = ((rows["actual"] / first - 1).abs() > ROUNDING).to_numpy()
            why = "its actual value is not that of the same date above. Keep one close a session."
            _refuse_first(path, rows, other, why)
    _refuse_first(path, rows, again, "its date stands above already. Keep one forecast a session.")
    if bounds:
        crossed = (rows["lower"] > rows["upper"]).to_numpy()
        why = "the lower bound is above the upper one. Exchange or correct them."
        _refuse_first(path, rows, crossed, why)
        below = (rows["upper"] <= 0).to_numpy()
        why = "the upper bound is not positive. Give bounds as prices, not as distances."
        _refuse_first(path, rows, below, why)
    if "actual" in rows:
        no_price = (rows["actual"] <= 0).to_numpy()
        why = "the actual value is no price. Give closes, neither changes nor scaled values."
        _refuse_first(path, rows, no_price, why)


def _refuse_first(path: Path, rows: pd.DataFrame, where: np.ndarray, why: str) -> None:
    """Refuse the first row of those marked, if there is one."""
    if where.any():
        row = rows[where].iloc[0]
        date = quote(f"{rows.index[where][0]:%Y-%m-%d}")
        line = int(row["line"]) if "line" in rows else None
        refuse(path, f"{date}: {why} (Rows of this kind: {int(where.sum())}.)", line)
