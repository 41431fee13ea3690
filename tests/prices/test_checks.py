"""Repeated rows, closed days, missing sessions, splits: dropped, kept or refused, and told."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from pricewriters import FIELDS, made_up

from paperlib.prices.calendar import trading_sessions
from paperlib.prices.findings import Finding, PriceFileError
from paperlib.prices.series import load_prices

PRICES = made_up()


def _load(tmp_path, prices: pd.DataFrame) -> pd.DataFrame:
    path = tmp_path / "prices.csv"
    prices.rename_axis("Date").to_csv(path)
    return load_prices(path)


def _findings(prices: pd.DataFrame) -> tuple[Finding, ...]:
    return prices.attrs["report"].findings


def _refusal(tmp_path, prices: pd.DataFrame) -> str:
    with pytest.raises(PriceFileError) as refusal:
        _load(tmp_path, prices)
    return str(refusal.value)


def _closes(index: pd.DatetimeIndex, seed: int = 1) -> pd.DataFrame:
    moves = np.random.default_rng(seed).normal(0, 0.01, len(index))
    return pd.DataFrame({"Close": (90 * np.exp(np.cumsum(moves))).round(2)}, index)


def test_clean_prices_have_no_findings(tmp_path):
    assert _findings(_load(tmp_path, PRICES)) == ()


def test_rows_that_repeat_another_are_dropped_and_told(tmp_path):
    twice = pd.concat([PRICES, PRICES.iloc[[4, 4, 9]]])
    prices = _load(tmp_path, twice)
    np.testing.assert_array_equal(prices, PRICES[FIELDS])
    examples = ("2017-03-07 (line 262)", "2017-03-07 (line 263)", "2017-03-14 (line 264)")
    assert _findings(prices) == (Finding("rows that repeat another", 3, examples, "dropped"),)
    assert prices.attrs["report"].rows == 263


def test_two_rows_of_a_date_that_differ_are_refused(tmp_path):
    other = PRICES.iloc[[4]].assign(Volume=1)
    says = _refusal(tmp_path, pd.concat([PRICES, other]))
    assert "line 262: a second row of 2017-03-07, with other values than line 6. Keep" in says


def test_intraday_prices_are_refused_as_such(tmp_path):
    hours = PRICES.index.repeat(2) + pd.to_timedelta([10, 16] * len(PRICES), unit="h")
    says = _refusal(tmp_path, _closes(hours))
    assert "line 3: a second row of 2017-03-01, as line 2 is" in says
    assert "intraday prices, or those of several shares. Bring one row a session" in says


def test_closed_days_are_dropped_and_told(tmp_path):
    """A Saturday, Good Friday and Independence Day of 2017, as a vendor fills them in."""
    closed = pd.to_datetime(["2017-03-04", "2017-04-14", "2017-07-04"])
    filled = pd.concat([PRICES, pd.DataFrame(900.0, closed, PRICES.columns)]).sort_index()
    prices = _load(tmp_path, filled)
    np.testing.assert_array_equal(prices, PRICES[FIELDS])
    (found,) = _findings(prices)
    what = "rows of days on which the New York exchange was closed"
    assert (found.what, found.count) == (what, 3)
    assert found.done == "dropped; if the share trades elsewhere, these are sessions"
    assert found.examples[0] == "2017-03-04 (line 5)"


def test_prices_of_days_without_trading_are_refused(tmp_path):
    # 57 weekends, and the ten holidays from Good Friday 2017 to Good Friday 2018
    every_day = _closes(pd.date_range("2017-03-01", periods=400))
    says = _refusal(tmp_path, every_day)
    assert re.search(r"line 5: 124 of 400 rows of days on which the New York exchange was", says)
    assert "filled-in" not in says
    every_day = PRICES.asfreq("D").ffill()
    says = _refusal(tmp_path, every_day)
    assert "closed, first 2017-03-04: filled-in days, which repeat the row before. Delete" in says
    every_day.iloc[3::7, 3] += 0.01
    every_day.iloc[4::7, 3] += 0.01  # then Sundays repeat the day before, and Saturdays do not
    assert "wrong dates" in _refusal(tmp_path, every_day)
    late = _closes(PRICES.index + pd.Timedelta(days=1))  # as UTC dates a day off
    assert "dates seem a day late" in _refusal(tmp_path, late)
    early = _closes(PRICES.index - pd.Timedelta(days=1))  # midnight of UTC as New York's evening
    assert "dates seem a day early, as of moments elsewhere" in _refusal(tmp_path, early)


@pytest.mark.parametrize(
    ("frequency", "says"),
    [("W-FRI", "a row every 7.0 days"), ("ME", "every 30.4 days"), ("QE", "every 90.6 days")],
)
def test_weekly_and_monthly_prices_are_refused(tmp_path, frequency, says):
    days = pd.date_range("1990-01-01", "2020-12-31", freq=frequency)
    message = _refusal(tmp_path, _closes(days))
    assert f"rows from {days[0]:%Y-%m-%d} to {days[-1]:%Y-%m-%d}" in message
    assert f"{says}; the longest gap ends on " in message
    assert message.endswith("Bring daily prices.")


def test_prices_of_every_third_session_are_refused(tmp_path):
    sessions = trading_sessions(pd.Timestamp("2010-01-04"), pd.Timestamp("2016-12-30"))
    assert "are not daily: a row every 4.3 days" in _refusal(tmp_path, _closes(sessions[::3]))


def test_fewer_than_250_sessions_are_refused_after_dropping(tmp_path):
    few = PRICES.iloc[:249]
    assert "249 sessions are too few" in _refusal(tmp_path, pd.concat([few, few]))
    assert len(_load(tmp_path, PRICES.iloc[:250])) == 250


def test_missing_sessions_and_long_gaps_are_told(tmp_path):
    lacking = PRICES.drop(PRICES.index[[1, 40, 41, 42, 43, *range(60, 65)]])
    prices = _load(tmp_path, lacking)
    assert list(prices.index) == list(lacking.index)
    sessions, gaps = _findings(prices)
    assert (sessions.what, sessions.count) == ("sessions that are missing", 10)
    assert sessions.examples == ("2017-03-02", "2017-04-27", "2017-04-28")
    assert (gaps.what, gaps.count) == ("gaps of 5 sessions or more", 1)
    assert gaps.examples == ("2017-05-25 to 2017-06-01",)


def test_odd_values_are_kept_and_told(tmp_path):
    odd = PRICES.copy()
    odd.iloc[0, 3] = odd.iloc[0, 1] + 0.01
    odd.iloc[[1, 2], 0] = 0
    odd.iloc[[3, 4, 5], 4] = -1
    odd.iloc[6, 3] += 1e-7 * odd.iloc[6, 3]
    odd.iloc[6, 1] = odd.iloc[6, 3] * (1 - 5e-7)  # 32-bit noise is no flaw
    prices = _load(tmp_path, odd)
    np.testing.assert_array_equal(prices, odd[FIELDS])
    assert {found.what: found.count for found in _findings(prices)} == {
        "closes outside the day's low and high": 1,
        "opens, highs or lows of zero or less": 2,
        "negative volumes": 3,
    }


def _split(prices: pd.DataFrame, at: int, ratio: float) -> pd.DataFrame:
    """Prices as quoted on the day, if the share was split before session number ``at``."""
    before = prices.copy()
    before.iloc[:at, :4] *= ratio
    return before


@pytest.mark.parametrize("ratio", [2, 2.5, 3, 7, 10, 20, 1 / 2, 1 / 10])
@pytest.mark.parametrize("at", range(100, 140, 13))
def test_a_split_that_was_not_applied_is_refused(tmp_path, at, ratio):
    says = _refusal(tmp_path, _split(PRICES, at, ratio))
    moves = "falls" if ratio > 1 else "rises"
    assert f", line {at + 2}: the close {moves} by a factor of" in says
    assert "looks like a split that was not applied. Bring split-adjusted prices or" in says
    assert says.endswith("if it is true, delete the rows before it.")


@pytest.mark.parametrize("ratio", [1.5, 1.69, 1 / 1.54])
def test_a_smaller_change_may_be_a_crash_and_is_kept(tmp_path, ratio):
    """Netflix's own: 1.69 on 2004-10-15, 1.54 on 2022-04-20. A 3:2 split looks the same."""
    assert len(_load(tmp_path, _split(PRICES, 100, ratio))) == 260


def test_the_files_own_column_of_splits_tells_smaller_ones(tmp_path):
    splits = pd.Series(0.0, PRICES.index)
    splits.iloc[100] = 1.5
    applied = PRICES.assign(**{"Stock Splits": splits})
    np.testing.assert_array_equal(_load(tmp_path, applied), PRICES[FIELDS])
    says = _refusal(tmp_path, _split(applied, 100, 1.5))
    assert ", line 102: a split of 1.5 on 2017-07-24, and the close changes so" in says
    splits.iloc[100] = 7
    says = _refusal(tmp_path, _split(PRICES.assign(**{"Stock Splits": splits}), 100, 7))
    assert "a split of 7 on" in says
    says = _refusal(tmp_path, _split(PRICES.assign(**{"Stock Splits": 0.0}), 100, 7))
    assert "looks like a split that was not applied" in says


def test_a_slip_in_one_row_is_no_split(tmp_path):
    slip = PRICES.copy()
    slip.iloc[100, 3] /= 10
    says = _refusal(tmp_path, slip)
    assert ", line 102: " in says
    assert "and back on the next row. Correct or delete the row." in says
