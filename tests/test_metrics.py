"""Metrics against scikit-learn, hand calculations and invariants."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn import metrics as reference

from paperlib.metrics import (
    direction_hits,
    mae,
    mape,
    mase,
    mse,
    point_errors,
    r_squared,
    rmse,
    sessions_behind,
    skill,
)

PRICES = st.floats(0.5, 2000, allow_nan=False)
PAIRS = st.integers(2, 30).flatmap(
    lambda n: st.tuples(
        hnp.arrays(np.float64, n, elements=PRICES), hnp.arrays(np.float64, n, elements=PRICES)
    )
)
ALL = [mae, mse, rmse, mape]


@given(PAIRS)
def test_equal_scikit_learn(pair):
    y, y_hat = pair
    assert mae(y, y_hat) == pytest.approx(reference.mean_absolute_error(y, y_hat))
    assert mse(y, y_hat) == pytest.approx(reference.mean_squared_error(y, y_hat))
    assert rmse(y, y_hat) == pytest.approx(reference.root_mean_squared_error(y, y_hat))
    assert mape(y, y_hat) == pytest.approx(100 * reference.mean_absolute_percentage_error(y, y_hat))


@given(PAIRS, st.floats(0.01, 100))
def test_scaling_the_data_scales_the_error(pair, factor):
    y, y_hat = pair
    for metric, power in ((mae, 1), (rmse, 1), (mse, 2), (mape, 0)):
        assert metric(factor * y, factor * y_hat) == pytest.approx(
            factor**power * metric(y, y_hat), rel=1e-6, abs=1e-12
        )


@given(PAIRS)
def test_zero_if_and_only_if_equal(pair):
    y, y_hat = pair
    for metric in ALL:
        assert metric(y, y) == 0
        assert (metric(y, y_hat) == 0) == np.array_equal(y, y_hat)
    assert mae(y, y_hat) <= rmse(y, y_hat) * (1 + 1e-12)


@given(PAIRS)
def test_skill_of_the_reference_is_zero_and_of_the_truth_is_one(pair):
    y, reference_forecast = pair
    assume(not np.array_equal(y, reference_forecast))
    assert skill(y, reference_forecast, reference_forecast) == 0
    assert skill(y, y, reference_forecast) == 1


def test_by_hand():
    y, y_hat = [100.0, 200.0, 400.0], [110.0, 190.0, 400.0]
    assert mae(y, y_hat) == pytest.approx(20 / 3)
    assert mse(y, y_hat) == pytest.approx(200 / 3)
    assert mape(y, y_hat) == pytest.approx((10 + 5 + 0) / 3)
    assert mase(y, y_hat, history=[10.0, 12.0, 11.0, 14.0]) == pytest.approx((20 / 3) / 2)
    assert skill(y, y_hat, [120.0, 180.0, 400.0]) == pytest.approx(0.75)


def test_persistence_on_a_straight_line_has_mase_one():
    line = np.arange(1.0, 50.0)
    assert mase(line[1:], line[:-1], history=line) == pytest.approx(1)


@pytest.mark.parametrize("metric", ALL)
@pytest.mark.parametrize(
    ("y", "y_hat", "says"),
    [
        ([1.0, 2.0], [1.0], "one length"),
        ([], [], "one length"),
        ([[1.0]], [[1.0]], "one length"),
        ([1.0, np.nan], [1.0, 2.0], "finite"),
        ([1.0, 2.0], [1.0, np.inf], "finite"),
    ],
)
def test_bad_input_is_refused(metric, y, y_hat, says):
    with pytest.raises(ValueError, match=says):
        metric(y, y_hat)


def test_metrics_that_do_not_exist_say_so():
    with pytest.raises(ValueError, match="actual value is zero"):
        mape([0.0, 1.0], [1.0, 1.0])
    for flat in ([5.0, 5.0, 5.0], [5.0], [5.0, np.nan]):
        with pytest.raises(ValueError, match=r"^MASE needs .* changes at least once\.$"):
            mase([1.0], [1.0], history=flat)
    with pytest.raises(ValueError, match="never wrong"):
        skill([1.0], [2.0], reference=[1.0])


def test_two_values_are_history_enough():
    assert mase([1.0, 2.0], [2.0, 4.0], history=[1.0, 4.0]) == pytest.approx(1.5 / 3)


def test_small_whole_numbers_do_not_wrap_around():
    """In numpy's unsigned bytes 1 - 2 is 255."""
    rising, falling = np.array([1, 2, 4], np.uint8), np.array([4, 2, 1], np.uint8)
    for metric in ALL:
        assert metric(rising, falling) == metric(rising.astype(float), falling.astype(float))
    assert mase(rising, falling, history=falling) == pytest.approx((3 + 0 + 3) / 3 / 1.5)
    assert sessions_behind(np.array([1, 4], np.uint8), np.array([[1, 2], [4, 5]], np.uint8)) == 2
    assert sessions_behind(np.array([5, 5], np.uint8), np.array([[9, 6], [9, 6]], np.uint8)) == 1


@pytest.mark.parametrize("k", [1, 3, 10])
def test_a_forecast_that_repeats_an_old_close_trails_by_its_age(k):
    walk = np.random.default_rng(0).normal(size=330).cumsum()
    inputs = np.lib.stride_tricks.sliding_window_view(walk, 30)
    assert sessions_behind(inputs[:, -k], inputs) == k


@pytest.mark.parametrize("n", [5, 9, 15])
def test_a_moving_average_trails_by_half_its_length(n):
    walk = np.random.default_rng(1).normal(size=2000).cumsum()
    inputs = np.lib.stride_tricks.sliding_window_view(walk, 30)
    assert sessions_behind(inputs[:, -n:].mean(axis=1), inputs) == (n + 1) / 2


@pytest.mark.parametrize(
    ("forecast", "inputs"), [([1.0], [1.0]), ([1.0], [[1.0], [2.0]]), ([np.nan], [[1.0, 2.0]])]
)
def test_a_lag_of_what_does_not_fit_is_refused(forecast, inputs):
    with pytest.raises(ValueError, match=r"^needs .* lookback|^forecasts and .* finite"):
        sessions_behind(forecast, inputs)


# --- direction -----------------------------------------------------------------------------------

CENTS = st.integers(50, 200_000)  # as prices are quoted; a change is then never mere rounding
CHANGES = st.lists(st.tuples(CENTS, CENTS, CENTS), min_size=1, max_size=30).map(
    lambda rows: np.array(rows).T / 100
)


def test_direction_by_hand():
    """Right up, right down, wrong up, wrong down; then no change, and none forecast."""
    previous = np.full(6, 10.0)
    actual = [12.0, 9.0, 8.0, 11.0, 10.0, 11.0]
    forecast = [10.5, 5.0, 10.1, 9.9, 12.0, 10.0]
    assert direction_hits(actual, forecast, previous) == (2, 4)
    assert direction_hits(actual[:3], forecast[:3], previous[:3]) == (2, 3)


@pytest.mark.parametrize("rounding", [0.0, 1e-12])
def test_persistence_forecasts_no_direction(rounding):
    rng = np.random.default_rng(2)
    closes = 400 + rng.normal(size=200).cumsum()
    forecast = closes[:-1] * (1 + rounding * rng.choice([-1, 1], size=199))
    assert direction_hits(closes[1:], forecast, closes[:-1]) == (0, 0)


def test_a_change_forecast_of_a_millionth_counts():
    assert direction_hits([401.0, 399.0], [400 * (1 + 1e-6)] * 2, [400.0, 400.0]) == (1, 2)


@given(CHANGES)
def test_the_mirrored_forecast_is_right_where_the_forecast_is_wrong(rows):
    actual, forecast, previous = rows
    right, moves = direction_hits(actual, forecast, previous)
    assert direction_hits(actual, 2 * previous - forecast, previous) == (moves - right, moves)
    assert direction_hits(2 * previous - actual, forecast, previous) == (moves - right, moves)


@given(CHANGES)
def test_the_truth_has_every_direction_right(rows):
    actual, _, previous = rows
    moves = int((actual != previous).sum())
    assert direction_hits(actual, actual, previous) == (moves, moves)


@given(CHANGES, st.floats(0.01, 100))
def test_direction_has_no_unit(rows, factor):
    actual, forecast, previous = rows
    assert direction_hits(factor * actual, factor * forecast, factor * previous) == direction_hits(
        actual, forecast, previous
    )


@pytest.mark.parametrize(
    ("actual", "forecast", "previous", "says"),
    [
        ([1.0, 2.0], [1.0], [1.0, 2.0], "one length"),
        ([1.0, 2.0], [1.0, 2.0], [1.0], "one length"),
        ([], [], [], "one length"),
        ([1.0], [np.nan], [1.0], "finite"),
        ([1.0], [1.0], [np.nan], "finite"),
    ],
)
def test_directions_of_what_does_not_fit_are_refused(actual, forecast, previous, says):
    with pytest.raises(ValueError, match=says):
        direction_hits(actual, forecast, previous)


@given(PAIRS, PAIRS)
def test_every_error_of_the_paper_is_told_in_both_units(dollars, scaled):
    found = point_errors(*dollars, *scaled)
    of_dollars = {"mae_usd": mae, "rmse_usd": rmse, "mape_pct": mape}
    of_scaled = {"mae_scaled": mae, "rmse_scaled": rmse, "mse_scaled": mse}
    assert found == {name: error(*dollars) for name, error in of_dollars.items()} | {
        name: error(*scaled) for name, error in of_scaled.items()
    }


def test_errors_in_both_units_are_those_of_scikit_learn():
    close, forecast = np.array([100.0, 200.0, 400.0]), np.array([110.0, 190.0, 440.0])
    found = point_errors(close, forecast, close / 200 - 1, forecast / 200 - 1)
    assert found == pytest.approx(
        {
            "mae_usd": 20.0,
            "rmse_usd": reference.root_mean_squared_error(close, forecast),
            "mape_pct": (10 + 5 + 10) / 3,
            "mae_scaled": 0.1,
            "rmse_scaled": 600**0.5 / 200,
            "mse_scaled": 600 / 200**2,
        }
    )


@given(PAIRS)
def test_r_squared_is_that_of_scikit_learn(pair):
    actual, forecast = pair
    assume(np.ptp(actual) > 1e-3)
    assert r_squared(actual, forecast) == pytest.approx(reference.r2_score(actual, forecast))
