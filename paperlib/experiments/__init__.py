"""Which runs there are; making, keeping and querying them.

It reads no ledger and knows no chapter.
May import ``prices``, the core, ``stats`` and ``probabilistic``.
"""

import lazy_loader

# A file is read when a name of it is asked for: torch alone takes two seconds.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "accuracy": ["NETWORKS", "standings"],
        "catalogue": [
            "BUNDLED_WINDOW",
            "DROPOUT_RATES",
            "HIGHEST_RATES",
            "INIT_GAINS",
            "LEARNING_RATES",
            "PAPER_WINDOW",
            "PROTOCOL_TITLES",
            "SEEDS",
            "SMALL",
            "TINY",
            "WINDOW_TITLES",
        ],
        "density_folds": ["fold_ratios"],
        "density_runs": ["NFLX", "NFLX_2025", "TICKERS", "load_density_series"],
        "density_scores": ["SIX"],
        "elsewhere": ["cell_effects", "load_cell_runs", "name_periods"],
        "interval_coverage": [
            "CALIBRATED",
            "SAMPLES",
            "STRIDE",
            "past_the_end",
            "split_calibration",
        ],
        "kept_fits": ["fit_once"],
        "leakage": [
            "ARMS",
            "arms",
            "expected_best",
            "over_persistence",
            "over_persistence_by_run",
            "price_leaks",
            "price_selection",
        ],
        "portfolios": ["simple_per_cent", "tier_portfolios"],
        "price_series": ["random_walk"],
        "random_walks": ["order_by_ticker", "placebo_errors", "placebo_shares"],
        "readings": ["ADMISSIBLE", "load_reading_runs"],
        "results": ["CELLS", "compare_recipes", "compute_used", "load_measures", "typical_run"],
        "store": [
            "load_backtests",
            "load_coverage",
            "load_density_runs",
            "load_distributions",
            "load_elsewhere",
            "load_forecasts",
            "load_histories",
            "load_horizons",
            "load_readings",
            "load_runs",
            "load_sessions",
            "load_tiers",
            "load_trials",
            "load_values",
            "select",
        ],
    },
)
