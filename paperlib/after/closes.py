"""What the networks of the paper's window, and ARIMA, forecast of the sessions after it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from paperlib import metrics
from paperlib.baselines import arima_paths, choose_orders, compare_orders, fit_arima
from paperlib.experiments.catalogue import PAPER_WINDOW, SEEDS, Run
from paperlib.experiments.engine import Task
from paperlib.experiments.pieces import Piece
from paperlib.experiments.readings import ADMISSIBLE, reading_run
from paperlib.experiments.sensitivity import REMEDIES, RETURNS
from paperlib.experiments.tasks import A_RUN
from paperlib.prices.series import fingerprint
from paperlib.recipe import (
    AS_PUBLISHED,
    LEAK_FREE,
    PAPER_END,
    PAPER_START,
    PUBLISHED,
    RNN,
    Recipe,
    digest,
)
from paperlib.training import fit, predict
from paperlib.windows import later_windows, make_windows

FIRST_READING = next(iter(ADMISSIBLE))
LSTM = reading_run(FIRST_READING, "published", 0).recipe_name
"""What the others' squared errors are held against."""


@dataclass(frozen=True)
class Later:
    """What one model forecast of n later sessions."""

    forecast: np.ndarray  # (seeds, n) dollars; a model without seeds has one row
    trained_to: float = np.nan  # highest close that it was trained to forecast; NaN if no close
    seeds: tuple[int, ...] = ()  # of the rows
    recipe: Recipe | None = None  # of a network


def later_runs() -> list[Run]:
    """Name every network that the register asks for."""
    others = {
        "rnn": (RNN, AS_PUBLISHED),
        "returns": (RETURNS["returns"], LEAK_FREE),
        "relative": (REMEDIES["relative"], LEAK_FREE),
    }
    return [
        *(reading_run(reading, "published", seed) for reading in ADMISSIBLE for seed in SEEDS),
        *(Run(PAPER_WINDOW, name, *of, seed) for name, of in others.items() for seed in SEEDS),
    ]


def closes_key(run: Run, close: pd.Series) -> str:
    """Digest of everything that decides a network's forecasts of later sessions."""
    return digest([run.key(""), fingerprint(close.to_frame()).sha256])


def closes_tasks(prices: pd.DataFrame) -> list[Task]:
    """List the networks to train, on Netflix's prices in the paper's window and after it."""
    close = prices["close"].loc[PAPER_START:]
    return [
        Task(
            closes_key(run, close),
            f"{run.recipe_name}, seed {run.seed}, after the paper",
            partial(forecast_later, run, close),
            A_RUN,
            arrays=("forecast",),
        )
        for run in later_runs()
    ]


def forecast_later(run: Run, close: pd.Series) -> Piece:
    """Train a network on the paper's window, and forecast each later session from those before.

    Args:
        run: which network.
        close: dollars, indexed by session, from the window's first on.
    """
    windows = make_windows(close.loc[:PAPER_END], run.recipe, run.protocol)
    fitted = fit(run.recipe, windows, run.seed)
    part = later_windows(close, run.recipe, windows)
    forecast = windows.to_dollars(part, predict(fitted.model, part.inputs))
    of_closes = run.recipe.target == "close"
    row = {
        "status": fitted.status,
        "trained_to": float(windows.train.close.max()) if of_closes else np.nan,
    }
    return Piece([row], arrays={"forecast": forecast})


def gather(pieces: dict[Run, Piece]) -> dict[str, Later]:
    """Stack the seeds of each network by recipe, but for those whose training failed."""
    found: dict[str, list[tuple[Run, Piece]]] = {}
    for run, piece in pieces.items():
        if piece.rows[0]["status"] == "ok":
            found.setdefault(run.recipe_name, []).append((run, piece))
    return {
        name: Later(
            np.stack([piece.arrays["forecast"] for _, piece in of]),
            of[0][1].rows[0]["trained_to"],
            tuple(run.seed for run, _ in of),
            of[0][0].recipe,
        )
        for name, of in found.items()
        if len(of) > 1
    }


def simple_forecasts(close: pd.Series) -> dict[str, Later]:
    """Forecast the later sessions by persistence, and by ARIMA as the ledger has it.

    ARIMA has the order of the lowest AIC and is estimated on the training part of the window.
    """
    dollars = close.to_numpy(dtype=np.float64)
    window = close.loc[:PAPER_END]
    trained = len(window) - len(make_windows(window, PUBLISHED, AS_PUBLISHED).test.close)
    orders = compare_orders(dollars[:trained], choose_orders(dollars[:trained]).cut_off[1])
    fitted = fit_arima(dollars[:trained], orders["aic"].idxmin())
    arima = arima_paths(fitted, dollars, len(window), horizon=1)
    return {
        "arima": Later(arima.T),
        "persistence": Later(dollars[None, len(window) - 1 : -1]),
    }


def sessions_behind(forecast: np.ndarray, close: pd.Series) -> int:
    """Measure how many sessions forecasts of the last n closes trail, (n,) dollars."""
    before = np.lib.stride_tricks.sliding_window_view(close.to_numpy()[:-1], PUBLISHED.lookback)
    return metrics.sessions_behind(forecast, before[-len(forecast) :])
