"""Every piece that the results are made of, as tasks: runs, trials, density networks."""

from __future__ import annotations

import platform
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from paperlib.experiments.catalogue import SEEDS, Run, grid
from paperlib.experiments.density_folds import execute_fold, fold_grid, fold_key, fold_series
from paperlib.experiments.density_runs import Series, density_runs, execute_density
from paperlib.experiments.elsewhere import cell_grid
from paperlib.experiments.engine import Task
from paperlib.experiments.forecasts import evaluated_runs
from paperlib.experiments.half_years import reestimations
from paperlib.experiments.interval_coverage import CALIBRATED
from paperlib.experiments.pieces import Piece
from paperlib.experiments.readings import dose_grid, reading_grid
from paperlib.experiments.reference_fits import own_arithmetic
from paperlib.experiments.runner import execute, execute_arima
from paperlib.experiments.sensitivity import Arima, trial_grid
from paperlib.prices.series import fingerprint
from paperlib.recipe import AS_PUBLISHED, LEAK_FREE

RUNS, TRIALS, DENSITIES = "runs.csv", "trials.csv", "density_runs.csv"
READINGS, ELSEWHERE, FOLD_SCORES = "readings.csv.gz", "elsewhere.csv.gz", "folds.csv"
# Seconds on one core, about; for the time that is left, nothing else.
A_RUN, A_POOL, A_CELL = 12.0, 60.0, 6.0


class Products(NamedTuple):
    """What is wanted of a window's runs beside their rows."""

    evaluated: dict[tuple[str, str, int], str]  # keys by recipe, protocol and seed
    published: list[str]  # keys of the networks that intervals are drawn around, by seed
    calibrated: list[Run]


def products(window: str, prices_sha256: str) -> Products:
    """Name the runs of a window whose networks are looked at."""
    evaluated = {
        (run.recipe_name, run.protocol.name, run.seed): run.key(prices_sha256)
        for run in evaluated_runs(window)
    }
    published = [evaluated["published", AS_PUBLISHED.name, seed] for seed in SEEDS]
    calibrated = [Run(window, "calibrated", CALIBRATED, LEAK_FREE, seed) for seed in SEEDS]
    return Products(evaluated, published, calibrated)


def window_tasks(window: str, prices: pd.DataFrame, folder: Path) -> list[Task]:
    """List the runs of one of the book's windows, those of its intervals first."""
    sha256 = fingerprint(prices).sha256
    wanted = products(window, sha256)
    evaluated, published = set(wanted.evaluated.values()), set(wanted.published)
    read = {run.key(sha256) for run in reading_grid() if run.dataset == window}
    tasks = []
    for run in (*wanted.calibrated, *grid(window)):
        key = run.key(sha256)
        of, arrays = [], ["errors"]
        if key in evaluated:
            of, arrays = ["paths"], ["errors", "paths"]
        if key in published:
            arrays += ["drawn", "noisy", "ahead"]
        if key in published or run in wanted.calibrated:
            of.append("intervals")
        if key in read:
            of.append("measures")
        make = partial(execute, run, prices, tuple(of), folder / f"{key}.pt")
        table = "" if run in wanted.calibrated else RUNS
        tasks.append(Task(key, str(run), make, A_RUN, table, tuple(arrays)))
    return tasks


def trial_tasks(name: str, prices: pd.DataFrame) -> list[Task]:
    """List the sensitivity runs on one series."""
    sha256 = fingerprint(prices).sha256
    return [
        Task(
            trial.key(sha256),
            str(trial),
            partial(_execute_trial, trial, prices),
            A_RUN,
            TRIALS,
            ("errors",),
        )
        for trial in trial_grid(name)
    ]


def reading_tasks(prices: pd.DataFrame) -> list[Task]:
    """List the runs of the admissible readings, on the paper's window."""
    sha256 = fingerprint(prices).sha256
    return [
        Task(
            run.key(sha256), str(run), partial(execute, run, prices, ("measures",)), A_RUN, READINGS
        )
        for run in (*reading_grid(), *dose_grid())
    ]


def cell_tasks(name: str, prices: pd.DataFrame) -> list[Task]:
    """List what is trained on one cell of other stocks and periods."""
    sha256 = fingerprint(prices).sha256
    return [
        Task(run.key(sha256), str(run), partial(_execute_trial, run, prices), A_CELL, ELSEWHERE)
        for run in cell_grid(name, len(prices))
    ]


def _execute_trial(trial: Run | Arima, prices: pd.DataFrame) -> Piece:
    return (execute_arima if isinstance(trial, Arima) else execute)(trial, prices)


def density_tasks(series: dict[str, Series]) -> list[Task]:
    """List the density networks; the longest first, so that all cores end together."""
    runs = sorted(density_runs(series).items(), key=lambda of: -len(of[1].members))
    return [
        Task(
            key,
            str(run),
            partial(execute_density, run, {name: series[name] for name in run.members}),
            A_POOL if len(run.members) > 1 else A_RUN,
            DENSITIES,
        )
        for key, run in runs
    ]


def reestimation_tasks(series: dict[str, Series]) -> list[Task]:
    """List the pooled networks of every half year but the first, whose network is trained once."""
    return [
        Task(key, str(run), partial(execute_density, run, stood), A_POOL, DENSITIES)
        for key, (run, stood) in reestimations(series).items()
    ]


def fold_tasks(series: dict[str, Series]) -> list[Task]:
    """List the density networks of the two folds that inputs were chosen on."""
    cut = fold_series(series)
    return [
        Task(
            fold_key(run, cut),
            str(run),
            partial(execute_fold, run, {name: cut[name] for name in run.members}),
            A_POOL if len(run.members) > 1 else A_RUN,
            FOLD_SCORES,
        )
        for run in fold_grid()
    ]


def on_same_arithmetic(task: Task, name: str) -> Task:
    """Have a task refuse to be made by a worker of another arithmetic, as a cluster may have."""
    return task._replace(make=partial(_make_checked, task.make, name))


def _make_checked(make: Callable[[], Piece], name: str) -> Piece:
    if (own := own_arithmetic()) != name:
        raise RuntimeError(f"{platform.node()} computes with arithmetic {own}, not {name}")
    return make()
