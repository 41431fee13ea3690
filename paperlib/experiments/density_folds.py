"""Which inputs the density networks read was chosen on two folds before any test part.

Each recipe is trained on what precedes a fold of the bundled series and scored on the fold. Both
end before the first session of the test part.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import scoringrules

from paperlib.experiments.density_runs import (
    OWN,
    POOLED,
    TICKERS,
    DensityRun,
    Series,
    execute_density,
)
from paperlib.experiments.pieces import Piece
from paperlib.experiments.store import load_folds
from paperlib.probabilistic.volatility import garch_student_t
from paperlib.recipe import digest

FOLDS = {"2020-06": ("2019-01-01", "2020-06-30"), "2022-03": ("2020-10-01", "2022-03-14")}
"""First and last day of each, by the month it ends in."""
THREE_SEEDS = range(3)


def fold_series(series: dict[str, Series]) -> dict[str, Series]:
    """Cut the bundled series where each fold ends, with what precedes the fold to train on.

    Returns:
        By dataset, named by start and end as the others are, such as ``nflx-2013-2020-06``.
    """
    found = {}
    for end, (first, last) in FOLDS.items():
        for ticker, dataset in TICKERS.items():
            returns = series[dataset].returns.loc[:last]
            train = int((returns.index < first).sum())
            found[_name(ticker, end)] = replace(series[dataset], returns=returns, train=train)
    return found


def fold_grid() -> list[DensityRun]:
    """Name every training: on Netflix by itself, and on all six tickers."""
    runs = []
    for end in FOLDS:
        own, pool = (_name("NFLX", end),), tuple(_name(ticker, end) for ticker in TICKERS)
        for recipes, members in ((OWN, own), (POOLED, pool)):
            runs += [
                DensityRun(members[0], name, recipe, seed, members)
                for name, recipe in recipes.items()
                for seed in THREE_SEEDS
            ]
    return runs


def fold_key(run: DensityRun, series: dict[str, Series]) -> str:
    """Digest of everything that decides the scores: of the training, and where the fold ends."""
    return digest([run.key(series), [len(series[name].returns) for name in run.members]])


def execute_fold(run: DensityRun, series: dict[str, Series]) -> Piece:
    """Train a network and score it on the fold: a row for each series that it was trained on."""
    made = execute_density(run, series)
    (trained,) = made.rows
    rows = []
    for name in run.members:
        of = series[name]
        returns, test = of.returns.to_numpy(), slice(of.train, len(of.returns))
        garch = garch_student_t(returns, of.train).at(test)
        crps = _mean_crps(returns[test], *made.arrays[name])
        garch_crps = _mean_crps(returns[test], garch.location[0], garch.scale[0], garch.df[0])
        scores = {
            "n": len(returns[test]),
            "crps": crps,
            "garch_crps": garch_crps,
            "ratio": crps / garch_crps,
        }
        rows.append(trained | {"dataset": name, "key": fold_key(run, series)} | scores)
    return replace(made, rows=rows)


def fold_ratios() -> pd.DataFrame:
    """Summarise the stored scores: CRPS over GARCH's, geometric means of the seeds.

    Returns:
        A row a recipe, a column ``(fold, "NFLX")`` and one ``(fold, "six")``, the geometric mean
        over all tickers too, without a value where the recipe is trained on Netflix alone.
    """
    rows = load_folds().assign(loss=lambda of: np.log(of["ratio"]))
    found = {}
    for fold in FOLDS:
        of_fold = rows[rows["dataset"].str.endswith(fold)]
        by_ticker = of_fold.pivot_table("loss", "recipe", "dataset")
        found[fold, "NFLX"] = np.exp(by_ticker[_name("NFLX", fold)])
        found[fold, "six"] = np.exp(by_ticker.mean(axis=1, skipna=False))
    return pd.DataFrame(found)


def _mean_crps(
    returns: np.ndarray, location: np.ndarray, scale: np.ndarray, df: np.ndarray
) -> float:
    """Score one Student-t a session, in closed form (Jordan, Krüger & Lerch 2019)."""
    return float(scoringrules.crps_t(returns, df, location, scale).mean())


def _name(ticker: str, end: str) -> str:
    """Name a ticker's series to the end of a fold."""
    return f"{ticker.lower()}-2013-{end}"
