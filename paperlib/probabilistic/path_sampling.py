"""Paths of closes drawn at random: from a network's dropout, from its past errors, and from none.

A point forecast is one path; many drawn paths say how far the close may lie from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from numpy.typing import ArrayLike

from paperlib.models import SeededDropout, StackedNetwork
from paperlib.training import one_thread
from paperlib.windows import Part, Scaler

CHUNK = 512
"""Windows a pass. More are slower, 4096 by a third or more. Which masks are drawn hangs on it."""


def dropout_paths(
    model: StackedNetwork,
    part: Part,
    scaler: Scaler,
    horizon: int,
    samples: int,
    seed: int,
    residuals: ArrayLike = (0.0,),
) -> np.ndarray:
    """Draw paths by Monte-Carlo dropout: forecast with dropout on (Gal & Ghahramani 2016).

    Paths are recursive, as those of :func:`paperlib.forecasting.forecast_paths`, with a fresh mask
    for each path, step and session of the window, as in training. They spread by what the network
    is unsure of and leave out the noise of the market. The model is left as it was.

    Args:
        model: a trained network.
        part: n windows; the origin of window i is the session before its target.
        scaler: of these windows.
        horizon: sessions ahead, at least 1.
        samples: paths for each origin, at least 1.
        seed: of the masks; the same seed draws the same paths.
        residuals: (m,) one-step log errors to draw the market's noise from, at every step; by
            default there is none.

    Returns:
        (n, samples, horizon) closes in dollars; column h - 1 of the paths of row i is of the part's
        target i + h - 1.

    Raises:
        ValueError: if horizon or samples is below 1.
    """
    shocks = _draw(residuals, _shape(part, samples, horizon), seed)
    dropout = SeededDropout(model.dropout.share, torch.Generator().manual_seed(seed))
    with _replaced_dropout(model, dropout):
        return _recursive_paths(model, part, scaler, shocks)


def bootstrap_paths(
    model: StackedNetwork,
    part: Part,
    scaler: Scaler,
    horizon: int,
    samples: int,
    residuals: ArrayLike,
    seed: int,
) -> np.ndarray:
    """Draw paths by adding past errors to each step's forecast: a residual bootstrap.

    Each step of a path is its forecast times the exponential of a drawn error, and the next is
    forecast from there, dropout off; as for autoregressions (Thombs & Schucany 1990), but without
    estimating the model anew, so what the network is unsure of is left out. Errors are not centred:
    a network that has been too low is pushed up. The model is left as it was.

    Args:
        model: a trained network.
        part: n windows; the origin of window i is the session before its target.
        scaler: of these windows.
        horizon: sessions ahead, at least 1.
        samples: paths for each origin, at least 1.
        residuals: (m,) one-step log errors, log(close / forecast), of sessions before the part
            that the network was not trained on. Each is as likely to be drawn, at any step.
        seed: of the draws; the same seed draws the same paths.

    Returns:
        (n, samples, horizon) closes in dollars, laid out as by :func:`dropout_paths`.

    Raises:
        ValueError: if horizon or samples is below 1, or the residuals can't be drawn from.
    """
    shocks = _draw(residuals, _shape(part, samples, horizon), seed)
    with _replaced_dropout(model, SeededDropout(0.0, torch.Generator())):
        return _recursive_paths(model, part, scaler, shocks)


def persistence_paths(
    part: Part, horizon: int, samples: int, residuals: ArrayLike, seed: int
) -> np.ndarray:
    """Draw paths around "tomorrow equals today": a random walk of past log returns.

    Args:
        part: n windows; the origin of window i is the session before its target.
        horizon: sessions ahead, at least 1.
        samples: paths for each origin, at least 1.
        residuals: (m,) log returns of sessions before the part, which are persistence's one-step
            log errors. Each is as likely to be drawn, at any step.
        seed: of the draws; the same seed draws the same paths.

    Returns:
        (n, samples, horizon) closes in dollars, laid out as by :func:`dropout_paths`.

    Raises:
        ValueError: if horizon or samples is below 1, or the residuals can't be drawn from.
    """
    returns = _draw(residuals, _shape(part, samples, horizon), seed)
    return part.previous[:, None, None] * np.exp(returns.cumsum(axis=-1))


def central_intervals(paths: ArrayLike, levels: Sequence[float]) -> np.ndarray:
    """Cut equal tails off drawn paths: at 0.9, a twentieth of them at each end.

    Args:
        paths: (n, samples, horizon) dollars.
        levels: shares of the paths to keep, 0 to 1.

    Returns:
        (n, horizon, levels, 2) lower and upper bounds in dollars. Between two drawn closes they are
        interpolated, so a level needs more samples than 2 / (1 - level) to mean much.

    Raises:
        ValueError: if a level is not from 0 to 1.
    """
    share = np.asarray(levels, dtype=np.float64)
    bounds = np.quantile(paths, np.stack([1 - share, 1 + share], axis=-1) / 2, axis=1)
    return np.moveaxis(bounds, (0, 1), (2, 3))


def _shape(part: Part, samples: int, horizon: int) -> tuple[int, int, int]:
    """Return the shape of the paths, or say what is wrong with it."""
    if samples < 1 or horizon < 1:
        raise ValueError(f"samples and horizon must be at least 1, got {samples} and {horizon}.")
    return len(part.inputs), samples, horizon


def _draw(residuals: ArrayLike, shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Draw with replacement, or say why that can't be done."""
    values = np.asarray(residuals, dtype=np.float64)
    if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
        raise ValueError("residuals must be a vector of finite numbers; drop those not yet known.")
    return np.random.default_rng(seed).choice(values, size=shape)


@contextmanager
def _replaced_dropout(model: StackedNetwork, dropout: SeededDropout) -> Iterator[None]:
    """Lend the model another dropout; its own keeps its mode and its place in the random stream."""
    own = model.dropout
    model.dropout = dropout  # a new module is in training mode: it drops whatever the model's mode
    try:
        yield
    finally:
        model.dropout = own


def _recursive_paths(
    model: StackedNetwork, part: Part, scaler: Scaler, shocks: np.ndarray
) -> np.ndarray:
    """Walk each path on by its shocks. (n, samples, horizon) log errors -> dollars, likewise."""
    n, samples, horizon = shocks.shape
    windows = np.repeat(part.inputs, samples, axis=0)
    flat = shocks.reshape(n * samples, horizon)
    with one_thread(), torch.inference_mode():
        chunks = [
            _walk(model, windows[start : start + CHUNK], scaler, flat[start : start + CHUNK])
            for start in range(0, len(flat), CHUNK)
        ]
    return np.concatenate(chunks).reshape(shocks.shape)


def _walk(
    model: StackedNetwork, windows: np.ndarray, scaler: Scaler, shocks: np.ndarray
) -> np.ndarray:
    """Walk paths of (n, horizon) log errors on from (n, lookback) windows; return dollars."""
    lookback, horizon = windows.shape[1], shocks.shape[1]
    # Windows, then paths, time first: each step's input is a view, and nothing is copied.
    scaled = np.concatenate([windows.T, np.empty((horizon, len(windows)), windows.dtype)])
    paths = np.empty(shocks.shape)
    for step in range(horizon):
        window = torch.from_numpy(scaled[step : step + lookback]).unsqueeze(2)
        paths[:, step] = scaler.unscale(model(window).numpy()) * np.exp(shocks[:, step])
        scaled[lookback + step] = scaler.scale(paths[:, step])
    return paths
