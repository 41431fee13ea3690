"""What the store holds for the verdicts, read once: runs under every reading, and elsewhere."""

from __future__ import annotations

from functools import cache

import pandas as pd

from paperlib.experiments.catalogue import SEEDS
from paperlib.experiments.elsewhere import load_cell_runs
from paperlib.experiments.readings import load_reading_runs
from paperlib.experiments.store import select


@cache
def reading_runs() -> pd.DataFrame:
    """Return the runs of all readings (:func:`paperlib.experiments.readings.load_reading_runs`)."""
    return load_reading_runs()


@cache
def cell_runs() -> pd.DataFrame:
    """Return the runs of all cells (:func:`paperlib.experiments.elsewhere.load_cell_runs`)."""
    return load_cell_runs()


@cache
def has_all_seeds(reading: str, recipe: str) -> bool:
    """Tell whether every run of a recipe under one reading is stored, those that failed too."""
    stored = select(reading_runs(), reading=reading, recipe=recipe)["seed"]
    return set(SEEDS) <= set(stored)


@cache
def sound_runs(reading: str, recipe: str) -> pd.DataFrame:
    """Return the first ten runs of a recipe under one reading that did not fail, by seed."""
    runs = select(reading_runs(), reading=reading, recipe=recipe, status="ok")
    return runs[runs["seed"].isin(SEEDS)].set_index("seed")
