"""How every model stands one step ahead: errors of a typical run, and MSE over persistence's."""

from __future__ import annotations

import numpy as np
import pandas as pd

from paperlib.experiments.catalogue import PAPER_WINDOW, SEEDS
from paperlib.experiments.results import load_measures
from paperlib.experiments.store import load_values, select
from paperlib.stats.seeds import mean_ratio, prediction_interval

SIMPLE = {
    "persistence": "persistence",
    "drift": "drift",
    "mean_return": "mean return",
    "arima_cut_off": "ARIMA by correlogram, cut-off",
    "arima_bic": "ARIMA by BIC",
    "arima_aic": "ARIMA by AIC",
    "arima_last_lag": "ARIMA by correlogram, last lag",
}
NETWORKS = {
    "published": "LSTM as published",
    "single_layer": "LSTM, one layer",
    "no_l2": "LSTM without L2",
    "rnn": "RNN",
}
ERRORS = ("mae_usd", "rmse_usd", "mape_pct", "mae_scaled", "rmse_scaled", "mase", "direction_pct")


def standings(dataset: str = PAPER_WINDOW, protocol: str = "as_published") -> pd.DataFrame:
    """Score every model one step ahead on the test part.

    Returns:
        Indexed by model, each with its ``title`` and

        - the errors of a typical run, for a network with the 95 % prediction interval of one run
          (``..._low``, ``..._high``), and the share of right directions, for a network the median
          run's, else with its exact 95 % interval over sessions;
        - ``seeds``: a typical run's MSE over persistence's, for a network the geometric mean over
          seeds with its 95 % t interval (``seeds_low``, ``seeds_high``);
        - ``sessions``: for a network the seeds' mean loss over persistence's, which is never below
          the former; with its 95 % block-bootstrap interval over test sessions (``sessions_low``,
          ``sessions_high``). For a model that no seed moves the two are one.
    """
    values = select(load_values(), dataset=dataset)
    values = values[values["protocol"].isna() | (values["protocol"] == protocol)]
    runs = select(load_measures(), dataset=dataset, protocol=protocol, status="ok")
    runs = runs[runs["seed"].isin(SEEDS)]
    unit = (runs["test_rmse_usd"] / runs["test_rmse_scaled"]).iloc[0]
    rows = {}
    for name, title in SIMPLE.items():
        rows[name] = {"title": title} | _stored_row(select(values, model=name), unit)
    for name, title in NETWORKS.items():
        of_recipe = select(runs, recipe=name)
        rows[name] = {"title": title} | _network_row(of_recipe, select(values, model=name))
        ensemble = f"{name}_ensemble"
        stored = _stored_row(select(values, model=ensemble), unit)
        rows[ensemble] = {"title": f"{title}, ensemble"} | stored
    return pd.DataFrame(rows).T.rename_axis("model").infer_objects()


def _stored_row(values: pd.DataFrame, unit: float) -> dict[str, float]:
    """Lay out the stored scores of a model that no seed moves.

    Its scaled errors are stored in the unit of the whole series; here they are in that of the
    protocol, as the networks' are.

    Args:
        values: its rows of ``values.csv``.
        unit: dollars in a scaled unit.
    """
    by_key = values.drop_duplicates("key").set_index("key")[["estimate", "low", "high"]]
    row = {name: by_key["estimate"].get(name, np.nan) for name in ERRORS}
    direction = by_key.reindex(["direction_pct"]).iloc[0]
    ratio = by_key.loc["mse_over_persistence"]
    return row | {
        "mae_scaled": row["mae_usd"] / unit,
        "rmse_scaled": row["rmse_usd"] / unit,
        "direction_pct_low": direction["low"],
        "direction_pct_high": direction["high"],
        "seeds": ratio["estimate"],
        "sessions": ratio["estimate"],
        "sessions_low": ratio["low"],
        "sessions_high": ratio["high"],
    }


def _network_row(runs: pd.DataFrame, values: pd.DataFrame) -> dict[str, float]:
    """Summarise the runs of a network."""
    row = {"direction_pct": runs["direction_pct"].median()}
    for name in ERRORS[:-1]:
        column = name if name == "mase" else f"test_{name}"
        found = prediction_interval(runs[column])
        row |= {name: found.estimate, f"{name}_low": found.low, f"{name}_high": found.high}
    over_seeds = mean_ratio(runs["test_mse_scaled"] / runs["persistence_mse_scaled"])
    over_sessions = select(values, key="mse_over_persistence").iloc[0]
    return row | {
        "seeds": over_seeds.estimate,
        "seeds_low": over_seeds.low,
        "seeds_high": over_seeds.high,
        "sessions": over_sessions["estimate"],
        "sessions_low": over_sessions["low"],
        "sessions_high": over_sessions["high"],
    }
