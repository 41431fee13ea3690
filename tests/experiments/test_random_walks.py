"""Counting on the placebo, and on other tickers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from paperlib.experiments import random_walks
from paperlib.experiments.price_series import OTHER_TICKERS, WALKS
from paperlib.experiments.random_walks import order_by_ticker, placebo_errors, placebo_shares


def walks(**columns: list[float]) -> pd.DataFrame:
    """Four walks; what is not given is the same for all."""
    usual = {"lstm": 2, "rnn": 3, "arima": 4, "arima_30": 5, "arima_path": 6}
    rest = {"persistence": 1, "mape_pct": 5, "persistence_mape_pct": 1}
    return pd.DataFrame({**usual, **rest, **columns}, index=range(4))


def test_shares_count_the_walks_on_which_a_statement_is_true():
    shares = placebo_shares(walks(lstm=[1, 2, 3.5, 7], mape_pct=[3.21, 3.214, 3.22, 1]), 3.21)
    count = shares["count"].to_dict()
    assert count == {
        "LSTM better than RNN": 2,
        "LSTM better than ARIMA, one step ahead": 3,
        "LSTM better than ARIMA's paths of 30 sessions": 3,
        "LSTM better than ARIMA's one path": 3,
        "LSTM, RNN, ARIMA in the order of table 2": 2,
        "the same, ARIMA as one path": 2,
        "LSTM's MAPE at most 3.21 %": 3,  # 3.214 is printed as 3.21
        "LSTM better than persistence": 0,
    }
    exact = stats.binomtest(3, 4).proportion_ci(method="exact")
    row = shares.loc["LSTM better than ARIMA's one path"]
    assert (row["share"], row["low"], row["high"]) == pytest.approx((0.75, exact.low, exact.high))


def test_errors_are_laid_out_a_row_a_walk(monkeypatch):
    names = ("published", "rnn", "arima", "arima_30", "arima_path", "no_l2", "rnn_no_l2")
    rows = [
        {"dataset": walk, "recipe": name, "test_rmse_usd": 10 * n + k, "test_mape_pct": k}
        | {"persistence_rmse_usd": 9.0, "persistence_mape_pct": 2.0}
        for n, walk in enumerate(list(WALKS)[:2])
        for k, name in enumerate(names)
    ]
    rows.append({**rows[0], "dataset": "nflx-2016-2023"})
    monkeypatch.setattr(random_walks, "load_trials", lambda: pd.DataFrame(rows))
    table = placebo_errors()
    assert list(table.index) == list(WALKS)[:2]
    columns = ["lstm", "rnn", "arima", "arima_30", "arima_path", "mape_pct"]
    assert table.loc["walk-001", columns].tolist() == [10, 11, 12, 13, 14, 0]
    assert table["persistence"].tolist() == [9, 9]
    without = placebo_errors(l2=False)
    assert without.loc["walk-001", columns].tolist() == [15, 16, 12, 13, 14, 5]


def test_tickers_are_compared_by_the_mean_over_seeds(monkeypatch):
    rows = []
    for dataset in OTHER_TICKERS.values():
        for protocol in ("as_published", "leak_free"):
            for recipe, rmse in (("published", 1.0), ("rnn", 2.0), ("no_l2", 3.0)):
                for seed, factor in enumerate((1.0, 3.0)):
                    rows.append((dataset, recipe, protocol, seed, rmse * factor, 2.0))
        rows.append((dataset, "arima", "as_published", 0, 10.0, np.nan))
    columns = ["dataset", "recipe", "protocol", "seed", "test_rmse_usd", "persistence_rmse_usd"]
    monkeypatch.setattr(random_walks, "all_runs", lambda: pd.DataFrame(rows, columns=columns))
    orders = order_by_ticker()
    assert len(orders) == 2 * len(OTHER_TICKERS)
    first = orders.iloc[0]
    assert first[["published", "rnn", "no_l2", "arima"]].tolist() == [
        (0.25 + 2.25) / 2, (1 + 9) / 2, (2.25 + 20.25) / 2, 25.0,
    ]  # fmt: skip
    assert orders["order"].all()
