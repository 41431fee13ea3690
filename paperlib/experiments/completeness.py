"""Is everything stored that the book shows? Asked before a chapter finds out."""

from __future__ import annotations

from paperlib.experiments import store
from paperlib.experiments.catalogue import BUNDLED_WINDOW, PAPER_WINDOW, grid
from paperlib.experiments.density_runs import DATASETS, NFLX_2025, TICKERS, density_grid
from paperlib.experiments.price_series import ENDS, PAPER_SHA256, trial_series
from paperlib.experiments.sensitivity import Arima, trial_grid
from paperlib.prices.series import fingerprint, load_prices

PARTS = ("evaluation", "intervals", "leaks", "distributions")


def missing_results() -> list[str]:
    """Name what the store lacks: runs of either window, trials, density networks, whole tables.

    It asks for rows, not whether they are up to date, for which ``make results`` trains a little.
    """
    return [*_missing_runs(), *_missing_trials(), *_missing_densities(), *_missing_parts()]


def _missing_runs() -> list[str]:
    stored = set(store.load_runs()[store.ID].itertuples(index=False, name=None))
    return [
        f"{run.recipe_name}, {run.protocol.name}, seed {run.seed} on {run.dataset}"
        for window in DATASETS
        for run in grid(window)
        if (run.dataset, run.recipe_name, run.protocol.name, run.seed) not in stored
    ]


def _missing_trials() -> list[str]:
    at_hand = trial_series({BUNDLED_WINDOW: load_prices()}, {})
    digests = {name: fingerprint(prices).sha256 for name, prices in at_hand.items()}
    digests |= {PAPER_WINDOW: PAPER_SHA256} | {name: end[1] for name, end in ENDS.items()}
    stored = set(store.all_runs()["key"])
    return [
        f"{'ARIMA' if isinstance(trial, Arima) else trial.recipe_name} on {name}"
        for name, sha256 in digests.items()
        for trial in trial_grid(name)
        if trial.key(sha256) not in stored
    ]


def _missing_densities() -> list[str]:
    columns = ["dataset", "recipe", "seed"]
    stored = set(store.load_density_runs()[columns].itertuples(index=False, name=None))
    wanted = dict.fromkeys(  # a pooled one is in the grid of every series that it forecasts
        (run.dataset, run.recipe_name, run.seed)
        for dataset in (*TICKERS.values(), NFLX_2025)
        for run in density_grid(dataset)
    )
    return [
        f"{recipe}, seed {seed} on {dataset}"
        for dataset, recipe, seed in wanted
        if (dataset, recipe, seed) not in stored
    ]


def _missing_parts() -> list[str]:
    stored = set(store.load_parts()[store.PART[:2]].itertuples(index=False, name=None))
    return [f"{part} of {w}" for w in DATASETS for part in PARTS if (part, w) not in stored]
