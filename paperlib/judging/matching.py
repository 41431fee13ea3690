"""Put one-step forecasts beside the closes that came and the closes before them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from paperlib.judging.closes import on_every_session
from paperlib.prices.calendar import trading_sessions
from paperlib.prices.findings import refuse

FEWEST = 60  # sessions


class Matched(NamedTuple):
    """Forecasts beside what came."""

    rows: pd.DataFrame  # by session: forecast, actual, previous; lower and upper if there
    close: pd.Series  # dollars, of every session from the first known to the last, NaN if missing
    given: int  # forecasts that were brought
    source: str  # where the actual values are from, in words
    apart: float  # median relative distance of the file's own actual values; NaN if not compared

    @property
    def history(self) -> pd.Series:
        """The closes before the first session that is forecast."""
        return self.close[self.close.index < self.rows.index[0]].dropna()

    def close_at(self, sessions: int) -> np.ndarray:
        """Return the close so many sessions before each date, after it if below zero; else NaN."""
        return self.close.shift(sessions).reindex(self.rows.index).to_numpy()


def match_forecasts(forecasts: pd.DataFrame, close: pd.Series | None, path: Path) -> Matched:
    """Match forecasts with closes by date.

    Args:
        forecasts: indexed by date, with ``forecast``; ``lower``, ``upper`` and ``actual`` if known.
        close: (n,) dollars by session, of :func:`paperlib.judging.closes.as_closes`, or ``None``
            to take the file's own ``actual``.
        path: of the file, for a refusal.

    Raises:
        PriceFileError: if there is nothing to match with, or fewer than 60 sessions match.
    """
    own = forecasts["actual"].dropna() if "actual" in forecasts else pd.Series(dtype=np.float64)
    if close is None and own.empty:
        refuse(path, "no column of actual values. Add one, or name the prices: PRICES=my.csv.")
    source = "the file's own actual values" if close is None else "the prices"
    known = on_every_session(own if close is None else close)
    before = known.shift(1)
    both = forecasts.index.intersection((known + before).dropna().index)
    if len(both) < FEWEST:
        first, last = (f"{known.index[i]:%Y-%m-%d}" for i in (0, -1))
        refuse(
            path,
            f"only {len(both)} of {len(forecasts)} forecasts have a close and one the session "
            f"before among {source} ({first} to {last}).{_no_sessions(forecasts.index)} Bring at "
            f"least {FEWEST}.",
        )
    rows = forecasts.loc[both].drop(columns="actual", errors="ignore")
    rows = rows.assign(actual=known.loc[both], previous=before.loc[both])
    apart = (own / known.reindex(own.index) - 1).abs().median()  # NaN if none
    return Matched(rows, known, len(forecasts), source, float(apart))


def _no_sessions(dates: pd.DatetimeIndex) -> str:
    """Tell of dates on which the exchange is closed, as are many ends of months."""
    closed = dates.difference(trading_sessions(dates[0], dates[-1]))
    if closed.empty:
        return ""
    return (
        f" On {len(closed)} of the dates, such as {closed[0]:%Y-%m-%d}, the exchange is closed: a "
        "date is the session that a forecast is for."
    )
