"""Intervals around point forecasts, as wide as past errors were: conformal prediction.

Errors are log(close / forecast): a price's errors grow with the price, their logarithms less so.
``levels`` are the shares of closes that the intervals should hold, as 0.9 for 90 %.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import scoringrules as sr
from numpy.typing import ArrayLike

from paperlib.forecasting import path_outcomes

# A tracked half width moves by up to a tenth of the largest of the last hundred errors: as a share
# of these, one step suits every horizon and level.
STEP, RECENT = 0.1, 100


def log_errors(close: ArrayLike, paths: ArrayLike) -> np.ndarray:
    """Return log(close / forecast) of forecast paths, origin by origin.

    Args:
        close: (n,) targets in dollars.
        paths: (n, horizon) forecasts, as :func:`paperlib.forecasting.forecast_paths` returns them.

    Returns:
        (n, horizon) log errors; column h - 1 of row i is of target i + h - 1, and missing (NaN)
        where that lies beyond the last of the n.

    Raises:
        ValueError: if the shapes don't fit, or a close or forecast is not a positive number.
    """
    made = _positive(paths)
    if made.ndim != 2 or len(made) != len(np.asarray(close)):
        raise ValueError(f"needs a path for each target, got {made.shape}.")
    return np.log(path_outcomes(_positive(close), made.shape[1])) - np.log(made)


def split_conformal(calibration_errors: ArrayLike, levels: Sequence[float]) -> np.ndarray:
    """Take the half width from past errors, once (Vovk et al. 2005; Lei et al. 2018).

    At each horizon it is the ceil((m + 1) level)-th smallest of the m absolute errors. Were they
    exchangeable with the errors to come, so wide an interval would hold the next close with at
    least that probability. Volatility that clusters and prices that drift break this, so nothing
    is guaranteed here: coverage has to be measured.

    Args:
        calibration_errors: (m or more, horizon) log errors, as :func:`log_errors` returns them, of
            a block before the test part that neither trained nor stopped the network. Missing ones
            (NaN), of targets beyond the block, are left out.
        levels: each between 0 and 1.

    Returns:
        (horizon, levels) half widths in log units, infinite where m is too small for the level.

    Raises:
        ValueError: if errors don't form a table or are infinite, or a level is out of range.
    """
    sizes, shares = _sizes(calibration_errors), _shares(levels)
    rows = []
    for column in sizes.T:
        seen = np.sort(column[~np.isnan(column)])
        # Rounded before it is rounded up, as 0.07 * 100 comes out as 7.000000000000001.
        rank = np.ceil(np.round((len(seen) + 1) * shares, 9)).astype(int)
        rows.append(np.append(seen, np.inf)[rank - 1])
    return np.stack(rows)


def adaptive_conformal(
    calibration_errors: ArrayLike, test_errors: ArrayLike, levels: Sequence[float]
) -> np.ndarray:
    """Let the half width follow its own misses: quantile tracking (Angelopoulos et al. 2023).

    It starts as :func:`split_conformal` has it, or, where that is infinite, as the largest
    calibration error. When a close becomes known, the half width at each horizon grows by
    rate * level if that close was missed, and else shrinks by rate * (1 - level); the rate is a
    tenth of the largest of the last hundred absolute errors known by then. At a constant rate
    misses and hits would balance in the long run; ours moves and the run is short, so coverage has
    to be measured here too. Levels are tracked apart: a lower one may for a while be the wider.

    Args:
        calibration_errors: (m or more, horizon) log errors of the block just before the test part,
            in time order, as for :func:`split_conformal`.
        test_errors: (n, horizon) log errors of the test part, as :func:`log_errors` returns them.
        levels: each between 0 and 1.

    Returns:
        (n, horizon, levels) half widths in log units. At horizon h, that of origin i is made from
        the errors of the origins up to i - h, whose targets come before target i.

    Raises:
        ValueError: as :func:`split_conformal`, or if a horizon has no calibration error.
    """
    before, sizes = _sizes(calibration_errors), _sizes(test_errors)
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


def interval_bounds(paths: ArrayLike, half_widths: ArrayLike) -> np.ndarray:
    """Put half widths around forecasts: forecast * exp(-half width) and * exp(+half width).

    Args:
        paths: (n, horizon) forecasts in dollars.
        half_widths: (horizon, levels) or (n, horizon, levels), in log units.

    Returns:
        (n, horizon, levels, 2) lower and upper bounds in dollars; 0 and inf if that is infinite.

    Raises:
        ValueError: if the shapes don't fit, a forecast isn't above 0, or a half width is below 0.
    """
    made, widths = _positive(paths), np.asarray(half_widths, dtype=np.float64)
    if widths.shape[:-1] not in (made.shape, made.shape[1:]) or not (widths >= 0).all():
        raise ValueError(f"needs half widths >= 0 for {made.shape} forecasts, got {widths.shape}.")
    return made[:, :, None, None] * np.exp(widths[..., None] * [-1, 1])


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
    shares, limits = _shares(levels), np.asarray(bounds, dtype=np.float64)
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


def _positive(dollars: ArrayLike) -> np.ndarray:
    """Return them as float64, or say that they have no logarithm."""
    values = np.asarray(dollars, dtype=np.float64)
    if not (np.isfinite(values) & (values > 0)).all():
        raise ValueError("closes and forecasts must be positive numbers; drop or repair the rest.")
    return values


def _sizes(errors: ArrayLike) -> np.ndarray:
    """Return absolute errors, or say what is wrong with them; missing ones (NaN) may be there."""
    sizes = np.abs(np.asarray(errors, dtype=np.float64))
    if sizes.ndim != 2 or np.isinf(sizes).any():
        raise ValueError(f"errors must be (n, horizon), finite or missing, got {sizes.shape}.")
    return sizes


def _shares(levels: Sequence[float]) -> np.ndarray:
    """Return levels as a vector, or say what is wrong with them."""
    shares = np.asarray(levels, dtype=np.float64)
    if shares.ndim != 1 or not len(shares) or not ((shares > 0) & (shares < 1)).all():
        raise ValueError(f"levels must lie between 0 and 1, as 0.9 for 90 %, got {levels}.")
    return shares
