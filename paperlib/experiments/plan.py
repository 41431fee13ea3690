"""Which pieces the results need, which of them are still to be made, and what is made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from paperlib.experiments.catalogue import SEEDS, Run, grid
from paperlib.experiments.density_runs import Series, density_runs, execute_density
from paperlib.experiments.engine import Task, on_one_thread
from paperlib.experiments.folding import fold, is_made, note_made, stored_arithmetics
from paperlib.experiments.forecasts import evaluated_runs
from paperlib.experiments.interval_coverage import CALIBRATED
from paperlib.experiments.pieces import Piece, is_kept, load
from paperlib.experiments.runner import execute, execute_arima
from paperlib.experiments.sensitivity import Arima, trial_grid
from paperlib.prices.series import fingerprint
from paperlib.recipe import AS_PUBLISHED, LEAK_FREE, digest

RUNS, TRIALS, DENSITIES = "runs.csv", "trials.csv", "density_runs.csv"
A_RUN, A_POOL = 12.0, 60.0  # seconds on one core, about; for the time that is left, nothing else


class Part(NamedTuple):
    """Some tables of the store, or some rows of theirs, that are worked out of pieces."""

    name: str
    dataset: str
    runs: frozenset[str]  # keys of the runs whose rows or pieces it reads
    pieces: frozenset[str]  # keys of those whose pieces it reads
    make: Callable[[], None]
    seconds: float  # about what it takes

    def source(self, arithmetics: dict[str, str]) -> str:
        """Digest of what it rests on: runs, and the arithmetic that each was made under."""
        return digest([(key, arithmetics.get(key, "")) for key in sorted(self.runs | self.pieces)])


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
    tasks = []
    for run in (*wanted.calibrated, *grid(window)):
        key = run.key(sha256)
        of, arrays = [], []
        if key in evaluated:
            of, arrays = ["paths"], ["paths"]
        if key in published:
            arrays += ["drawn", "noisy", "ahead"]
        if key in published or run in wanted.calibrated:
            of.append("intervals")
        make = partial(execute, run, prices, tuple(of), folder / f"{key}.pt")
        table = "" if run in wanted.calibrated else RUNS
        tasks.append(Task(key, str(run), make, A_RUN, table, tuple(arrays)))
    return tasks


def trial_tasks(name: str, prices: pd.DataFrame) -> list[Task]:
    """List the sensitivity runs on one series."""
    sha256 = fingerprint(prices).sha256
    trials = {trial.key(sha256): trial for trial in trial_grid(name)}
    return [
        Task(key, str(trial), partial(_execute_trial, trial, prices), A_RUN, TRIALS)
        for key, trial in trials.items()
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


class Plan:
    """What is wanted, and what of it is still to be done."""

    def __init__(
        self,
        tasks: Iterable[Task],
        parts: list[Part],
        datasets: dict[str, set[str]],
        folder: Path,
        arithmetic: str,
    ) -> None:
        self.tasks: dict[str, Task] = {}
        for task in tasks:  # a reading that the grid has is not made, nor stored, again
            self.tasks.setdefault(task.key, task)
        self.datasets, self.folder, self.arithmetic = datasets, folder, arithmetic
        stored = {table: stored_arithmetics(table) for table in datasets}
        self.arithmetics = {
            key: stored[task.table][key]
            for key, task in self.tasks.items()
            if task.table and key in stored[task.table]
        }
        self.every_part = parts
        self.parts = [part for part in parts if not self._is_made(part)]
        read = frozenset().union(*(part.pieces for part in self.parts))
        # Rows from before the arithmetic was noted are taken as they are, until there are others.
        count = {key for key, of in self.arithmetics.items() if of in ("", arithmetic)}
        self.pending = {
            key: task
            for key, task in self.tasks.items()
            if (key in read or (task.table and key not in count))
            and not is_kept(folder, key, task.arrays)
        }

    def again(self) -> Plan:
        """Look anew: a row that was replaced for one part may belong to another."""
        tasks = self.tasks.values()
        return Plan(tasks, self.every_part, self.datasets, self.folder, self.arithmetic)

    def seconds(self) -> tuple[float, float]:
        """Estimate what is to be done on one core: of pieces, side by side, and of parts."""
        pieces, parts = self.pending.values(), self.parts
        return sum(task.seconds for task in pieces), sum(part.seconds for part in parts)

    def fold(self) -> None:
        """Bring the pieces that are kept into the tables."""
        for table, datasets in self.datasets.items():
            wanted = {key for key, task in self.tasks.items() if task.table == table}
            lacking = (key for key in wanted if self.arithmetics.get(key) != self.arithmetic)
            ready = [key for key in sorted(lacking) if is_kept(self.folder, key)]
            made = [load(self.folder, key) for key in ready]
            for piece in made:
                for row in piece.rows:
                    row["arithmetic"] = self.arithmetic
            fold(table, made, wanted, datasets)
            self.arithmetics |= dict.fromkeys(ready, self.arithmetic)

    def make_parts(self) -> list[str]:
        """Work out the parts whose pieces are all there.

        Returns:
            Which failed, and why; these are left for another time.
        """
        problems = []
        ready = [part for part in self.parts if not (part.runs | part.pieces) & set(self.pending)]
        for part in ready:
            self.fold()
            self.parts.remove(part)
            print(f"\nWorking out the {part.name} of {part.dataset}.", flush=True)
            try:
                with on_one_thread():
                    part.make()
            except OSError:  # a full disk, say, ends it all
                raise
            except Exception as problem:
                name = f"{part.name} of {part.dataset}"
                problems.append(f"{name}: {type(problem).__name__}: {problem}")
            else:
                source = part.source(self.arithmetics)
                note_made(part.name, part.dataset, source, self.arithmetic)
        return problems

    def _is_made(self, part: Part) -> bool:
        source = part.source(self.arithmetics)
        return is_made(part.name, part.dataset, source, self.arithmetic)
