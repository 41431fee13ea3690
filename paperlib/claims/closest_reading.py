"""Which reading of what the paper leaves open comes nearest to its tables 1 to 7?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from paperlib.claims.ledger import printed
from paperlib.experiments.catalogue import PAPER_WINDOW
from paperlib.experiments.price_series import ENDS, PAPER_SHA256
from paperlib.experiments.sensitivity import READINGS, Arima, Reading, reading_runs
from paperlib.experiments.store import all_runs
from paperlib.recipe import ABLATIONS, PAPER_END

DIGESTS = {PAPER_WINDOW: PAPER_SHA256} | {name: sha256 for name, (_, sha256) in ENDS.items()}
FULL, MSE, MAPE = "published", ("test_mse_scaled",), ("test_mape_pct",)
MAE_READINGS, RMSE_READINGS = ("mae_scaled", "mae_usd"), ("rmse_scaled", "rmse_usd")


def _of(part: str, measures: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{part}_{measure}" for measure in measures)


ONE = (("full_test_mse", "mse", MSE),)
ERRORS_OF = {
    3: (*ONE, ("full_test_mape", "mape", MAPE)),
    4: (("full_train_mse", "train_mse", ("train_mse_scaled",)), *ONE),
}
"""What the tables of ablations print, as the claim on the full model, how that on the ablated one
ends, and the measure."""

TABLES: dict[int, list[tuple[str, str, tuple[str, ...]]]] = {
    1: [
        (f"{part}_{metric}", FULL, _of(part, measures))
        for part in ("train", "test")
        for metric, measures in (
            ("mae", MAE_READINGS),
            ("mape", ("mape_pct",)),
            ("rmse", RMSE_READINGS),
        )
    ],
    2: [
        (f"{model}_{metric}", recipe, _of("test", measures))
        for model, recipe in (("test", FULL), ("rnn", "rnn"), ("arima", "arima"))
        for metric, measures in (
            ("mae", MAE_READINGS),
            ("mape", ("mape_pct",)),
            ("rmse", RMSE_READINGS),
        )
    ],
    **{
        ablation.table: [
            *((full, FULL, measures) for full, _, measures in ERRORS_OF.get(ablation.table, ONE)),
            *((f"{name}_{own}", name, of) for _, own, of in ERRORS_OF.get(ablation.table, ONE)),
        ]
        for name, ablation in ABLATIONS.items()
        if ablation.table
    },
}
"""The printed errors of each table, with claim, whose error it is, and measures it may be."""

NEAR = np.log(1.1)
"""A table is met if every error is within 10 %; fixed before the readings were trained."""


def typical_errors(reading: Reading, digest: str) -> pd.DataFrame:
    """Return the errors of each model under a reading: geometric means over its seeds.

    Args:
        reading: which combination.
        digest: of its prices, by which the runs are found.

    Returns:
        Indexed by recipe, ARIMA's as ``arima``; one column a measure.
    """
    runs = all_runs()
    runs = runs[runs["status"] == "ok"].assign(
        test_rmse_scaled=lambda t: t["test_rmse_scaled"].fillna(np.sqrt(t["test_mse_scaled"])),
        train_rmse_scaled=lambda t: np.sqrt(t["train_mse_scaled"]),
    )
    names = {run.key(digest): run.recipe_name.split(",")[0] for run in reading_runs(reading)}
    of_networks = runs[runs["key"].isin(list(names))]
    arima = runs[
        (runs["key"] == Arima(reading.dataset).key(digest)) & (runs["recipe"] == reading.arima)
    ]
    measures = sorted({m for table in TABLES.values() for *_, of in table for m in of})
    logs = np.log(of_networks[measures]).groupby(of_networks["key"].map(names)).mean()
    logs.loc["arima"] = np.log(arima[measures].iloc[0].astype(float))
    return np.exp(logs)


def distances(errors: pd.DataFrame) -> pd.DataFrame:
    """Hold the errors of one reading against the printed ones.

    Args:
        errors: of :func:`typical_errors`.

    Returns:
        A row a table, with ``distance``, the mean of ``|ln(ours / printed)|``, and ``met``.
    """
    rows = {}
    for table, cells in TABLES.items():
        off = [
            min(abs(np.log(errors.loc[recipe, m] / printed(claim)[0])) for m in measures)
            for claim, recipe, measures in cells
        ]
        rows[table] = {"distance": float(np.mean(off)), "met": max(off) <= NEAR}
    return pd.DataFrame(rows).T.rename_axis("table")


def nearest_readings() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Hold every reading against every table.

    Returns:
        Two tables with a row a reading, by name, the nearest first. The first has the distances,
        a column a table and ``all``, their mean; the second tells whether each table is met.
    """
    rows, met = {}, {}
    for reading in READINGS:
        found = distances(typical_errors(reading, DIGESTS[reading.dataset]))
        name = describe_reading(reading)
        rows[name] = found["distance"].astype(float).rename("table {}".format)
        met[name] = found["met"].astype(bool).rename("table {}".format)
    table = pd.DataFrame(rows).T.rename_axis("reading")
    table["all"] = table.mean(axis=1)
    table = table.sort_values("all")
    return table, pd.DataFrame(met).T.loc[table.index]


def describe_reading(reading: Reading) -> str:
    """Name a reading in a line."""
    end = PAPER_END if reading.dataset == PAPER_WINDOW else ENDS[reading.dataset][0]
    stopping = "stops early" if reading.stopping else "100 epochs"
    way = "one step" if reading.arima == "arima" else "30 sessions"
    return f"L2 {reading.penalty}, {stopping}, to {end[:7]}, ARIMA {way}"
