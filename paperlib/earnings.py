"""The quarter's rhythm: when a company tends to report, read from its prices alone.

Reports make the largest moves, and each company reports at about the same session of the quarter,
which is known in advance. The dates themselves are not in a price file, so the window of sessions
with the largest moves is chosen from the returns of the training part.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import exchange_calendars
import numpy as np
import pandas as pd

LENGTHS = (4, 6, 8, 10, 12)  # sessions a window may have
LEAST_QUARTERS = 4
LAST_PLACE = 61  # few quarters have more sessions


@dataclass(frozen=True)
class EarningsWindow:
    """Sessions of each quarter, counted from 1, in which moves are ``factor`` times as large."""

    first: int
    length: int
    factor: float

    def contains(self, sessions: pd.DatetimeIndex) -> np.ndarray:
        """Tell which sessions lie in the window, (n,)."""
        place = session_of_quarter(sessions)
        return (place >= self.first) & (place < self.first + self.length)

    def factors(self, sessions: pd.DatetimeIndex) -> np.ndarray:
        """Return how large moves are by the calendar, (n,): ``factor`` inside, 1 outside."""
        return np.where(self.contains(sessions), self.factor, 1.0)


def trading_sessions(start: pd.Timestamp, end: pd.Timestamp) -> pd.DatetimeIndex:
    """List the sessions of the New York exchange from start to end, both included."""
    return _new_york(start.year, end.year).sessions_in_range(start, end)


def next_sessions(last: pd.Timestamp, count: int) -> pd.DatetimeIndex:
    """List the ``count`` sessions of the New York exchange after ``last``."""
    end = last + pd.Timedelta(days=2 * count + 14)
    return trading_sessions(last + pd.Timedelta(days=1), end)[:count]


def session_of_quarter(sessions: pd.DatetimeIndex) -> np.ndarray:
    """Return each session's place in its calendar quarter, (n,), counted from 1.

    By the exchange's calendar, so that a session that is missing from a file shifts no other.
    """
    quarter_start = sessions.to_period("Q").start_time
    every = trading_sessions(quarter_start.min(), sessions.max()).as_unit(sessions.unit)
    return every.searchsorted(sessions) - every.searchsorted(quarter_start) + 1


def choose_window(returns: pd.Series) -> EarningsWindow:
    """Choose the window in which moves stand out most, by likelihood.

    Returns are taken for Laplace distributed with one scale inside the window and another outside,
    which weighs a few huge moves less than a normal distribution would.

    Args:
        returns: of the training part alone, in per cent, indexed by session.

    Raises:
        ValueError: for less than four quarters of returns.
    """
    if returns.index.to_period("Q").nunique() < LEAST_QUARTERS:
        raise ValueError("a quarter's rhythm can't be read from less than four quarters of prices.")
    size = (returns - returns.median()).abs().to_numpy()
    place = session_of_quarter(returns.index)
    best, chosen = -np.inf, None
    for length in LENGTHS:
        for first in range(1, LAST_PLACE - length + 2):
            inside = (place >= first) & (place < first + length)
            within, without = size[inside].mean(), size[~inside].mean()
            likelihood = -inside.sum() * np.log(within) - (~inside).sum() * np.log(without)
            if likelihood > best and within > without:
                best, chosen = likelihood, EarningsWindow(first, length, float(within / without))
    if chosen is None:
        raise ValueError("moves are as large at every place of the quarter; there is no window.")
    return chosen


@cache
def _new_york(first_year: int, last_year: int) -> exchange_calendars.ExchangeCalendar:
    # A calendar refuses days after its last session, and the last days of a year may be closed.
    return exchange_calendars.get_calendar(
        "XNYS", start=f"{first_year - 1}-12-01", end=f"{last_year + 1}-01-31"
    )
