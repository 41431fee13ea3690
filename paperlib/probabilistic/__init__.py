"""Forecasts that are distributions: intervals, densities, their scores, and positions from them.

Also for a reader's own prices (:mod:`~paperlib.probabilistic.user_forecasts`).
May import ``prices``, the core and ``stats``.
"""

from paperlib.probabilistic.conformal import log_errors
from paperlib.probabilistic.earnings import choose_window
from paperlib.probabilistic.features import log_returns
from paperlib.probabilistic.path_sampling import central_intervals, dropout_paths
from paperlib.probabilistic.positions import (
    COST,
    TAIL,
    TIERS,
    backtest_positions,
    describe_portfolio,
    size_positions,
)
from paperlib.probabilistic.scores import (
    BY_CHANCE,
    LEVEL_BAND,
    LEVELS,
    TAILS,
    flat_band,
    quantile_name,
    standing,
)
from paperlib.probabilistic.user_forecasts import forecast, risk_report
from paperlib.probabilistic.volatility import static_student_t

__all__ = [
    "BY_CHANCE",
    "COST",
    "LEVELS",
    "LEVEL_BAND",
    "TAIL",
    "TAILS",
    "TIERS",
    "backtest_positions",
    "central_intervals",
    "choose_window",
    "describe_portfolio",
    "dropout_paths",
    "flat_band",
    "forecast",
    "log_errors",
    "log_returns",
    "quantile_name",
    "risk_report",
    "size_positions",
    "standing",
    "static_student_t",
]
