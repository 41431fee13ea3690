"""What many seeds say, with the uncertainty of each statement."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats


class Interval(NamedTuple):
    """An estimate with its 95 % interval."""

    estimate: float
    low: float
    high: float


def prediction_interval(values: ArrayLike, level: float = 0.95) -> Interval:
    """Return a typical run (the geometric mean) and where *one new run* would fall.

    The paper shows one run, so this, not the much narrower interval of the mean, is what its
    number is held against. Losses, errors, norms and epochs are positive and spread by factors,
    so the t interval for a further draw, ``mean ± t s sqrt(1 + 1/n)``, is taken of their
    logarithms: it can't reach below zero.

    Args:
        values: (n,) one positive number a seed, n at least 2.
        level: the interval's probability.

    Raises:
        ValueError: for fewer than two values, or a value that is not positive and finite.
    """
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 1 or len(x) < 2 or not (np.isfinite(x) & (x > 0)).all():
        raise ValueError("a prediction interval needs at least two positive values, one a run.")
    logs = np.log(x)
    half = stats.t.ppf((1 + level) / 2, len(x) - 1) * logs.std(ddof=1) * np.sqrt(1 + 1 / len(x))
    return Interval(*np.exp(logs.mean() + np.array([0, -half, half])).tolist())
