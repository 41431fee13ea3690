"""Tests of equal accuracy against published values, other formulas and what draws must show."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.signal import lfilter

from paperlib.stats.forecast_tests import (
    bootstrap_test,
    clark_west,
    confidence_set,
    diebold_mariano,
    fixed_smoothing_test,
    loss_ratio,
)
from paperlib.stats.interval import NO_DIFFERENCE, Interval
from paperlib.stats.seeds import block_length

# One-step errors of two models, and below the p-values that R's forecast::dm.test gives them, both
# as quoted in test/diebold_mariano.jl of JuliaStats/HypothesisTests.jl.
ETS = np.array(
    [
        "0.002241270",
        "-0.000661906",
        "-1.200002613",
        "-4.000218178",
        "3.799373533",
        "3.401005111",
        "-1.199692125",
        "-0.800490048",
        "-1.200048999",
        "3.399847229",
        "7.000708948",
        "2.200989241",
        "-4.800165569",
        "-1.201043375",
        "3.400167556",
        "3.000709085",
        "0.400267950",
        "-6.800169207",
        "-2.401259050",
        "1.200112198",
    ],
    dtype=np.float64,
)
ARIMA = np.array(
    [
        "0.1209998",
        "8.0622269",
        "-0.9189429",
        "-1.7952436",
        "5.3431277",
        "2.0459823",
        "-0.6073261",
        "0.5516816",
        "-0.7633238",
        "4.1229472",
        "5.8785333",
        "1.2828331",
        "-3.4854233",
        "1.1971370",
        "3.1709314",
        "2.3408457",
        "0.4962286",
        "-5.9841362",
        "0.1537114",
        "0.4207951",
    ],
    dtype=np.float64,
)
TESTS = [diebold_mariano, fixed_smoothing_test, bootstrap_test]
SEEDS = st.integers(0, 2**32 - 1)


def _losses(seed: int, n: int) -> np.ndarray:
    """Two models' losses, (2, n), independent of each other and over time."""
    return np.random.default_rng(seed).exponential(size=(2, n))


def _slow_differentials(seed: int, draws: int, n: int, coefficient: float) -> np.ndarray:
    """AR(1) series of mean zero, (draws, n), past their start."""
    noise = np.random.default_rng(seed).normal(size=(draws, n + 200))
    return lfilter([1], [1, -coefficient], noise)[:, 200:]


# --- Diebold and Mariano -------------------------------------------------------------------------


@pytest.mark.parametrize(("power", "p_value"), [(2, 0.8871), (1, 0.7818)])
def test_diebold_mariano_gives_the_published_p_values(power, p_value):
    found = diebold_mariano(np.abs(ETS) ** power, np.abs(ARIMA) ** power)
    assert found.p_value == pytest.approx(p_value, abs=1e-4)


@given(SEEDS, st.integers(10, 60))
def test_diebold_mariano_of_one_step_is_the_t_test_of_the_differentials(seed, n):
    """The squared correction, (n - 1) / n, makes the biased variance unbiased: a factor of one."""
    losses, reference = _losses(seed, n)
    expected = stats.ttest_1samp(losses - reference, 0)
    assert diebold_mariano(losses, reference) == pytest.approx(tuple(expected), rel=1e-9, abs=1e-9)


# --- fixed smoothing -----------------------------------------------------------------------------


@given(SEEDS, st.integers(5, 30))
def test_fixed_smoothing_over_all_frequencies_is_the_t_test(seed, half):
    """By Parseval the whole periodogram averages n / (n - 1) biased variances: the unbiased one.

    Its (n - 1) / 2 ordinates of an odd n leave t with n - 1 degrees of freedom.
    """
    losses, reference = _losses(seed, 2 * half + 1)
    expected = stats.ttest_1samp(losses - reference, 0)
    found = fixed_smoothing_test(losses, reference, waves=half)
    assert found == pytest.approx(tuple(expected), rel=1e-9, abs=1e-9)


def test_fixed_smoothing_averages_the_lowest_frequencies():
    """By regression: a wave's periodogram is n / 4 times the squared length of its coefficients."""
    losses, reference = _losses(3, 50)
    d, t = losses - reference, np.arange(50)
    ordinates = []
    for k in (1, 2):
        angle = 2 * np.pi * k * t / 50
        wave = sm.OLS(d, np.column_stack([np.ones(50), np.cos(angle), np.sin(angle)])).fit()
        ordinates.append(50 / 4 * (wave.params[1:] ** 2).sum())
    expected = d.mean() / np.sqrt(np.mean(ordinates) / 50)
    found = fixed_smoothing_test(losses, reference, waves=2)
    assert found.statistic == pytest.approx(expected)
    assert found.p_value == pytest.approx(2 * stats.t.cdf(-abs(expected), 4))


@pytest.mark.parametrize(("n", "waves"), [(26, 2), (27, 3), (63, 3), (64, 4), (383, 7), (1000, 10)])
def test_fixed_smoothing_takes_the_cube_root_of_n_frequencies(n, waves):
    losses, reference = _losses(4, n)
    found = fixed_smoothing_test(losses, reference)
    assert found == fixed_smoothing_test(losses, reference, waves=waves)
    assert found != fixed_smoothing_test(losses, reference, waves=waves + 1)


def test_fixed_smoothing_has_uniform_p_values_for_normal_white_noise():
    """There the test is exact; with other degrees of freedom it would not be."""
    draws = np.random.default_rng(5).normal(size=(3000, 60))
    p_values = [fixed_smoothing_test(d, np.zeros(60)).p_value for d in draws]
    assert stats.kstest(p_values, "uniform").pvalue > 0.05
    assert np.mean(np.less(p_values, 0.05)) == pytest.approx(0.05, abs=0.01)


def test_where_differentials_hardly_change_only_the_textbook_test_finds_a_difference():
    draws = _slow_differentials(seed=6, draws=300, n=383, coefficient=0.94)
    textbook, fixed = (
        np.mean([test(d, np.zeros(383)).p_value < 0.05 for d in draws])
        for test in (diebold_mariano, fixed_smoothing_test)
    )
    assert textbook > 0.6
    assert fixed < 0.2


# --- by bootstrap --------------------------------------------------------------------------------


@pytest.mark.parametrize("shift", [0.0, 0.05, 0.1, 0.15])
def test_bootstrap_of_independent_differentials_is_near_the_t_test(shift):
    losses, reference = _losses(7, 400)
    losses = losses - (losses - reference).mean() + shift
    found = bootstrap_test(losses, reference)
    assert found.statistic == pytest.approx(shift, abs=1e-12)
    expected = stats.ttest_rel(losses, reference).pvalue
    assert found.p_value == pytest.approx(expected, abs=0.04)


def test_bootstrap_says_no_more_than_its_replications_allow():
    losses, reference = _losses(8, 100)
    assert bootstrap_test(losses + 10, reference).p_value == 1 / 1000


def test_bootstrap_sees_that_neighbours_are_alike():
    d = _slow_differentials(seed=9, draws=1, n=400, coefficient=0.9)[0]
    d = d - d.mean() + 0.5
    assert diebold_mariano(d, np.zeros(400)).p_value < 0.001
    assert bootstrap_test(d, np.zeros(400)).p_value > 0.05


# --- what every test has in common ---------------------------------------------------------------


@pytest.mark.parametrize("test", TESTS)
@settings(max_examples=10)
@given(seed=SEEDS)
def test_swapping_the_models_turns_the_sign_and_keeps_the_p_value(test, seed):
    losses, reference = _losses(seed, 40)
    there, back = test(losses, reference), test(reference, losses)
    assert back.statistic == -there.statistic
    assert back.p_value == there.p_value


@pytest.mark.parametrize("test", TESTS)
def test_the_statistic_is_positive_where_the_model_is_worse(test):
    losses, reference = _losses(10, 100)
    found = test(losses + 1, reference)
    assert found.statistic > 0
    assert found.p_value < 0.01


@pytest.mark.parametrize("rounding", [0.0, 1e-13])
def test_forecasts_that_differ_by_rounding_do_not_differ(rounding):
    rng = np.random.default_rng(11)
    actual = 400 + rng.normal(size=60).cumsum()
    forecast = actual + rng.normal(size=60)
    twin = forecast * (1 + rounding * rng.choice([-1, 1], size=60))
    losses, reference = (actual - forecast) ** 2, (actual - twin) ** 2
    assert np.array_equal(losses, reference) == (rounding == 0)
    for test in TESTS:
        assert test(losses, reference) == NO_DIFFERENCE == (0, 1)
    assert loss_ratio(losses, reference) == Interval(1, 1, 1)
    assert clark_west(actual, forecast, twin) == NO_DIFFERENCE


@pytest.mark.parametrize("test", TESTS)
def test_a_difference_of_a_millionth_is_a_difference(test):
    losses, reference = _losses(12, 60)
    assert test(reference + 1e-6 * losses, reference).statistic > 0


@pytest.mark.parametrize("function", [*TESTS, loss_ratio])
@pytest.mark.parametrize(
    ("losses", "reference", "says"),
    [
        (np.ones(20), np.ones(19), "ten losses or more"),
        (np.ones((20, 2)), np.ones((20, 2)), "ten losses or more"),
        (np.ones(9), np.zeros(9), "ten losses or more"),
        (np.r_[np.ones(19), np.nan], np.zeros(20), "finite"),
        (np.zeros(20), np.r_[np.ones(19), np.inf], "finite"),
    ],
)
def test_losses_that_cannot_be_compared_are_refused(function, losses, reference, says):
    with pytest.raises(ValueError, match=says):
        function(losses, reference)


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("rounding", [0.0, 1e-13])
def test_a_differential_that_never_changes_is_refused(test, rounding):
    losses, _ = _losses(21, 40)
    with pytest.raises(ValueError, match="never changes"):
        test(losses + 0.5 + rounding * np.arange(40), losses)


@pytest.mark.parametrize("waves", [-1, 0, 10])
def test_waves_that_there_are_not_are_refused(waves):
    with pytest.raises(ValueError, match="from 1 to 9"):
        fixed_smoothing_test(*_losses(23, 20), waves)


# --- ratio of losses -----------------------------------------------------------------------------


def test_the_ratio_of_independent_losses_has_the_interval_of_the_delta_method():
    a, b = _losses(13, 600)
    a = 0.8 * a + 0.3 * b  # the two of a session are alike, which narrows the ratio's interval
    covariance = np.cov(a, b) / 600
    gradient = np.array([1 / b.mean(), -a.mean() / b.mean() ** 2])
    half = 1.96 * np.sqrt(gradient @ covariance @ gradient)
    found = loss_ratio(a, b)
    assert found.estimate == pytest.approx(a.mean() / b.mean())
    assert found.low == pytest.approx(found.estimate - half, abs=half / 4)
    assert found.high == pytest.approx(found.estimate + half, abs=half / 4)


@settings(max_examples=10)
@given(SEEDS, st.integers(-20, 20))
def test_the_ratio_has_no_unit(seed, power):
    """A power of two rounds nothing, so that the resamples must be equal to the bit."""
    a, b = _losses(seed, 50)
    assert loss_ratio(2.0**power * a, 2.0**power * b) == loss_ratio(a, b)


def test_swapping_the_models_inverts_the_ratio():
    """Else the blocks would be chosen by one model's losses alone: here one is slow, one is not."""
    slow = np.exp(_slow_differentials(seed=15, draws=1, n=400, coefficient=0.9)[0] / 3)
    quick = _losses(22, 400)[0]
    there, back = loss_ratio(slow, quick), loss_ratio(quick, slow)
    assert (1 / back.estimate, 1 / back.high, 1 / back.low) == pytest.approx(there, rel=1e-5)


def test_a_model_that_always_loses_twice_as_much_has_a_ratio_of_two_without_width():
    b = _losses(14, 60)[0]
    assert loss_ratio(2 * b, b) == pytest.approx((2, 2, 2))


def test_the_ratio_widens_with_autocorrelation():
    slow = np.exp(_slow_differentials(seed=15, draws=1, n=400, coefficient=0.9)[0] / 3)
    order = np.random.default_rng(16).permutation(400)
    (_, low, high), (_, low_shuffled, high_shuffled) = (
        loss_ratio(a, np.ones(400)) for a in (slow, slow[order])
    )
    assert high - low > 1.5 * (high_shuffled - low_shuffled)


def test_a_block_is_as_long_as_the_horizon_up_to_a_third_of_all():
    """Losses that repeat after twelve sessions: any block of twelve has the mean of them all."""
    losses = np.tile(_losses(17, 12)[0], 10)
    short, whole, cut = (loss_ratio(losses, np.ones(120), horizon) for horizon in (1, 12, 60))
    assert short.high - short.low > 0.05
    assert whole.high - whole.low == pytest.approx(0, abs=1e-12)
    assert cut.high - cut.low > 0.01  # at 60, five repeats, there would be no width either


# --- nested models -------------------------------------------------------------------------------


def _nested(seed: int, share: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Outcomes, zero as the small model's forecast, and the large one's, which sees a share."""
    rng = np.random.default_rng(seed)
    signal = rng.normal(size=200)
    return share * signal + rng.normal(size=200), np.zeros(200), 0.3 * signal


def test_clark_west_is_a_regression_of_the_adjusted_differential_on_a_constant():
    actual, small, large = _nested(18, share=0.2)
    adjusted = (actual - small) ** 2 - ((actual - large) ** 2 - (small - large) ** 2)
    expected = sm.OLS(adjusted, np.ones(200)).fit()
    found = clark_west(actual, small, large)
    assert found.statistic == pytest.approx(expected.tvalues[0])
    assert found.p_value == pytest.approx(stats.norm.cdf(-expected.tvalues[0]))


def test_clark_west_asks_whether_the_large_model_corrects_the_small_ones_errors():
    """What it averages is twice the small model's error times the large one's correction of it."""
    actual, small, large = _nested(19, share=0.2)
    expected = stats.ttest_1samp((actual - small) * (large - small), 0).statistic
    assert clark_west(actual, small, large).statistic == pytest.approx(expected)


def test_clark_west_is_positive_where_the_large_model_is_better():
    actual, small, large = _nested(20, share=0.5)
    found = clark_west(actual, small, large)
    assert found.statistic > 0
    assert found.p_value < 0.01
    against = clark_west(actual, small, -large)
    assert against.statistic < 0
    assert against.p_value > 0.99


def test_clark_west_forgives_the_large_model_its_noise():
    """Where the small model is true the plain test calls the large one worse; this rejects 5 %."""
    draws = [_nested(seed, share=0.0) for seed in range(600)]
    plain = [diebold_mariano((y - g) ** 2, (y - f) ** 2).statistic for y, f, g in draws]
    assert np.mean(plain) > 1
    rejected = np.mean([clark_west(*draw).p_value < 0.05 for draw in draws])
    assert rejected == pytest.approx(0.05, abs=0.03)


@pytest.mark.parametrize(
    ("actual", "small", "large", "says"),
    [
        (np.ones(9), np.zeros(9), np.zeros(9), "ten losses or more"),
        (np.ones((20, 2)), np.zeros((20, 2)), np.zeros((20, 2)), "ten losses or more"),
        (np.ones(20), np.zeros(20), np.full(20, np.nan), "finite"),
    ],
)
def test_clark_west_refuses_forecasts_that_cannot_be_compared(actual, small, large, says):
    with pytest.raises(ValueError, match=says):
        clark_west(actual, small, large)


# --- several models ------------------------------------------------------------------------------


def _rivals() -> pd.DataFrame:
    """Two models as good as each other, and one that is worse, first so that it must move."""
    rng = np.random.default_rng(21)
    common = rng.exponential(size=400)
    good, as_good, worse = (common + rng.exponential(size=400) for _ in range(3))
    return pd.DataFrame({"worse": worse + 0.5, "good": good, "as_good": as_good})


def test_the_confidence_set_leaves_out_a_model_that_is_worse_and_keeps_two_that_are_alike():
    found = confidence_set(_rivals())
    assert found["included"].to_dict() == {"good": True, "as_good": True, "worse": False}
    assert found["p_value"].max() == 1
    assert found.loc["worse", "p_value"] < 0.01


def test_the_confidence_set_is_ordered_by_mean_loss():
    losses = _rivals()
    found = confidence_set(losses)
    assert found.index.name == "model"
    assert list(found.index) == losses.mean().sort_values().index.tolist()
    assert found["mean_loss"].to_dict() == pytest.approx(losses.mean().to_dict())
    pd.testing.assert_frame_equal(found, confidence_set(losses[["good", "worse", "as_good"]]))


def test_a_model_is_in_the_set_where_its_p_value_is_above_the_size():
    losses = _rivals().assign(worse=lambda table: table["worse"] - 0.4)
    p_value = confidence_set(losses).loc["worse", "p_value"]
    assert 0.01 < p_value < 0.9
    for size, included in ((p_value - 0.005, True), (p_value + 0.005, False)):
        assert confidence_set(losses, size).loc["worse", "included"] == included


def test_the_confidence_set_of_two_agrees_with_the_t_test():
    losses = _rivals()[["good", "as_good"]] + [0.0, 0.1]
    expected = stats.ttest_rel(losses["good"], losses["as_good"]).pvalue
    assert confidence_set(losses)["p_value"].min() == pytest.approx(expected, abs=0.05)


def test_models_that_are_alike_share_one_answer():
    losses = pd.DataFrame({"a": _losses(24, 60)[0]})
    losses["worse"] = 3 * losses["a"] + _losses(25, 60)[0]
    alone = confidence_set(losses)
    twins = losses.assign(twin=losses["a"], rounded=losses["a"] * (1 + 1e-13))
    found = confidence_set(twins)
    for name in ("a", "twin", "rounded"):
        assert found.loc[name, "p_value"] == alone.loc["a", "p_value"]
        assert found.loc[name, "included"] == alone.loc["a", "included"]
    assert found.loc["worse", "p_value"] == alone.loc["worse", "p_value"]


@pytest.mark.parametrize(
    ("losses", "says"),
    [
        (pd.DataFrame(np.ones((20, 2)), columns=["a", "b"]), "at least thirty"),
        (pd.DataFrame({"a": [np.nan] * 40, "b": [1.0] * 40}), "finite"),
        (pd.DataFrame({"a": np.arange(40.0), "b": np.arange(40.0)}), "all alike"),
    ],
)
def test_losses_without_a_confidence_set_are_refused(losses, says):
    with pytest.raises(ValueError, match=says):
        confidence_set(losses)


@pytest.mark.parametrize("never_wrong", [0, 1])
def test_forecasts_that_are_never_wrong_leave_no_ratio(never_wrong):
    pair = [_losses(26, 40)[0], _losses(26, 40)[1]]
    pair[never_wrong] = np.zeros(40)
    with pytest.raises(ValueError, match="never wrong"):
        loss_ratio(*pair)


def test_the_ratio_of_a_slow_model_to_a_spiky_reference_takes_the_models_blocks():
    """What a session adds to the ratio is then nearly the reference's noise, and would mislead."""
    rng = np.random.default_rng(31)
    slow = 30 * np.exp(_slow_differentials(seed=32, draws=1, n=450, coefficient=0.96)[0] / 4)
    spiky = rng.standard_t(2.2, 450) ** 2
    asked_for = block_length(slow)
    assert asked_for > 10 * block_length(slow / slow.mean() - spiky / spiky.mean())
    assert loss_ratio(slow, spiky) == loss_ratio(slow, spiky, horizon=asked_for)
