"""Closes and forecasts that come as tables, in one form: by session, sorted, positive numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from pandas.api.types import is_datetime64_any_dtype

from paperlib.judging.forecast_file import FORECAST_FILE, VALUES, check_forecasts
from paperlib.prices.calendar import trading_sessions
from paperlib.prices.dates import NEW_YORK
from paperlib.prices.findings import quote, refuse
from paperlib.prices.names import (
    PRICE_FILE,
    SHARE_COLUMNS,
    Kind,
    known,
    plain,
    refuse_shares,
)
from paperlib.prices.series import load_prices

PRICES, FORECAST = Path("the prices"), Path("the forecast")  # what a refusal calls them


def as_closes(prices: str | Path | pd.DataFrame | pd.Series) -> pd.Series:
    """Bring prices to closes by session.

    Args:
        prices: a file, a bundled ticker, a table with one column of closes, or closes.

    Returns:
        (n,) dollars, ascending, indexed by date without a time.

    Raises:
        PriceFileError: for something else, a date that is missing or stands twice, or a close that
            is no positive number.
    """
    if isinstance(prices, str | Path):
        prices = load_prices(prices)
    if isinstance(prices, pd.DataFrame):
        prices = _dated(prices, PRICE_FILE, PRICES)
        names = [name for name in prices if known(str(name), PRICE_FILE) == "close"]
        if len(names) != 1:
            refuse(PRICES, "need one column of closes, named close. Give the closes alone.")
        prices = prices[names[0]]
    if not isinstance(prices, pd.Series):
        refuse(PRICES, "must be a file, a ticker, or a pandas table or series indexed by date.")
    close = _by_date(prices.to_frame("close"), PRICES)["close"]
    _refuse_where(PRICES, close, ~(np.isfinite(close) & (close > 0)), "is no positive number")
    _refuse_where(PRICES, close, close.index.duplicated(), "stands twice")
    return close


def as_forecasts(forecast: pd.DataFrame | pd.Series) -> pd.DataFrame:
    """Bring a table of forecasts to the form of a file's.

    Raises:
        PriceFileError: as :func:`paperlib.judging.forecast_file.read_forecast_file` does.
    """
    if isinstance(forecast, pd.Series):
        forecast = forecast.to_frame("forecast")
    if not isinstance(forecast, pd.DataFrame):
        refuse(FORECAST, "must be a file, or a pandas table or series indexed by date.")
    forecast = _dated(forecast, FORECAST_FILE, FORECAST)
    meanings = [known(str(name), FORECAST_FILE) for name in forecast]
    wanted = [ours for ours in (*VALUES, "cutoff") if ours in meanings]
    twice = [ours for ours in wanted if meanings.count(ours) > 1]
    if "forecast" not in wanted or twice:
        shown = ", ".join(quote(str(name)) for name in list(forecast)[:8])
        what = f"one column for the {twice[0]}" if twice else "a column named forecast"
        refuse(FORECAST, f"needs {what}, and has {shown}. Rename yours or drop the others.")
    columns = {ours: forecast.iloc[:, meanings.index(ours)] for ours in wanted}
    for place, name in enumerate(forecast):
        if plain(str(name)) in SHARE_COLUMNS:
            refuse_shares(FORECAST, str(name), [str(cell) for cell in forecast.iloc[:, place]])
    table = _by_date(pd.DataFrame(columns), FORECAST)
    table = table[table["forecast"].notna().cummax()]  # rows before, as of a training part
    if table.empty:
        refuse(FORECAST, "no row has a forecast. Bring forecasts.")
    check_forecasts(table, FORECAST)
    return table


def on_every_session(close: pd.Series) -> pd.Series:
    """Put closes on all sessions between the first and the last, NaN where there is none.

    So that the row before is the session before.
    """
    return close.reindex(trading_sessions(close.index[0], close.index[-1]))


def _dated(table: pd.DataFrame, kind: Kind, what: Path) -> pd.DataFrame:
    """Take a column of dates, such as Prophet's ds, for the index, where that has none."""
    named = [n for n in table if known(str(n), kind) == "date"]
    dates = [n for n in named if is_datetime64_any_dtype(table[n])]
    if not isinstance(table.index, pd.DatetimeIndex):
        return table.set_index(dates[0]) if len(dates) == len(named) == 1 else table
    for name in dates:
        moments = pd.DatetimeIndex(table[name])
        if not _new_york_dates(moments).equals(_new_york_dates(table.index)):
            other = f"have other dates in {quote(str(name))} than in their index"
            refuse(what, f"{other}. Keep those of the sessions, as the index, and drop the others.")
    return table


def _new_york_dates(moments: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """Leave out times of day; of moments in a time zone, unless midnight, take New York's date."""
    if moments.tz is not None and (moments != moments.normalize()).any():
        moments = moments.tz_convert(NEW_YORK)
    return moments.tz_localize(None).normalize().as_unit("us")


def _by_date(table: pd.DataFrame, what: Path) -> pd.DataFrame:
    """Sort by date, without time and zone, and make numbers of all cells but those of a cutoff."""
    if not isinstance(table.index, pd.DatetimeIndex) or table.index.hasnans or not len(table):
        refuse(
            what,
            "the index must be dates, none missing: pandas' to_datetime makes them, of periods "
            "to_timestamp, and reset_index takes another level away.",
        )
    dates = _new_york_dates(table.index)
    if "cutoff" in table and not is_datetime64_any_dtype(table["cutoff"]):
        refuse(what, "the cutoffs must be dates: pandas' to_datetime makes them.")
    try:
        numbers = table.astype({name: np.float64 for name in table if name != "cutoff"})
    except (TypeError, ValueError):
        refuse(what, "a cell is no number. Correct it.")
    if "cutoff" in table:
        numbers["cutoff"] = _new_york_dates(pd.DatetimeIndex(table["cutoff"]))
    return numbers.set_axis(dates).rename_axis("date").sort_index(kind="stable")


def _refuse_where(what: Path, close: pd.Series, where: np.ndarray, why: str) -> None:
    bad = np.asarray(where)
    if bad.any():
        first = f"{close.index[bad][0]:%Y-%m-%d}"
        refuse(what, f"the close of {first} {why} (rows of this kind: {bad.sum()}). Correct them.")
