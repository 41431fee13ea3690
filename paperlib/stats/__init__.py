"""What seeds, sessions and tests may say, each with its uncertainty.

Arrays go in, estimates with their intervals come out; no network and no ledger is needed.
May import ``prices`` and the core.
"""

import lazy_loader

# A file is read when a name of it is asked for: torch alone takes two seconds.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "forecast_tests": ["bootstrap_test", "diebold_mariano", "fixed_smoothing_test"],
        "interval": ["Interval", "interval_of", "rounded", "scientific", "side"],
        "periods": ["mean_over_periods", "neighbours_correlation"],
        "residuals": ["GRANGER_LAGS", "VOLATILITY_SESSIONS", "decompose_error", "diagnose"],
        "seeds": ["block_length", "compare_losses", "prediction_interval", "proportion"],
        "seeds_and_sessions": ["ratio_of_mean_losses"],
        "var_backtests": ["christoffersen", "kupiec", "tick_loss", "violations"],
        "var_power": ["christoffersen_power", "kupiec_power"],
    },
)
