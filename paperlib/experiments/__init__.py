"""Which runs there are; making, keeping and querying them.

It reads no ledger and knows no chapter.
May import ``prices``, the core, ``stats`` and ``probabilistic``.
"""

from paperlib.experiments.accuracy import NETWORKS, standings
from paperlib.experiments.catalogue import (
    BUNDLED_WINDOW,
    DROPOUT_RATES,
    HIGHEST_RATES,
    INIT_GAINS,
    LEARNING_RATES,
    PAPER_WINDOW,
    PROTOCOL_TITLES,
    SEEDS,
    SMALL,
    TINY,
    WINDOW_TITLES,
)
from paperlib.experiments.density_folds import fold_ratios
from paperlib.experiments.density_runs import NFLX, NFLX_2025, TICKERS, load_density_series
from paperlib.experiments.density_scores import SIX
from paperlib.experiments.elsewhere import cell_effects, load_cell_runs, name_periods
from paperlib.experiments.interval_coverage import (
    CALIBRATED,
    SAMPLES,
    STRIDE,
    past_the_end,
    split_calibration,
)
from paperlib.experiments.leakage import (
    ARMS,
    arms,
    expected_best,
    over_persistence,
    over_persistence_by_run,
    price_leaks,
    price_selection,
)
from paperlib.experiments.portfolios import simple_per_cent, tier_portfolios
from paperlib.experiments.price_series import random_walk
from paperlib.experiments.random_walks import order_by_ticker, placebo_errors, placebo_shares
from paperlib.experiments.readings import load_reading_runs
from paperlib.experiments.results import (
    CELLS,
    compare_recipes,
    compute_used,
    load_measures,
    typical_run,
)
from paperlib.experiments.store import (
    load_backtests,
    load_coverage,
    load_density_runs,
    load_distributions,
    load_elsewhere,
    load_forecasts,
    load_histories,
    load_horizons,
    load_readings,
    load_runs,
    load_sessions,
    load_tiers,
    load_trials,
    load_values,
    select,
)

__all__ = [
    "ARMS",
    "BUNDLED_WINDOW",
    "CALIBRATED",
    "CELLS",
    "DROPOUT_RATES",
    "HIGHEST_RATES",
    "INIT_GAINS",
    "LEARNING_RATES",
    "NETWORKS",
    "NFLX",
    "NFLX_2025",
    "PAPER_WINDOW",
    "PROTOCOL_TITLES",
    "SAMPLES",
    "SEEDS",
    "SIX",
    "SMALL",
    "STRIDE",
    "TICKERS",
    "TINY",
    "WINDOW_TITLES",
    "arms",
    "cell_effects",
    "compare_recipes",
    "compute_used",
    "expected_best",
    "fold_ratios",
    "load_backtests",
    "load_cell_runs",
    "load_coverage",
    "load_density_runs",
    "load_density_series",
    "load_distributions",
    "load_elsewhere",
    "load_forecasts",
    "load_histories",
    "load_horizons",
    "load_measures",
    "load_reading_runs",
    "load_readings",
    "load_runs",
    "load_sessions",
    "load_tiers",
    "load_trials",
    "load_values",
    "name_periods",
    "order_by_ticker",
    "over_persistence",
    "over_persistence_by_run",
    "past_the_end",
    "placebo_errors",
    "placebo_shares",
    "price_leaks",
    "price_selection",
    "random_walk",
    "select",
    "simple_per_cent",
    "split_calibration",
    "standings",
    "tier_portfolios",
    "typical_run",
]
