"""One recipe against another on the stored runs, as the ablations and the ledger ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from paperlib.claims import load_claims
from paperlib.comparison import (
    Comparison,
    compare_losses,
    holm,
    prediction_interval,
    summarise_seeds,
)
from paperlib.convergence import load_measures
from paperlib.grid import (
    PROTOCOL_TITLES,
    SEEDS,
    WINDOW_TITLES,
    all_recipes,
    share_initial_weights,
)
from paperlib.recipe import ABLATIONS
from paperlib.store import select

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
    :func:`paperlib.comparison.compare_losses`.
    """
    runs = select(load_measures(), dataset=dataset, protocol=protocol, status="ok")
    runs = runs[runs["seed"].isin(SEEDS)]
    table = select(runs, recipe=changed)[["seed", column]].merge(
        select(runs, recipe=baseline)[["seed", column]], on="seed", suffixes=("_changed", "_base")
    )
    recipes = all_recipes()
    paired = share_initial_weights(recipes[changed], recipes[baseline])
    table = table.dropna()
    return compare_losses(table[f"{column}_base"], table[f"{column}_changed"], paired)


def compare_ablations(dataset: str, protocol: str = "as_published") -> pd.DataFrame:
    """Compare each of the five ablations with the published recipe, by test MSE.

    Returns:
        One row an ablation, with ``ratio`` (ablated over full) with its 95 % t interval ``low`` and
        ``high``, ``p_value`` of the permutation test, ``p_holm`` adjusted over the five, and
        ``verdict`` on the paper's claim that the ablated model is worse.
    """
    rows = {name: compare_recipes(name, "published", dataset, protocol) for name in ABLATIONS}
    table = pd.DataFrame(rows, index=Comparison._fields).T.rename_axis("recipe")
    table.insert(4, "p_holm", holm(table["p_value"].astype(float)))
    return table.drop(columns="is_difference").infer_objects()


def compare_settings(ablated: str) -> pd.DataFrame:
    """Compare an ablated recipe with the full one as published, leak-free, and both without L2.

    Returns:
        One row a series and setting, with the fields of
        :class:`paperlib.comparison.Comparison` and ``text``, the ratio with its interval.
    """
    settings = {
        "as published": ("", "published", "as_published"),
        "leak-free": ("", "published", "leak_free"),
        "no L2": ("_no_l2", "no_l2", "as_published"),
    }
    rows = {}
    for dataset, title in WINDOW_TITLES.items():
        for setting, (suffix, full, protocol) in settings.items():
            found = compare_recipes(ablated + suffix, full, dataset, protocol)
            rows[f"{title.split(' (')[0]}, {setting}"] = {**found._asdict(), "text": str(found)}
    return pd.DataFrame(rows).T


def summarise_recipe(
    recipe: str, column: str, dataset: str, protocol: str = "as_published"
) -> pd.Series:
    """Summarise a measure of one stored recipe over those of its first ten seeds that did not fail.

    Returns:
        The fields of :class:`paperlib.comparison.Summary`.
    """
    values = _values(recipe, column, dataset, protocol)
    return pd.Series(summarise_seeds(values)._asdict())


def _values(recipe: str, column: str, dataset: str, protocol: str) -> pd.Series:
    """Find a measure of the first ten seeds of a stored recipe, without runs that failed."""
    runs = select(load_measures(), recipe=recipe, dataset=dataset, protocol=protocol, status="ok")
    return runs.loc[runs["seed"].isin(SEEDS), column].dropna()


class Row(NamedTuple):
    """A line of a table that puts a measure of two recipes beside the paper's."""

    label: str
    column: str  # of load_measures
    form: str  # how to write it, such as "{:.4f}"
    full: str = ""  # id of the paper's claim on the full model, if it has one
    ablated: str = ""  # likewise on the ablated one
    suffix: str = ""  # "_100" where the measure is of the runs without early stopping


def beside_paper(ablated: str, rows: Sequence[Row]) -> pd.DataFrame:
    """Put the paper's row beside ours, in both protocols and on both series.

    Returns:
        Two lines a measure (full and ablated), each a typical run with the 95 % prediction interval
        of one run; then persistence; last, the ratio of the test MSE with its 95 % t interval and
        the verdict.
    """
    claims = load_claims()
    lines = []
    for row in rows:
        for model, recipe, claim in (
            ("full", "published", row.full),
            ("ablated", ablated, row.ablated),
        ):
            line = {
                "measure": f"{row.label}, {model}",
                "paper": str(claims[claim]) if claim else "–",
            }
            for title, cell in CELLS.items():
                line[title] = typical_run(recipe + row.suffix, row.column, row.form, *cell)
            lines.append(line)
    naive = {"measure": "test MSE, persistence", "paper": "–"}
    last = {"measure": "test MSE, ablated over full", "paper": "–"}
    for title, cell in CELLS.items():
        dataset, protocol = cell
        runs = select(load_measures(), dataset=dataset, protocol=protocol)
        naive[title] = f"{runs['persistence_mse_scaled'].iloc[0]:.4f}"
        found = compare_recipes(ablated, "published", *cell)
        last[title] = f"{found}: {found.verdict}"
    return pd.DataFrame([*lines, naive, last])


def typical_run(recipe: str, column: str, form: str, dataset: str, protocol: str) -> str:
    """Write a measure's typical run with the 95 % prediction interval of one; a dash for none.

    Args:
        recipe: its name in the store.
        column: of :func:`paperlib.convergence.load_measures`.
        form: how to write a number, such as ``"{:.2f}"``.
        dataset: the series.
        protocol: the protocol.
    """
    values = _values(recipe, column, dataset, protocol)
    if len(values) < 2:
        return "–"
    middle, low, high = (form.format(value) for value in prediction_interval(values))
    return f"{middle} ({low} to {high})"
