"""Is everything stored that the book shows? Asked before a chapter finds out."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import pandas as pd

from paperlib.experiments import store
from paperlib.experiments.catalogue import BUNDLED_WINDOW, PAPER_WINDOW, Run, grid
from paperlib.experiments.density_folds import fold_grid
from paperlib.experiments.density_runs import (
    DATASETS,
    NFLX_2025,
    TICKERS,
    DensityRun,
    density_grid,
)
from paperlib.experiments.elsewhere import cell_grid, load_cells
from paperlib.experiments.folding import PART_FILES
from paperlib.experiments.over_sessions import session_runs
from paperlib.experiments.price_series import ENDS, PAPER_SHA256, trial_series
from paperlib.experiments.readings import dose_grid, reading_grid
from paperlib.experiments.sensitivity import Arima, trial_grid
from paperlib.prices.series import fingerprint, load_prices
from paperlib.recipe import AS_PUBLISHED


def missing_results() -> list[str]:
    """Name what the store lacks: runs, trials, density networks, whole tables.

    It asks for rows by name, not whether they are up to date: those of the paper's window may not
    be, where its prices are not at hand.
    """
    grids = [run for window in DATASETS for run in grid(window)]
    at_hand = trial_series({BUNDLED_WINDOW: load_prices()}, {})
    digests = {name: fingerprint(prices).sha256 for name, prices in at_hand.items()}
    digests |= {PAPER_WINDOW: PAPER_SHA256} | {name: end[1] for name, end in ENDS.items()}
    of_grid = {run.key(digests[run.dataset]) for run in grids}
    readings = [*reading_grid(), *dose_grid()]
    of_readings = {run.key(PAPER_SHA256) for run in readings}
    trials = [trial for name in digests for trial in trial_grid(name)]
    cells = [run for name, prices in load_cells().items() for run in cell_grid(name, len(prices))]
    return [
        *_missing(store.load_runs(), grids),
        *_missing(
            store.load_readings(), (of for of in readings if of.key(PAPER_SHA256) not in of_grid)
        ),
        *_missing(
            store.load_trials(),
            (of for of in trials if of.key(digests[of.dataset]) not in of_grid | of_readings),
        ),
        *_missing(store.load_elsewhere(), cells),
        *_missing_densities(),
        *_missing_parts(),
    ]


def _missing(rows: pd.DataFrame, wanted: Iterable[Run | Arima]) -> list[str]:
    stored = set(rows[store.ID].itertuples(index=False, name=None))
    return [str(run) for run in wanted if _name(run) not in stored]


def _name(trial: Run | Arima) -> tuple[str, str, str, int]:
    if isinstance(trial, Arima):
        return trial.dataset, "arima", AS_PUBLISHED.name, 0
    return trial.dataset, trial.recipe_name, trial.protocol.name, trial.seed


def _missing_densities() -> list[str]:
    grids = (density_grid(dataset) for dataset in (*TICKERS.values(), NFLX_2025))
    return [
        *_missing_networks(store.load_density_runs(), chain(*grids)),
        *_missing_networks(store.load_folds(), fold_grid()),
    ]


def _missing_networks(rows: pd.DataFrame, wanted: Iterable[DensityRun]) -> list[str]:
    stored = set(rows[["dataset", "recipe", "seed"]].itertuples(index=False, name=None))
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
        if (part != "sessions" or session_runs(window))
        and ((part, window) not in stored or not all((store.RESULTS / f).exists() for f in files))
    ]
