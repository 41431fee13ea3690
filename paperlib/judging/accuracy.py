"""How good matched forecasts are beside "tomorrow equals today", and whether that is chance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from paperlib import metrics
from paperlib.judging.matching import Matched
from paperlib.probabilistic.interval_scores import score_intervals
from paperlib.stats.forecast_tests import fixed_smoothing_test, loss_ratio
from paperlib.stats.interval import Interval, Test
from paperlib.stats.seeds import proportion

BAND = (0.975, 1.025)  # of the ratio of absolute errors: no difference that matters
SIZE = 0.05  # of the test
LAGS = 20  # sessions that a forecast may trail
BETTER, WORSE, LEVEL, OPEN = "better than", "worse than", "level with", "too few sessions to say"


def error_table(matched: Matched) -> pd.DataFrame:
    """Lay out the errors of the forecasts, of persistence and of drift.

    Drift is the mean change of the closes before the first forecast; it and MASE need thirty.

    Returns:
        Indexed by model, with ``MAE`` and ``RMSE`` in dollars, ``MAPE`` in per cent, and ``MASE``,
        NaN if there is no history to scale by.
    """
    rows, history = matched.rows, matched.history.to_numpy()
    models = {"your forecast": rows["forecast"], "tomorrow equals today": rows["previous"]}
    has_history = len(history) >= 30 and np.ptp(history) > 0
    if has_history:
        models["drift"] = rows["previous"] + np.diff(history).mean()
    y = rows["actual"]
    return pd.DataFrame(
        {
            name: {
                "MAE": metrics.mae(y, made),
                "RMSE": metrics.rmse(y, made),
                "MAPE": metrics.mape(y, made),
                "MASE": metrics.mase(y, made, history) if has_history else np.nan,
            }
            for name, made in models.items()
        }
    ).T


class Comparison(NamedTuple):
    """Errors over those of persistence, each with its 95 % block-bootstrap interval."""

    absolute: Interval  # mean absolute error ÷ that of persistence
    squared: Interval  # mean squared error ÷ that of persistence
    test: Test  # of the absolute errors, allowing for sessions that are alike

    @property
    def skill(self) -> Interval:
        """Return one less the ratio of squared errors, 1 if perfect and below 0 if worse."""
        return Interval(1 - self.squared.estimate, 1 - self.squared.high, 1 - self.squared.low)

    @property
    def verdict(self) -> str:
        """*better than*, *worse than*, *level with* tomorrow equals today, or that it's unknown.

        The first that is true of the absolute errors: better or worse, if the interval lies on one
        side of 1 and the test rejects at 5 %; level, if the interval lies within 2.5 % of 1; else
        too few sessions to say. Squares don't decide: with tails as fat as those of stocks a test
        of them rests on a few days (returns whose fourth moment does not exist, Cont 2001).
        """
        rejected = self.test.p_value < SIZE
        if rejected and self.absolute.high < 1:
            return BETTER
        if rejected and self.absolute.low > 1:
            return WORSE
        return LEVEL if BAND[0] <= self.absolute.low <= self.absolute.high <= BAND[1] else OPEN


def compare(matched: Matched) -> Comparison:
    """Compare errors with those of persistence."""
    rows = matched.rows
    errors = (rows["actual"] - rows["forecast"]).abs().to_numpy()
    naive = (rows["actual"] - rows["previous"]).abs().to_numpy()
    if not errors.any():
        return Comparison(Interval(0.0, 0.0, 0.0), Interval(0.0, 0.0, 0.0), Test(-np.inf, 0.0))
    return Comparison(
        loss_ratio(errors, naive),
        loss_ratio(errors**2, naive**2),
        fixed_smoothing_test(errors, naive),
    )


class Direction(NamedTuple):
    """How often the sign of the change was right."""

    hits: Interval  # share, with its exact 95 % interval
    sessions: int  # that count: those with a change, and one forecast
    up: float  # share of them that went up, which "always up" gets right


def direction(matched: Matched) -> Direction | None:
    """Count directional hits; ``None`` if no change was ever forecast."""
    rows = matched.rows
    right, of = metrics.direction_hits(rows["actual"], rows["forecast"], rows["previous"])
    if not of:
        return None
    counts = (rows["actual"] != rows["previous"]) & ~np.isclose(
        rows["forecast"], rows["previous"], rtol=1e-9, atol=0
    )
    up = (rows["actual"] > rows["previous"])[counts].mean()
    return Direction(proportion(right, of), of, float(up))


def distances(matched: Matched, first: int = -3) -> pd.DataFrame:
    """Measure how far forecasts are from closes, by how many sessions these lie before the date.

    Args:
        matched: of n sessions.
        first: the lowest lag, below zero for closes after the date.

    Returns:
        Absolute distances in dollars, a row a session, a column a lag up to 20; 1 is the day
        before. Only sessions that have all these closes, unless there are fewer than thirty.
    """
    made = matched.rows["forecast"].to_numpy()
    table = {lag: np.abs(made - matched.close_at(lag)) for lag in range(first, LAGS + 1)}
    away = pd.DataFrame(table, index=matched.rows.index)
    whole = away.dropna()
    return whole if len(whole) >= 30 else away


class Bounds(NamedTuple):
    """What lower and upper bounds hold."""

    coverage: Interval  # share inside, with its exact 95 % interval
    width: float  # mean, per cent of the close
    winkler: float  # mean interval score in log units, per cent; NaN if no level is known
    level: float | None  # that they promise, a share, if it is known


def score_bounds(matched: Matched, level: float | None) -> Bounds | None:
    """Score bounds; ``None`` if there are none.

    Args:
        matched: of n sessions.
        level: that the bounds promise, between 0 and 1, if it is known.

    Raises:
        ValueError: if the level is out of range.
    """
    rows = matched.rows
    if "lower" not in rows:
        return None
    bounds = rows[["lower", "upper"]].clip(lower=0).to_numpy()[:, None, None, :]  # no price is less
    found = score_intervals(rows[["actual"]].to_numpy(), bounds, [level or 0.5]).iloc[0]
    inside = round(found["coverage"] * len(rows))
    winkler = float(found["winkler"]) if level else np.nan
    return Bounds(proportion(inside, len(rows)), float(found["width"]), winkler, level)
