"""Honest pipelines pass, leaking ones don't, and an honest one is hardly ever accused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from madeforecasts import CLOSE
from scipy import stats

from paperlib.judging.placebo_walks import changes, fair_walk, placebo, run
from paperlib.stats.seeds import proportion

TEST = 200  # sessions


def persistence(close: pd.Series) -> pd.Series:
    return close.shift(1).iloc[-TEST:]


def autoregression(close: pd.Series) -> pd.Series:
    """A slope estimated on what precedes the test part."""
    change = close.diff()
    x, y = change.iloc[1 : -TEST - 1].to_numpy(), change.iloc[2:-TEST].to_numpy()
    return (close + (x @ y) / (x @ x) * change).shift(1).iloc[-TEST:]


def moving_average(close: pd.Series) -> pd.Series:
    return close.rolling(10).mean().shift(1).iloc[-TEST:]


def far_off(close: pd.Series) -> pd.Series:
    """A level known before the test part: its errors and later changes go together by chance."""
    return close.iloc[-TEST:] * 0 + close.iloc[-TEST - 1]


def slow(close: pd.Series) -> pd.Series:
    return close.rolling(200).mean().shift(1).iloc[-TEST:]


def smoother(close: pd.Series) -> pd.Series:
    """Of three days, the middle one being the day before: it knows the day itself."""
    return close.rolling(3, center=True, min_periods=1).mean().shift(1).iloc[-TEST:]


@pytest.mark.parametrize("pipeline", [persistence, autoregression, moving_average, slow, far_off])
def test_an_honest_pipeline_passes(pipeline):
    found = placebo(pipeline, CLOSE)
    assert found.verdict == "passes"
    assert str(found).startswith("It passes. Who bets")


def test_persistence_is_never_better_than_itself():
    found = placebo(persistence, CLOSE, walks=5)
    assert (found.beats, found.gain, found.p_value) == (0, 0, 0.5)
    assert found.walks["chance"].sum() == 0
    np.testing.assert_allclose(found.walks["ratio"], 1)


def test_one_that_looks_ahead_leaks_and_beats_persistence():
    found = placebo(smoother, CLOSE)
    assert (found.verdict, found.beats) == ("leaks", 20)
    assert found.p_value < 1e-9


@pytest.mark.parametrize("pipeline", [autoregression, slow, far_off])
def test_an_honest_pipeline_is_accused_once_in_a_hundred_times(pipeline):
    """Levels and later changes go together by chance within a walk: a correlation would accuse."""
    short = CLOSE.iloc[-500:]
    p_values = np.array([placebo(pipeline, short, 5, seed).p_value for seed in range(100)])
    for size in (0.01, 0.1):
        assert proportion((p_values < size).sum(), 100).low <= size
        assert proportion((p_values > 1 - size).sum(), 100).low <= size


def test_the_bet_is_that_of_a_hand():
    """Always up gains what the walks gain."""
    found = placebo(lambda close: close.shift(1).iloc[-TEST:] + 1, CLOSE, walks=3, seed=7)
    gains = np.concatenate(
        [fair_walk(CLOSE, 7, k).pct_change().iloc[-TEST:].to_numpy() for k in range(3)]
    )
    assert found.gain == pytest.approx(gains.mean())
    spread = CLOSE.pct_change().std(ddof=0)
    expected = stats.norm.sf(gains.sum() / (spread * np.sqrt(len(gains))))
    assert found.p_value == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(
    ("pipeline", "walks", "says"),
    [
        (persistence, 0, "walks must be at least 1, not 0"),
        (lambda close: close.shift(1).iloc[-TEST:] / 600, 1, "times the closes: bring scaled"),
        (lambda close: -close.shift(1).iloc[-TEST:], 1, "times the closes"),
        (lambda close: close.pct_change().iloc[-TEST:], 1, "changes back to closes"),
        (lambda close: close.iloc[-TEST:] > 0, 1, "a pandas Series of numbers"),
        (lambda close: close.iloc[-TEST:].astype(str), 1, "a pandas Series of numbers"),
    ],
)
def test_what_can_not_be_judged_is_refused(pipeline, walks, says):
    with pytest.raises(ValueError, match=says):
        placebo(pipeline, CLOSE, walks)


def test_a_walk_is_a_martingale_with_the_same_spread():
    steps = np.concatenate([np.diff(np.log(fair_walk(CLOSE, 3, k))) for k in range(50)])
    gross = np.exp(steps)
    assert abs(gross.mean() - 1) < 4 * gross.std() / np.sqrt(len(gross))
    assert steps.std() == pytest.approx(np.diff(np.log(CLOSE)).std(), rel=0.02)
    pd.testing.assert_series_equal(fair_walk(CLOSE, 3, 0), fair_walk(CLOSE, 3, 0))
    assert not fair_walk(CLOSE, 3, 0).equals(fair_walk(CLOSE, 4, 0))


def test_changes_are_against_the_close_before():
    made, came = changes(CLOSE, 1.1 * CLOSE.iloc[-TEST:])
    np.testing.assert_allclose(came, CLOSE.pct_change().iloc[-TEST:])
    np.testing.assert_allclose(1 + made, 1.1 * (1 + came))


@pytest.mark.parametrize(
    ("pipeline", "says"),
    [
        (lambda close: close.iloc[-TEST:].to_numpy(), "a pandas Series of numbers, indexed by"),
        (lambda close: close.iloc[:TEST], "indexed by the dates of the closes"),
        (lambda close: close.iloc[-59:], "at least 60 finite forecasts, one a session; got 59"),
        (lambda close: close.iloc[-TEST:] * np.nan, "finite forecasts"),
        (lambda close: pd.concat([close.iloc[-TEST:]] * 2), "one a session"),
    ],
)
def test_what_is_no_forecast_is_refused(pipeline, says):
    with pytest.raises(ValueError, match=says):
        run(pipeline, CLOSE)


def test_a_pipeline_can_not_spoil_the_prices():
    def spoils(close: pd.Series) -> pd.Series:
        close.iloc[:] = 1.0
        return close.iloc[-TEST:]

    before = CLOSE.copy()
    run(spoils, CLOSE)
    pd.testing.assert_series_equal(CLOSE, before)
