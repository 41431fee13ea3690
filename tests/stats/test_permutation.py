"""The exact permutation test, against a hand count, against scipy's, and as it must behave."""

from __future__ import annotations

from itertools import combinations, product
from math import comb

import numpy as np
import pytest
from scipy import stats

from paperlib.stats.permutation import MOST_CASES, paired_p, unpaired_p


def distance(x, y, axis):
    return np.abs(np.mean(x, axis=axis) - np.mean(y, axis=axis))


def test_three_pairs_counted_by_hand():
    """Sums of ±1 ±2 ±4: 7, 5, 3, 1 and their mirrors; 7 comes twice, 5 or more four times."""
    assert paired_p(np.array([1.0, 2.0, 4.0])) == 2 / 8
    assert paired_p(np.array([-1.0, 2.0, 4.0])) == 4 / 8
    assert paired_p(np.array([1.0, 2.0, -4.0])) == 8 / 8


def test_two_groups_counted_by_hand():
    """Of six ways to take two of 1, 2, 3, 10 the sums are 3, 4, 5, 11, 12, 13; the middle is 8."""
    assert unpaired_p(np.array([1.0, 2.0]), np.array([3.0, 10.0])) == 2 / 6
    assert unpaired_p(np.array([1.0, 3.0]), np.array([2.0, 10.0])) == 4 / 6
    assert unpaired_p(np.array([2.0, 3.0]), np.array([1.0, 10.0])) == 6 / 6


@pytest.mark.parametrize("seed", range(5))
def test_pairs_agree_with_scipy_when_it_enumerates(seed):
    one, other = np.random.default_rng(seed).normal(size=(2, 7))
    expected = stats.permutation_test(
        (one, other),
        distance,
        permutation_type="samples",
        vectorized=True,
        n_resamples=np.inf,
        alternative="greater",
    ).pvalue
    assert paired_p(one - other) == pytest.approx(expected)


@pytest.mark.parametrize(("n", "m"), [(2, 2), (4, 4), (3, 6), (6, 3), (2, 5)])
def test_groups_agree_with_scipy_when_it_enumerates(n, m):
    rng = np.random.default_rng(10 * n + m)
    one, other = rng.normal(size=n), rng.normal(1, size=m)
    expected = stats.permutation_test(
        (one, other),
        distance,
        permutation_type="independent",
        vectorized=True,
        n_resamples=np.inf,
        alternative="greater",
    ).pvalue
    assert unpaired_p(one, other) == pytest.approx(expected)


def test_every_case_is_counted_once_in_a_plain_loop():
    rng = np.random.default_rng(3)
    d, x = rng.normal(size=8), rng.normal(size=9)
    flips = [abs(np.dot(signs, d)) for signs in product((1, -1), repeat=8)]
    assert paired_p(d) == np.mean(np.array(flips) >= abs(d.sum()) - 1e-12)
    splits = [
        abs(np.mean(x[list(of)]) - np.mean(np.delete(x, of))) for of in combinations(range(9), 4)
    ]
    observed = abs(x[:4].mean() - x[4:].mean())
    assert unpaired_p(x[:4], x[4:]) == np.mean(np.array(splits) >= observed - 1e-12)


def test_the_order_and_the_sign_of_the_values_do_not_matter():
    rng = np.random.default_rng(4)
    for _ in range(20):
        d = np.round(rng.normal(0.5, 1, size=9), 1)  # with ties, which rounding could part
        one, other = np.round(rng.normal(size=(2, 5)), 1)
        assert paired_p(d) == paired_p(rng.permutation(d)) == paired_p(-d)
        found = unpaired_p(one, other)
        assert found == unpaired_p(other, one) == unpaired_p(rng.permutation(one), other)
        assert found == unpaired_p(-one, -other) == unpaired_p(one + 100, other + 100)


def test_p_lies_between_one_in_all_cases_and_one():
    rng = np.random.default_rng(5)
    for shift in (0, 0.5, 3):
        assert 2 / 2**6 <= paired_p(rng.normal(shift, 1, 6)) <= 1
        assert 1 / comb(9, 4) <= unpaired_p(rng.normal(shift, 1, 4), rng.normal(size=5)) <= 1
    assert paired_p(np.zeros(5)) == unpaired_p(np.ones(3), np.ones(4)) == 1


def test_it_keeps_its_level_where_there_is_nothing_to_find():
    """p-values are multiples of 2/2^7 and 2/70, and each is reached as often as it says."""
    rng = np.random.default_rng(6)
    paired = np.array([paired_p(d) for d in rng.normal(size=(4000, 7))])
    groups = np.array([unpaired_p(x[:4], x[4:]) for x in rng.normal(size=(4000, 8))])
    for found, level in ((paired, 6 / 128), (paired, 16 / 128), (groups, 2 / 70), (groups, 6 / 70)):
        assert np.mean(found < level + 1e-9) == pytest.approx(level, abs=0.015)


def test_what_is_too_large_to_enumerate_is_refused():
    assert comb(24, 12) <= MOST_CASES < comb(25, 12)
    with pytest.raises(ValueError, match="4,194,304 relabellings are too many"):
        paired_p(np.ones(22))
    with pytest.raises(ValueError, match="compare fewer seeds"):
        unpaired_p(np.ones(13), np.ones(13))
