"""Is everything stored that the book shows? Asked before a chapter finds out."""

from __future__ import annotations

from paperlib.experiments import store
from paperlib.experiments.catalogue import BUNDLED_WINDOW, PAPER_WINDOW, Run, grid
from paperlib.experiments.density_runs import DATASETS, NFLX_2025, TICKERS, density_grid
from paperlib.experiments.folding import PART_FILES
from paperlib.experiments.price_series import ENDS, PAPER_SHA256, trial_series
from paperlib.experiments.sensitivity import Arima, trial_grid
from paperlib.prices.series import fingerprint, load_prices
from paperlib.recipe import AS_PUBLISHED

SHOWN = ("evaluation", "intervals", "distributions", "leaks")
"""The parts of the tables that chapters show."""


def missing_results() -> list[str]:
    """Name what the store lacks: runs of either window, trials, density networks, whole tables.

    It asks for rows by name, not whether they are up to date: those of the paper's window may not
    be, where its prices are not at hand.
    """
    return [*_missing_runs(), *_missing_trials(), *_missing_densities(), *_missing_parts()]


def _missing_runs() -> list[str]:
    stored = set(store.load_runs()[store.ID].itertuples(index=False, name=None))
    return [
        str(run)
        for window in DATASETS
        for run in grid(window)
        if (run.dataset, run.recipe_name, run.protocol.name, run.seed) not in stored
    ]


def _missing_trials() -> list[str]:
    at_hand = trial_series({BUNDLED_WINDOW: load_prices()}, {})
    digests = {name: fingerprint(prices).sha256 for name, prices in at_hand.items()}
    digests |= {PAPER_WINDOW: PAPER_SHA256} | {name: end[1] for name, end in ENDS.items()}
    of_grid = {run.key(digests[window]) for window in DATASETS for run in grid(window)}
    stored = set(store.load_trials()[store.ID].itertuples(index=False, name=None))
    return [
        str(trial)
        for name, sha256 in digests.items()
        for trial in trial_grid(name)
        if trial.key(sha256) not in of_grid and _name(trial) not in stored
    ]


def _name(trial: Run | Arima) -> tuple[str, str, str, int]:
    if isinstance(trial, Arima):
        return trial.dataset, "arima", AS_PUBLISHED.name, 0
    return trial.dataset, trial.recipe_name, trial.protocol.name, trial.seed


def _missing_densities() -> list[str]:
    columns = ["dataset", "recipe", "seed"]
    stored = set(store.load_density_runs()[columns].itertuples(index=False, name=None))
    wanted = (run for dataset in (*TICKERS.values(), NFLX_2025) for run in density_grid(dataset))
    return [
        str(run)
        for run in dict.fromkeys(wanted)  # a pooled one is in the grid of all that it forecasts
        if (run.dataset, run.recipe_name, run.seed) not in stored
    ]


def _missing_parts() -> list[str]:
    stored = set(store.load_parts()[store.PART[:2]].itertuples(index=False, name=None))
    return [
        f"{part} of {window}"
        for window in DATASETS
        for part, files in PART_FILES.items()
        if part in SHOWN
        and ((part, window) not in stored or not all((store.RESULTS / f).exists() for f in files))
    ]
