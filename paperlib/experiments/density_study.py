"""The tables of forecasts that are distributions, worked out of the pieces of their networks.

What goes into the store are scores; session by session, those of the bundled Netflix series alone.
"""

from __future__ import annotations

import pandas as pd

from paperlib.experiments import store
from paperlib.experiments.density_runs import NFLX, TICKERS, Drawn, Members, Series
from paperlib.experiments.density_scores import (
    backtest_rows,
    over_tickers,
    score_dataset,
    score_rows,
)
from paperlib.experiments.interval_coverage import persistence_coverage, summarise_coverage
from paperlib.experiments.pieces import Piece
from paperlib.experiments.portfolios import tier_portfolios, tier_rows


def store_intervals(window: str, prices: pd.DataFrame, networks: list[Piece]) -> None:
    """Write ``coverage.csv`` of a window: of all seeds' networks, and of persistence."""
    tables = [network.tables["coverage"] for network in networks]
    coverage = summarise_coverage([*tables, persistence_coverage(prices["close"])])
    order = ["dataset", "center", "method", "horizon", "level"]
    store.save_series("coverage.csv", coverage.assign(dataset=window), order)


def store_distributions(
    members: dict[str, Members], series: dict[str, Series], drawn: dict[str, Drawn]
) -> None:
    """Score the forecasts of some datasets' test parts, and write the tables of it.

    Args:
        members: by dataset the networks' forecasts.
        series: all of them.
        drawn: by dataset, where there are any, what dropout drew.
    """
    sessions = {
        name: score_dataset(series[name], of, drawn.get(name, {})) for name, of in members.items()
    }
    scores = [score_rows(name, tables, members[name]) for name, tables in sessions.items()]
    backtests = [
        backtest_rows(name, tables, members[name], drawn.get(name, {}))
        for name, tables in sessions.items()
    ]
    tiers = [
        tier_rows(name, tier_portfolios(tables, series[name])) for name, tables in sessions.items()
    ]
    if set(TICKERS.values()) <= set(sessions):
        scores.append(over_tickers({name: sessions[name] for name in TICKERS.values()}))
    for file, rows, order in (
        ("distributions.csv", scores, ["dataset", "model"]),
        ("backtests.csv", backtests, ["dataset", "model", "tail"]),
        ("tiers.csv", tiers, ["dataset", "model", "tier"]),
    ):
        store.save_series(file, pd.concat(rows), order)
    if NFLX in sessions:
        store.save_sessions(NFLX, sessions[NFLX])
