"""Which reading of what the paper leaves open comes nearest to its tables 1 to 7?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd

from paperlib.claims.ledger import printed
from paperlib.experiments.catalogue import PAPER_WINDOW, Run
from paperlib.experiments.price_series import ENDS, PAPER_SHA256
from paperlib.experiments.readings import ADMISSIBLE, MODELS
from paperlib.experiments.sensitivity import AT_OTHER_ENDS, READING_SEEDS, Arima
from paperlib.experiments.store import all_runs
from paperlib.recipe import ABLATIONS, AS_PUBLISHED, PAPER_END

DIGESTS = {PAPER_WINDOW: PAPER_SHA256} | {name: sha256 for name, (_, sha256) in ENDS.items()}
GRID = [*product(ADMISSIBLE, [PAPER_WINDOW]), *product(AT_OTHER_ENDS, ENDS)]
"""Which readings are sought through, each with the end of the data."""
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


def typical_errors(
    runs: pd.DataFrame, reading: str, dataset: str, seeds: Sequence[int]
) -> pd.DataFrame:
    """Return the errors of each model under a reading: geometric means over some seeds.

    Args:
        runs: of :func:`paperlib.experiments.store.all_runs`.
        reading: of :data:`paperlib.experiments.readings.ADMISSIBLE`.
        dataset: the paper's window, or one with another end.
        seeds: whose runs are taken.

    Returns:
        Indexed by recipe, ARIMA's, one step ahead, as ``arima``; one column a measure.
    """
    names = {
        run.key(DIGESTS[dataset]): name
        for name, recipe in MODELS.items()
        for run in (
            Run(dataset, name, replace(recipe, **ADMISSIBLE[reading]), AS_PUBLISHED, seed)
            for seed in seeds
        )
    } | {Arima(dataset).key(DIGESTS[dataset]): "arima"}
    runs = runs[runs["key"].isin(list(names)) & (runs["status"] == "ok")].drop_duplicates("key")
    runs = runs[runs["recipe"] != "arima_30"].assign(
        test_rmse_scaled=lambda t: t["test_rmse_scaled"].fillna(np.sqrt(t["test_mse_scaled"])),
        train_rmse_scaled=lambda t: np.sqrt(t["train_mse_scaled"]),
    )
    measures = sorted({m for table in TABLES.values() for *_, of in table for m in of})
    return np.exp(np.log(runs[measures].astype(float)).groupby(runs["key"].map(names)).mean())


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
    """Hold every reading of the grid against every table.

    Returns:
        Two tables with a row a reading, by name, the nearest first. The first has the distances,
        a column a table and ``all``, their mean; its standard ``error`` over seeds; and whether it
        is a ``tie`` with the nearest, from which it differs by less than their seeds do. The second
        tells whether each table is met.
    """
    runs, rows, met = all_runs(), {}, {}
    for reading, dataset in GRID:
        name = describe_reading(reading, dataset)
        errors = typical_errors(runs, reading, dataset, READING_SEEDS)
        found = distances(errors)
        by_seed = [
            distances(typical_errors(runs, reading, dataset, [seed]))["distance"].mean()
            for seed in READING_SEEDS
        ]
        row = found["distance"].astype(float).rename("table {}".format)
        error = float(np.std(by_seed, ddof=1) / np.sqrt(len(by_seed)))
        rows[name] = {**row, "all": row.mean(), "error": error}
        met[name] = found["met"].astype(bool).rename("table {}".format)
    table = pd.DataFrame(rows).T.rename_axis("reading").sort_values("all")
    apart = table["all"] - table["all"].iloc[0]
    table["tie"] = apart < np.hypot(table["error"], table["error"].iloc[0])
    table.iloc[0, -1] = True
    return table, pd.DataFrame(met).T.loc[table.index]


def describe_reading(reading: str, dataset: str) -> str:
    """Name a reading in a line."""
    end = PAPER_END if dataset == PAPER_WINDOW else ENDS[dataset][0]
    return f"{reading}, to {end[:7]}"
