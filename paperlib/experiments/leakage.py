"""What each leak is worth: arms that differ in what scaling and selection may look at."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats
from scipy.special import comb

from paperlib.experiments.catalogue import SEEDS
from paperlib.experiments.store import all_runs, select
from paperlib.recipe import MIRRORED, STRETCHED
from paperlib.stats.interval import Interval, side
from paperlib.stats.seeds import mean_ratio, prediction_interval

TENS = 10  # seeds of which the best is reported
ARMS = {
    "leak_free": "honest",
    "scaler_leak": "scaler sees the test part",
    "validation_leak": "test part as validation set",
    "both_leaks": "both",
    MIRRORED.name: "control: range stretched downwards",
    STRETCHED.name: "control: range stretched upwards",
}
"""Titles of the arms. The controls stretch the scale as a leak does, and know nothing more."""


def arms(dataset: str, recipe: str) -> dict[str, pd.DataFrame]:
    """Return the runs of each arm that was trained, indexed by seed; the honest one first."""
    runs = select(all_runs(), dataset=dataset, recipe=recipe, status="ok")
    found = {name: select(runs, protocol=name).set_index("seed").sort_index() for name in ARMS}
    return {name: table for name, table in found.items() if len(table)}


def price_leaks(dataset: str, recipe: str = "published") -> pd.DataFrame:
    """Price the two leaks that act while training, and the controls, on equal training windows.

    Returns:
        A row an arm, with ``n`` seeds; ``mape_pct`` and ``rmse_usd`` of a typical run with the
        interval of one (``..._low``, ``..._high``); ``mse`` and ``mape``, the honest error over
        this arm's, seed by seed, with the 95 % t interval of their mean, and the ``verdict`` on
        the claim that the arm's MSE is smaller.
    """
    found = arms(dataset, recipe)
    honest = found["leak_free"]
    rows = {}
    for name, runs in found.items():
        row: dict[str, object] = {"n": len(runs)}
        for column in ("mape_pct", "rmse_usd"):
            typical = prediction_interval(runs[f"test_{column}"])
            row |= dict(zip((column, f"{column}_low", f"{column}_high"), typical, strict=True))
        if name != "leak_free":
            squared = (honest["test_rmse_usd"] / runs["test_rmse_usd"]).dropna() ** 2
            relative = (honest["test_mape_pct"] / runs["test_mape_pct"]).dropna()
            row |= {"mse": mean_ratio(squared), "mape": mean_ratio(relative)}
            row["verdict"] = side(row["mse"], 1.0)
        rows[name] = row
    return pd.DataFrame(rows).T.rename_axis("arm")


def over_persistence(dataset: str, recipe: str, arm: str = "leak_free") -> Interval:
    """Return the test MSE over persistence's, mean of the first ten seeds with its t interval."""
    return mean_ratio(over_persistence_by_run(dataset, recipe, arm))


def over_persistence_by_run(dataset: str, recipe: str, arm: str = "leak_free") -> pd.Series:
    """Return the test MSE of each of the first ten seeds over persistence's."""
    runs = arms(dataset, recipe)[arm].loc[list(SEEDS)]
    return (runs["test_rmse_usd"] / runs["persistence_rmse_usd"]) ** 2


def expected_best(errors: ArrayLike, by: ArrayLike | None = None, size: int = TENS) -> float:
    """Return the expected error of the best of ``size`` seeds: a geometric mean over all such sets.

    The best is the seed with the lowest ``by``. The i-th lowest of n is the best of
    C(n - i, size - 1) of the C(n, size) sets. So the best of one is the typical run.

    Args:
        errors: (n,) above zero, one a seed.
        by: (n,) the errors that the best is chosen by; the same ones if not given.
        size: how many seeds are tried, at most n.

    Raises:
        ValueError: if more are to be drawn than there are.
    """
    x = np.asarray(errors, dtype=np.float64)
    order = np.argsort(x if by is None else np.asarray(by), kind="stable")
    if not 1 <= size <= len(x):
        raise ValueError(f"can't draw {size} of {len(x)} seeds.")
    weights = comb(len(x) - np.arange(1, len(x) + 1), size - 1) / comb(len(x), size)
    return float(np.exp(weights @ np.log(x[order])))


def price_selection(dataset: str, recipe: str = "published") -> pd.DataFrame:
    """Price the report of the best of ten seeds, chosen by test MSE, in each arm.

    There is no interval: it would hang on the few lowest of twenty seeds, and a bootstrap of
    these is too short. Instead stands what the first and the second ten gave.

    Returns:
        A row an arm, with ``mse`` and ``mape``, an honest typical run's error over the expected
        best of ten in this arm, with the lower and the higher of the two tens; and that expected
        best, ``best_mape_pct`` and ``best_rmse_usd``.
    """
    found = arms(dataset, recipe)
    honest = found["leak_free"]
    rows = {}
    for name, runs in found.items():
        row: dict[str, object] = {}
        tens = [runs.iloc[:TENS], runs.iloc[TENS:]]
        for short, column, power in (("mse", "test_rmse_usd", 2), ("mape", "test_mape_pct", 1)):
            typical = stats.gmean(honest[column])
            bests = [
                expected_best(of[column], of["test_rmse_usd"]) for of in (runs, *tens) if len(of)
            ]
            ratio, *halves = ((typical / best) ** power for best in bests)
            row[short] = Interval(ratio, min(halves), max(halves))
            row[f"best_{column.removeprefix('test_')}"] = bests[0]
        rows[name] = row
    return pd.DataFrame(rows).T.rename_axis("arm")
