"""Intervals around point forecasts, as wide as past errors were: conformal prediction.

Errors are log(close / forecast): a price's errors grow with the price, their logarithms less so.
``levels`` are the shares of closes that the intervals should hold, as 0.9 for 90 %.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from paperlib.forecasting import path_outcomes


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
    return _ranked(absolute_errors(calibration_errors).T, checked_levels(levels))


def rolling_conformal(errors: ArrayLike, window: int, levels: Sequence[float]) -> np.ndarray:
    """Take the half width from the last errors that are known: a calibration block that rolls.

    At each origin it is that of :func:`split_conformal` on the last ``window`` errors whose closes
    have come, so that errors of another market are forgotten. A window of residuals that moves on
    while the model stays is that of Xu & Xie (2021), who get theirs from a bootstrap ensemble;
    here a block was kept for them.

    Args:
        errors: (window + n, horizon) log errors, as :func:`log_errors` returns them, of the
            calibration block and the test part together: so a forecast made in the block of a
            close in the test part counts as well, once that has come.
        window: sessions of the calibration block, and how many errors a half width is made from.
        levels: each between 0 and 1.

    Returns:
        (n, horizon, levels) half widths in log units, those of the test part. At horizon h, that
        of origin i is made from the errors of the ``window`` origins up to i - h, whose targets
        come before target i; the first few lack the errors of origins before the block.

    Raises:
        ValueError: as :func:`split_conformal`, or if the window is not shorter than the errors.
    """
    sizes, shares = absolute_errors(errors), checked_levels(levels)
    if not 1 <= window < len(sizes):
        raise ValueError(f"needs a window from 1 to {len(sizes) - 1} sessions, got {window}.")
    known = np.full_like(sizes, np.nan)  # at each origin, the newest error at each horizon
    for ahead in range(1, sizes.shape[1] + 1):
        known[ahead:, ahead - 1] = sizes[:-ahead, ahead - 1]
    return _ranked(np.lib.stride_tricks.sliding_window_view(known, window, axis=0)[1:], shares)


def normalised_conformal(
    calibration_errors: ArrayLike,
    calibration_scale: ArrayLike,
    test_scale: ArrayLike,
    levels: Sequence[float],
) -> np.ndarray:
    """Let the half width follow a forecast of how large errors will be.

    :func:`split_conformal` on errors over a scale known at their origin, times the scale of the
    origin to come (Papadopoulos et al. 2008; Lei et al. 2018, section 5.2). The scale may be in
    any unit. It need not grow with the horizon, as volatility's square root does: each horizon has
    a quantile of its own, and a factor that is the same for all origins cancels in it.

    Args:
        calibration_errors: (m, horizon) log errors, as for :func:`split_conformal`.
        calibration_scale: (m,) above 0, known at each of these origins.
        test_scale: (n,) above 0, known at each origin of the test part.
        levels: each between 0 and 1.

    Returns:
        (n, horizon, levels) half widths in log units, proportional to ``test_scale``.

    Raises:
        ValueError: as :func:`split_conformal`, or if a scale is not a positive number, or there is
            not one for each row of errors.
    """
    sizes = absolute_errors(calibration_errors)
    before, after = (np.asarray(s, dtype=np.float64) for s in (calibration_scale, test_scale))
    if before.shape != sizes.shape[:1] or after.ndim != 1:
        raise ValueError(f"needs a scale for each of {len(sizes)} origins, got {before.shape}.")
    if not all((np.isfinite(scale) & (scale > 0)).all() for scale in (before, after)):
        raise ValueError("a scale must be a positive number at each origin.")
    return after[:, None, None] * split_conformal(sizes / before[:, None], levels)


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


def absolute_errors(errors: ArrayLike) -> np.ndarray:
    """Return the absolute values of (n, horizon) errors, some of which may be missing (NaN).

    Raises:
        ValueError: for another shape, or if one is infinite.
    """
    sizes = np.abs(np.asarray(errors, dtype=np.float64))
    if sizes.ndim != 2 or np.isinf(sizes).any():
        raise ValueError(f"errors must be (n, horizon), finite or missing, got {sizes.shape}.")
    return sizes


def checked_levels(levels: Sequence[float]) -> np.ndarray:
    """Return levels as a vector, (levels,).

    Raises:
        ValueError: if there is none, or one is not between 0 and 1.
    """
    shares = np.asarray(levels, dtype=np.float64)
    if shares.ndim != 1 or not len(shares) or not ((shares > 0) & (shares < 1)).all():
        raise ValueError(f"levels must lie between 0 and 1, as 0.9 for 90 %, got {levels}.")
    return shares


def _ranked(sizes: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Take split conformal's rank of absolute errors: (..., m), some missing, to (..., levels)."""
    present = np.count_nonzero(~np.isnan(sizes), axis=-1)[..., None]
    # Rounded before it is rounded up, as 0.07 * 100 comes out as 7.000000000000001.
    ranks = np.ceil(np.round((present + 1) * shares, 9)).astype(int)
    endless = np.full((*sizes.shape[:-1], 1), np.inf)
    ordered = np.sort(np.concatenate([np.where(np.isnan(sizes), np.inf, sizes), endless], axis=-1))
    return np.take_along_axis(ordered, ranks - 1, axis=-1)


def _positive(dollars: ArrayLike) -> np.ndarray:
    """Return them as float64, or say that they have no logarithm."""
    values = np.asarray(dollars, dtype=np.float64)
    if not (np.isfinite(values) & (values > 0)).all():
        raise ValueError("closes and forecasts must be positive numbers; drop or repair the rest.")
    return values
