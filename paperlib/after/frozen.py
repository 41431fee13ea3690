"""The pooled density network whose weights are part of the book: ten seeds, trained once."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from paperlib.experiments.catalogue import SEEDS
from paperlib.experiments.density_runs import POOLED, TICKERS, DensityRun, Series, execute_density
from paperlib.experiments.engine import Task
from paperlib.experiments.tasks import A_POOL
from paperlib.machine.files import Hindrance, write
from paperlib.paths import DATA
from paperlib.prices.series import fingerprint, load_prices
from paperlib.probabilistic.density_network import DensityFit, load_density
from paperlib.probabilistic.features import log_returns

FROZEN = "lstm_pooled_calendar"
WEIGHTS = DATA / "weights"


def weights_file(seed: int) -> Path:
    """Name the file that holds the weights of one seed."""
    return WEIGHTS / f"{FROZEN}-{seed}.pt"


def bundled_series() -> dict[str, Series]:
    """Lay out the six bundled tickers, all of whose sessions train."""
    found = {}
    for ticker, dataset in TICKERS.items():
        prices = load_prices(ticker)
        returns = log_returns(prices)
        found[dataset] = Series(returns, len(returns), fingerprint(prices).sha256)
    return found


def frozen_tasks() -> list[Task]:
    """List the networks whose weights are missing."""
    series = bundled_series()
    members = tuple(series)
    runs = [
        DensityRun(members[0], FROZEN, POOLED[FROZEN], seed, members)
        for seed in SEEDS
        if not weights_file(seed).exists()
    ]
    return [
        Task(run.key(series), f"{run}, to the end", partial(execute_density, run, series), A_POOL)
        for run in runs
    ]


def keep_frozen(folder: Path, tasks: list[Task]) -> None:
    """Keep the weights of networks that were trained, of :func:`frozen_tasks`.

    Args:
        folder: of the pieces.
        tasks: that are done.
    """
    WEIGHTS.mkdir(exist_ok=True)
    missing = [seed for seed in SEEDS if not weights_file(seed).exists()]
    for seed, task in zip(missing, tasks, strict=True):
        write(weights_file(seed), (folder / f"{task.key}.pt").read_bytes())


def load_frozen() -> list[DensityFit]:
    """Load the networks of all seeds, weights only: no code of the files is run.

    Raises:
        Hindrance: if one is not there.
    """
    for seed in SEEDS:
        if not weights_file(seed).exists():
            raise Hindrance(
                f"{weights_file(seed)} is not there: git checkout data/weights brings it back, and "
                "make after trains it again."
            )
    return [load_density(weights_file(seed)) for seed in SEEDS]
