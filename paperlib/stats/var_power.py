"""What tests of a value at risk can see: how often they reject one that is wrong, or right."""

from __future__ import annotations

import numpy as np
from scipy import stats

from paperlib.stats.var_backtests import check_tail, coverage_ratio, independence_ratio

SIZE = 0.05
"""Of the tests whose power is computed."""

DRAWS = 2000
"""Series of violations that a simulated power is taken over."""


def kupiec_power(tail: float, sessions: int, factor: float) -> float:
    """Return how likely Kupiec's test rejects at 5 % a VaR violated ``factor`` times too often.

    Exact, as a sum over the numbers of violations that it rejects; for independent violations. At
    a factor of 1 it is the test's true size.

    Args:
        tail: the probability that the VaR claims.
        sessions: how many the test has.
        factor: the true probability of a violation over ``tail``.

    Raises:
        ValueError: also for a factor that makes no probability.
    """
    check_tail(tail)
    if sessions < 1 or not 0 <= factor * tail <= 1:
        got = f"{sessions} and {factor}"
        raise ValueError(f"needs sessions and a factor from 0 to {1 / tail:g}, got {got}.")
    counts = np.arange(sessions + 1)
    rejected = stats.chi2.sf(coverage_ratio(counts, sessions, tail), 1) < SIZE
    return float(stats.binom.pmf(counts[rejected], sessions, factor * tail).sum())


def christoffersen_power(tail: float, sessions: int, clustering: float) -> float:
    """Return how likely the test of conditional coverage rejects at 5 % violations in clusters.

    Violations follow a Markov chain with the right rate, so that only their order is wrong. By
    simulation with a fixed seed; its standard error is 0.011 at most.

    Args:
        tail: the probability that the VaR claims, and the chain's rate of violations.
        sessions: how many the test has, at least 2.
        clustering: the probability of a violation after a violation; at ``tail`` they are
            independent, and the answer is the test's true size.

    Raises:
        ValueError: also for fewer than two sessions, or clustering outside [0, 1).
    """
    check_tail(tail)
    if sessions < 2 or not 0 <= clustering < 1:
        got = f"{sessions} and {clustering}"
        raise ValueError(f"needs two sessions and clustering from 0 to below 1, got {got}.")
    after_none = tail * (1 - clustering) / (1 - tail)  # which keeps the rate at ``tail``
    draws = np.random.default_rng(0).random((sessions, DRAWS))
    hits = np.empty((sessions, DRAWS), dtype=bool)
    hits[0] = draws[0] < tail
    for t in range(1, sessions):
        hits[t] = draws[t] < np.where(hits[t - 1], clustering, after_none)
    ratio = coverage_ratio(hits.sum(axis=0), sessions, tail) + independence_ratio(hits)
    return float(np.mean(stats.chi2.sf(ratio, 2) < SIZE))
