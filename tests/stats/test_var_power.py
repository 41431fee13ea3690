"""The power of backtests against sums over all series and simulations."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from scipy import stats

from paperlib.stats.var_backtests import christoffersen, kupiec
from paperlib.stats.var_power import christoffersen_power, kupiec_power


@pytest.mark.parametrize("factor", [0.5, 1, 2])
@pytest.mark.parametrize("tail", [0.01, 0.05])
def test_the_power_of_kupiec_is_what_a_simulation_finds(tail, factor):
    counts = np.random.default_rng(1).binomial(383, factor * tail, 20_000)
    p_values = np.array([kupiec(np.arange(383) < n, tail).p_value for n in range(counts.max() + 1)])
    rejected = np.mean(p_values[counts] < 0.05)
    assert kupiec_power(tail, 383, factor) == pytest.approx(rejected, abs=0.012)


def test_in_383_sessions_kupiec_finds_a_violation_rate_of_2_per_cent_one_time_in_three():
    assert kupiec_power(0.01, 383, 2) == pytest.approx(0.360, abs=0.001)


@pytest.mark.parametrize(("tail", "size"), [(0.01, 0.0375), (0.05, 0.0478)])
def test_at_a_factor_of_one_the_power_is_the_size_of_the_regions(tail, size):
    """In 383 sessions 1 to 8 violations are not rejected at 1 %, 12 to 28 at 5 %."""
    low, high = (0, 8) if tail == 0.01 else (11, 28)
    inside = stats.binom.cdf(high, 383, tail) - stats.binom.cdf(low, 383, tail)
    assert kupiec_power(tail, 383, 1) == pytest.approx(1 - inside)
    assert 1 - inside == pytest.approx(size, abs=5e-5)


def test_a_var_that_is_never_or_always_violated():
    assert kupiec_power(0.01, 100, 0) == 0  # too few sessions to tell none from 1 %
    assert kupiec_power(0.05, 100, 0) == 1
    assert kupiec_power(0.05, 100, 20) == 1


@pytest.mark.parametrize("clustering", [0.0, 0.2, 0.8])
def test_the_power_of_christoffersen_is_a_sum_over_all_series(clustering):
    """Of ten sessions, each series with the probability that the chain gives it."""
    tail, n, exact = 0.2, 10, 0.0
    after_none = tail * (1 - clustering) / (1 - tail)
    assert tail * clustering + (1 - tail) * after_none == pytest.approx(tail)
    for hits in product([False, True], repeat=n):
        if christoffersen(hits, tail).conditional.p_value < 0.05:
            probability = tail if hits[0] else 1 - tail
            for before, after in pairwise(hits):
                rate = clustering if before else after_none
                probability *= rate if after else 1 - rate
            exact += probability
    assert christoffersen_power(tail, n, clustering) == pytest.approx(exact, abs=0.03)
    assert exact > 0.01


def test_the_power_of_christoffersen_is_what_a_simulation_finds():
    rng, tail, clustering = np.random.default_rng(2), 0.05, 0.25
    rejected = []
    for _ in range(400):
        hits = [bool(rng.random() < tail)]
        while len(hits) < 383:
            rate = clustering if hits[-1] else tail * (1 - clustering) / (1 - tail)
            hits.append(bool(rng.random() < rate))
        rejected.append(christoffersen(hits, tail).conditional.p_value < 0.05)
    power = christoffersen_power(tail, 383, clustering)
    assert power == pytest.approx(np.mean(rejected), abs=0.08)
    assert 0.5 < power < 0.9


def test_the_power_of_christoffersen_grows_from_the_size():
    powers = [christoffersen_power(0.05, 383, c) for c in (0.05, 0.15, 0.25, 0.5)]
    assert powers[0] == pytest.approx(0.05, abs=0.02)
    assert (np.diff(powers) > 0.1).all()
    assert christoffersen_power(0.05, 383, 0.25) == powers[2]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: kupiec_power(0.05, 0, 1), "factor from 0 to 20"),
        (lambda: kupiec_power(0.05, 100, 20.1), "factor from 0 to 20"),
        (lambda: kupiec_power(0.05, 100, -1), "factor from 0 to 20"),
        (lambda: christoffersen_power(0.05, 1, 0.1), "two sessions"),
        (lambda: christoffersen_power(0.05, 100, 1.0), "from 0 to below 1"),
        (lambda: christoffersen_power(0.05, 100, -0.1), "from 0 to below 1"),
    ],
)
def test_powers_that_do_not_exist_are_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
