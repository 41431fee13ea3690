"""Runs for tests: what stored ones come to, and ones that are made up."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from paperlib.experiments.catalogue import PAPER_WINDOW
from paperlib.experiments.store import load_runs, load_trials, select

LOSSES = np.random.default_rng(0).lognormal(0, 0.2, 10)


def geometric_mse(recipe: str) -> float:
    """The typical test MSE of ten runs, straight from the files."""
    runs = pd.concat([load_runs(), load_trials()])
    runs = select(runs, dataset=PAPER_WINDOW, protocol="as_published", recipe=recipe)
    return float(np.exp(np.log(runs.loc[runs["seed"] < 10, "test_mse_scaled"]).mean()))


def runs_of(recipe: str, losses: np.ndarray, dataset: str = "d", protocol: str = "as_published"):
    """One run a seed."""
    return pd.DataFrame(
        {
            "dataset": dataset, "recipe": recipe, "protocol": protocol,
            "seed": range(len(losses)), "test_mse_scaled": losses, "status": "ok",
            "persistence_mse_scaled": 0.25,
        }
    )  # fmt: skip


def put_measures(
    patch: pytest.MonkeyPatch, modules: Iterable[ModuleType], tables: Iterable[pd.DataFrame]
) -> None:
    """Let modules find these runs in the store, in no order."""
    shuffled = pd.concat(tables).sample(frac=1, random_state=0)
    for module in modules:
        patch.setattr(module, "load_measures", lambda: shuffled)


def arms_of_leaks() -> tuple[np.ndarray, pd.DataFrame]:
    """Twenty seeds an arm; with both leaks errors are half, else the honest ones.

    Returns:
        The honest errors, and the runs.
    """
    honest = np.random.default_rng(0).uniform(1, 3, 20)
    arms = [
        pd.DataFrame(
            {
                "dataset": "d",
                "recipe": "published",
                "protocol": name,
                "seed": range(20),
                "status": "ok",
                "test_rmse_usd": honest * factor,
                "test_mape_pct": honest * factor,
            }
        )
        for name, factor in (
            ("leak_free", 1.0),
            ("stretched", 1.0),
            ("scaler_leak", 1.0),
            ("both_leaks", 0.5),
        )
    ]
    return honest, pd.concat(arms)
