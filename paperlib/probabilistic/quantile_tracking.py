"""Intervals whose width follows its own misses: conformal prediction that adapts.

Errors, levels and half widths are those of :mod:`paperlib.probabilistic.conformal`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from paperlib.probabilistic.conformal import absolute_errors, split_conformal

# A tracked half width moves by up to a tenth of the largest of the last hundred errors: as a share
# of these, one step suits every horizon and level.
STEP, RECENT = 0.1, 100


def adaptive_conformal(
    calibration_errors: ArrayLike, test_errors: ArrayLike, levels: Sequence[float]
) -> np.ndarray:
    """Let the half width follow its own misses: quantile tracking (Angelopoulos et al. 2023).

    It starts as :func:`~paperlib.probabilistic.conformal.split_conformal` has it, or, where that is
    infinite, as the largest calibration error. When a close becomes known, the half width at each
    horizon grows by rate * level if that close was missed, and else shrinks by rate * (1 - level);
    the rate is a tenth of the largest of the last hundred absolute errors known by then. At a
    constant rate misses and hits would balance in the long run; ours moves and the run is short, so
    coverage has to be measured here too. Levels are tracked apart: a lower one may for a while be
    the wider.

    Args:
        calibration_errors: (m or more, horizon) log errors of the block just before the test part,
            in time order, as split conformal takes them.
        test_errors: (n, horizon) log errors of the test part, as
            :func:`~paperlib.probabilistic.conformal.log_errors` returns them.
        levels: each between 0 and 1.

    Returns:
        (n, horizon, levels) half widths in log units. At horizon h, that of origin i is made from
        the errors of the origins up to i - h, whose targets come before target i.

    Raises:
        ValueError: as split conformal does, or if a horizon has no calibration error.
    """
    before, sizes = absolute_errors(calibration_errors), absolute_errors(test_errors)
    if before.shape[1] != sizes.shape[1] or np.isnan(before).all(axis=0).any():
        raise ValueError("each test horizon needs a calibration error; take a longer block.")
    # From infinity, no step would ever lead back.
    start = np.minimum(split_conformal(before, levels), np.nanmax(before, axis=0)[:, None])
    tracked = np.empty((len(sizes), *start.shape))
    for column in range(len(start)):
        past = before[~np.isnan(before[:, column]), column]
        tracked[:, column] = _track(past, sizes[:, column], column + 1, start[column], levels)
    # Clamped only as handed out: below zero every close is a miss already, and a clamp on the way
    # would break the balance of misses and hits.
    return np.maximum(tracked, 0)


def _track(
    past: np.ndarray, sizes: np.ndarray, ahead: int, start: np.ndarray, levels: Sequence[float]
) -> np.ndarray:
    """Track the half width at one horizon; (n, levels), below zero where it got there."""
    tracked = np.tile(start, (len(sizes), 1))
    for origin in range(ahead, len(sizes)):
        newest = origin - ahead  # the last whose target, newest + ahead - 1, comes before this one
        rate = STEP * np.append(past, sizes[: newest + 1])[-RECENT:].max()
        missed = sizes[newest] > tracked[newest]
        tracked[origin] = tracked[origin - 1] + rate * (missed - (1 - np.asarray(levels)))
    return tracked
