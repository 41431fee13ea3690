"""The exchange's sessions, and their places in a quarter, counted another way."""

from __future__ import annotations

import numpy as np
import pandas as pd

from paperlib.prices.calendar import next_sessions, session_of_quarter, trading_sessions
from paperlib.prices.series import load_prices

SESSIONS = load_prices("NFLX").index


def test_the_exchange_traded_on_the_sessions_of_the_bundled_file():
    expected = trading_sessions(SESSIONS[0], SESSIONS[-1])
    assert list(expected) == list(SESSIONS)


def test_places_count_sessions_since_the_quarter_began():
    expected = pd.Series(1, SESSIONS).groupby(SESSIONS.to_period("Q")).cumsum()
    np.testing.assert_array_equal(session_of_quarter(SESSIONS), expected)


def test_a_missing_session_shifts_no_other():
    holes = SESSIONS[np.arange(len(SESSIONS)) % 7 != 3]
    expected = pd.Series(session_of_quarter(SESSIONS), SESSIONS)[holes]
    np.testing.assert_array_equal(session_of_quarter(holes), expected)


def test_the_next_sessions_leave_out_weekends_and_holidays():
    days = next_sessions(pd.Timestamp("2023-12-21"), 7).strftime("%m-%d").tolist()
    assert days == ["12-22", "12-26", "12-27", "12-28", "12-29", "01-02", "01-03"]
