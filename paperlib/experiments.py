"""Run every experiment of the book and store what came out: ``make results``.

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

from paperlib import metrics, store
from paperlib.comparison import block_bootstrap_interval
from paperlib.convergence import converged_epoch
from paperlib.data import Part, Windows, fingerprint, load_prices, make_windows
from paperlib.evaluation import (
    evaluate_horizons,
    evaluate_runs,
    evaluated_runs,
    forecast_all,
    one_step_table,
)
from paperlib.grid import BUNDLED_WINDOW, CHAOTIC, PAPER_WINDOW, SEEDS, Run, grid
from paperlib.recipe import PAPER_END, PAPER_START
from paperlib.scorecard import score
from paperlib.store import load_evaluations, load_runs, load_values, select
from paperlib.training import fit, predict

PAPER_SHA256 = "14fe4a93c801207e280da256ab5e2bddf5d80915436def69fd73f8936110d56e"
"""Fingerprint of the closes of the paper's window, 2,324 sessions, which are not ours to ship."""
PROBE_TOLERANCE = 1e-3
"""Of what the first epoch gives. On the paper's window the sums of another processor moved it by
up to 3e-4 (the RNN without L2, whose gradients are large), and the second epoch's by 3e-2; on the
bundled series both stayed within 3e-5."""


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


def errors(windows: Windows, part: Part, scaled: np.ndarray) -> dict[str, float]:
    """Return the errors of scaled forecasts (n,), in scaled units, dollars and per cent."""
    dollars = windows.to_dollars(part, scaled)
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
        "persistence": (test, windows.persistence(test)),
    }
    scores = {
        f"{of}_{metric}": value
        for of, (part, scaled) in forecasts.items()
        for metric, value in errors(windows, part, scaled).items()
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


def is_evaluated(dataset: str, prices: pd.DataFrame) -> bool:
    """Tell whether the stored evaluation is of the runs that are stored now.

    That is of the same keys, and with the test RMSE that each run has (relative 1e-4).
    """
    digest = fingerprint(prices).sha256
    wanted = {run.key(digest) for run in evaluated_runs(dataset)}
    found = select(load_evaluations(), dataset=dataset)
    if set(found["key"]) != wanted or select(load_values(), dataset=dataset).empty:
        return False
    both = found.merge(load_runs(), on="key", validate="one_to_one")
    return len(both) == len(wanted) and np.allclose(
        both["rmse_usd"], both["test_rmse_usd"], rtol=1e-4, atol=0
    )


def evaluate(dataset: str, prices: pd.DataFrame, jobs: int) -> None:
    """Forecast the test part with every evaluated run, and store what chapters 4 and 5 show."""
    made = forecast_all(dataset, prices, jobs)
    digest = fingerprint(prices).sha256
    keys = [run.key(digest) for run in evaluated_runs(dataset)]
    evaluations = evaluate_runs(dataset, prices, made).assign(key=keys)
    runs = select(load_runs(), dataset=dataset)
    values = score(dataset, prices, made, evaluations, runs[runs["seed"].isin(SEEDS)])
    horizons = evaluate_horizons(dataset, made)
    if dataset == BUNDLED_WINDOW:  # a forecast's error gives away the close, so no other series'
        store.save_forecasts(dataset, one_step_table(made))
    store.save_series("horizons.csv", horizons, ["dataset", "model", "protocol", "horizon"])
    store.save_series("values.csv", values, [*store.VALUE_COLUMNS[:4], "method"])
    store.save_series("evaluations.csv", evaluations, store.ID)
