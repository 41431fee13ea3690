"""The exact permutation test of a difference of means: every relabelling, none drawn at random."""

from __future__ import annotations

from math import comb

import numpy as np

MOST_CASES = 3_000_000
"""How many relabellings are enumerated at most, which is two groups of twelve or 21 pairs."""
ROUNDING = 1 - 1e-9
"""Sums of the same numbers in another order differ by rounding, and are the same case."""


def paired_p(differences: np.ndarray) -> float:
    """Return the two-sided p-value of a mean difference of pairs, over all flips of its signs.

    Args:
        differences: (n,) one a pair, in any unit.

    Raises:
        ValueError: for more pairs than can be enumerated.
    """
    _check_size(2 ** len(differences))
    sums = np.zeros(1)
    for difference in differences:
        sums = np.concatenate([sums + difference, sums - difference])
    return _share_as_far(sums, float(np.sum(differences)))


def unpaired_p(one: np.ndarray, other: np.ndarray) -> float:
    """Return the two-sided p-value of a difference of means, over all ways to split the values.

    Args:
        one: (n,) values of one group, in any unit.
        other: (m,) values of the other, in the same.

    Raises:
        ValueError: for larger groups than can be enumerated.
    """
    n, m = len(one), len(other)
    _check_size(comb(n + m, n))
    together = np.concatenate([one, other])
    centred = together - together.mean()  # then one group's sum tells the difference of both means
    return _share_as_far(_subset_sums(centred, n), float(np.sum(centred[:n])))


def _subset_sums(values: np.ndarray, size: int) -> np.ndarray:
    """Return the sum of every subset of a size, built up value by value."""
    sums = [np.zeros(1), *(np.empty(0) for _ in range(size))]
    for value in values:
        for k in range(size, 0, -1):
            sums[k] = np.concatenate([sums[k], sums[k - 1] + value])
    return sums[size]


def _share_as_far(cases: np.ndarray, observed: float) -> float:
    """Return the share of cases at least as far from zero as the observed one, which is among them.

    With the observed case counted the share is the p-value (Phipson & Smyth 2010), and never zero.
    """
    return float(np.mean(np.abs(cases) >= abs(observed) * ROUNDING))


def _check_size(cases: int) -> None:
    if cases > MOST_CASES:
        raise ValueError(
            f"{cases:,} relabellings are too many to enumerate (at most {MOST_CASES:,}); "
            "compare fewer seeds."
        )
