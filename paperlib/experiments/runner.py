"""Make the training runs of the grid, and store each as it finishes.

A run is (recipe, protocol, prices, seed). Its key is a digest of all four as resolved, so renaming
or documenting something recomputes nothing, and changing a number recomputes what hangs on it.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace

import joblib
import numpy as np
import pandas as pd
import torch

from paperlib import metrics
from paperlib.experiments import store
from paperlib.experiments.catalogue import CHAOTIC, Run, grid
from paperlib.prices.series import fingerprint
from paperlib.stats.seeds import block_bootstrap_interval
from paperlib.training import fit, predict
from paperlib.training_curves import converged_epoch
from paperlib.windows import Part, Windows, make_windows

PROBE_TOLERANCE = 1e-3
"""Of what the first epoch gives. On the paper's window the sums of another processor moved it by
up to 3e-4 (the RNN without L2, whose gradients are large), and the second epoch's by 3e-2; on the
bundled series both stayed within 3e-5."""

STORED_ERRORS = ("mse_scaled", "mae_scaled", "mae_usd", "rmse_usd", "mape_pct")


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
        "persistence": (test, windows.persistence(test)),
    }
    scores = {
        f"{of}_{metric}": value
        for of, (part, scaled) in forecasts.items()
        for metric, value in _errors(windows, part, scaled).items()
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
        "converged_epoch": converged_epoch(history["val_loss"]),
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


def _errors(windows: Windows, part: Part, scaled: np.ndarray) -> dict[str, float]:
    """Return the errors of scaled forecasts (n,) that the store keeps."""
    dollars = windows.to_dollars(part, scaled)
    found = metrics.point_errors(part.close, dollars, part.targets, scaled)
    return {name: found[name] for name in STORED_ERRORS}


def probe(run: Run, prices: pd.DataFrame) -> pd.DataFrame:
    """Train the first two epochs of a run and return their history."""
    windows = make_windows(prices["close"], run.recipe, run.protocol)
    short = replace(run.recipe, epochs=min(2, run.recipe.epochs))
    return fit(short, windows, run.seed).history.reset_index()


def find_stale(runs: Iterable[Run], series: dict[str, pd.DataFrame], jobs: int) -> set[str]:
    """Tell which recipes, of those stored, no longer train as the store says.

    Keys see a changed recipe, not a changed program. So the first epoch of one seed of each
    recipe is trained again, and must agree with the stored history (relative 1e-3). Chaotic
    recipes can't be told so: they are stale if the published one is.

    Args:
        runs: stored runs to check; of each recipe, protocol and series the first is taken.
        series: their prices.
        jobs: processes.

    Returns:
        ``"dataset recipe protocol"`` of each that differs.
    """
    first, chaotic = {}, {}
    for run in runs:
        of_kind = chaotic if run.recipe_name in CHAOTIC else first
        of_kind.setdefault(f"{run.dataset} {run.recipe_name} {run.protocol.name}", run)
    parallel = joblib.Parallel(n_jobs=jobs)
    probes = parallel(joblib.delayed(probe)(run, series[run.dataset]) for run in first.values())
    stored = store.load_histories().set_index(store.ID).sort_index()
    stale = set()
    for (name, run), now in zip(first.items(), probes, strict=True):
        run_id = (run.dataset, run.recipe_name, run.protocol.name, run.seed)
        before = stored.loc[[run_id], now.columns].head(1)
        if not np.allclose(now.head(1), before, rtol=PROBE_TOLERANCE, atol=0, equal_nan=True):
            stale.add(name)
    return stale | {
        name
        for name, run in chaotic.items()
        if f"{run.dataset} published {run.protocol.name}" in stale
    }


def run_missing(series: dict[str, pd.DataFrame], jobs: int) -> Iterator[tuple[int, int]]:
    """Compute the runs that the store lacks, keeping each as it finishes.

    Missing is also what is stale (:func:`find_stale`) or lacks part of its history. Rows of these
    series that no longer belong to the grid are dropped; rows of other series stay as they are.
    Yields (done, to do) after each run.
    """
    digests = {name: fingerprint(prices).sha256 for name, prices in series.items()}
    wanted = {run.key(digests[name]): run for name in series for run in grid(name)}
    stored = store.fold()
    whole = stored[store.has_whole_history(stored)]
    at_hand = [wanted[key] for key in whole["key"] if key in wanted]
    stale = find_stale(at_hand, series, jobs)
    names = whole["dataset"] + " " + whole["recipe"] + " " + whole["protocol"]
    kept = whole["key"].isin(list(wanted)) & ~names.isin(stale)
    elsewhere = ~stored["dataset"].isin(list(series))
    stored = store.fold(keep=pd.concat([whole.loc[kept, "key"], stored.loc[elsewhere, "key"]]))
    missing = [run for key, run in wanted.items() if key not in set(stored["key"])]
    parallel = joblib.Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1)
    finished = parallel(joblib.delayed(execute)(run, series[run.dataset]) for run in missing)
    try:
        for done, (row, history) in enumerate(finished, start=1):
            store.append(row, history)
            yield done, len(missing)
    finally:
        store.fold()
