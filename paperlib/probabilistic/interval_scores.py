"""What intervals are worth: how many closes they hold, how wide they are, and both in one score."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import scoringrules as sr
from numpy.typing import ArrayLike

from paperlib.probabilistic.conformal import checked_levels


def score_intervals(came: ArrayLike, bounds: ArrayLike, levels: Sequence[float]) -> pd.DataFrame:
    """Score intervals at each horizon and level: do they hold what they say, and how wide are they?

    Args:
        came: (n, horizon) dollars, as :func:`paperlib.forecasting.path_outcomes` returns them, of
            all or some origins.
        bounds: (n, horizon, levels, 2) lower and upper bounds in dollars; 0 and inf are allowed.
        levels: each between 0 and 1.

    Returns:
        One row a horizon and level, with ``horizon``, ``level``, ``n`` (closes scored),
        ``coverage`` (the share of them inside, bounds included), ``width`` (mean of
        log(upper / lower), per cent) and ``winkler`` (mean interval score in log units, per cent,
        lower is better: the width, and 2 / (1 - level) times the distance to a close outside;
        Winkler 1972, Gneiting & Raftery 2007). Infinite bounds count as covering.

    Raises:
        ValueError: if the shapes don't fit, bounds are missing, crossed or below 0, a horizon has
            no close, or a level is out of range.
    """
    shares, limits = checked_levels(levels), np.asarray(bounds, dtype=np.float64)
    if limits.shape[2:] != (len(shares), 2):
        raise ValueError(f"needs two bounds for each of {len(shares)} levels, got {limits.shape}.")
    low, high = limits[..., 0], limits[..., 1]
    if not ((low >= 0) & (low <= high) & (low < np.inf) & (high > 0)).all():
        raise ValueError("bounds must be in dollars, none missing and the lower one first.")
    actual = np.asarray(came, dtype=np.float64)
    if actual.shape != limits.shape[:2] or np.isnan(actual).all(axis=0).any():
        raise ValueError(f"needs closes of {limits.shape[:2]} forecasts, got {actual.shape}.")
    if (actual <= 0).any():
        raise ValueError("closes must be positive numbers, or missing beyond the last.")
    with np.errstate(divide="ignore"):
        actual, low, high = np.log(actual), np.log(low), np.log(high)
    rows = []
    for column, k in np.ndindex(low.shape[1:]):
        seen = ~np.isnan(actual[:, column])
        y, lower, upper = (x[seen, column] for x in (actual, low[..., k], high[..., k]))
        coverage, width = np.mean((lower <= y) & (y <= upper)), np.mean(upper - lower)
        winkler = np.inf  # where the package would return a missing value
        if np.isfinite(width):
            winkler = np.mean(sr.interval_score(y, lower, upper, 1 - shares[k]))
        rows.append((column + 1, shares[k], int(seen.sum()), coverage, 100 * width, 100 * winkler))
    return pd.DataFrame(rows, columns=["horizon", "level", "n", "coverage", "width", "winkler"])
