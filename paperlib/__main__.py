"""``python -m paperlib`` computes the stored results; ``make results`` calls it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator

import joblib
import pandas as pd

from paperlib.claims.risk_values import store_risk_values
from paperlib.claims.values import evaluate, leak_values
from paperlib.experiments import store
from paperlib.experiments.density_runs import load_density_series
from paperlib.experiments.density_study import are_current, store_scores, train_missing
from paperlib.experiments.evaluation import is_evaluated
from paperlib.experiments.price_series import load_late_series, load_series, trial_series
from paperlib.experiments.runner import run_missing
from paperlib.experiments.sensitivity_runs import run_missing_trials


def show_progress(finished: Iterator[tuple[int, int]]) -> None:
    """Print how many runs are done and how long the rest will take, on one line."""
    started, done = time.perf_counter(), 0
    for done, total in finished:
        spent = time.perf_counter() - started
        left = spent / done * (total - done)
        print(f"\r{done} of {total} runs, {spent / 60:.1f} min, {left / 60:.1f} min left ", end="")
    print(f"\n{done} runs computed." if done else "Every run is stored.", flush=True)


def main() -> None:
    """Compute what is missing, on all cores; ``PRICES`` may name a file of the paper's window."""
    started = time.perf_counter()
    try:
        series = load_series(os.environ.get("PRICES"))
    except ValueError as problem:
        sys.exit(f"error: {problem}")
    print(f"Series: {', '.join(series)}. Checking what is stored.")
    show_progress(run_missing(series, jobs=joblib.cpu_count()))
    for dataset, prices in series.items():
        if not is_evaluated(dataset, prices):
            print(f"Evaluating the forecasts on {dataset}: some minutes.", flush=True)
            evaluate(dataset, prices, jobs=joblib.cpu_count())
    trials = trial_series(series, load_late_series(os.environ.get("PRICES")))
    print("Checking the leaks, the placebo, other tickers and readings.", flush=True)
    show_progress(run_missing_trials(trials, jobs=joblib.cpu_count()))
    store.save_values(pd.DataFrame([row for window in series for row in leak_values(window)]))
    distributions = load_density_series(series)
    if not are_current(distributions, jobs=joblib.cpu_count()):
        print("Training networks that forecast distributions, and scoring intervals.", flush=True)
        show_progress(train_missing(series, distributions, jobs=joblib.cpu_count()))
        store_risk_values(series)
        store_scores(series, distributions)
    print(f"The store is complete, {(time.perf_counter() - started) / 60:.1f} min.")


if __name__ == "__main__":
    main()
