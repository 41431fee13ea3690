"""What seeds, sessions and tests may say, each with its uncertainty.

Arrays go in, estimates with their intervals come out; no network and no ledger is needed.
May import ``prices`` and the core.
"""

from paperlib.stats.forecast_tests import bootstrap_test, diebold_mariano, fixed_smoothing_test
from paperlib.stats.interval import Interval, interval_of, rounded, scientific, side
from paperlib.stats.periods import mean_over_periods, neighbours_correlation
from paperlib.stats.residuals import GRANGER_LAGS, VOLATILITY_SESSIONS, decompose_error, diagnose
from paperlib.stats.seeds import (
    compare_losses,
    prediction_interval,
    proportion,
)
from paperlib.stats.var_backtests import christoffersen, kupiec, tick_loss, violations
from paperlib.stats.var_power import christoffersen_power, kupiec_power

__all__ = [
    "GRANGER_LAGS",
    "VOLATILITY_SESSIONS",
    "Interval",
    "bootstrap_test",
    "christoffersen",
    "christoffersen_power",
    "compare_losses",
    "decompose_error",
    "diagnose",
    "diebold_mariano",
    "fixed_smoothing_test",
    "interval_of",
    "kupiec",
    "kupiec_power",
    "mean_over_periods",
    "neighbours_correlation",
    "prediction_interval",
    "proportion",
    "rounded",
    "scientific",
    "side",
    "tick_loss",
    "violations",
]
