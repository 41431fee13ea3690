"""Intervals over seeds, against an independent calculation."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
import statsmodels.api as sm
from arch.bootstrap import optimal_block_length
from scipy import stats
from scipy.signal import lfilter
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from paperlib.stats.seeds import (
    block_bootstrap_interval,
    block_length,
    compare_losses,
    mean_ratio,
    prediction_interval,
    proportion,
    summarise_seeds,
)


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


def test_where_a_value_is_not_positive_the_interval_is_of_the_values_themselves():
    values = np.array([-1.0, 0.0, 2.0, 1.0])
    frame = sm.OLS(values, np.ones(4)).fit().get_prediction([1.0]).summary_frame(alpha=0.05)
    expected = frame[["mean", "obs_ci_lower", "obs_ci_upper"]].iloc[0]
    np.testing.assert_allclose(prediction_interval(values), expected)


def test_where_a_value_is_zero_and_none_negative_the_interval_ends_at_zero():
    """Mean 1, standard deviation 1, t(0.975, 2) = 4.3027: 1 - 4.97 is cut, 1 + 4.97 is not."""
    half = 4.3027 * (1 + 1 / 3) ** 0.5
    assert prediction_interval([0.0, 1.0, 2.0]) == pytest.approx((1, 0, 1 + half), rel=1e-5)
    below = prediction_interval([-0.1, 1.0, 2.1])
    assert below.low < 0
    assert prediction_interval([0.0, 0.0]) == (0, 0, 0)


@pytest.mark.parametrize("values", [[1.0], [], [1.0, np.nan], [[1.0, 2.0]], [1.0, np.inf]])
def test_too_little_is_refused(values):
    for summary in (prediction_interval, summarise_seeds):
        with pytest.raises(ValueError, match="at least two finite values"):
            summary(values)


def test_summary_of_seeds_is_that_of_descriptive_statistics():
    values = np.random.default_rng(6).lognormal(size=10)
    described = DescrStatsW(values)
    found = summarise_seeds(values)
    assert found.mean == pytest.approx(described.mean)
    assert found.sd == pytest.approx(values.std(ddof=1))
    np.testing.assert_allclose(found[2:4], described.tconfint_mean(0.05))
    assert found[4:] == prediction_interval(values)[1:]


def test_mean_ratio_is_the_geometric_mean_with_the_t_interval_of_the_logarithms():
    ratios = np.random.default_rng(7).lognormal(size=10)
    found = mean_ratio(ratios)
    assert found.estimate == pytest.approx(stats.gmean(ratios))
    ends = DescrStatsW(np.log(ratios)).tconfint_mean(0.05)
    np.testing.assert_allclose([found.low, found.high], np.exp(ends))
    assert mean_ratio(np.array([2, 8], np.uint8)).estimate == pytest.approx(4)


# --- failures, and several tests at once ---------------------------------------------------------


def test_no_failure_in_a_hundred_runs_is_still_two_sided():
    rate = proportion(0, 100)
    assert (rate.estimate, rate.low) == (0, 0)
    assert rate.high == pytest.approx(1 - 0.025**0.01)
    assert round(100 * rate.high, 2) == 3.62


def test_proportion_is_clopper_pearsons():
    """Through the quantiles of the beta distribution, as in their textbook form."""
    rate = proportion(3, 100)
    expected = (0.03, stats.beta.ppf(0.025, 3, 98), stats.beta.ppf(0.975, 4, 97))
    np.testing.assert_allclose(rate, expected)


# --- the test sample's uncertainty ---------------------------------------------------------------


def test_block_bootstrap_of_independent_losses_is_near_the_t_interval():
    losses = np.random.default_rng(2).exponential(size=400)
    expected = sm.OLS(losses, np.ones(400)).fit().conf_int(0.05)[0]
    found = block_bootstrap_interval(losses)
    assert found.estimate == pytest.approx(losses.mean())
    width, expected_width = found.high - found.low, expected[1] - expected[0]
    assert width == pytest.approx(expected_width, rel=0.15)
    assert found.low < found.estimate < found.high


def test_block_bootstrap_widens_with_autocorrelation():
    noise = np.random.default_rng(3).normal(size=2000)
    slow = lfilter([1], [1, -0.9], noise)[-400:] ** 2
    shuffled = np.random.default_rng(4).permutation(slow)
    slow_width, shuffled_width = (
        high - low for _, low, high in map(block_bootstrap_interval, (slow, shuffled))
    )
    assert slow_width > 1.5 * shuffled_width


def test_block_bootstrap_of_a_constant_has_no_width_and_too_little_is_refused():
    assert block_bootstrap_interval(np.full(40, 2.0)) == (2.0, 2.0, 2.0)
    for losses in (np.ones(29), np.r_[np.ones(40), np.nan]):
        with pytest.raises(ValueError, match="^a block bootstrap needs at least thirty"):
            block_bootstrap_interval(losses)
    assert block_bootstrap_interval(np.arange(30.0)).estimate == 14.5


def test_block_bootstrap_repeats_itself_and_widens_with_the_level():
    losses = np.random.default_rng(2).exponential(size=60)
    narrow, usual, wide = (block_bootstrap_interval(losses, level) for level in (0.5, 0.95, 0.99))
    assert usual == block_bootstrap_interval(losses)
    assert wide.low < usual.low < narrow.low < narrow.high < usual.high < wide.high
    of_bytes = np.arange(250, 220, -1).astype(np.uint8)
    assert block_bootstrap_interval(of_bytes) == block_bootstrap_interval(of_bytes.astype(float))


def test_block_length_is_one_for_what_does_not_hang_together_and_at_most_a_third():
    assert block_length(np.ones(30)) == 1
    of_noise = [block_length(np.random.default_rng(s).normal(size=300)) for s in range(20)]
    assert min(of_noise) == 1 and np.median(of_noise) <= 4
    in_turns = np.tile([1.0, -1.0, 1.0, 1.0, -1.0, -1.0], 20)  # hangs together for ever
    chosen = optimal_block_length(in_turns[:44])["circular"].iloc[0]
    assert block_length(in_turns[:44]) == 14 < chosen


# --- recipe against recipe -----------------------------------------------------------------------

BASE = np.array([1.0, 1.2, 0.9, 1.1, 1.3, 1.0, 0.8, 1.15, 1.05, 0.95])
NOISE = np.exp(np.random.default_rng(5).normal(0, 0.02, 10))


def test_paired_interval_is_that_of_the_log_ratios():
    changed = 1.3 * BASE * NOISE
    frame = sm.OLS(np.log(changed / BASE), np.ones(10)).fit()
    found = compare_losses(BASE, changed, paired=True)
    assert found.ratio == pytest.approx(np.exp(frame.params[0]))
    np.testing.assert_allclose([found.low, found.high], np.exp(frame.conf_int(0.05)[0]))


def test_unpaired_interval_is_welchs():
    changed = 1.3 * np.r_[BASE, BASE[:2]]
    a, b = CompareMeans(DescrStatsW(np.log(changed)), DescrStatsW(np.log(BASE))).tconfint_diff(
        usevar="unequal"
    )
    found = compare_losses(BASE, changed, paired=False)
    np.testing.assert_allclose([found.low, found.high], np.exp([a, b]))


def test_permutation_p_of_ten_pairs_that_all_agree_is_two_in_1024():
    assert compare_losses(BASE, 1.3 * BASE * NOISE, paired=True).p_value == pytest.approx(2 / 1024)


@pytest.mark.parametrize(
    ("factor", "paired", "verdict"),
    [
        (1.3, True, "holds"),
        (0.7, True, "contradicted"),
        (1.02, True, "holds"),  # a size is no direction
        (1.0, False, "open"),
        (1.05, False, "open"),
        (3.0, False, "holds"),
    ],
)
def test_verdicts(factor, paired, verdict):
    assert compare_losses(BASE, factor * BASE * NOISE, paired).verdict == verdict


def test_runs_identical_to_the_bit_leave_a_ratio_of_one():
    found = compare_losses(BASE, BASE, paired=True)
    assert found == (1.0, 1.0, 1.0, 1.0, False)
    assert found.verdict == "open"


@pytest.mark.filterwarnings("ignore:Precision loss")
def test_a_zero_width_difference_that_is_not_zero_is_no_division_by_zero():
    found = compare_losses(np.full(10, 2.0), np.full(10, 4.0), paired=True)
    assert found.ratio == pytest.approx(2)
    assert found.verdict == "holds"


@pytest.mark.parametrize("paired", [True, False])
def test_where_a_value_is_zero_the_difference_is_compared(paired):
    changed = np.r_[0.0, BASE[1:] - 0.8]
    test = stats.ttest_rel if paired else stats.ttest_ind
    expected = test(changed, BASE, **({} if paired else {"equal_var": False}))
    found = compare_losses(BASE, changed, paired)
    np.testing.assert_allclose(found[1:3], expected.confidence_interval(0.95))
    assert found.verdict == "contradicted"
    assert str(found).startswith("a difference of -0.")


def test_a_loss_of_zero_among_the_first_leaves_no_ratio_either():
    assert compare_losses(np.r_[0.0, BASE[1:]], BASE, paired=True).is_difference


def test_a_ratio_is_told_without_words():
    assert str(compare_losses(BASE, 2 * BASE, paired=False)).startswith("2.00 (")


def test_ten_runs_that_all_lie_above_ten_others_are_two_of_all_splits():
    """A drawn test can't say so: its p-value is never below one over the number drawn."""
    found = compare_losses(BASE, 3 * BASE, paired=False)
    assert found.p_value == pytest.approx(2 / comb(20, 10))


def test_a_permutation_p_counts_its_own_case_whatever_the_rounding_of_the_logarithms():
    """Test MSEs with and without clipping: nine of ten pairs agree, the tenth differs least.

    As far as ours are all plus and ours itself, and their mirrors: four of 1024.
    """
    clipped = [312772, 314882, 290674, 214020, 264960, 273219, 282815, 267842, 216983, 363374]
    unclipped = [319193, 324680, 302344, 222123, 264160, 275803, 297369, 284051, 236882, 370223]
    scaled = np.array([clipped, unclipped]) / 1e7
    assert compare_losses(*scaled, paired=True).p_value == 4 / 2**10


def test_more_seeds_than_can_be_enumerated_are_refused():
    many = np.r_[BASE, BASE]
    with pytest.raises(ValueError, match="too many to enumerate"):
        compare_losses(many, 2 * many, paired=False)


def test_swapping_the_recipes_inverts_the_ratio():
    there = compare_losses(BASE, 1.3 * BASE * NOISE, paired=True)
    back = compare_losses(1.3 * BASE * NOISE, BASE, paired=True)
    np.testing.assert_allclose([1 / back.ratio, 1 / back.high, 1 / back.low], there[:3])


def test_losses_that_cannot_be_compared_are_refused():
    for a, b in (([1.0], [2.0]), ([1.0, np.inf], [1.0, 1.0]), ([1.0, np.nan], [1.0, 1.0])):
        with pytest.raises(ValueError, match="two finite values"):
            compare_losses(a, b, paired=False)
    with pytest.raises(ValueError, match="equal seeds, got 10 and 9"):
        compare_losses(BASE, BASE[:9], paired=True)
