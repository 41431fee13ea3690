"""The density networks: which there are, and what each forecasts.

Every model starts in 2013, is estimated once on what precedes the test part, and forecasts the
sessions of that part one by one. The test part is that of the book's window of the same end.
Those that are estimated anew on the way are in :mod:`paperlib.experiments.half_years`.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from paperlib.experiments.catalogue import BUNDLED_WINDOW, PAPER_WINDOW, SEEDS
from paperlib.experiments.pieces import Piece
from paperlib.prices.series import BUNDLED, fingerprint, load_prices
from paperlib.probabilistic.density_network import fit_density, forecast_density
from paperlib.probabilistic.features import (
    DensityRecipe,
    ReturnWindows,
    log_returns,
    make_return_windows,
)
from paperlib.probabilistic.student_t import StudentMixture
from paperlib.recipe import AS_PUBLISHED, PUBLISHED, digest, resolve
from paperlib.training import save_fit
from paperlib.windows import make_windows

DATASETS = {BUNDLED_WINDOW: "nflx-2013-2023", PAPER_WINDOW: "nflx-2013-2025"}
"""What a window of the book is called where training starts in 2013."""
NFLX, NFLX_2025 = DATASETS.values()
TICKERS = {ticker: f"{ticker.lower()}-2013-2023" for ticker in BUNDLED}

OWN = {
    "lstm_returns": DensityRecipe("returns", calendar=False),
    "lstm": DensityRecipe(calendar=False),
    "lstm_calendar": DensityRecipe(),
}
"""Trained on the ticker's own returns; first what the paper's network would read, then more."""
POOLED = {
    "lstm_pooled": DensityRecipe(calendar=False),
    "lstm_pooled_calendar": DensityRecipe(),
}
"""Trained on all six tickers at once."""


Members = dict[str, list[StudentMixture]]  # of a test part, by recipe the forecast of each seed
Drawn = dict[str, list[np.ndarray]]  # by model, of each seed, (n, samples) returns that it drew


@dataclass(frozen=True)
class Series:
    """Log returns of one ticker in per cent, and where its test part begins."""

    returns: pd.Series  # indexed by session
    train: int  # how many of the first returns precede the test part
    prices_sha256: str


@dataclass(frozen=True)
class DensityRun:
    """One density network to train."""

    dataset: str  # whose test part it forecasts; for a pooled network of the bundled end, all six's
    recipe_name: str
    recipe: DensityRecipe
    seed: int
    members: tuple[str, ...]  # datasets it trains on

    def __str__(self) -> str:
        """Name it for people."""
        return f"{self.recipe_name}, seed {self.seed} on {self.dataset}"

    def key(self, series: dict[str, Series]) -> str:
        """Digest of everything that decides the numbers."""
        prices = [(series[name].prices_sha256, series[name].train) for name in self.members]
        recipe = asdict(self.recipe) | {"network": resolve(self.recipe.network)}
        return digest([recipe, prices, self.seed])


def load_density_series(windows: dict[str, pd.DataFrame]) -> dict[str, Series]:
    """Load every series that density networks are trained on.

    Args:
        windows: prices of the book's windows by name, the bundled one, and the paper's if at hand.

    Returns:
        The six bundled tickers by dataset, and Netflix to 2025 if its prices were given. For the
        pooled network of that end, the five others are cut where its test part begins.
    """
    first_test = {
        name: make_windows(prices["close"], PUBLISHED, AS_PUBLISHED).test.sessions[0]
        for name, prices in windows.items()
    }

    def series(prices: pd.DataFrame, start_of_test: pd.Timestamp) -> Series:
        """Split a ticker's returns."""
        returns = log_returns(prices)
        train = int((returns.index < start_of_test).sum())
        return Series(returns, train, fingerprint(prices).sha256)

    found = {
        dataset: series(load_prices(ticker), first_test[BUNDLED_WINDOW])
        for ticker, dataset in TICKERS.items()
    }
    if PAPER_WINDOW in windows:
        paper, early = windows[PAPER_WINDOW], load_prices("NFLX")
        whole = pd.concat([early[early.index < paper.index[0]], paper])
        found[NFLX_2025] = series(whole, first_test[PAPER_WINDOW])
        for ticker, dataset in TICKERS.items():
            others = load_prices(ticker)
            until = others[others.index < first_test[PAPER_WINDOW]]
            found[f"{dataset} for 2025"] = series(until, first_test[PAPER_WINDOW])
    return found


def density_grid(dataset: str) -> list[DensityRun]:
    """Name every density run that forecasts one dataset, the pooled ones among them."""
    if dataset == NFLX_2025:
        names = {"lstm_returns", "lstm_calendar"}
        others = [f"{other} for 2025" for ticker, other in TICKERS.items() if ticker != "NFLX"]
        pool, pooled = (NFLX_2025, *others), {"lstm_pooled_calendar"}
    else:
        names = set(OWN) if dataset == NFLX else {"lstm_calendar"}
        pool, pooled = tuple(TICKERS.values()), set(POOLED)
    of_own = {name: recipe for name, recipe in OWN.items() if name in names}
    of_pool = {name: recipe for name, recipe in POOLED.items() if name in pooled}
    return [
        *(DensityRun(dataset, n, r, seed, (dataset,)) for n, r in of_own.items() for seed in SEEDS),
        *(DensityRun(pool[0], n, r, seed, pool) for n, r in of_pool.items() for seed in SEEDS),
    ]


def execute_density(run: DensityRun, series: dict[str, Series]) -> Piece:
    """Train a density network and forecast the test parts of the series that have one."""
    started = time.perf_counter()
    windows = {name: windows_of(run.recipe, series[name]) for name in run.members}
    fitted = fit_density(run.recipe, list(windows.values()), run.seed)
    arrays = {}
    for name, of_series in windows.items():
        made = forecast_density(fitted, of_series).at(slice(of_series.train, -1))
        if made.scale.size:
            arrays[name] = np.concatenate([made.location, made.scale, made.df])
    row = {
        "dataset": run.dataset,
        "recipe": run.recipe_name,
        "seed": run.seed,
        "status": fitted.status,
        "epochs": len(fitted.history),
        "best_epoch": fitted.best_epoch,
        "val_loss": float(fitted.history["val_loss"].min()),
        "seconds": round(time.perf_counter() - started, 1),
        "key": run.key(series),
    }
    file = io.BytesIO()
    save_fit(fitted, file)
    return Piece([row], {"history": fitted.history.reset_index()}, arrays, file.getvalue())


def windows_of(recipe: DensityRecipe, series: Series) -> ReturnWindows:
    """Lay out a series for a recipe."""
    return make_return_windows(series.returns, recipe, series.train)


def load_members(dataset: str, series: dict[str, Series], load: Callable[[str], Piece]) -> Members:
    """Lay out the forecasts of a dataset's test part, by recipe a list of the seeds'.

    Args:
        dataset: such as ``nflx-2013-2023``.
        series: all of them.
        load: returns the piece of a key.
    """
    found: Members = {}
    for run in density_grid(dataset):
        made = load(run.key(series)).arrays[dataset]
        found.setdefault(run.recipe_name, []).append(StudentMixture(*(x[None] for x in made)))
    return found


def density_runs(series: dict[str, Series]) -> dict[str, DensityRun]:
    """Name every density run of the series at hand, by key; a pooled one comes once."""
    datasets = [*TICKERS.values(), *([NFLX_2025] if NFLX_2025 in series else [])]
    return {run.key(series): run for dataset in datasets for run in density_grid(dataset)}
