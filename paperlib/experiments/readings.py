"""The eight admissible readings of the paper, and the runs that tell what hangs on them.

Fixed, with what is made of them, in the book's page on how claims are judged.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pandas as pd

from paperlib.experiments.catalogue import (
    ABLATED,
    COMBINED,
    PAPER_WINDOW,
    SEEDS,
    Run,
    share_initial_weights,
)
from paperlib.experiments.price_series import PAPER_SHA256
from paperlib.experiments.results import compare_runs, derive_measures, load_measures
from paperlib.experiments.store import load_readings, select
from paperlib.recipe import AS_PUBLISHED, PUBLISHED, RNN, Recipe
from paperlib.stats.seeds import Comparison

ADMISSIBLE: dict[str, dict[str, object]] = {
    "decay 0.01": {},
    "decay 0.01, zero biases": {"biases": "zero"},
    "0.01 in the loss": {"l2_form": "loss"},
    "decay 0.0001": {"l2": 1e-4},
    "no L2": {"l2": 0.0},
    "no L2, zero biases": {"l2": 0.0, "biases": "zero"},
    # The paper's ablations run 100 epochs, and name no early stopping.
    "decay 0.01, 100 epochs": {"patience": None, "scored": "last"},
    "no L2, 100 epochs": {"l2": 0.0, "patience": None, "scored": "last"},
}
"""What each reading changes of the recipe as we take it."""

FURTHER_DOSE = {"decay 0.001": {"l2": 1e-3}}
"""No reading; the chapter on L2 needs it between two of them."""

MODELS: dict[str, Recipe] = {"published": PUBLISHED, "rnn": RNN, **ABLATED}
"""The networks of the paper's tables."""
READ: dict[str, Recipe] = {**MODELS, **COMBINED}
"""The recipes that the paper's claims are about."""


WITHOUT = {
    "decay 0.01": "no L2",
    "decay 0.01, zero biases": "no L2, zero biases",
    "0.01 in the loss": "no L2",
    "decay 0.0001": "no L2",
    "decay 0.01, 100 epochs": "no L2, 100 epochs",
}
"""Of each reading with L2 the one that is like it but for that."""


def reading_run(reading: str, name: str, seed: int) -> Run:
    """Name one run: a recipe of the paper under one reading, on its window as published."""
    recipe = replace(READ[name], **ADMISSIBLE[reading])
    return Run(PAPER_WINDOW, f"{name}, {reading}", recipe, AS_PUBLISHED, seed)


def reading_grid() -> list[Run]:
    """Name every recipe under every reading."""
    return [reading_run(*of) for of in product(ADMISSIBLE, READ, SEEDS)]


def dose_grid() -> list[Run]:
    """Name the full model's runs at the further dose of L2."""
    return [
        Run(PAPER_WINDOW, f"published, {dose}", replace(PUBLISHED, **change), AS_PUBLISHED, seed)
        for dose, change in FURTHER_DOSE.items()
        for seed in SEEDS
    ]


def load_reading_runs() -> pd.DataFrame:
    """Read the runs of all readings, and of the further dose of L2, from whichever table has them.

    Returns:
        One row a run that is stored, with ``reading``, ``recipe`` (of :data:`READ`), ``seed``,
        ``status`` and the measures of :func:`paperlib.experiments.results.load_measures`.
    """
    of = [(reading_run(*names), *names) for names in product(ADMISSIBLE, READ, SEEDS)]
    of += [(run, *reversed(run.recipe_name.split(", ")), run.seed) for run in dose_grid()]
    rows = [(run.key(PAPER_SHA256), *names) for run, *names in of]
    names = pd.DataFrame(rows, columns=["key", "reading", "recipe", "seed"])
    stored, measures = load_readings(), load_measures()
    if len(stored):
        measures = pd.concat([measures, derive_measures(stored.copy())])
    found = names.merge(measures.drop(columns=["recipe", "seed"]).drop_duplicates("key"), on="key")
    return found.copy()  # whole in memory, so that a selection is ten times as fast


def compare_under(
    runs: pd.DataFrame, reading: str, changed: str, baseline: str, column: str
) -> Comparison:
    """Compare a measure of two recipes under one reading, as the rules' question (a) asks.

    Args:
        runs: of :func:`load_reading_runs`.
        reading: of :data:`ADMISSIBLE`.
        changed: recipe of :data:`READ` that is claimed to be worse, or ``no_l2``, the full model
            without the reading's L2 (:data:`WITHOUT`).
        baseline: the recipe that is claimed to be better.
        column: the measure.
    """
    better = select(runs, reading=reading, recipe=baseline)
    if changed == "no_l2":
        worse = select(runs, reading=WITHOUT[reading], recipe=baseline)
        return compare_runs(worse, better, column, paired=True)
    paired = share_initial_weights(READ[changed], READ[baseline])
    return compare_runs(select(runs, reading=reading, recipe=changed), better, column, paired)
