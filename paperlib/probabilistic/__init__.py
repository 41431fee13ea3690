"""Forecasts that are distributions: intervals, densities, their scores, and positions from them.

Also for a reader's own prices (:mod:`~paperlib.probabilistic.user_forecasts`).
May import ``prices``, the core and ``stats``.
"""

from paperlib.probabilistic.conformal import interval_bounds, log_errors, split_conformal
from paperlib.probabilistic.density_network import fit_density, negative_log_likelihood
from paperlib.probabilistic.earnings import choose_window
from paperlib.probabilistic.features import DensityRecipe, log_returns, make_return_windows
from paperlib.probabilistic.interval_scores import score_intervals
from paperlib.probabilistic.path_sampling import central_intervals, dropout_paths
from paperlib.probabilistic.positions import (
    COST,
    TAIL,
    TIERS,
    backtest_positions,
    describe_portfolio,
    size_positions,
)
from paperlib.probabilistic.quantile_tracking import adaptive_conformal
from paperlib.probabilistic.scores import (
    BY_CHANCE,
    LEVEL_BAND,
    TAILS,
    flat_band,
    quantile_name,
    standing,
)
from paperlib.probabilistic.student_t import StudentMixture
from paperlib.probabilistic.user_forecasts import forecast, risk_report
from paperlib.probabilistic.volatility import static_student_t

__all__ = [
    "BY_CHANCE",
    "COST",
    "LEVEL_BAND",
    "TAIL",
    "TAILS",
    "TIERS",
    "DensityRecipe",
    "StudentMixture",
    "adaptive_conformal",
    "backtest_positions",
    "central_intervals",
    "choose_window",
    "describe_portfolio",
    "dropout_paths",
    "fit_density",
    "flat_band",
    "forecast",
    "interval_bounds",
    "log_errors",
    "log_returns",
    "make_return_windows",
    "negative_log_likelihood",
    "quantile_name",
    "risk_report",
    "score_intervals",
    "size_positions",
    "split_conformal",
    "standing",
    "static_student_t",
]
