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
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import torch

from paperlib import metrics
from paperlib.data import Part, Scaler, fingerprint, load_prices, make_windows
from paperlib.recipe import AS_PUBLISHED, PAPER_END, PAPER_START, PUBLISHED, EvalProtocol, Recipe
from paperlib.training import fit, predict

RESULTS = Path(__file__).resolve().parent.parent / "data" / "results"
SEEDS = range(10)
BUNDLED_WINDOW, PAPER_WINDOW = "nflx-2016-2023", "nflx-2016-2025"

RECIPES: dict[str, Recipe] = {
    "published": PUBLISHED,
    # Figure 3 is drawn to epoch 100, although stopping is said to fire before.
    "published_100": replace(PUBLISHED, patience=None),
    # What the paper leaves open about its L2 term decides how training looks.
    "no_l2_100": replace(PUBLISHED, patience=None, l2=0.0),
    "l2_in_loss_100": replace(PUBLISHED, patience=None, l2_form="loss"),
}


@dataclass(frozen=True)
class Run:
    """One training run to make."""

    dataset: str
    recipe_name: str
    protocol: EvalProtocol
    seed: int

    def key(self, prices_sha256: str) -> str:
        """Digest of everything that decides the numbers."""
        resolved = [asdict(RECIPES[self.recipe_name]), asdict(self.protocol), prices_sha256]
        text = json.dumps([*resolved, self.seed], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def grid(datasets: list[str]) -> list[Run]:
    """Every run of the book on these series."""
    return [
        Run(dataset, name, AS_PUBLISHED, seed)
        for dataset in datasets
        for name in RECIPES
        for seed in SEEDS
    ]


def load_series(paper_file: str | None) -> dict[str, pd.DataFrame]:
    """Load the bundled window and, from a file that covers it, the paper's.

    Raises:
        PriceFileError: if the file can't be read.
        ValueError: if it is not Netflix from 2016-01-04 to 2025-03-31.
    """
    series = {BUNDLED_WINDOW: load_prices()}
    if paper_file:
        prices = load_prices(paper_file).loc[PAPER_START:PAPER_END]
        overlap = prices.loc[: series[BUNDLED_WINDOW].index[-1]]
        same = len(overlap) and fingerprint(overlap) == fingerprint(series[BUNDLED_WINDOW])
        if not same or prices.index[-1] != pd.Timestamp(PAPER_END):
            raise ValueError(
                f"{paper_file}: not Netflix's closes for every session from {PAPER_START} to "
                f"{PAPER_END}, so the paper's window can't be computed. Leave PRICES out to "
                "compute the bundled window alone."
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
    recipe = RECIPES[run.recipe_name]
    windows = make_windows(prices["close"], recipe, run.protocol)
    fitted = fit(recipe, windows, run.seed)
    prices_sha256 = fingerprint(prices).sha256
    name = {
        "dataset": run.dataset,
        "recipe": run.recipe_name,
        "protocol": run.protocol.name,
        "seed": run.seed,
    }
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
    row = {
        **name,
        "status": fitted.status,
        "epochs": len(history),
        "best_epoch": fitted.best_epoch,
        **scores,
        "grad_norm_max": history["grad_norm_max"].max(),
        "clipped_share": history["clipped_share"].mean(),
        "lr_final": history["lr"].iloc[-1],
        "seconds": round(time.perf_counter() - started, 1),
        "key": run.key(prices_sha256),
        "prices": prices_sha256[:16],
        "torch": torch.__version__,
        "processor": platform.machine() + " " + torch.backends.cpu.get_cpu_capability(),
    }
    return row, history.reset_index().assign(**name)


def run_missing(series: dict[str, pd.DataFrame], jobs: int) -> Iterator[tuple[int, int]]:
    """Compute the runs that the store lacks, writing each as it finishes.

    Rows of these series that no longer belong to the grid are dropped; rows of other series
    stay as they are. Yields (done, to do) after each run.
    """
    runs, histories = load_runs(), load_histories()
    digests = {name: fingerprint(prices).sha256 for name, prices in series.items()}
    wanted = {run.key(digests[run.dataset]): run for run in grid(list(series))}
    valid = runs["key"].isin(list(wanted)) | ~runs["dataset"].isin(list(series))
    runs = runs[valid]
    missing = [run for key, run in wanted.items() if key not in set(runs["key"])]
    parallel = joblib.Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1)
    finished = parallel(joblib.delayed(execute)(run, series[run.dataset]) for run in missing)
    for done, (row, history) in enumerate(finished, start=1):
        runs = pd.concat([runs, pd.DataFrame([row])], ignore_index=True)
        histories = pd.concat([histories, history], ignore_index=True)
        _write(runs, histories)
        yield done, len(missing)


ID = ["dataset", "recipe", "protocol", "seed"]


def load_runs() -> pd.DataFrame:
    """Read the stored runs: one row each, columns as in ``data/results/README.md``."""
    path = RESULTS / "runs.csv"
    return pd.read_csv(path) if path.exists() else pd.DataFrame(columns=[*ID, "key"])


def load_histories() -> pd.DataFrame:
    """Read the stored training histories: one row per run and epoch."""
    path = RESULTS / "histories.csv"
    return pd.read_csv(path) if path.exists() else pd.DataFrame(columns=[*ID, "epoch"])


def select(table: pd.DataFrame, **equal: object) -> pd.DataFrame:
    """Return the rows of a store's table whose columns have these values."""
    for column, value in equal.items():
        table = table[table[column] == value]
    return table


def _write(runs: pd.DataFrame, histories: pd.DataFrame) -> None:
    """Replace both files, histories first: a run counts as done only once its row is there."""
    histories = histories.merge(runs[ID].astype({"seed": int}), on=ID)
    histories = histories.drop_duplicates([*ID, "epoch"], keep="last")
    columns = [*ID, *(name for name in histories.columns if name not in ID)]
    tables = {
        "histories.csv": histories[columns].sort_values([*ID, "epoch"]),
        "runs.csv": runs.sort_values(ID),
    }
    for name, table in tables.items():
        draft = RESULTS / f".{name}.part"
        table.to_csv(draft, index=False, float_format="%.6g", lineterminator="\n")
        os.replace(draft, RESULTS / name)


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
