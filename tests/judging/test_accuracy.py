"""Errors are those of scikit-learn, a verdict needs an interval and a test, bounds are counted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from madeforecasts import CLOSE, DATES, HONEST, NAIVE, NOISE
from sklearn.metrics import mean_absolute_error, mean_absolute_percentage_error, mean_squared_error

from paperlib.judging.accuracy import (
    Comparison,
    compare,
    direction,
    distances,
    error_table,
    score_bounds,
)
from paperlib.judging.matching import Matched, match_forecasts
from paperlib.stats.interval import Interval, Test

CAME = CLOSE.loc[DATES]


def matched(forecast: pd.Series, **more: pd.Series) -> Matched:
    return match_forecasts(pd.DataFrame({"forecast": forecast, **more}), CLOSE, Path("mine"))


def test_errors_are_those_of_scikit_learn():
    found = error_table(matched(HONEST))
    for name, made in (("your forecast", HONEST), ("tomorrow equals today", NAIVE)):
        assert found.loc[name, "MAE"] == pytest.approx(mean_absolute_error(CAME, made))
        assert found.loc[name, "RMSE"] == pytest.approx(mean_squared_error(CAME, made) ** 0.5)
        mape = 100 * mean_absolute_percentage_error(CAME, made)
        assert found.loc[name, "MAPE"] == pytest.approx(mape)
    past = CLOSE[CLOSE.index < DATES[0]]
    scale = past.diff().abs().mean()
    assert found.loc["your forecast", "MASE"] == pytest.approx((CAME - HONEST).abs().mean() / scale)
    drifting = NAIVE + (past.iloc[-1] - past.iloc[0]) / (len(past) - 1)
    assert found.loc["drift", "MAE"] == pytest.approx((CAME - drifting).abs().mean())


def test_without_a_history_there_is_no_drift_and_no_scale():
    table = HONEST.to_frame("forecast").assign(actual=CAME)
    found = error_table(match_forecasts(table, None, Path("mine")))
    assert list(found.index) == ["your forecast", "tomorrow equals today"]
    assert found["MASE"].isna().all()


@pytest.mark.parametrize(
    ("forecast", "verdict"),
    [
        (NAIVE, "level with"),
        (NAIVE + 0.01, "level with"),
        (NAIVE + 4 * NOISE, "worse than"),
        (NAIVE + 0.5 * (CAME - NAIVE), "better than"),
        (CAME, "better than"),
        (NAIVE + 0.4 * NOISE, "too few sessions to say"),
    ],
)
def test_a_verdict_needs_an_interval_on_one_side(forecast, verdict):
    found = compare(matched(forecast))
    assert found.verdict == verdict
    naive, made = (CAME - NAIVE).abs(), (CAME - forecast).abs()
    assert found.absolute.estimate == pytest.approx(made.mean() / naive.mean())
    assert found.skill.estimate == pytest.approx(1 - (made**2).mean() / (naive**2).mean())
    assert found.skill.low <= found.skill.estimate <= found.skill.high


def test_direction_counts_days_with_a_change_and_one_forecast():
    up = direction(matched(NAIVE + 1))
    rose = (CAME > NAIVE)[CAME != NAIVE].mean()
    assert up.hits.estimate == pytest.approx(rose) == up.up
    assert up.sessions == (CAME != NAIVE).sum()
    assert direction(matched(NAIVE)) is None


@pytest.mark.parametrize("behind", [-2, 0, 1, 4, 20])
def test_the_nearest_close_is_found(behind):
    dates = DATES[:-5]
    forecast = CLOSE.shift(behind).loc[dates]
    found = distances(match_forecasts(forecast.to_frame("forecast"), CLOSE, Path("mine"))).mean()
    assert found.idxmin() == behind
    assert found[behind] == 0


def test_bounds_are_counted_and_scored():
    lower, upper = CAME * 1.0, CAME * 1.02
    lower.iloc[:30] *= 1.01  # above what came, by a hundredth
    found = score_bounds(matched(HONEST, lower=lower, upper=upper), 0.9)
    assert found.coverage.estimate == pytest.approx(0.9)
    widths = np.log(upper / lower)
    assert found.width == pytest.approx(100 * widths.mean())
    # Winkler (1972): the width, and 2 / 0.1 times the distance to what lies outside.
    outside = 20 * 30 * np.log(1.01)
    assert found.winkler == pytest.approx(100 * (widths.sum() + outside) / 300)
    assert np.isnan(score_bounds(matched(HONEST, lower=lower, upper=upper), None).winkler)
    assert score_bounds(matched(HONEST), 0.9) is None


WIDE, ABOVE, BELOW = Interval(1.1, 0.8, 1.3), Interval(1.2, 1.1, 1.3), Interval(0.8, 0.7, 0.9)


@pytest.mark.parametrize(
    ("absolute", "squared", "p_value", "verdict"),
    [
        (ABOVE, WIDE, 0.01, "worse than"),
        (ABOVE, ABOVE, 0.06, "too few sessions to say"),  # the interval alone decides nothing
        (WIDE, ABOVE, 0.01, "too few sessions to say"),  # nor the test alone, nor squares
        (BELOW, ABOVE, 0.01, "better than"),
        (BELOW, BELOW, 0.06, "too few sessions to say"),
        (Interval(1.0, 0.98, 1.02), ABOVE, 0.5, "level with"),
        (Interval(1.0, 0.97, 1.02), WIDE, 0.5, "too few sessions to say"),
        (Interval(1.01, 1.005, 1.02), WIDE, 0.01, "worse than"),  # before it is level
    ],
)
def test_absolute_errors_decide_if_interval_and_test_agree(absolute, squared, p_value, verdict):
    assert Comparison(absolute, squared, Test(1.0, p_value)).verdict == verdict
