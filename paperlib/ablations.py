"""One recipe against another, on the stored runs: what chapters 6 to 10 and the ledger ask."""

from __future__ import annotations

import pandas as pd

from paperlib.comparison import Comparison, compare_losses, holm, summarise_seeds
from paperlib.convergence import load_measures
from paperlib.grid import all_recipes, share_initial_weights
from paperlib.recipe import ABLATIONS
from paperlib.store import select


def compare_recipes(
    changed: str,
    baseline: str,
    dataset: str,
    protocol: str = "as_published",
    column: str = "test_mse_scaled",
) -> Comparison:
    """Compare a measure of two stored recipes over the seeds they have in common.

    Pairs by seed where both start from the same weights; see
    :func:`paperlib.comparison.compare_losses`.
    """
    runs = select(load_measures(), dataset=dataset, protocol=protocol)
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
        One row an ablation: ``ratio`` (ablated over full) with its 95 % t interval ``low`` and
        ``high``, ``p_value`` of the permutation test, ``p_holm`` adjusted over the five, and
        ``verdict`` on the paper's claim that the ablated model is worse.
    """
    rows = {name: compare_recipes(name, "published", dataset, protocol) for name in ABLATIONS}
    table = pd.DataFrame(rows, index=Comparison._fields).T.rename_axis("recipe")
    table.insert(4, "p_holm", holm(table["p_value"].astype(float)))
    return table.infer_objects()


def summarise_recipe(
    recipe: str, column: str, dataset: str, protocol: str = "as_published"
) -> pd.Series:
    """Summarise a measure of one stored recipe over its first ten seeds.

    Returns:
        The fields of :class:`paperlib.comparison.Summary`.
    """
    runs = select(load_measures(), recipe=recipe, dataset=dataset, protocol=protocol)
    values = runs.loc[runs["seed"] < 10, column].dropna()
    return pd.Series(summarise_seeds(values)._asdict())
