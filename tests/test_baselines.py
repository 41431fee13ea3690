"""Simple forecasts by hand, and ARIMA by statsmodels used in another way."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.signal import lfilter
from statsmodels.tsa.statespace.sarimax import SARIMAX
from statsmodels.tsa.stattools import adfuller

from paperlib.baselines import arima_paths, choose_orders, compare_orders, fit_arima, simple_paths

HORIZON = 4


def _ar(seed: int, n: int, *coefficients: float) -> np.ndarray:
    """An autoregressive series past its start."""
    noise = np.random.default_rng(seed).normal(size=n + 200)
    return lfilter([1], [1, *(-c for c in coefficients)], noise)[200:]


@cache
def _closes() -> np.ndarray:
    """A price whose changes remember the two before."""
    return 100 + _ar(0, 160, 0.5, -0.3).cumsum()


# --- persistence, drift, mean return -------------------------------------------------------------


def test_simple_paths_by_hand():
    """Before target 3 the closes rise by 2 and by 4, so by 3 a session; and they double twice."""
    found = simple_paths([2.0, 4.0, 8.0, 6.0, 10.0], first=3, horizon=2)
    assert list(found) == ["persistence", "drift", "mean_return"]
    np.testing.assert_array_equal(found["persistence"], [[8, 8], [6, 6]])
    np.testing.assert_allclose(found["drift"], [[11, 14], [9, 12]])
    np.testing.assert_allclose(found["mean_return"], [[16, 32], [12, 24]])


def test_simple_paths_estimate_nothing_from_the_first_target_on():
    close = _closes()
    other = close.copy()
    other[120:] *= np.linspace(1.5, 2.5, 40)
    before, after = (simple_paths(x, 120, HORIZON) for x in (close, other))
    steps = np.arange(1, HORIZON + 1)
    for name in before:
        np.testing.assert_array_equal(after[name][0], before[name][0])  # origin 119, unchanged
    drift = (close[119] - close[0]) / 119
    np.testing.assert_allclose(
        after["drift"] - after["persistence"], np.tile(drift * steps, (40, 1))
    )
    growth = (close[119] / close[0]) ** (1 / 119)
    np.testing.assert_allclose(
        after["mean_return"] / after["persistence"], np.tile(growth**steps, (40, 1))
    )


def test_a_straight_line_is_forecast_by_drift_and_a_steady_growth_by_its_mean_return():
    line, growth = np.arange(10.0, 40.0), 1.02 ** np.arange(30.0)
    windows = np.lib.stride_tricks.sliding_window_view
    drift = simple_paths(line, 20, HORIZON)["drift"]
    np.testing.assert_allclose(drift[: 10 - HORIZON + 1], windows(line[20:], HORIZON))
    mean_return = simple_paths(growth, 20, HORIZON)["mean_return"]
    np.testing.assert_allclose(mean_return[: 10 - HORIZON + 1], windows(growth[20:], HORIZON))


# --- orders --------------------------------------------------------------------------------------


def test_a_random_walk_is_differenced_once():
    walk = np.random.default_rng(1).normal(size=2000).cumsum()
    found = choose_orders(walk)
    assert found.cut_off == (0, 1, 0)
    assert found.last_lag[1] == 1
    assert len(found.adf_p) == 2
    assert found.adf_p[0] >= 0.05 > found.adf_p[1]


def test_a_stationary_series_is_not_differenced():
    found = choose_orders(_ar(2, 2000, 0.6))
    assert found.cut_off[:2] == (1, 0)
    assert len(found.adf_p) == 1


def test_a_series_integrated_twice_is_differenced_twice():
    twice = np.random.default_rng(3).normal(size=2000).cumsum().cumsum()
    found = choose_orders(twice)
    assert found.cut_off[1] == found.last_lag[1] == 2
    assert len(found.adf_p) == 3


def test_a_series_is_differenced_until_a_unit_root_is_rejected_at_five_per_cent():
    """Series near a unit root, whose p-values fall on either side of the limit and close to it."""
    first = []
    for seed in range(12):
        series = _ar(seed, 300, 0.97)
        found = choose_orders(series)
        p_values = [adfuller(np.diff(series, n), result_object=True).pvalue for n in (0, 1)]
        assert found.adf_p == pytest.approx(p_values[: len(found.adf_p)])
        assert found.cut_off[1] == found.last_lag[1] == (p_values[0] >= 0.05)
        first.append(p_values[0])
    assert any(0.02 < p < 0.05 for p in first)
    assert any(0.05 <= p < 0.09 for p in first)


def test_an_autoregression_of_two_lags_in_the_differences_cuts_off_after_two():
    found = choose_orders(_ar(4, 4000, 0.5, 0.3).cumsum())
    assert found.cut_off[:2] == (2, 1)


def test_a_moving_average_of_two_lags_in_the_differences_cuts_off_after_two():
    noise = np.random.default_rng(5).normal(size=4000)
    found = choose_orders(lfilter([1, 0.6, 0.4], [1], noise).cumsum())
    assert found.cut_off[1:] == (1, 2)


def test_a_lag_past_a_gap_counts_for_the_last_lag_alone():
    """Differences that remember the one five sessions before: lags 1 to 4 lie within the band."""
    found = choose_orders(_ar(6, 3000, 0, 0, 0, 0, 0.4).cumsum())
    assert found.cut_off == (0, 1, 0)
    assert found.last_lag[0] >= 5
    assert found.last_lag[2] == 10  # the autocorrelation comes back at twice five


# --- ARIMA ---------------------------------------------------------------------------------------


@cache
def _fitted(order):
    return fit_arima(_closes()[:120], order)


@cache
def _compared():
    return compare_orders(_closes()[:120], d=1)


def test_an_arima_without_terms_is_persistence():
    found = arima_paths(_fitted((0, 1, 0)), _closes(), 120, HORIZON)
    persistence = simple_paths(_closes(), 120, HORIZON)["persistence"]
    np.testing.assert_allclose(found, persistence, rtol=1e-9)


def test_estimates_are_near_the_truth():
    close = 50 + _ar(7, 1500, 0.5, -0.3).cumsum()
    phi = fit_arima(close, (2, 1, 0)).params[:2]
    np.testing.assert_allclose(phi, [0.5, -0.3], atol=0.08)


def test_an_arima_path_is_that_of_a_recursion_by_hand():
    """Its differences follow an AR(2) without a constant, which is simple to carry forward."""
    fitted, close = _fitted((2, 1, 0)), _closes()
    one, two = fitted.params[:2]
    found = arima_paths(fitted, close, 120, HORIZON)
    assert found.shape == (40, HORIZON)
    for row in (0, 1, 20, 39):
        known = close[: 120 + row].tolist()
        for forecast in found[row]:
            changes = np.diff(known[-3:])
            known.append(known[-1] + one * changes[1] + two * changes[0])
            assert forecast == pytest.approx(known[-1], rel=1e-9)


@pytest.mark.parametrize("order", [(1, 1, 1), (2, 1, 2), (1, 0, 1)])
def test_arima_paths_are_the_forecasts_of_statsmodels_from_each_origin(order):
    fitted, close = _fitted(order), _closes()
    found = arima_paths(fitted, close, 120, HORIZON)
    for target in (120, 121, 140, 159):
        expected = fitted.apply(close[:target]).forecast(HORIZON)
        np.testing.assert_allclose(found[target - 120], expected, rtol=1e-9)


def test_an_arima_path_reads_no_close_after_its_origin():
    close = _closes()
    later = close.copy()
    later[130:] *= 1.5
    before, after = (arima_paths(_fitted((1, 1, 1)), x, 120, HORIZON) for x in (close, later))
    np.testing.assert_allclose(after[:11], before[:11], rtol=1e-12)
    assert (np.abs(after[11:] - before[11:]) > 1).all()


def test_the_criteria_are_those_of_the_likelihood_of_the_differences():
    """By hand from a fit to the differences themselves; a term each for p, q and the variance."""
    found = _compared()
    assert list(found.index) == [(p, 1, q) for p in range(3) for q in range(3)]
    changes = np.diff(_closes()[:120])
    for p, q in ((0, 0), (1, 0), (2, 0), (0, 1)):
        fit = SARIMAX(changes, order=(p, 0, q)).fit(disp=False)
        terms = p + q + 1
        row = found.loc[[(p, 1, q)]].iloc[0]
        assert row["aic"] == pytest.approx(2 * terms - 2 * fit.llf, abs=0.02)
        assert row["bic"] == pytest.approx(np.log(119) * terms - 2 * fit.llf, abs=0.02)


def test_bic_charges_more_for_a_term_than_aic():
    """Their difference is terms times (log n - 2), of the 119 differences."""
    found = _compared()
    terms = np.array([p + q + 1 for p, _, q in found.index])
    np.testing.assert_allclose(found["bic"] - found["aic"], terms * (np.log(119) - 2))


def test_bic_finds_the_order_of_a_long_series_and_names_it_as_a_tuple():
    close = 100 + _ar(8, 800, 0.5, -0.3).cumsum()
    assert compare_orders(close, d=1)["bic"].idxmin() == (2, 1, 0)


@pytest.mark.parametrize("first", [0, 1, 5, 9])
def test_a_first_target_without_closes_on_both_sides_is_refused(first):
    with pytest.raises(ValueError, match="both sides"):
        simple_paths(np.arange(1.0, 6.0), first, 3)
