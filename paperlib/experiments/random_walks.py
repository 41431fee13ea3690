"""Do the paper's comparisons come out as it reports them where there is nothing to learn?"""

from __future__ import annotations

import pandas as pd

from paperlib.experiments.price_series import OTHER_TICKERS, WALKS
from paperlib.experiments.store import all_runs, load_trials, select
from paperlib.stats.seeds import proportion

ARIMAS = ["arima", "arima_30", "arima_path"]


def placebo_errors(l2: bool = True) -> pd.DataFrame:
    """Lay out the test errors on the random walks.

    Args:
        l2: whether both networks were trained with the paper's L2.

    Returns:
        A row a walk that was trained on so, with the RMSE in dollars of the ``lstm``, the ``rnn``,
        ARIMA in three ways and ``persistence``; and ``mape_pct``, the LSTM's, with
        ``persistence_mape_pct``.
    """
    trials = load_trials()
    trials = trials[trials["dataset"].isin(list(WALKS))]
    table = trials.pivot(index="dataset", columns="recipe", values="test_rmse_usd")
    lstm_name, rnn_name = ("published", "rnn") if l2 else ("no_l2", "rnn_no_l2")
    lstm = select(trials, recipe=lstm_name).set_index("dataset")
    return table.loc[lstm.index, ARIMAS].assign(
        lstm=table[lstm_name],
        rnn=table[rnn_name],
        persistence=lstm["persistence_rmse_usd"],
        mape_pct=lstm["test_mape_pct"],
        persistence_mape_pct=lstm["persistence_mape_pct"],
    )


def placebo_shares(errors: pd.DataFrame, claimed: float) -> pd.DataFrame:
    """Count the walks on which each statement of the paper comes out.

    Args:
        errors: of :func:`placebo_errors`.
        claimed: the MAPE that the paper prints for its LSTM, per cent.

    Returns:
        A row a statement, with ``count``, ``of``, and the ``share`` with its exact 95 % interval
        (``low``, ``high``).
    """
    lstm, rnn, arima = errors["lstm"], errors["rnn"], errors["arima"]
    statements = {
        "LSTM better than RNN": lstm < rnn,
        "LSTM better than ARIMA, one step ahead": lstm < arima,
        "LSTM better than ARIMA's paths of 30 sessions": lstm < errors["arima_30"],
        "LSTM better than ARIMA's one path": lstm < errors["arima_path"],
        "LSTM, RNN, ARIMA in the order of table 2": (lstm < rnn) & (rnn < arima),
        "the same, ARIMA as one path": (lstm < rnn) & (rnn < errors["arima_path"]),
        f"LSTM's MAPE at most {claimed:g} %": errors["mape_pct"] < claimed + 0.005,
        "LSTM better than persistence": lstm < errors["persistence"],
    }
    rows = {
        name: (int(true.sum()), len(true), *proportion(int(true.sum()), len(true)))
        for name, true in statements.items()
    }
    columns = ["count", "of", "share", "low", "high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("statement")


def order_by_ticker() -> pd.DataFrame:
    """Compare the mean errors of five seeds on the other tickers.

    Returns:
        A row a ticker and protocol, with the mean test MSE over persistence's of ``published``,
        ``rnn``, ``no_l2`` and, one number, ``arima``; and whether they stand in the paper's
        ``order`` (LSTM, RNN, ARIMA).
    """
    runs = all_runs()
    rows = {}
    for ticker, dataset in OTHER_TICKERS.items():
        here = select(runs, dataset=dataset)
        naive = here["persistence_rmse_usd"].max()
        ratio = here.assign(ratio=(here["test_rmse_usd"] / naive) ** 2)
        arima = select(ratio, recipe="arima")["ratio"].item()
        for protocol in ("as_published", "leak_free"):
            of = select(ratio, protocol=protocol).groupby("recipe")["ratio"].mean()
            row = {name: of[name] for name in ("published", "rnn", "no_l2")} | {"arima": arima}
            order = bool(row["published"] < row["rnn"] < row["arima"])
            rows[ticker, protocol] = row | {"order": order}
    return pd.DataFrame(rows).T.rename_axis(["ticker", "protocol"])
