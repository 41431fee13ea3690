"""Intervals around the paper's network on the test part: what they claim and what they hold.

Monte-Carlo dropout is put on the network as published. The other intervals need errors of sessions
that neither trained nor stopped the network; so for these it is trained leak-free on the first
72 % of the windows, and the next 8 % calibrate. The test part is that of every chapter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pandas as pd

from paperlib.experiments.conformal_intervals import score_conformal
from paperlib.forecasting import forecast_paths, path_outcomes
from paperlib.models import StackedNetwork
from paperlib.prices.calendar import next_sessions
from paperlib.probabilistic.conformal import log_errors
from paperlib.probabilistic.interval_scores import score_intervals
from paperlib.probabilistic.path_sampling import (
    bootstrap_paths,
    central_intervals,
    dropout_paths,
    persistence_paths,
)
from paperlib.probabilistic.scores import LEVELS
from paperlib.recipe import AS_PUBLISHED, HORIZON, LEAK_FREE, PUBLISHED
from paperlib.windows import Part, Windows, make_windows

CALIBRATED = replace(PUBLISHED, train_share=0.72)
SAMPLES = 100  # paths an origin; the tails of 95 % hold five of them
STRIDE = 5  # drawn paths of 30 sessions start at every fifth origin, since each is a long run


def split_calibration(close: pd.Series) -> tuple[Windows, Part, Part]:
    """Return the windows that train leak-free, and the calibration and test parts behind them."""
    windows = make_windows(close, CALIBRATED, LEAK_FREE)
    scored = len(make_windows(close, PUBLISHED, AS_PUBLISHED).test.close)
    calibration = len(windows.test.close) - scored
    return (
        windows,
        cut(windows.test, slice(calibration)),
        cut(windows.test, slice(calibration, None)),
    )


def cut(part: Part, windows: slice) -> Part:
    """Return some windows of a part."""
    return Part(*(getattr(part, field.name)[windows] for field in fields(Part)))


def published_coverage(
    network: StackedNetwork, close: pd.Series, seed: int
) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Score the intervals that dropout draws around one network, trained as published.

    Returns:
        The rows of :func:`paperlib.probabilistic.interval_scores.score_intervals` with ``center``,
        ``method`` and ``seed``; and ``drawn`` and ``noisy``, (n, samples) one-step log returns
        drawn on the test part, per cent, without and with noise; and ``ahead``, (30,) dollars,
        forecast for the sessions after the data.
    """
    windows = make_windows(close, PUBLISHED, AS_PUBLISHED)
    in_sample = forecast_paths(network, windows.train, windows.scaler)
    noise = log_errors(windows.train.close, in_sample)[:, 0]

    def dropped(part: Part, horizon: int) -> np.ndarray:
        """Draw paths by dropout alone."""
        return dropout_paths(network, part, windows.scaler, horizon, SAMPLES, seed)

    def noised(part: Part, horizon: int) -> np.ndarray:
        """Draw paths by dropout and, for the market's noise, errors of the training part."""
        return dropout_paths(network, part, windows.scaler, horizon, SAMPLES, seed, noise)

    test = windows.test
    table = pd.concat(
        [
            _score_drawn(dropped, test).assign(center="published", method="dropout"),
            _score_drawn(noised, test).assign(center="published", method="noisy_dropout"),
        ]
    )
    drawn, noisy = (
        100 * np.log(draw(test, 1)[:, :, 0] / test.previous[:, None]) for draw in (dropped, noised)
    )
    ahead = forecast_paths(network, past_the_end(close, windows), windows.scaler, HORIZON)[0]
    return table.assign(seed=seed), {"drawn": drawn, "noisy": noisy, "ahead": ahead}


def calibrated_coverage(
    network: StackedNetwork, close: pd.Series, seed: int
) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Score intervals around one network of ``CALIBRATED`` that know its errors.

    Returns:
        Rows as of :func:`published_coverage`, and no arrays.
    """
    windows, calibration, test = split_calibration(close)
    before, after = (
        forecast_paths(network, part, windows.scaler, HORIZON) for part in (calibration, test)
    )
    residuals = log_errors(calibration.close, before)[:, 0]

    def shocked(part: Part, horizon: int) -> np.ndarray:
        """Draw paths by residual bootstrap."""
        return bootstrap_paths(network, part, windows.scaler, horizon, SAMPLES, residuals, seed)

    table = pd.concat(
        [
            _score_drawn(shocked, test).assign(method="bootstrap"),
            score_conformal(before, after, calibration, test, close),
        ]
    )
    return table.assign(center="calibrated", seed=seed), {}


def past_the_end(close: pd.Series, windows: Windows) -> Part:
    """Return the one window whose target, the session after the data, is not known (NaN)."""
    last = close.iloc[-windows.test.inputs.shape[1] :].to_numpy()
    inputs = windows.scaler.scale(last).astype(np.float32)[None]
    unknown = np.array([np.nan])
    return Part(inputs, unknown, next_sessions(close.index[-1], 1), unknown, last[-1:])


def persistence_coverage(close: pd.Series) -> pd.DataFrame:
    """Score the same intervals around persistence, which no seed moves."""
    _, calibration, test = split_calibration(close)
    before, after = (np.repeat(p.previous[:, None], HORIZON, axis=1) for p in (calibration, test))
    residuals = log_errors(calibration.close, before)[:, 0]

    def walked(part: Part, horizon: int) -> np.ndarray:
        """Draw random walks."""
        return persistence_paths(part, horizon, SAMPLES, residuals, seed=0)

    return pd.concat(
        [
            _score_drawn(walked, test).assign(method="bootstrap"),
            score_conformal(before, after, calibration, test, close),
        ]
    ).assign(center="persistence", seed=0)


def _score_drawn(draw: Callable[[Part, int], np.ndarray], part: Part) -> pd.DataFrame:
    """Score drawn intervals: of one step at every origin, of more at every fifth."""
    came = path_outcomes(part.close, HORIZON)
    one = central_intervals(draw(part, 1), LEVELS)
    far = central_intervals(draw(cut(part, slice(None, None, STRIDE)), HORIZON), LEVELS)
    of_far = score_intervals(came[::STRIDE], far, LEVELS)
    return pd.concat([score_intervals(came[:, :1], one, LEVELS), of_far[of_far["horizon"] > 1]])


def summarise_coverage(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Sum up the intervals of all seeds, and persistence's.

    Returns:
        One row a ``center``, ``method``, ``horizon`` and ``level``, with ``n`` and the mean over
        seeds of ``coverage``, ``width`` and ``winkler`` in per cent, and the lowest and highest
        seed's coverage (``coverage_low``, ``coverage_high``).
    """
    table = pd.concat(tables)
    table["coverage"] *= 100
    groups = table.groupby(["center", "method", "horizon", "level"])
    coverage = groups["coverage"].agg(coverage_low="min", coverage_high="max")
    means = groups[["n", "coverage", "width", "winkler"]].mean()
    return means.join(coverage).reset_index()
