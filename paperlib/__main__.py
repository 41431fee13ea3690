"""``python -m paperlib`` computes the stored results; ``make results`` calls it."""

from __future__ import annotations

import os
import signal
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial

import joblib
import pandas as pd

from paperlib.claims.risk_values import store_risk_values
from paperlib.claims.values import evaluate, leak_values
from paperlib.experiments import store
from paperlib.experiments.catalogue import BUNDLED_WINDOW, SEEDS, Run, grid
from paperlib.experiments.density_runs import (
    DATASETS,
    TICKERS,
    Series,
    density_grid,
    density_runs,
    load_density_series,
    load_members,
)
from paperlib.experiments.density_study import store_distributions, store_intervals
from paperlib.experiments.engine import compute
from paperlib.experiments.pieces import PIECES, Piece, load
from paperlib.experiments.plan import (
    DENSITIES,
    RUNS,
    TRIALS,
    Part,
    Plan,
    density_tasks,
    products,
    trial_tasks,
    window_tasks,
)
from paperlib.experiments.price_series import load_late_series, load_series, trial_series
from paperlib.experiments.reference_fits import arithmetic, hash_references
from paperlib.experiments.sensitivity import trial_grid
from paperlib.machine.files import Hindrance, hindrances, one_at_a_time
from paperlib.prices.series import fingerprint

FOLD_EVERY = 50  # pieces; so many are in no table yet when a machine is lost


def parts_of_window(window: str, prices: pd.DataFrame, get: Callable[[str], Piece]) -> list[Part]:
    """List what is worked out of a window's runs."""
    sha256 = fingerprint(prices).sha256
    wanted = products(window, sha256)
    runs = frozenset(run.key(sha256) for run in grid(window) if run.seed in SEEDS)
    leaks = frozenset(
        run.key(sha256)
        for run in (*grid(window), *trial_grid(window))
        if isinstance(run, Run) and run.recipe_name == "published"
    )
    around = wanted.published + [run.key(sha256) for run in wanted.calibrated]

    def make_evaluation() -> None:
        """Score forecasts one by one."""
        paths = {name: get(key).arrays["paths"] for name, key in wanted.evaluated.items()}
        evaluate(window, prices, paths)

    def make_intervals() -> None:
        """Score intervals, and read the claims on risk."""
        store_intervals(window, prices, [get(key) for key in around])
        ahead = [get(key).arrays["ahead"] for key in wanted.published]
        store_risk_values(window, prices, ahead)

    def make_leaks() -> None:
        """Answer the claims on leaks."""
        store.save_values(pd.DataFrame(leak_values(window)))

    evaluated = frozenset(wanted.evaluated.values())
    return [
        Part("evaluation", window, runs, evaluated, make_evaluation, 240.0),
        Part("intervals", window, frozenset(), frozenset(around), make_intervals, 30.0),
        Part("leaks", window, leaks, frozenset(), make_leaks, 1.0),
    ]


def part_of_densities(
    window: str, prices: pd.DataFrame, series: dict[str, Series], get: Callable[[str], Piece]
) -> Part:
    """Name what is worked out of the density networks whose test part is that of a window."""
    datasets = list(TICKERS.values()) if window == BUNDLED_WINDOW else [DATASETS[window]]
    published = products(window, fingerprint(prices).sha256).published
    runs = frozenset(run.key(series) for name in datasets for run in density_grid(name))

    def make() -> None:
        """Score the distributions."""
        networks = [get(key).arrays for key in published]
        drawn = {
            "dropout": [arrays["drawn"] for arrays in networks],
            "noisy_dropout": [arrays["noisy"] for arrays in networks],
        }
        members = {name: load_members(name, series, get) for name in datasets}
        store_distributions(members, series, {DATASETS[window]: drawn})

    return Part("distributions", window, runs, runs | set(published), make, 120.0)


def make_plan(paper_file: str | None) -> Plan:
    """Lay out everything that the results need, as far as prices are at hand.

    Raises:
        Hindrance: if the file is not of the paper's window.
    """
    try:
        series = load_series(paper_file)
    except ValueError as problem:
        raise Hindrance(str(problem)) from problem
    trials = trial_series(series, load_late_series(paper_file))
    distributions = load_density_series(series)
    print("Training a few short fits, which tell the arithmetic of this machine.", flush=True)
    name = arithmetic(hash_references())
    folder = PIECES / name
    get = partial(load, folder)
    tasks, parts = [], []
    for window, prices in series.items():
        tasks += window_tasks(window, prices, folder)
        parts += parts_of_window(window, prices, get)
        parts.append(part_of_densities(window, prices, distributions, get))
    tasks += density_tasks(distributions)
    for dataset, prices in trials.items():
        tasks += trial_tasks(dataset, prices)
    of_densities = {run.dataset for run in density_runs(distributions).values()}
    datasets = {RUNS: set(series), TRIALS: set(trials), DENSITIES: of_densities}
    return Plan(tasks, parts, datasets, folder, name)


def complete(plan: Plan, jobs: int, scheduler: str | None) -> list[str]:
    """Make all that is missing, and say how it goes on.

    Returns:
        What failed, and why.
    """
    started, whole, problems = time.perf_counter(), plan.seconds(), []
    total = len(plan.pending)
    print(f"To make: {total} pieces, {len(plan.parts)} parts of the tables.", flush=True)
    try:
        plan.make_parts()
        finished = compute(list(plan.pending.values()), plan.folder, jobs, scheduler)
        for done, (task, problem) in enumerate(finished, start=1):
            if problem:
                problems.append(f"{task.key}: {problem}")
            else:
                del plan.pending[task.key]
            if done % FOLD_EVERY == 0:
                plan.fold()
            plan.make_parts()
            show_progress(done, total, time.perf_counter() - started, 1 - plan.seconds() / whole)
    finally:
        plan.fold()
    return problems


def show_progress(done: int, total: int, spent: float, share: float) -> None:
    """Print on one line how far it is; ``share`` of all work took ``spent`` seconds."""
    left = f", {spent * (1 / share - 1) / 60:.1f} min left" if share > 0 else ""
    print(f"\r{done} of {total} pieces, {spent / 60:.1f} min{left} ", end="", flush=True)


def main() -> None:
    """Compute what is missing; ``PRICES`` may name a file of the paper's window.

    All cores of this machine are used, or the workers of the Dask scheduler that ``SCHEDULER``
    names.
    """
    started = time.perf_counter()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # kill ends it as Ctrl-C does
    warnings.filterwarnings("ignore", ".*by the workers have been cancelled")  # said below
    try:
        with hindrances(), one_at_a_time(PIECES, "make results"):
            plan = make_plan(os.environ.get("PRICES"))
            problems = complete(plan, joblib.cpu_count(), os.environ.get("SCHEDULER"))
    except Hindrance as problem:
        sys.exit(f"error: {problem}")
    except KeyboardInterrupt:
        sys.exit("\nstopped: what had finished is kept, and make results goes on from there")
    if problems:
        sys.exit(f"\nerror: {len(problems)} pieces failed and all else is kept; {problems[0]}")
    print(f"\nThe store is complete, {(time.perf_counter() - started) / 60:.1f} min.")


if __name__ == "__main__":
    main()
