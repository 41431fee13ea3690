"""The density networks: which there are, and what each forecasts.

Every model starts in 2013, is estimated once on what precedes the test part, and forecasts the
sessions of that part one by one. The test part is that of the book's window of the same end.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import joblib
import numpy as np
import pandas as pd

from paperlib.experiments.catalogue import BUNDLED_WINDOW, PAPER_WINDOW, SEEDS
from paperlib.paths import BUILD
from paperlib.prices.series import BUNDLED, fingerprint, load_prices
from paperlib.probabilistic.density_network import fit_density, forecast_density
from paperlib.probabilistic.features import (
    DensityRecipe,
    ReturnWindows,
    log_returns,
    make_return_windows,
)
from paperlib.probabilistic.student_t import StudentMixture
from paperlib.recipe import AS_PUBLISHED, PUBLISHED, resolve
from paperlib.windows import make_windows

WORK = BUILD / "densities"
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

    def key(self, series: dict[str, Series]) -> str:
        """Digest of everything that decides the numbers."""
        prices = [(series[name].prices_sha256, series[name].train) for name in self.members]
        recipe = asdict(self.recipe) | {"network": resolve(self.recipe.network)}
        text = json.dumps([recipe, prices, self.seed], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


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


def execute_density(run: DensityRun, series: dict[str, Series]) -> dict[str, object]:
    """Train a density run, keep its forecasts of the test parts, and return its row."""
    started = time.perf_counter()
    windows = {name: windows_of(run.recipe, series[name]) for name in run.members}
    fitted = fit_density(run.recipe, list(windows.values()), run.seed)
    arrays = {}
    for name, of_series in windows.items():
        test = slice(of_series.train, -1)
        made = forecast_density(fitted, of_series).at(test)
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
        "loss_epoch_1": float(fitted.history["train_loss"].iloc[0]),
        "loss_epoch_2": float(fitted.history["train_loss"].iloc[min(1, len(fitted.history) - 1)]),
        "seconds": round(time.perf_counter() - started, 1),
        "key": run.key(series),
    }
    keep(run_path(run, series), row=np.array(json.dumps(row)), **arrays)
    return row


def run_path(run: DensityRun, series: dict[str, Series]) -> Path:
    """Name the file in which a finished run is kept."""
    return WORK / f"{run.key(series)}.npz"


def keep(path: Path, **arrays: np.ndarray) -> None:
    """Write arrays into a file that is there only when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        np.savez(file, **arrays)
    draft.replace(path)


def windows_of(recipe: DensityRecipe, series: Series) -> ReturnWindows:
    """Lay out a series for a recipe."""
    return make_return_windows(series.returns, recipe, series.train)


def run_densities(
    runs: list[DensityRun], series: dict[str, Series], jobs: int
) -> Iterator[tuple[int, int]]:
    """Train the runs whose forecasts are not at hand, each kept as it finishes.

    Yields (done, to do) after each run.
    """
    missing = [run for run in runs if not run_path(run, series).exists()]
    missing.sort(key=lambda run: -len(run.members))  # the longest first, so that cores end together
    parallel = joblib.Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1)
    finished = parallel(joblib.delayed(execute_density)(run, series) for run in missing)
    for done, _ in enumerate(finished, start=1):
        yield done, len(missing)


def load_forecast(run: DensityRun, series: dict[str, Series], dataset: str) -> StudentMixture:
    """Read what a finished run forecasts of a dataset's test part."""
    with np.load(run_path(run, series)) as stored:
        return StudentMixture(*(x[None] for x in stored[dataset]))


def load_row(run: DensityRun, series: dict[str, Series]) -> dict[str, object]:
    """Read the row of a finished run."""
    with np.load(run_path(run, series)) as stored:
        return json.loads(str(stored["row"]))


def load_members(dataset: str, series: dict[str, Series]) -> dict[str, list[StudentMixture]]:
    """Read the forecasts of a dataset's test part, by recipe a list of the seeds'."""
    found: dict[str, list[StudentMixture]] = {}
    for run in density_grid(dataset):
        found.setdefault(run.recipe_name, []).append(load_forecast(run, series, dataset))
    return found
