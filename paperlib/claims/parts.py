"""What is worked out of which runs: the tables that answer the claims, and those of intervals."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from paperlib.claims.risk_values import store_risk_values
from paperlib.claims.values import evaluate
from paperlib.experiments import store
from paperlib.experiments.catalogue import BUNDLED_WINDOW, SEEDS, grid
from paperlib.experiments.density_runs import (
    DATASETS,
    TICKERS,
    Series,
    density_grid,
    load_members,
)
from paperlib.experiments.density_study import store_distributions, store_intervals
from paperlib.experiments.half_years import load_reestimated, networks_by_half_year
from paperlib.experiments.over_sessions import compare_over_sessions, session_runs
from paperlib.experiments.pieces import Piece
from paperlib.experiments.plan import Part
from paperlib.experiments.sensitivity import Arima
from paperlib.experiments.tasks import products
from paperlib.prices.series import fingerprint


def parts_of_window(window: str, prices: pd.DataFrame, get: Callable[[str], Piece]) -> list[Part]:
    """List what is worked out of a window's runs."""
    sha256 = fingerprint(prices).sha256
    wanted = products(window, sha256)
    runs = frozenset(run.key(sha256) for run in grid(window) if run.seed in SEEDS)
    around = wanted.published + [run.key(sha256) for run in wanted.calibrated]

    def make_evaluation() -> None:
        """Score forecasts one by one."""
        paths = {name: get(key).arrays["paths"] for name, key in wanted.evaluated.items()}
        evaluate(window, prices, paths)

    def make_intervals() -> None:
        """Score intervals, and read the claims on risk."""
        store_intervals(window, prices, [get(key) for key in around])
        ahead = [get(key).arrays["ahead"] for key in wanted.published]
        store_risk_values(window, prices, ahead)

    arima = Arima(window).key(sha256)
    asked = {of: [run.key(sha256) for run in made] for of, made in session_runs(window).items()}

    def make_sessions() -> None:
        """Compare recipes over seeds and sessions."""
        losses = _sound_losses({of: [get(key) for key in keys] for of, keys in asked.items()})
        of_arima = get(arima).arrays["errors"][None] ** 2
        losses |= {(reading, "arima"): of_arima for reading, _ in asked}
        rows = compare_over_sessions(window, losses)
        store.save_series("over_sessions.csv", rows, store.COMPARED[:4])

    evaluated = frozenset(wanted.evaluated.values())
    of_sessions = frozenset(key for keys in asked.values() for key in keys) | {arima}
    sessions = Part("sessions", window, frozenset(), of_sessions, make_sessions, 5.0)
    return [
        Part("evaluation", window, runs, evaluated, make_evaluation, 240.0),
        Part("intervals", window, frozenset(), frozenset(around), make_intervals, 30.0),
        *([sessions] if asked else []),
    ]


def _sound_losses(
    made: dict[tuple[str, str], list[Piece]],
) -> dict[tuple[str, str], np.ndarray]:
    """Stack squared errors, (seeds, n) dollars, of the seeds with which no run of a reading failed.

    Args:
        made: by reading and recipe, the runs of all seeds.
    """
    losses = {}
    for reading, name in made:
        of_reading = [pieces for of, pieces in made.items() if of[0] == reading]
        sound = [
            all(piece.rows[0]["status"] == "ok" for piece in seed)
            for seed in zip(*of_reading, strict=True)
        ]
        errors = np.stack([piece.arrays["errors"] for piece in made[reading, name]])
        losses[reading, name] = errors[sound] ** 2
    return losses


def part_of_densities(
    window: str, prices: pd.DataFrame, series: dict[str, Series], get: Callable[[str], Piece]
) -> Part:
    """Name what is worked out of the density networks whose test part is that of a window."""
    datasets = list(TICKERS.values()) if window == BUNDLED_WINDOW else [DATASETS[window]]
    published = products(window, fingerprint(prices).sha256).published
    runs = frozenset(run.key(series) for name in datasets for run in density_grid(name))
    runs |= {
        network.key()
        for name in datasets
        for networks in networks_by_half_year(name, series)
        for network in networks
    }

    def make() -> None:
        """Score the distributions."""
        networks = [get(key).arrays for key in published]
        drawn = {
            "dropout": [arrays["drawn"] for arrays in networks],
            "noisy_dropout": [arrays["noisy"] for arrays in networks],
        }
        members = {
            name: load_members(name, series, get) | load_reestimated(name, series, get)
            for name in datasets
        }
        store_distributions(members, series, {DATASETS[window]: drawn})

    return Part("distributions", window, runs, runs | set(published), make, 150.0)
