"""Forecasts of many days: every session of the test part is an origin (a rolling origin)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from paperlib.models import StackedNetwork
from paperlib.training import one_thread, predict
from paperlib.windows import Part, Scaler


def forecast_paths(
    model: StackedNetwork, part: Part, scaler: Scaler, horizon: int = 1
) -> np.ndarray:
    """Forecast 1 to ``horizon`` sessions ahead from before each target of a part, recursively.

    Each forecast is put at the end of its window and the next is made from that, so that no close
    after the origin is read. All origins go through the network together: the cost is that of
    ``horizon`` passes, however many origins there are.

    Args:
        model: a trained network.
        part: n windows; the origin of window i is the session before its target.
        scaler: of these windows.
        horizon: sessions ahead, at least 1; 1 is the paper's one-step forecast.

    Returns:
        (n, horizon) closes in dollars; column h - 1 of row i is of the part's target i + h - 1.
    """
    windows = part.inputs
    steps = []
    with one_thread():
        for _ in range(horizon):
            steps.append(predict(model, windows))
            windows = np.column_stack([windows[:, 1:], steps[-1]])
    return scaler.unscale(np.column_stack(steps))


def path_outcomes(close: ArrayLike, horizon: int) -> np.ndarray:
    """Lay closes out as paths: what each forecast of a path turned out to be of.

    Args:
        close: (n,) targets in dollars.
        horizon: sessions ahead, from 1 to n.

    Returns:
        (n, horizon) dollars; column h - 1 of row i is target i + h - 1, and missing (NaN) beyond
        the last of the n.

    Raises:
        ValueError: for another shape, or a horizon that no origin sees to its end.
    """
    actual = np.asarray(close, dtype=np.float64)
    if actual.ndim != 1 or not 1 <= horizon <= len(actual):
        raise ValueError(f"targets {actual.shape} leave no origin for a horizon of {horizon}.")
    padded = np.append(actual, np.full(horizon - 1, np.nan))
    return np.lib.stride_tricks.sliding_window_view(padded, horizon)


def whole_paths(close: ArrayLike, paths: ArrayLike, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """Line up what came with what was forecast, for the origins that see all of a path.

    The last ``horizon - 1`` origins are left out, so that every horizon is scored on the same ones.

    Args:
        close: (n,) targets in dollars.
        paths: (n, horizon or more) forecasts, as :func:`forecast_paths` returns them.
        horizon: how far to look.

    Returns:
        Both (n - horizon + 1, horizon), dollars.

    Raises:
        ValueError: if the shapes don't fit, or no origin has so many targets after it.
    """
    made = np.asarray(paths, dtype=np.float64)
    came = path_outcomes(close, horizon)
    if made.ndim != 2 or len(made) != len(came) or made.shape[1] < horizon:
        raise ValueError(f"needs a path of {horizon} for each of {len(came)}, got {made.shape}.")
    whole = len(came) - horizon + 1
    return came[:whole], made[:whole, :horizon]


def path_errors(close: ArrayLike, paths: ArrayLike, horizon: int) -> np.ndarray:
    """Subtract each forecast path from what came: (n - horizon + 1, horizon) dollars.

    Arguments and errors are those of :func:`whole_paths`.
    """
    came, made = whole_paths(close, paths, horizon)
    return came - made


def rmse_by_horizon(close: ArrayLike, paths: ArrayLike, horizon: int) -> np.ndarray:
    """Return the RMSE at each horizon from 1 on, (horizon,) dollars, on the same origins."""
    return np.sqrt((path_errors(close, paths, horizon) ** 2).mean(axis=0))
