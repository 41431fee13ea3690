"""Does a comparison come out over test sessions as well as seeds? Stored as ratios, by window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from paperlib.experiments.catalogue import PAPER_WINDOW, SEEDS, Run, share_initial_weights
from paperlib.experiments.readings import ADMISSIBLE, MODELS
from paperlib.experiments.store import COMPARED
from paperlib.recipe import AS_PUBLISHED
from paperlib.stats.seeds_and_sessions import ratio_of_mean_losses

READINGS_ASKED = ("decay 0.01", "no L2")
"""Of which admissible readings."""
HELD_OVER = {"published": (), "arima": ("published", "rnn")}
"""What a recipe is compared with, if not with the published one alone."""


def session_runs(dataset: str) -> dict[tuple[str, str], list[Run]]:
    """Name the runs whose errors are compared session by session, by reading and recipe.

    The question is about the paper's own test period, so other series have none.
    """
    if dataset != PAPER_WINDOW:
        return {}
    return {
        (reading, name): [
            Run(dataset, name, replace(recipe, **ADMISSIBLE[reading]), AS_PUBLISHED, seed)
            for seed in SEEDS
        ]
        for reading in READINGS_ASKED
        for name, recipe in MODELS.items()
    }


def compare_over_sessions(
    dataset: str, losses: Mapping[tuple[str, str], np.ndarray]
) -> pd.DataFrame:
    """Compare recipes by mean squared error.

    Each is held against the published one, and ARIMA against the RNN too.

    Args:
        dataset: the series.
        losses: by reading and recipe the squared errors of the test part, (seeds, n); ``arima``
            has one row.

    Returns:
        A row a reading, recipe and the one it is held ``over``, with ``ratio``, mean loss over that
        one's, its 95 % interval ``low`` and ``high`` over seeds and sessions together, and how many
        ``seeds`` the recipe has.
    """
    rows = []
    for (reading, name), of in losses.items():
        for over in HELD_OVER.get(name, ("published",)):
            paired = {name, over} <= set(MODELS) and share_initial_weights(
                MODELS[name], MODELS[over]
            )
            found = ratio_of_mean_losses(of, losses[reading, over], paired)
            rows.append((dataset, reading, name, over, *found, len(of)))
    return pd.DataFrame(rows, columns=COMPARED)
