"""The interval over seeds and sessions: against theory, a plain loop, and its own invariants."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.signal
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from paperlib.stats.forecast_tests import loss_ratio
from paperlib.stats.seeds_and_sessions import ratio_of_mean_losses


def losses(seeds: int, n: int, spread: float, number: int) -> np.ndarray:
    """Make losses up: noise that sessions share, times a level of each seed."""
    rng = np.random.default_rng(number)
    return np.exp(spread * rng.normal(size=(seeds, 1))) * rng.gamma(2, size=(1, n))


def test_the_point_is_the_ratio_of_mean_losses():
    a, b = losses(10, 200, 0.1, 1), losses(10, 200, 0.1, 2)
    assert ratio_of_mean_losses(a, b, paired=False).estimate == a.mean() / b.mean()


def test_with_seeds_that_agree_it_is_the_interval_over_sessions():
    """Then only sessions are drawn, as another bootstrap of the book draws them."""
    rng = np.random.default_rng(3)
    a, b = rng.gamma(2, size=300), 1.3 * rng.gamma(2, size=300)
    found = ratio_of_mean_losses(np.tile(a, (5, 1)), np.tile(b, (5, 1)), paired=True)
    of_sessions = loss_ratio(a, b)
    assert np.log(found[1:]) == pytest.approx(np.log(of_sessions[1:]), abs=0.05)


def test_a_model_without_seeds_is_one_row():
    rng = np.random.default_rng(7)
    a, b = rng.gamma(2, size=(1, 200)), losses(10, 200, 0.2, 8)
    one, repeated = (ratio_of_mean_losses(of, b, paired=False) for of in (a, np.tile(a, (3, 1))))
    assert one.estimate == pytest.approx(repeated.estimate)
    assert np.log(one[1:]) == pytest.approx(np.log(repeated[1:]), abs=0.05)


def test_with_sessions_that_agree_it_is_the_t_interval_over_seeds():
    """A constant level a seed: scipy's own interval of the mean level, to first order."""
    level = np.exp(0.02 * np.random.default_rng(4).normal(size=(10, 1)))
    a, b = np.tile(level, (1, 100)), np.ones((10, 100))
    found = ratio_of_mean_losses(a, b, paired=False)
    theirs = scipy.stats.ttest_1samp(level[:, 0], 1).confidence_interval()
    assert found[1:] == pytest.approx(tuple(theirs), abs=2e-4)


def test_seeds_of_two_groups_have_the_degrees_of_freedom_of_welch():
    rng = np.random.default_rng(9)
    levels = 1 + 0.002 * rng.normal(size=(10, 1)), 1 + 0.005 * rng.normal(size=(6, 1))
    found = ratio_of_mean_losses(*(np.tile(of, (1, 100)) for of in levels), paired=False)
    theirs = scipy.stats.ttest_ind(*(of[:, 0] for of in levels), equal_var=False)
    assert np.log(found[1:]) == pytest.approx(tuple(theirs.confidence_interval()), abs=5e-5)


def trailing(rng: np.random.Generator, n: int = 459, memory: float = 0.9) -> np.ndarray:
    """Make errors up that hang together over weeks."""
    noise = rng.normal(size=n + 100)
    return scipy.signal.lfilter([np.sqrt(1 - memory**2)], [1, -memory], noise)[100:]


def test_it_covers_what_it_promises_where_losses_hang_together():
    """Of true ratios of one; an interval that took sessions for independent has about half."""
    rng = np.random.default_rng(7)
    covered = 0
    for _ in range(400):
        shared, *own = (trailing(rng) for _ in range(3))
        a, b = (
            np.exp(0.2 * rng.normal(size=(10, 1))) * (shared + mine + 0.3 * noise) ** 2
            for mine, noise in zip(own, rng.normal(size=(2, 10, 459)), strict=True)
        )
        found = ratio_of_mean_losses(a, b, paired=False)
        covered += found.low <= 1 <= found.high
    assert 0.89 <= covered / 400 <= 0.98


def test_pairs_that_move_together_leave_a_narrower_interval():
    level = np.exp(0.5 * np.random.default_rng(5).normal(size=(10, 1)))
    rng = np.random.default_rng(6)
    a, b = level * rng.gamma(20, size=(10, 200)), level * rng.gamma(20, size=(10, 200))
    paired, apart = (ratio_of_mean_losses(a, b, paired=p) for p in (True, False))
    assert paired.high - paired.low < 0.3 * (apart.high - apart.low)


@settings(max_examples=20)
@given(st.floats(0.1, 10), st.integers(0, 100))
def test_the_unit_of_losses_scales_the_ratio(factor, number):
    a, b = losses(5, 80, 0.2, number), losses(5, 80, 0.2, number + 1)
    ours, scaled = (ratio_of_mean_losses(x, b, paired=True) for x in (a, factor * a))
    assert scaled == pytest.approx(tuple(factor * x for x in ours))
    assert ours.low <= ours.estimate * 1.5
    assert ours.high >= ours.estimate / 1.5


def test_a_recipe_against_itself_is_one():
    a = losses(5, 80, 0.2, 0)
    assert ratio_of_mean_losses(a, a, paired=True) == (1, 1, 1)


@pytest.mark.parametrize(
    ("a", "b", "paired", "says"),
    [
        (np.ones((5, 80)), np.ones((5, 70)), False, "same sessions"),
        (np.ones((5, 80)), np.ones((4, 80)), True, "same sessions"),
        (np.ones(80), np.ones(80), False, "same sessions"),
        (np.ones((5, 20)), np.ones((5, 20)), False, "thirty sessions"),
        (np.full((5, 80), np.nan), np.ones((5, 80)), False, "finite"),
        (np.ones((5, 80)), np.zeros((5, 80)), False, "above zero"),
    ],
)
def test_what_has_no_ratio_is_refused(a, b, paired, says):
    with pytest.raises(ValueError, match=says):
        ratio_of_mean_losses(a, b, paired)
