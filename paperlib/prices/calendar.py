"""The sessions of the New York exchange: between two days, after one, and within a quarter."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from exchange_calendars import ExchangeCalendar


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


@cache
def _new_york(first_year: int, last_year: int) -> ExchangeCalendar:
    import exchange_calendars  # here, since it takes long to import

    # A calendar refuses days after its last session, and the last days of a year may be closed.
    return exchange_calendars.get_calendar(
        "XNYS", start=f"{first_year - 1}-12-01", end=f"{last_year + 1}-01-31"
    )
