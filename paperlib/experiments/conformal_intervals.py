"""Conformal intervals around forecasts of the test part, by every method, and their scores."""

from __future__ import annotations

import numpy as np
import pandas as pd

from paperlib.forecasting import path_outcomes
from paperlib.probabilistic.conformal import (
    interval_bounds,
    log_errors,
    normalised_conformal,
    rolling_conformal,
    split_conformal,
)
from paperlib.probabilistic.features import log_returns
from paperlib.probabilistic.interval_scores import score_intervals
from paperlib.probabilistic.quantile_tracking import adaptive_conformal
from paperlib.probabilistic.scores import LEVELS
from paperlib.probabilistic.volatility import ewma_volatility
from paperlib.recipe import HORIZON
from paperlib.windows import Part


def score_conformal(
    before: np.ndarray, after: np.ndarray, calibration: Part, test: Part, close: pd.Series
) -> pd.DataFrame:
    """Score the intervals of every method around forecasts of the test part.

    Arguments are those of :func:`conformal_half_widths`.

    Returns:
        The rows of :func:`paperlib.probabilistic.interval_scores.score_intervals`, with ``method``.
    """
    came = path_outcomes(test.close, HORIZON)
    half_widths = conformal_half_widths(before, after, calibration, test, close)
    return pd.concat(
        score_intervals(came, interval_bounds(after, widths), LEVELS).assign(method=method)
        for method, widths in half_widths.items()
    )


def conformal_half_widths(
    before: np.ndarray, after: np.ndarray, calibration: Part, test: Part, close: pd.Series
) -> dict[str, np.ndarray]:
    """Make the half widths of every method from errors of both parts.

    Args:
        before: (m, 30) dollars, forecasts of the calibration block.
        after: (n, 30) dollars, forecasts of the test part.
        calibration: the m windows before the test part.
        test: its n windows.
        close: dollars, indexed by session: the series that both are of.

    Returns:
        By method (n, 30, levels) half widths in log units, or (30, levels) of ``split``.
    """
    past, errors = log_errors(calibration.close, before), log_errors(test.close, after)
    together = log_errors(np.append(calibration.close, test.close), np.vstack([before, after]))
    scales = (origin_volatility(close, part) for part in (calibration, test))
    return {
        "split": split_conformal(past, LEVELS),
        "adaptive": adaptive_conformal(past, errors, LEVELS),
        "rolling": rolling_conformal(together, len(before), LEVELS),
        "normalised": normalised_conformal(past, *scales, LEVELS),
    }


def origin_volatility(close: pd.Series, part: Part) -> np.ndarray:
    """Return the volatility known at the origin of each window, (n,) per cent a session.

    RiskMetrics' average of the returns up to the session before the target: it is what the density
    networks are given, and nothing of it is estimated.
    """
    returns = log_returns(close.to_frame("close"))
    known_before = ewma_volatility(returns.to_numpy())[:-1]
    return pd.Series(known_before, returns.index)[part.sessions].to_numpy()
