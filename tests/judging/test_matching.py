"""A forecast is held against the close of its date, and the close of the session before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from madeforecasts import CLOSE, DATES, HONEST, NAIVE, cross_validated

from paperlib.judging.closes import as_forecasts
from paperlib.judging.forecast_file import read_forecast_file
from paperlib.judging.matching import match_forecasts
from paperlib.prices.findings import PriceFileError

PATH = Path("mine.csv")


def test_prices_bring_what_came_and_the_day_before():
    weekend = pd.Timestamp("2023-09-16")
    table = NAIVE.to_frame()
    table.loc[weekend] = 1.0
    found = match_forecasts(table.sort_index(), CLOSE, PATH)
    assert (found.given, len(found.rows), found.source) == (301, 300, "the prices")
    np.testing.assert_array_equal(found.rows["actual"], CLOSE.loc[DATES])
    np.testing.assert_array_equal(found.rows["previous"], NAIVE)
    assert found.history.index[-1] < DATES[0] == found.rows.index[0]
    np.testing.assert_array_equal(found.close_at(1), NAIVE)
    np.testing.assert_array_equal(found.close_at(0), CLOSE.loc[DATES])
    assert np.isnan(found.close_at(-1)[-1])


def test_the_files_own_actual_values_do_too_where_no_session_is_missing():
    table = NAIVE.to_frame().assign(actual=CLOSE.loc[DATES])
    found = match_forecasts(table.drop(DATES[100]), None, PATH)
    # Without a session before: the first, the one left out, and the one after it.
    assert list(DATES.difference(found.rows.index)) == list(DATES[[0, 100, 101]])
    np.testing.assert_array_equal(found.rows["previous"], NAIVE.loc[found.rows.index])


def test_what_could_not_be_matched_is_told_by_kind():
    odd = ["2015-12-31", "2016-01-04", "2023-09-16", "2023-09-17", "2023-09-22", "2024-01-02"]
    dates = DATES.union(pd.DatetimeIndex(odd))
    table = pd.DataFrame({"forecast": 1.0}, dates)
    assert match_forecasts(table, CLOSE.drop(DATES[7]), PATH).left_out == (
        "Left out, with the first of each kind: 2 without a session before, since closes begin "
        "there or later (2015-12-31); 2 after the last close (2023-09-22); 2 without a close of "
        f"that day or of the session before ({DATES[7]:%Y-%m-%d}); 2 on days when the exchange is "
        "closed, but a date is the session that a forecast is for (2023-09-16)."
    )
    assert match_forecasts(NAIVE.to_frame(), CLOSE, PATH).left_out == ""


def test_a_date_that_no_calendar_knows_is_late():
    table = NAIVE.to_frame()
    table.loc[pd.Timestamp("2262-04-01")] = 1.0
    found = match_forecasts(table, CLOSE, PATH).left_out
    assert found.endswith("kind: 1 after the last close (2262-04-01).")


@pytest.mark.parametrize(
    ("table", "close", "says"),
    [
        (NAIVE.to_frame(), None, "no column of actual values. Add one, or name the prices"),
        (NAIVE.iloc[:59].to_frame(), CLOSE, "only 59 of 59 forecasts have a close .* at least 60"),
        (
            pd.Series(400.0, pd.date_range("2018-01", "2023-06", freq="ME")).to_frame("forecast"),
            CLOSE,
            "only .. of 65 .*first of each kind: .. on days when .* .2018-03-31.. Bring at",
        ),
        (
            NAIVE.shift(freq="9002D").to_frame(),
            CLOSE,
            "only 0 of 300 .*2016-01-04 to 2023-09-21.*300 after the last close .2047-03-..",
        ),
    ],
)
def test_what_can_not_be_matched_is_refused(table, close, says):
    with pytest.raises(PriceFileError, match=f"^mine.csv: {says}"):
        match_forecasts(table, close, PATH)


# --- forecasts of several steps ------------------------------------------------------------------


@pytest.mark.parametrize("prices", [CLOSE, None])
@pytest.mark.parametrize("kind", ["file", "table"])
def test_with_a_cutoff_only_forecasts_of_the_next_session_are_judged(kind, prices, tmp_path):
    """From every session five are made, or five from every third; the first step is honest."""
    for every in (1, 3):
        made = cross_validated(horizon=5, every=every)
        if kind == "file":
            path = tmp_path / "made.csv"
            made.sample(frac=1, random_state=0).to_csv(path, index=False)
            forecasts = read_forecast_file(path)
        else:
            forecasts = as_forecasts(made)
        found = match_forecasts(forecasts, prices, PATH)
        first = made[~made["cutoff"].duplicated()].set_index("ds")
        expected = first if prices is not None else first.iloc[1:]  # no close before the first
        assert list(found.rows.index) == list(expected.index)
        np.testing.assert_allclose(found.rows["forecast"], HONEST[expected.index])
        np.testing.assert_array_equal(found.rows["previous"], NAIVE[expected.index])
        assert found.given == len(made)
        second = made["ds"].iloc[1]
        told = f"{len(made) - len(first)} made more than a session ahead, by their cutoff"
        assert f"{told} ({second:%Y-%m-%d})" in found.left_out


def test_a_cutoff_on_a_day_off_knew_the_session_before():
    """As where days are counted, and not sessions."""
    made = HONEST.to_frame().assign(cutoff=DATES - pd.Timedelta(days=1))
    assert (made["cutoff"].dt.day_of_week == 6).any()
    found = match_forecasts(as_forecasts(made), CLOSE, PATH)
    assert (len(found.rows), found.left_out) == (300, "")


def test_of_two_forecasts_that_knew_the_same_session_the_later_counts():
    early = HONEST.to_frame().assign(cutoff=CLOSE.index[CLOSE.index.get_indexer(DATES) - 1])
    late = NAIVE.to_frame().assign(cutoff=DATES - pd.Timedelta(days=1))[DATES.day_of_week == 0]
    found = match_forecasts(as_forecasts(pd.concat([late, early])), CLOSE, PATH)
    assert (len(found.rows), found.given) == (300, 300 + len(late))
    expected = HONEST.where(DATES.day_of_week > 0, NAIVE)
    np.testing.assert_array_equal(found.rows["forecast"], expected)
    assert f"{len(late)} with a later cutoff beside them that knew no session" in found.left_out


def test_forecasts_of_months_are_refused_by_their_cutoff():
    made = cross_validated(horizon=20, every=20)
    with pytest.raises(PriceFileError, match="only 15 of 300 .* 285 made more than a session"):
        match_forecasts(as_forecasts(made), CLOSE, PATH)
