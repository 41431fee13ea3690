"""Put one-step forecasts beside the closes that came and the closes before them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from paperlib.prices.calendar import trading_sessions
from paperlib.prices.findings import refuse

FEWEST = 60  # sessions


class Matched(NamedTuple):
    """Forecasts beside what came."""

    rows: pd.DataFrame  # by session: forecast, actual, previous; lower and upper if there
    close: pd.Series  # dollars, of all sessions that are known, in time order
    given: int  # forecasts that were brought
    source: str  # where the actual values are from, in words

    @property
    def history(self) -> pd.Series:
        """The closes before the first session that is forecast."""
        return self.close[self.close.index < self.rows.index[0]]

    def close_at(self, sessions: int) -> np.ndarray:
        """Return the close so many sessions before each date, after it if below zero; else NaN."""
        return self.close.shift(sessions).reindex(self.rows.index).to_numpy()


def match_forecasts(forecasts: pd.DataFrame, close: pd.Series | None, path: Path) -> Matched:
    """Match forecasts with closes by date.

    Args:
        forecasts: indexed by date, with ``forecast``; ``lower``, ``upper`` and ``actual`` if known.
        close: (n,) dollars by session, or ``None`` to take the file's own ``actual``.
        path: of the file, for a refusal.

    Raises:
        PriceFileError: if there is nothing to match with, or fewer than 60 sessions match.
    """
    if close is None:
        if "actual" not in forecasts:
            refuse(path, "no column of actual values. Add one, or name the prices: PRICES=my.csv.")
        close = forecasts["actual"].dropna()
        before = _adjacent(close)
        source = "the file's own actual values"
    else:
        before = close.shift(1)
        source = "the prices"
    both = forecasts.index.intersection(before.dropna().index)
    if len(both) < FEWEST:
        first, last = (f"{close.index[i]:%Y-%m-%d}" for i in (0, -1)) if len(close) else ("", "")
        refuse(
            path,
            f"only {len(both)} of {len(forecasts)} forecasts have a close and one the session "
            f"before among {source} ({first} to {last}). Bring at least {FEWEST}.",
        )
    rows = forecasts.loc[both].drop(columns="actual", errors="ignore")
    rows = rows.assign(actual=close.loc[both], previous=before.loc[both])
    return Matched(rows, close, len(forecasts), source)


def _adjacent(close: pd.Series) -> pd.Series:
    """Return the close of the session before, where that is the row before."""
    sessions = trading_sessions(close.index[0], close.index[-1]) if len(close) else close.index
    return close.reindex(sessions).shift(1).reindex(close.index)
