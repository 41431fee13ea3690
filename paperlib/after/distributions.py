"""What the frozen network, GARCH and others forecast of the returns after the paper's window."""

from __future__ import annotations

import pandas as pd

from paperlib.after.frozen import FROZEN
from paperlib.experiments.density_runs import Series, windows_of
from paperlib.experiments.density_scores import (
    REFERENCE,
    SIX,
    backtest_rows,
    interval_columns,
    over_tickers,
    score_forecasts,
    score_rows,
    simple_forecasts,
)
from paperlib.experiments.portfolios import tier_portfolios, tier_rows
from paperlib.prices.series import BUNDLED, fingerprint
from paperlib.probabilistic.density_network import DensityFit, forecast_density
from paperlib.probabilistic.features import log_returns
from paperlib.probabilistic.scores import LEVELS, is_inside
from paperlib.recipe import PAPER_END
from paperlib.stats.seeds import block_bootstrap_interval

FEWEST_VIOLATIONS = 5  # as in the book's tables of tick losses


def later_series(prices: pd.DataFrame) -> Series:
    """Split a ticker's returns where the paper's window ends."""
    returns = log_returns(prices)
    train = int((returns.index <= PAPER_END).sum())
    return Series(returns, train, fingerprint(prices).sha256)


def ask_distributions(
    prices: dict[str, pd.DataFrame], frozen: list[DensityFit]
) -> dict[str, pd.DataFrame]:
    """Ask the register's questions on distributions.

    Args:
        prices: by ticker, to the same last session.
        frozen: the pooled network of each seed.

    Returns:
        By table of the store, ``distributions``, ``backtests`` and ``tiers``, its rows, of which
        ``dataset`` is the ticker, or ``six tickers``.
    """
    scored, scores, backtests, tiers = {}, [], [], []
    for ticker, of_ticker in prices.items():
        series = later_series(of_ticker)
        members = {FROZEN: []}
        for network in frozen:
            windows = windows_of(network.recipe, series)
            members[FROZEN].append(forecast_density(network, windows).at(slice(windows.train, -1)))
        sessions = score_forecasts(series, simple_forecasts(series), members)
        scored[ticker] = sessions
        scores.append(score_rows(ticker, sessions, members).assign(**_coverage(sessions)))
        backtests.append(_with_enough(backtest_rows(ticker, sessions, members, {})))
        tiers.append(_asked_of_tiers(tier_rows(ticker, tier_portfolios(sessions, series))))
    if set(scored) == set(BUNDLED):
        scores.append(over_tickers(scored).assign(dataset=SIX))
    return {
        "distributions": pd.concat(scores),
        "backtests": pd.concat(backtests),
        "tiers": pd.concat(tiers),
    }


def _coverage(sessions: dict[str, pd.DataFrame]) -> dict[str, list[float]]:
    """Give each model's coverage an interval by blocks of sessions, as the register asks.

    Returns:
        By column, of each model in turn.
    """
    rows = [
        {
            key: value
            for level in LEVELS
            for key, value in interval_columns(
                f"coverage_{100 * level:g}", block_bootstrap_interval(100 * is_inside(table, level))
            ).items()
        }
        for table in sessions.values()
    ]
    return pd.DataFrame(rows).to_dict(orient="list")


def _with_enough(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out comparisons of tick losses with fewer than five violations of either model."""
    ratios = [name for name in rows if name.startswith("tick_ratio")]
    of_garch = rows["tail"].map(rows[rows["model"] == REFERENCE].set_index("tail")["violations"])
    few = rows["violations"].clip(upper=of_garch) < FEWEST_VIOLATIONS
    return rows.assign(**{name: rows[name].mask(few) for name in ratios})


def _asked_of_tiers(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep what the register asks: from a return of buy-and-hold a close could be worked out."""
    columns = ["dataset", "model", "tier", "weight"]
    columns += [f"sharpe_gain{end}" for end in ("", "_low", "_high")]
    return rows.loc[rows["tier"] != "", columns]
