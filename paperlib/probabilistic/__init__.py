"""Forecasts that are distributions: intervals, densities, their scores, and positions from them.

Also for a reader's own prices (:mod:`~paperlib.probabilistic.user_forecasts`).
May import ``prices``, the core and ``stats``.
"""

import lazy_loader

# A file is read when a name of it is asked for: torch alone takes two seconds.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "conformal": ["interval_bounds", "log_errors", "split_conformal"],
        "density_network": ["fit_density", "forecast_density", "negative_log_likelihood"],
        "earnings": ["choose_window"],
        "features": ["DensityRecipe", "log_returns", "make_return_windows"],
        "interval_scores": ["score_intervals"],
        "path_sampling": ["central_intervals", "dropout_paths"],
        "positions": [
            "COST",
            "TAIL",
            "TIERS",
            "backtest_positions",
            "describe_portfolio",
            "size_positions",
        ],
        "quantile_tracking": ["adaptive_conformal"],
        "scores": ["BY_CHANCE", "LEVEL_BAND", "TAILS", "flat_band", "quantile_name", "standing"],
        "student_t": ["StudentMixture", "combine"],
        "user_forecasts": ["forecast", "risk_report"],
        "volatility": ["static_student_t"],
    },
)
