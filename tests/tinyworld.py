"""All results, made small: two windows, two tickers, two seeds, tiny networks, short series."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from paperlib import __main__ as program
from paperlib.claims import parts, values
from paperlib.experiments import (
    density_folds,
    density_runs,
    density_scores,
    forecasts,
    half_years,
    portfolios,
    store,
    tasks,
)
from paperlib.experiments.catalogue import BUNDLED_WINDOW, PAPER_WINDOW, Run
from paperlib.experiments.density_runs import OWN, POOLED, TICKERS
from paperlib.experiments.interval_coverage import CALIBRATED
from paperlib.experiments.price_series import random_walk
from paperlib.experiments.reference_fits import hash_references
from paperlib.experiments.sensitivity import Arima
from paperlib.prices.series import fingerprint, load_prices
from paperlib.probabilistic import positions, scores, student_t
from paperlib.probabilistic.features import NETWORK
from paperlib.recipe import AS_PUBLISHED, LEAK_FREE, LEAKS, PUBLISHED
from paperlib.stats import forecast_tests

AAPL, WALK, CELL = "aapl-2013-2023", "walk-000", "nflx-period-1"
BUNDLED = load_prices().loc[:"2017-08"]
LONGER = load_prices().loc[:"2017-10"]  # as if the paper's window went on for two more months
WINDOWS = {BUNDLED_WINDOW: BUNDLED, PAPER_WINDOW: LONGER}
SPLIT = 30 + int(0.8 * (len(BUNDLED) - 30))  # sessions before the test part of the bundled window
SEEDS = range(2)
TINY = replace(PUBLISHED, hidden=(4,), epochs=2, batch_size=128)
RECIPES = {
    "published": TINY,
    "rnn": replace(TINY, cell="rnn"),
    "lookback_60": replace(TINY, lookback=60),
}
hash_once = cache(hash_references)


def tiny_grid(dataset: str) -> list[Run]:
    """Name ten runs of a window."""
    crossed = product(("published", "rnn"), (AS_PUBLISHED, LEAK_FREE), SEEDS)
    longer = (("lookback_60", AS_PUBLISHED, seed) for seed in SEEDS)
    return [Run(dataset, n, RECIPES[n], p, seed) for n, p, seed in (*crossed, *longer)]


def tiny_trials(dataset: str) -> list[Run | Arima]:
    """Name an ARIMA, and a network with each leak; on a window the grid has one of these."""
    protocols = LEAKS.values() if dataset in WINDOWS else [AS_PUBLISHED]
    leaks = [
        Run(dataset, "published", TINY, protocol, seed)
        for protocol, seed in product(protocols, SEEDS)
    ]
    return [Arima(dataset), *leaks]


def tiny_cell(dataset: str, sessions: int) -> list[Run | Arima]:
    """Name two runs and an ARIMA of a cell."""
    runs = [Run(dataset, name, RECIPES[name], LEAK_FREE, 0) for name in ("published", "rnn")]
    return [*runs, Arima(dataset, 0.7)]


def tiny_readings() -> list[Run]:
    """Name a run that the window's grid has too, and one that it lacks."""
    zero = replace(TINY, biases="zero")
    return [
        Run(PAPER_WINDOW, "published, decay 0.01", TINY, AS_PUBLISHED, 0),
        Run(PAPER_WINDOW, "published, zero biases", zero, AS_PUBLISHED, 0),
    ]


def tiny_sessions(dataset: str) -> dict[tuple[str, str], list[Run]]:
    """Name the runs of two recipes under one reading."""
    return {
        ("decay 0.01", name): [Run(dataset, name, RECIPES[name], AS_PUBLISHED, s) for s in SEEDS]
        for name in ("published", "rnn")
    }


def shrink(patched: pytest.MonkeyPatch, folder: Path) -> None:
    """Put the store and the pieces into a folder, and make all that is trained tiny."""
    (folder / "results").mkdir(exist_ok=True)
    patched.setattr(store, "RESULTS", folder / "results")
    patched.setattr(program, "PIECES", folder / "pieces")
    patched.setattr(program, "hash_references", hash_once)
    patched.setattr(
        program, "load_series", lambda file: dict(list(WINDOWS.items())[: 2 if file else 1])
    )
    patched.setattr(program, "load_late_series", lambda file: {})
    walk = {WALK: random_walk(BUNDLED["close"], 0).to_frame()}
    patched.setattr(program, "trial_series", lambda windows, late: {**windows, **walk})
    for module in (tasks, parts):
        patched.setattr(module, "grid", tiny_grid)
    patched.setattr(tasks, "trial_grid", tiny_trials)
    patched.setattr(parts, "session_runs", tiny_sessions)
    patched.setattr(tasks, "reading_grid", tiny_readings)
    patched.setattr(tasks, "dose_grid", list)
    patched.setattr(tasks, "cell_grid", tiny_cell)
    patched.setattr(program, "load_cells", lambda: {CELL: BUNDLED.iloc[-300:]})
    patched.setattr(forecasts, "EVALUATED", {name: RECIPES[name] for name in ("published", "rnn")})
    patched.setattr(tasks, "CALIBRATED", replace(CALIBRATED, hidden=(4,), epochs=2, batch_size=128))
    for module in (tasks, parts, forecasts, density_runs, values):
        patched.setattr(module, "SEEDS", SEEDS)
    for recipes in (OWN, POOLED):
        for name, recipe in recipes.items():
            network = replace(NETWORK, hidden=(4, 3), epochs=2, batch_size=256)
            patched.setitem(recipes, name, replace(recipe, network=network))
    few = {ticker: TICKERS[ticker] for ticker in ("AAPL", "NFLX")}
    for ticker in reversed(list(TICKERS)):  # so they come back in their order: keys hang on it
        patched.delitem(TICKERS, ticker)
    for ticker, dataset in few.items():
        patched.setitem(TICKERS, ticker, dataset)
    patched.setattr(density_runs, "load_prices", lambda t: load_prices(t).loc["2014-06":"2017-08"])
    patched.setattr(density_folds, "FOLDS", {"2016-12": ("2016-07-01", "2016-12-31")})
    patched.setattr(density_folds, "THREE_SEEDS", range(1))
    patched.setattr(half_years, "HALF_YEAR", 40)  # so either window's test part has two
    # Scores are checked elsewhere; here they may be few and rough.
    patched.setattr(portfolios, "IN_TIERS", ("garch_t", "lstm_pooled_calendar"))
    for module in (scores, density_scores):
        patched.setattr(module, "LEVELS", (0.9,))
    for module in (positions, forecast_tests):
        patched.setattr(module, "REPLICATIONS", 20)
    nodes, weights = np.polynomial.legendre.leggauss(20)
    patched.setattr(student_t, "NODES", nodes)
    patched.setattr(student_t, "WEIGHTS", weights)


def count_work(patched: pytest.MonkeyPatch) -> Counter[object]:
    """Count how often each run is executed in this process."""
    counted: Counter[object] = Counter()

    def counting(of: Callable[..., object]) -> Callable[..., object]:
        def count(run: object, *arguments: object) -> object:
            counted[run] += 1
            return of(run, *arguments)

        return count

    for name in ("execute", "execute_arima", "execute_density", "execute_fold"):
        patched.setattr(tasks, name, counting(getattr(tasks, name)))
    return counted


def keys_of(worked: Iterable[object]) -> list[str]:
    """Return the keys of the paper's networks among runs; a series has any prices of its own."""
    prices = {**WINDOWS, WALK: BUNDLED * 2, CELL: BUNDLED * 3}
    return [
        run.key(fingerprint(prices[run.dataset]).sha256) for run in worked if isinstance(run, Run)
    ]


def results(folder: Path) -> dict[str, bytes]:
    """Read every table, but for how long runs took."""
    found = {}
    for path in sorted((folder / "results").iterdir()):
        table = pd.read_csv(path)
        found[path.name] = table.drop(columns="seconds", errors="ignore").to_csv().encode()
    return found
