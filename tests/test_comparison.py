"""Intervals over seeds, against an independent calculation."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from paperlib.comparison import prediction_interval


def test_prediction_interval_equals_the_one_of_a_regression_on_a_constant():
    values = np.random.default_rng(0).lognormal(5, 2, 10)
    frame = (
        sm.OLS(np.log(values), np.ones(10)).fit().get_prediction([1.0]).summary_frame(alpha=0.05)
    )
    expected = frame[["mean", "obs_ci_lower", "obs_ci_upper"]].iloc[0]
    np.testing.assert_allclose(prediction_interval(values), np.exp(expected))


def test_prediction_interval_covers_one_new_run_as_often_as_it_says():
    draws = np.random.default_rng(1).lognormal(size=(4000, 11))
    inside = [
        low <= row[-1] <= high for row in draws for _, low, high in [prediction_interval(row[:-1])]
    ]
    assert np.mean(inside) == pytest.approx(0.95, abs=0.012)


def test_identical_runs_have_an_interval_of_no_width():
    assert prediction_interval([3.0, 3.0, 3.0]) == pytest.approx((3.0, 3.0, 3.0))


@pytest.mark.parametrize(
    "values", [[1.0], [], [1.0, np.nan], [[1.0, 2.0]], [1.0, 0.0], [1.0, -2.0]]
)
def test_too_little_is_refused(values):
    with pytest.raises(ValueError, match="at least two positive values"):
        prediction_interval(values)
