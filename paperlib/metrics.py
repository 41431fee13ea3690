"""Errors of point forecasts (eqs. 10-12, MAPE) and what they are worth against persistence."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def _pair(actual: ArrayLike, forecast: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Return both as float64 vectors, or say what is wrong with them."""
    y, y_hat = np.asarray(actual, dtype=np.float64), np.asarray(forecast, dtype=np.float64)
    if y.ndim != 1 or y.shape != y_hat.shape or not len(y):
        raise ValueError(f"need two vectors of one length, got shapes {y.shape} and {y_hat.shape}.")
    if not (np.isfinite(y).all() and np.isfinite(y_hat).all()):
        raise ValueError("actual and forecast must be finite; drop or repair missing values.")
    return y, y_hat


def mae(actual: ArrayLike, forecast: ArrayLike) -> float:
    """Mean absolute error (eq. 10), in the data's unit.

    Args:
        actual: (n,) observed values.
        forecast: (n,) forecasts of them.

    Raises:
        ValueError: for other shapes, no value at all, or a value that is not finite. So do all
            metrics of this module.
    """
    y, y_hat = _pair(actual, forecast)
    return float(np.mean(np.abs(y - y_hat)))


def mse(actual: ArrayLike, forecast: ArrayLike) -> float:
    """Mean squared error (eq. 11), in the data's unit squared."""
    y, y_hat = _pair(actual, forecast)
    return float(np.mean((y - y_hat) ** 2))


def rmse(actual: ArrayLike, forecast: ArrayLike) -> float:
    """Root mean squared error (eq. 12), in the data's unit."""
    return float(np.sqrt(mse(actual, forecast)))


def mape(actual: ArrayLike, forecast: ArrayLike) -> float:
    """Mean absolute percentage error, in per cent of the actual value.

    Raises:
        ValueError: also if an actual value is zero, where the percentage does not exist.
    """
    y, y_hat = _pair(actual, forecast)
    if (y == 0).any():
        raise ValueError("MAPE does not exist where an actual value is zero; use MAE or MASE.")
    return float(100 * np.mean(np.abs((y - y_hat) / y)))


def point_errors(
    close: ArrayLike, forecast: ArrayLike, scaled_close: ArrayLike, scaled_forecast: ArrayLike
) -> dict[str, float]:
    """Return every error that the paper prints, in dollars and in scaled units.

    Args:
        close: (n,) dollars.
        forecast: (n,) dollars.
        scaled_close: (n,) what the network was to forecast, scaled (eq. 9).
        scaled_forecast: (n,) what it did forecast.
    """
    return {
        "mae_usd": mae(close, forecast),
        "rmse_usd": rmse(close, forecast),
        "mape_pct": mape(close, forecast),
        "mae_scaled": mae(scaled_close, scaled_forecast),
        "rmse_scaled": rmse(scaled_close, scaled_forecast),
        "mse_scaled": mse(scaled_close, scaled_forecast),
    }


def mase(actual: ArrayLike, forecast: ArrayLike, history: ArrayLike) -> float:
    """Mean absolute scaled error: MAE over the mean absolute one-step change in ``history``.

    Below 1, the forecast beats what persistence scored on the history, which is the training
    part (Hyndman & Koehler 2006, season length 1).

    Raises:
        ValueError: also if the history never changes or has fewer than two values.
    """
    past = np.asarray(history, dtype=np.float64)
    scale = np.mean(np.abs(np.diff(past))) if len(past) > 1 else np.nan
    if not (np.isfinite(scale) and scale > 0):
        raise ValueError("MASE needs a finite history that changes at least once.")
    return mae(actual, forecast) / float(scale)


def skill(actual: ArrayLike, forecast: ArrayLike, reference: ArrayLike) -> float:
    """Skill by MSE against a reference: 1 is perfect, 0 is level, below 0 is worse.

    Here the reference is persistence, "tomorrow equals today".

    Raises:
        ValueError: also if the reference makes no error at all.
    """
    of_reference = mse(actual, reference)
    if of_reference == 0:
        raise ValueError("the reference is never wrong; no skill against it can be defined.")
    return 1 - mse(actual, forecast) / of_reference


def direction_hits(actual: ArrayLike, forecast: ArrayLike, previous: ArrayLike) -> tuple[int, int]:
    """Count how often a forecast has the sign of the change right, and of how many changes.

    Left out are sessions whose value did not change, and those for which no change was forecast
    (beyond rounding): all of them, for persistence.

    Args:
        actual: (n,) observed values.
        forecast: (n,) forecasts of them.
        previous: (n,) the value before each.

    Returns:
        How many were right, and how many count.
    """
    y, y_hat = _pair(actual, forecast)
    _, before = _pair(actual, previous)
    counts = (y != before) & ~np.isclose(y_hat, before, rtol=1e-9, atol=0)
    right = np.sign(y - before) == np.sign(y_hat - before)
    return int(right[counts].sum()), int(counts.sum())


def sessions_behind(forecast: ArrayLike, inputs: ArrayLike) -> int:
    """Return how far behind its target a forecast trails: 1 for persistence.

    That is the k for which the forecasts are nearest, by mean absolute distance, to the closes k
    sessions before their targets. A moving average of n closes trails by about (n + 1) / 2.

    Args:
        forecast: (n,) scaled forecasts.
        inputs: (n, lookback) the scaled closes each was made from.

    Raises:
        ValueError: if the shapes don't fit or a number is not finite.
    """
    made, seen = np.asarray(forecast, dtype=np.float64), np.asarray(inputs, dtype=np.float64)
    if seen.ndim != 2 or made.shape != seen.shape[:1] or not len(made):
        raise ValueError(f"needs (n,) forecasts of (n, lookback) inputs, got {made.shape}.")
    if not (np.isfinite(made).all() and np.isfinite(seen).all()):
        raise ValueError("forecasts and inputs must be finite.")
    distances = np.abs(made[:, None] - seen[:, ::-1]).mean(axis=0)
    return int(distances.argmin()) + 1


def r_squared(actual: ArrayLike, forecast: ArrayLike) -> float:
    """Return R², the number that an overlay plot seems to show: 1 less MSE over variance."""
    y, y_hat = _pair(actual, forecast)
    return float(1 - np.mean((y - y_hat) ** 2) / np.var(y))
