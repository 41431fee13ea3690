"""Does a comparison come out over test sessions as well as seeds? Stored as ratios, by window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from paperlib.experiments.catalogue import SEEDS, Run, share_initial_weights
from paperlib.experiments.elsewhere import DEVICES
from paperlib.experiments.readings import ADMISSIBLE
from paperlib.experiments.store import COMPARED
from paperlib.recipe import AS_PUBLISHED
from paperlib.stats.seeds_and_sessions import ratio_of_mean_losses

READINGS_ASKED = ("decay 0.01", "no L2")
"""Of which admissible readings; their runs are in the grid of both windows."""
OTHERS_OVER = {"arima": ("published", "rnn")}


def session_runs(dataset: str) -> dict[tuple[str, str], list[Run]]:
    """Name the runs whose errors are compared session by session, by reading and recipe."""
    return {
        (reading, name): [
            Run(dataset, name, replace(recipe, **ADMISSIBLE[reading]), AS_PUBLISHED, seed)
            for seed in SEEDS
        ]
        for reading in READINGS_ASKED
        for name, recipe in DEVICES.items()
    }


def compare_over_sessions(
    dataset: str, losses: Mapping[tuple[str, str], np.ndarray]
) -> pd.DataFrame:
    """Compare each recipe with the published one by mean squared error, and ARIMA with the RNN too.

    Args:
        dataset: the series.
        losses: by reading and recipe the squared errors of the test part, (seeds, n); ``arima``
            has one row.

    Returns:
        A row a reading, recipe and the one it is held ``over``, with ``ratio``, mean loss over that
        one's, and its 95 % interval ``low`` and ``high`` over seeds and sessions together.
    """
    rows = []
    for reading, name in losses:
        for over in OTHERS_OVER.get(name, ("published",)):
            if over == name:
                continue
            paired = name in DEVICES and share_initial_weights(DEVICES[name], DEVICES[over])
            found = ratio_of_mean_losses(losses[reading, name], losses[reading, over], paired)
            rows.append((dataset, reading, name, over, *found))
    return pd.DataFrame(rows, columns=COMPARED)
