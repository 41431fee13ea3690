"""``python -m paperlib`` computes the stored results; ``make results`` calls it."""

from __future__ import annotations

import os
import signal
import sys
import time
import warnings
from contextlib import closing
from functools import partial

import joblib

from paperlib.claims.parts import part_of_densities, parts_of_window
from paperlib.experiments import store
from paperlib.experiments.catalogue import PAPER_WINDOW
from paperlib.experiments.density_folds import fold_series
from paperlib.experiments.density_runs import density_runs, load_density_series
from paperlib.experiments.elsewhere import load_cells
from paperlib.experiments.engine import compute
from paperlib.experiments.kept_fits import store_fits
from paperlib.experiments.pieces import PIECES, load
from paperlib.experiments.plan import Plan
from paperlib.experiments.price_series import load_late_series, load_series, trial_series
from paperlib.experiments.reference_fits import (
    arithmetic,
    hash_references,
    kind_of_processor,
    load_hashes,
)
from paperlib.experiments.tasks import (
    DENSITIES,
    ELSEWHERE,
    FOLD_SCORES,
    READINGS,
    RUNS,
    TRIALS,
    cell_tasks,
    density_tasks,
    fold_tasks,
    on_same_arithmetic,
    reading_tasks,
    reestimation_tasks,
    trial_tasks,
    window_tasks,
)
from paperlib.machine.files import Hindrance, hindrances, one_at_a_time, remove_drafts

FOLD_EVERY = 50  # pieces; so many are in no table yet when a machine is lost


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
    cells = load_cells()
    distributions = load_density_series(series)
    print("Training a few short fits, which tell the arithmetic of this machine.", flush=True)
    hashes = hash_references()
    name = arithmetic(hashes)
    same = "that of" if hashes.equals(load_hashes()) else "another than that of"
    told = f"It is {name} on {kind_of_processor()}, {same} the processors in processors.csv."
    print(told, flush=True)
    folder = PIECES / name
    get = partial(load, folder)
    tasks, parts = [], []
    for window, prices in series.items():
        tasks += window_tasks(window, prices, folder)
        parts += parts_of_window(window, prices, get)
        parts.append(part_of_densities(window, prices, distributions, get))
    tasks += reestimation_tasks(distributions)
    tasks += density_tasks(distributions)
    tasks += fold_tasks(distributions)
    if PAPER_WINDOW in series:
        tasks += reading_tasks(series[PAPER_WINDOW])
    for dataset, prices in trials.items():
        tasks += trial_tasks(dataset, prices)
    for dataset, prices in cells.items():
        tasks += cell_tasks(dataset, prices)
    of_densities = {run.dataset for run in density_runs(distributions).values()}
    datasets = {
        RUNS: set(series),
        TRIALS: set(trials),
        DENSITIES: of_densities,
        FOLD_SCORES: set(fold_series(distributions)),
        READINGS: {PAPER_WINDOW} & set(series),
        ELSEWHERE: set(cells),
    }
    return Plan(tasks, parts, datasets, folder, name)


def complete(plan: Plan, jobs: int, scheduler: str | None) -> list[str]:
    """Make all that is missing, and say how it goes on.

    Returns:
        What failed, and why.
    """
    started, whole = time.perf_counter(), plan.seconds()[0]
    total = len(plan.pending)
    print(f"To make: {total} pieces, {len(plan.parts)} parts of the tables.", flush=True)
    problems = [] if scheduler else plan.make_parts()
    tasks = list(plan.pending.values())
    if scheduler:
        tasks = [on_same_arithmetic(task, plan.arithmetic) for task in tasks]
    try:
        with closing(compute(tasks, plan.folder, jobs, scheduler)) as finished:
            for done, (task, problem) in enumerate(finished, start=1):
                if problem:
                    problems.append(f"{task.name}: {problem}")
                else:
                    del plan.pending[task.key]
                if done % FOLD_EVERY == 0:
                    plan.fold()
                if not scheduler:  # whose workers can't keep pieces while this one is busy
                    problems += plan.make_parts()
                pieces, parts = plan.seconds()
                spent = time.perf_counter() - started
                left = spent * pieces / max(whole - pieces, 1.0) + parts
                told = f"{done} of {total} pieces, {spent / 60:.1f} min, {left / 60:.1f} min left "
                print(f"\r{told}", end="", flush=True)
        problems += plan.make_parts()
    finally:
        plan.fold()
    return problems


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
            for folder in (PIECES, store.RESULTS):
                remove_drafts(folder)
            plan = make_plan(os.environ.get("PRICES"))
            problems = complete(plan, joblib.cpu_count(), os.environ.get("SCHEDULER") or None)
            store_fits()
    except Hindrance as problem:
        sys.exit(f"error: {problem}")
    except KeyboardInterrupt:
        sys.exit("\nstopped: what had finished is kept, and make results goes on from there")
    if problems:
        sys.exit("\n".join(["\nerror: all else is kept, but these failed:", *problems]))
    if not os.environ.get("PRICES"):
        print("\nThe paper's window was not looked at: PRICES names no file of it.", end="")
    print(f"\nThe store is complete, {(time.perf_counter() - started) / 60:.1f} min.")


if __name__ == "__main__":
    main()
