"""Does a comparison come out over test sessions as well as seeds? Stored as ratios, by window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from paperlib.experiments.catalogue import PAPER_WINDOW, SEEDS, Run, share_initial_weights
from paperlib.experiments.readings import ADMISSIBLE, MODELS
from paperlib.experiments.sensitivity import REMEDIES, RETURNS
from paperlib.experiments.store import COMPARED
from paperlib.recipe import AS_PUBLISHED, LEAK_FREE, PUBLISHED
from paperlib.stats.seeds_and_sessions import ratio_of_mean_losses

READINGS_ASKED = ("decay 0.01", "no L2")
"""Of which admissible readings."""
LEAK_FREE_TARGETS = {"published": PUBLISHED, **RETURNS, **REMEDIES}
"""Recipes of every target, which are held against persistence, trained leak-free."""


def session_runs(dataset: str) -> dict[tuple[str, str], list[Run]]:
    """Name the runs whose errors are compared session by session, by reading and recipe."""
    if dataset != PAPER_WINDOW:  # whose test period question (b) is about
        return {}
    return {
        (reading, name): [
            Run(dataset, name, replace(recipe, **ADMISSIBLE[reading]), AS_PUBLISHED, seed)
            for seed in SEEDS
        ]
        for reading in READINGS_ASKED
        for name, recipe in MODELS.items()
    }


def target_runs(dataset: str) -> dict[tuple[str, str], list[Run]]:
    """Name the leak-free runs that are held against persistence, as in :func:`session_runs`."""
    return {
        (LEAK_FREE.name, name): [Run(dataset, name, recipe, LEAK_FREE, seed) for seed in SEEDS]
        for name, recipe in LEAK_FREE_TARGETS.items()
    }


def compare_over_sessions(
    dataset: str, losses: Mapping[tuple[str, str], np.ndarray]
) -> pd.DataFrame:
    """Compare recipes by mean squared error.

    Each is held against the published one and ARIMA against the RNN too; where ``persistence`` is
    among a reading's recipes, all others against that.

    Args:
        dataset: the series.
        losses: by reading and recipe the squared errors of the test part, (seeds, n); ``arima``
            and ``persistence`` have one row.

    Returns:
        A row a reading, recipe and the one it is held ``over``, with ``ratio``, mean loss over that
        one's, its 95 % interval ``low`` and ``high`` over seeds and sessions together, and how many
        ``seeds`` the recipe has.
    """
    rows = []
    for (reading, name), of in losses.items():
        for over in _held_over(name, against_persistence=(reading, "persistence") in losses):
            paired = {name, over} <= set(MODELS) and share_initial_weights(
                MODELS[name], MODELS[over]
            )
            found = ratio_of_mean_losses(of, losses[reading, over], paired)
            rows.append((dataset, reading, name, over, *found, len(of)))
    return pd.DataFrame(rows, columns=COMPARED)


def _held_over(name: str, against_persistence: bool) -> list[str]:
    if against_persistence:
        return [] if name == "persistence" else ["persistence"]
    return {"published": [], "arima": ["published", "rnn"]}.get(name, ["published"])
