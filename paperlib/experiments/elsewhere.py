"""Does a comparison come out elsewhere? Six stocks, eight test periods, and what is trained there.

Fixed, with what is made of it, in the book's page on how claims are judged.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pandas as pd

from paperlib.experiments.catalogue import ABLATED, Run
from paperlib.experiments.sensitivity import Arima
from paperlib.prices.series import BUNDLED, load_prices
from paperlib.recipe import LEAK_FREE, PUBLISHED, RNN, Recipe

PERIODS, TRAINED = 8, 1000  # test periods; sessions before each that train and validate
FEW_SEEDS = range(2)

DEVICES: dict[str, Recipe] = {"published": PUBLISHED, "rnn": RNN, **ABLATED}
SETTINGS: dict[str, tuple[dict[str, object], dict[str, Recipe]]] = {
    "decay 0.01": ({}, DEVICES),
    "no L2": ({"l2": 0.0}, DEVICES),
    "log returns": ({"l2": 0.0, "target": "log_return"}, DEVICES),
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


def cell_grid(dataset: str, sessions: int) -> list[Run | Arima]:
    """Name every run of one cell, and its ARIMA.

    Args:
        dataset: its name.
        sessions: how many it has; those after the first thousand test.
    """
    windows = sessions - PUBLISHED.lookback
    share = (TRAINED - PUBLISHED.lookback + 0.5) / windows  # rounds down to what it says
    runs = [
        Run(
            dataset,
            f"{name}, {setting}",
            replace(recipe, **changes, train_share=share),
            LEAK_FREE,
            seed,
        )
        for setting, (changes, recipes) in SETTINGS.items()
        for (name, recipe), seed in product(recipes.items(), FEW_SEEDS)
    ]
    return [*runs, Arima(dataset, share)]
