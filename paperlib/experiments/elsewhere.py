"""Does a comparison come out elsewhere? Six stocks, eight test periods, and what is trained there.

Fixed, with what is made of it, in the book's page on how claims are judged.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pandas as pd

from paperlib.experiments.catalogue import Run
from paperlib.experiments.readings import MODELS
from paperlib.experiments.results import DIFFERENCES
from paperlib.experiments.sensitivity import Arima
from paperlib.experiments.store import load_elsewhere, select
from paperlib.prices.series import BUNDLED, load_prices
from paperlib.recipe import LEAK_FREE, PUBLISHED, RNN, Recipe

Arm = tuple[str, str]  # setting and recipe
PERIODS, TRAINED = 8, 1000  # test periods; sessions before each that train and validate
SEEDS_OF_A_CELL = 2

SETTINGS: dict[str, tuple[dict[str, object], dict[str, Recipe]]] = {
    "decay 0.01": ({}, MODELS),
    "no L2": ({"l2": 0.0}, MODELS),
    "log returns": ({"l2": 0.0, "target": "log_return"}, MODELS),
    "relative": ({"target": "relative"}, {"published": PUBLISHED, "rnn": RNN}),
}
"""What each setting changes, and which recipes it trains. The first two decide, the others
explain."""


def load_cells() -> dict[str, pd.DataFrame]:
    """Cut the bundled prices into cells, each a test period and the sessions before it.

    Returns:
        Prices by name, such as ``nflx-period-1``, in time order a ticker.
    """
    return {
        f"{ticker.lower()}-period-{number}": prices.iloc[first - TRAINED : stop]
        for ticker, prices in ((ticker, load_prices(ticker)) for ticker in BUNDLED)
        for number, (first, stop) in enumerate(split_periods(len(prices)), start=1)
    }


def split_periods(sessions: int) -> list[tuple[int, int]]:
    """Divide all sessions but the first thousand into eight, as equal as can be.

    Returns:
        Of each the first session and the one after its last, counted from 0.
    """
    edges = np.linspace(TRAINED, sessions, PERIODS + 1).round().astype(int).tolist()
    return list(pairwise(edges))


def name_periods() -> dict[int, str]:
    """Name each test period, from 1, by the month in which it starts, such as ``2016-12``."""
    sessions = load_prices(BUNDLED[0]).index
    starts = [first for first, _ in split_periods(len(sessions))]
    return {number: f"{sessions[at]:%Y-%m}" for number, at in enumerate(starts, start=1)}


def cell_seeds(dataset: str) -> range:
    """Return the two seeds of a cell, its own.

    Equal seeds would start alike in every cell, and what they share no interval over periods sees.
    """
    ticker, _, number = dataset.split("-")
    cell = PERIODS * BUNDLED.index(ticker.upper()) + int(number) - 1
    return range(SEEDS_OF_A_CELL * cell, SEEDS_OF_A_CELL * (cell + 1))


def cell_grid(dataset: str, sessions: int) -> list[Run | Arima]:
    """Name every run of one cell, and its ARIMA.

    Args:
        dataset: its name, of :func:`load_cells`.
        sessions: how many it has; those after the first thousand test.
    """
    windows = sessions - PUBLISHED.lookback
    share = (TRAINED - PUBLISHED.lookback + 0.5) / windows  # rounds down to what it says
    seeds = cell_seeds(dataset)
    runs = [
        Run(
            dataset,
            f"{name}, {setting}",
            replace(recipe, **changes, train_share=share),
            LEAK_FREE,
            seed,
        )
        for setting, (changes, recipes) in SETTINGS.items()
        for (name, recipe), seed in product(recipes.items(), seeds)
    ]
    return [*runs, Arima(dataset, share)]


def load_cell_runs() -> pd.DataFrame:
    """Read what is stored of the cells; a run that failed has no errors.

    Returns:
        One row a run, with ``ticker``, ``period`` (from 1), ``setting`` and ``recipe``, ``seed``,
        the columns of ``elsewhere.csv.gz``, ``test_mse`` and ``train_mse`` in squared dollars, so
        that settings with other units compare, and ``gap_ratio``, test over train. ARIMA, which
        has no seeds, stands under the setting ``arima``.
    """
    named = {
        f"{name}, {setting}": (name, setting)
        for setting, (_, recipes) in SETTINGS.items()
        for name in recipes
    }
    runs = load_elsewhere().copy()
    measures = [name for name in runs.select_dtypes("number") if name != "seed"]
    runs.loc[runs["status"] != "ok", measures] = np.nan
    names = [named.get(name, (name, "arima")) for name in runs.pop("recipe")]
    cells = runs["dataset"].str.extract(r"^(?P<ticker>\w+)-period-(?P<period>\d+)$")
    return pd.concat(
        [
            runs,
            pd.DataFrame(names, columns=["recipe", "setting"], index=runs.index),
            cells.assign(ticker=cells["ticker"].str.upper(), period=cells["period"].astype(int)),
        ],
        axis=1,
    ).assign(
        test_mse=lambda table: table["test_rmse_usd"] ** 2,
        train_mse=lambda table: table["train_rmse_usd"] ** 2,
        gap_ratio=lambda table: table["test_mse"] / table["train_mse"],
    )


def cell_effects(
    runs: pd.DataFrame, changed: Arm, baseline: Arm, column: str = "test_mse"
) -> pd.DataFrame:
    """Measure in each cell what a recipe changes: the mean over seeds of the log ratio.

    Of a wobble, which may be zero, the difference takes the place of the log ratio.

    Args:
        runs: of :func:`load_cell_runs`.
        changed: setting and recipe that are claimed to be worse.
        baseline: setting and recipe that are claimed to be better.
        column: the measure.

    Returns:
        A row a period, a column a ticker; missing where either has no run that did not fail.
    """
    cells = ["period", "ticker"]
    values = [
        select(runs, setting=setting, recipe=recipe).set_index(cells)[column].dropna()
        for setting, recipe in (changed, baseline)
    ]
    if column not in DIFFERENCES:
        values = [np.log(of) for of in values]
    worse, better = (of.groupby(cells).mean() for of in values)
    return (worse - better).unstack("ticker")
