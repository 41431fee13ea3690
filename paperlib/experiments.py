"""Run every experiment of the book and store what came out: ``make results``.

A run is (recipe, protocol, prices, seed). Its key is a digest of all four as resolved, so renaming
or documenting something recomputes nothing, and changing a number recomputes what hangs on it.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

import joblib
import numpy as np
import pandas as pd
import torch

from paperlib import metrics, store
from paperlib.comparison import block_bootstrap_interval
from paperlib.data import Part, Scaler, fingerprint, load_prices, make_windows
from paperlib.recipe import (
    AS_PUBLISHED,
    LEAK_FREE,
    PAPER_END,
    PAPER_START,
    PUBLISHED,
    EvalProtocol,
    Recipe,
)
from paperlib.training import fit, predict

SEEDS = range(10)
BUNDLED_WINDOW, PAPER_WINDOW = "nflx-2016-2023", "nflx-2016-2025"
PAPER_SHA256 = "14fe4a93c801207e280da256ab5e2bddf5d80915436def69fd73f8936110d56e"
"""Fingerprint of the closes of the paper's window, 2,324 sessions, which are not ours to ship."""

RECIPES: dict[str, Recipe] = {
    "published": PUBLISHED,
    # What the paper leaves open about its L2 term: where it enters, and whether it is there at all.
    "l2_in_loss": replace(PUBLISHED, l2_form="loss"),
    "no_l2": replace(PUBLISHED, l2=0.0),
}
# Figure 3 is drawn to epoch 100, although stopping is said to fire before.
FULL_LENGTH = {f"{name}_100": replace(recipe, patience=None) for name, recipe in RECIPES.items()}


@dataclass(frozen=True)
class Run:
    """One training run to make."""

    dataset: str
    recipe_name: str
    recipe: Recipe
    protocol: EvalProtocol
    seed: int

    def key(self, prices_sha256: str) -> str:
        """Digest of everything that decides the numbers."""
        resolved = [asdict(self.recipe), asdict(self.protocol), prices_sha256, self.seed]
        text = json.dumps(resolved, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def grid(dataset: str) -> list[Run]:
    """Every run of the book on one series."""
    parts = [
        (RECIPES, AS_PUBLISHED),
        (RECIPES, LEAK_FREE),
        (FULL_LENGTH, AS_PUBLISHED),
    ]
    return [
        Run(dataset, name, recipe, protocol, seed)
        for recipes, protocol in parts
        for name, recipe in recipes.items()
        for seed in SEEDS
    ]


def load_series(paper_file: str | None) -> dict[str, pd.DataFrame]:
    """Load the bundled window and, from a file that covers it, the paper's.

    Raises:
        PriceFileError: if the file can't be read.
        ValueError: if it is not Netflix, to the cent, from 2016-01-04 to 2025-03-31: other closes
            would replace the stored results by those of another series.
    """
    series = {BUNDLED_WINDOW: load_prices()}
    if paper_file:
        prices = load_prices(paper_file).loc[PAPER_START:PAPER_END]
        if not len(prices) or fingerprint(prices).sha256 != PAPER_SHA256:
            raise ValueError(
                f"{paper_file}: not Netflix's closes to the cent for every session from "
                f"{PAPER_START} to {PAPER_END}, on which the stored results rest (prices rounded "
                "after the split of 2025 are not enough). Leave PRICES out to compute the bundled "
                "window alone."
            )
        series[PAPER_WINDOW] = prices
    return series


def errors(part: Part, scaled: np.ndarray, scaler: Scaler) -> dict[str, float]:
    """Return the errors of scaled forecasts (n,), in scaled units, dollars and per cent."""
    dollars = scaler.unscale(scaled)
    return {
        "mse_scaled": metrics.mse(part.targets, scaled),
        "mae_scaled": metrics.mae(part.targets, scaled),
        "mae_usd": metrics.mae(part.close, dollars),
        "rmse_usd": metrics.rmse(part.close, dollars),
        "mape_pct": metrics.mape(part.close, dollars),
    }


def execute(run: Run, prices: pd.DataFrame) -> tuple[dict[str, object], pd.DataFrame]:
    """Train and score one run; return its row and its history."""
    started = time.perf_counter()
    windows = make_windows(prices["close"], run.recipe, run.protocol)
    fitted = fit(run.recipe, windows, run.seed)
    prices_sha256 = fingerprint(prices).sha256
    history = fitted.history
    train, test = windows.train, windows.test
    forecasts = {
        "train": (train, predict(fitted.model, train.inputs)),
        "test": (test, predict(fitted.model, test.inputs)),
        "persistence": (test, test.inputs[:, -1]),
    }
    scores = {
        f"{of}_{metric}": value
        for of, (part, scaled) in forecasts.items()
        for metric, value in errors(part, scaled, windows.scaler).items()
    }
    squared_errors = (test.targets - forecasts["test"][1]) ** 2
    sampled = block_bootstrap_interval(squared_errors)
    row = {
        "dataset": run.dataset,
        "recipe": run.recipe_name,
        "protocol": run.protocol.name,
        "seed": run.seed,
        "status": fitted.status,
        "epochs": len(history),
        "best_epoch": fitted.best_epoch,
        **scores,
        "test_mse_scaled_low": sampled.low,
        "test_mse_scaled_high": sampled.high,
        "grad_norm_max": float(history["grad_norm_max"].max()),
        "clipped_share": float(history["clipped_share"].mean()),
        "lr_final": float(history["lr"].iloc[-1]),
        "seconds": round(time.perf_counter() - started, 1),
        "key": run.key(prices_sha256),
        "prices": prices_sha256[:16],
        "torch": torch.__version__,
        "processor": platform.machine() + " " + torch.backends.cpu.get_cpu_capability(),
    }
    return row, history.reset_index()


def run_missing(series: dict[str, pd.DataFrame], jobs: int) -> Iterator[tuple[int, int]]:
    """Compute the runs that the store lacks, keeping each as it finishes.

    Rows of these series that no longer belong to the grid are dropped; rows of other series
    stay as they are. Yields (done, to do) after each run.
    """
    digests = {name: fingerprint(prices).sha256 for name, prices in series.items()}
    wanted = {run.key(digests[name]): run for name in series for run in grid(name)}
    stored = store.fold()
    whole = store.has_whole_history(stored)
    kept = stored["key"].isin(list(wanted)) & whole | ~stored["dataset"].isin(list(series))
    stored = store.fold(keep=stored.loc[kept, "key"])
    missing = [run for key, run in wanted.items() if key not in set(stored["key"])]
    parallel = joblib.Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1)
    finished = parallel(joblib.delayed(execute)(run, series[run.dataset]) for run in missing)
    try:
        for done, (row, history) in enumerate(finished, start=1):
            store.append(row, history)
            yield done, len(missing)
    finally:
        store.fold()


def main() -> None:
    """Compute what is missing, on all cores; ``PRICES`` may name a file of the paper's window."""
    started = time.perf_counter()
    try:
        series = load_series(os.environ.get("PRICES"))
    except ValueError as problem:
        sys.exit(str(problem))
    print(f"Series: {', '.join(series)}.")
    done = 0
    for done, total in run_missing(series, jobs=joblib.cpu_count()):
        spent = time.perf_counter() - started
        left = spent / done * (total - done)
        print(f"\r{done} of {total} runs, {spent / 60:.1f} min, {left / 60:.1f} min left ", end="")
    print(f"\n{done} runs computed, the store is complete." if done else "Nothing to compute.")
