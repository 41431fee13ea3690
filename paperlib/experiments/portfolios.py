"""What each tier would have earned on each model's forecasts, for the store."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from paperlib.experiments.density_runs import Series
from paperlib.experiments.density_scores import interval_columns
from paperlib.probabilistic.positions import (
    SESSIONS_A_YEAR,
    TAIL,
    TIERS,
    backtest_positions,
    describe_portfolio,
    share_beyond,
    sharpe_difference,
    size_positions,
)
from paperlib.probabilistic.scores import quantile_name
from paperlib.probabilistic.volatility import ewma_volatility

TIMED = "lstm_pooled_calendar"
IN_TIERS = ("static_t", "garch_t", "lstm_calendar", "lstm_pooled_calendar", "dropout")


def simple_per_cent(log_per_cent: np.ndarray) -> np.ndarray:
    """Turn log returns into simple ones, both in per cent."""
    return 100 * np.expm1(np.asarray(log_per_cent) / 100)


def tier_portfolios(
    sessions: dict[str, pd.DataFrame], series: Series
) -> dict[tuple[str, str], pd.DataFrame]:
    """Run every tier on every model's forecasts, by model and tier, and buy-and-hold.

    ``volatility_target`` makes its positions from the normal distribution with the exponentially
    weighted volatility. ``constant_mix`` holds, of each tier, what the pooled network held in the
    mean, so that what is left between them is timing; that mean is known only afterwards.
    """
    r = series.returns.to_numpy()
    var = {name: sessions[name][quantile_name(TAIL)] for name in IN_TIERS if name in sessions}
    var["volatility_target"] = stats.norm.ppf(TAIL) * ewma_volatility(r)[series.train : -1]
    came = simple_per_cent(r[series.train :])
    found = {("buy_and_hold", ""): backtest_positions(np.ones(len(came)), came)}
    for name, of_model in var.items():
        for tier in TIERS:
            # A forecast that sees no risk asks for all that is allowed.
            weights = size_positions(np.minimum(simple_per_cent(of_model), -1e-6), tier.budget)
            found[name, tier.name] = backtest_positions(weights, came)
    for tier in TIERS:
        mean = found[TIMED, tier.name]["weight"].iloc[1:].mean()
        found["constant_mix", tier.name] = backtest_positions(np.full(len(came), mean), came)
    return found


def tier_rows(dataset: str, portfolios: dict[tuple[str, str], pd.DataFrame]) -> pd.DataFrame:
    """Describe every portfolio: a row each, for ``tiers.csv``.

    ``sharpe_gain`` is the Sharpe ratio beyond buy-and-hold's, with its interval; ``beyond`` the
    share of sessions that lost more than the tier's budget, with its exact interval.
    """
    held = portfolios["buy_and_hold", ""]["return"]
    budgets = {tier.name: tier.budget for tier in TIERS}
    rows = []
    for (model, tier), table in portfolios.items():
        row = {"dataset": dataset, "model": model, "tier": tier}
        row |= describe_portfolio(table["return"])
        row |= {
            "weight": table["weight"][1:].mean(),
            "turnover": SESSIONS_A_YEAR * table["turnover"].mean(),
        }
        if tier:
            row |= interval_columns("sharpe_gain", sharpe_difference(table["return"], held))
            row |= interval_columns("beyond", share_beyond(table["return"], budgets[tier]))
        rows.append(row)
    return pd.DataFrame(rows)
