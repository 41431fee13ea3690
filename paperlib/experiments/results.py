"""What the stored runs say: measures, typical runs, and one recipe against another."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd

from paperlib.experiments.catalogue import (
    PROTOCOL_TITLES,
    SEEDS,
    WINDOW_TITLES,
    all_recipes,
    share_initial_weights,
)
from paperlib.experiments.store import ID, load_evaluations, load_histories, load_runs, select
from paperlib.stats.seeds import (
    Comparison,
    compare_losses,
    prediction_interval,
)
from paperlib.training_curves import COLUMNS, summarise_run


def summarise_training(histories: pd.DataFrame) -> pd.DataFrame:
    """Describe how each run trained.

    Args:
        histories: one row per run and epoch, as :func:`paperlib.experiments.store.load_histories`
            returns them.

    Returns:
        One row per run, indexed by dataset, recipe, protocol and seed, with what
        :func:`paperlib.training_curves.summarise_run` finds.
    """
    ordered = histories.sort_values([*ID, "epoch"])
    # As arrays, since a thousand histories are described whenever a chapter reads the store.
    columns = {name: ordered[name].to_numpy() for name in COLUMNS}
    starts = np.flatnonzero(~ordered.duplicated(ID))
    rows = [
        summarise_run({name: column[start:stop] for name, column in columns.items()})
        for start, stop in pairwise([*starts, len(ordered)])
    ]
    runs = pd.MultiIndex.from_frame(ordered[ID].iloc[starts])
    return pd.DataFrame(rows, index=runs, dtype=np.float64)


def load_measures() -> pd.DataFrame:
    """Read the stored runs with all that can be measured of them.

    Returns:
        The columns of ``runs.csv`` and of :func:`summarise_training`, and

        - ``train_rmse_scaled``, ``test_rmse_scaled``: the roots of the scaled MSEs;
        - ``gap``: test minus train MSE (scaled), ``gap_ratio``: test over train MSE;
        - ``loss_fall_pct``, ``penalised_fall_pct``: fall of the training loss in thirty epochs,
          in per cent, without and with the penalty;
        - the columns of ``evaluations.csv``, missing for runs that were not evaluated, with
          ``theil_systematic_pct``, ``willmott_random_pct`` and ``unbiased_pct``, what its shares of
          the error leave of 100, and ``mse_day_30`` and ``mse_30_days``, its RMSEs squared.
    """
    return _measures().copy()  # a caller may change what it gets


@cache
def _measures() -> pd.DataFrame:
    summary = summarise_training(load_histories()).infer_objects()
    runs = load_runs().set_index(ID)
    runs = runs[runs.index.isin(summary.index)]
    for measures in (summary, load_evaluations().drop(columns="key").set_index(ID)):
        runs = _fill(runs, measures)
    return derive_measures(runs.reset_index())


def _fill(runs: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Add columns by index, and fill those that not every run has: older rows say less."""
    found = measures.reindex(runs.index)
    filled = {name: runs[name].fillna(found[name]) for name in found if name in runs}
    return pd.concat([runs.assign(**filled), found.drop(columns=list(filled))], axis=1).copy()


def derive_measures(runs: pd.DataFrame) -> pd.DataFrame:
    """Add to rows of runs what follows from their other columns, as in :func:`load_measures`."""
    return runs.assign(
        train_rmse_scaled=runs["train_mse_scaled"] ** 0.5,
        test_rmse_scaled=runs["test_mse_scaled"] ** 0.5,
        gap=runs["test_mse_scaled"] - runs["train_mse_scaled"],
        gap_ratio=runs["test_mse_scaled"] / runs["train_mse_scaled"],
        loss_fall_pct=100 * (1 - runs["loss_30"] / runs["first_loss"]),
        penalised_fall_pct=100 * (1 - runs["penalised_30"] / runs["first_penalised"]),
        theil_systematic_pct=100 - runs["disturbance_pct"],
        willmott_random_pct=100 - runs["willmott_systematic_pct"],
        unbiased_pct=100 - runs["bias_pct"],
        mse_day_30=runs["rmse_day_30"] ** 2,
        mse_30_days=runs["rmse_30_days"] ** 2,
    )


DIFFERENCES = ("early_wobble_pct",)
"""Measures that may be zero, so that not their ratios but their differences are compared."""
CELLS = {
    f"{title.split(' (')[0]}, {of_protocol}": (dataset, protocol)
    for dataset, title in WINDOW_TITLES.items()
    for protocol, of_protocol in PROTOCOL_TITLES.items()
}
"""Series and protocol of each cell, by what to call it; the first is the primary one."""


def compare_recipes(
    changed: str,
    baseline: str,
    dataset: str,
    protocol: str = "as_published",
    column: str = "test_mse_scaled",
) -> Comparison:
    """Compare a measure of two stored recipes over their first ten seeds, if neither run failed.

    Pairs by seed where both start from the same weights; see
    :func:`paperlib.stats.seeds.compare_losses`.
    """
    runs = select(load_measures(), dataset=dataset, protocol=protocol)
    recipes = all_recipes()
    paired = share_initial_weights(recipes[changed], recipes[baseline])
    of_each = (select(runs, recipe=name) for name in (changed, baseline))
    return compare_runs(*of_each, column, paired)


def compare_runs(
    changed: pd.DataFrame, baseline: pd.DataFrame, column: str, paired: bool
) -> Comparison:
    """Compare a measure of two tables of runs over the first ten seeds, if neither run failed.

    Args:
        changed: runs of one recipe, with ``seed``, ``status`` and the measure.
        baseline: runs of the other.
        column: the measure.
        paired: whether equal seeds start from the same weights.
    """
    sound = (
        of.loc[of["seed"].isin(SEEDS) & (of["status"] == "ok"), ["seed", column]]
        for of in (changed, baseline)
    )
    table = pd.merge(*sound, on="seed", suffixes=("_changed", "_base")).dropna()
    values = table[f"{column}_base"], table[f"{column}_changed"]
    return compare_losses(*values, paired, differences=column in DIFFERENCES)


def _values(recipe: str, column: str, dataset: str, protocol: str) -> pd.Series:
    """Find a measure of the first ten seeds of a stored recipe, without runs that failed."""
    runs = select(load_measures(), recipe=recipe, dataset=dataset, protocol=protocol, status="ok")
    return runs.loc[runs["seed"].isin(SEEDS), column].dropna()


def typical_run(recipe: str, column: str, form: str, dataset: str, protocol: str) -> str:
    """Write a measure's typical run with the 95 % prediction interval of one; a dash for none.

    Args:
        recipe: its name in the store.
        column: of :func:`paperlib.experiments.results.load_measures`.
        form: how to write a number, such as ``".2f"``.
        dataset: the series.
        protocol: the protocol.
    """
    values = _values(recipe, column, dataset, protocol)
    if len(values) < 2:
        return "–"
    return f"{prediction_interval(values):{form}}"


def compute_used(*tables: pd.DataFrame) -> dict[str, float]:
    """Sum up what the stored runs took by the clock, which goes on while the cores are busy.

    Returns:
        ``runs``, ``core_hours`` and ``longest_minutes``; and ``usual_hours``, if each run had gone
        at the median pace of its recipe, in seconds an epoch.
    """
    runs = pd.concat([table[["recipe", "epochs", "seconds"]] for table in tables]).dropna()
    seconds = runs["seconds"]
    pace = (seconds / runs["epochs"]).groupby(runs["recipe"]).transform("median")
    return {
        "runs": len(runs),
        "core_hours": float(np.sum(seconds) / 3600),
        "usual_hours": float(np.sum(pace * runs["epochs"]) / 3600),
        "longest_minutes": float(np.max(seconds) / 60),
    }
