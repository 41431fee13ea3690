"""Forecasts that are distributions: trained, scored and stored by ``make results``.

Each training is kept in the build folder as it finishes, so that a stop loses none. What goes into
the store are scores; session by session, those of the bundled Netflix series alone.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import joblib
import numpy as np
import pandas as pd

from paperlib.experiments import store
from paperlib.experiments.catalogue import SEEDS
from paperlib.experiments.density_runs import (
    DATASETS,
    NFLX,
    NFLX_2025,
    TICKERS,
    WORK,
    DensityRun,
    Series,
    density_grid,
    keep,
    load_row,
    run_densities,
    run_path,
    windows_of,
)
from paperlib.experiments.density_scores import (
    backtest_rows,
    over_tickers,
    score_dataset,
    score_rows,
)
from paperlib.experiments.interval_coverage import (
    CALIBRATED,
    SAMPLES,
    SeedCoverage,
    persistence_coverage,
    seed_coverage,
    summarise_coverage,
)
from paperlib.experiments.portfolios import tier_portfolios, tier_rows
from paperlib.experiments.store import LOSSES
from paperlib.prices.series import fingerprint
from paperlib.probabilistic.density_network import fit_density
from paperlib.recipe import PUBLISHED, resolve

DENSITY_TOLERANCE = 1e-4


def probe_density(run: DensityRun, series: dict[str, Series]) -> list[float]:
    """Train the first two epochs of a run and return their losses."""
    network = replace(run.recipe.network, epochs=2)
    recipe = replace(run.recipe, network=network)
    windows = [windows_of(recipe, series[name]) for name in run.members]
    return fit_density(recipe, windows, run.seed).history["train_loss"].to_list()


def runs_of(series: dict[str, Series]) -> dict[str, DensityRun]:
    """Name every density run of the series at hand, by key; a pooled one comes once."""
    datasets = [*TICKERS.values(), *([NFLX_2025] if NFLX_2025 in series else [])]
    return {run.key(series): run for dataset in datasets for run in density_grid(dataset)}


def are_current(series: dict[str, Series], jobs: int) -> bool:
    """Tell whether what is stored is of the runs that the code would make now.

    That is of the same keys, with rows of each series in the other tables; and the first two epochs
    of one seed of each recipe of the bundled Netflix series must train as stored (relative 1e-4).
    """
    stored, values = store.load_density_runs(), store.load_values()
    told = set(values.loc[values["key"] == "var_pct", "dataset"])
    windows = [window for window, dataset in DATASETS.items() if dataset in series]
    of_these = stored[stored["dataset"].isin(list(series))]
    if set(of_these["key"]) != set(runs_of(series)) or not set(windows) <= told:
        return False
    scored = {run.dataset for run in runs_of(series).values()}
    others = (store.load_distributions(), store.load_backtests(), store.load_tiers())
    if not all(scored <= set(table["dataset"]) for table in others):
        return False
    if not set(windows) <= set(store.load_coverage()["dataset"]):
        return False
    probed = probe_densities(series, jobs)
    before = stored.set_index("key").loc[list(probed), LOSSES]
    return np.allclose(list(probed.values()), before, rtol=DENSITY_TOLERANCE, atol=0)


def probe_densities(series: dict[str, Series], jobs: int) -> dict[str, list[float]]:
    """Probe seed 0 of each recipe of the bundled Netflix series; losses by key."""
    probed = [run for run in density_grid(NFLX) if run.seed == 0]
    losses = joblib.Parallel(n_jobs=jobs)(joblib.delayed(probe_density)(r, series) for r in probed)
    return dict(zip((run.key(series) for run in probed), losses, strict=True))


def drop_stale_work(series: dict[str, Series], jobs: int) -> None:
    """Delete what an earlier call kept, if the program has changed since: its keys can't tell."""
    kept = {run.key(series): run for run in density_grid(NFLX) if run_path(run, series).exists()}
    for key, losses in (probe_densities(series, jobs) if kept else {}).items():
        before = [load_row(kept[key], series)[name] for name in LOSSES] if key in kept else losses
        if not np.allclose(losses, before, rtol=DENSITY_TOLERANCE, atol=0):
            for path in WORK.glob("*.npz"):
                path.unlink()
            return


def train_missing(
    windows: dict[str, pd.DataFrame], series: dict[str, Series], jobs: int
) -> Iterator[tuple[int, int]]:
    """Train what is not at hand: density networks, and those whose intervals are scored.

    Yields (done, to do) after each.
    """
    drop_stale_work(series, jobs)
    wanted = [(window, seed) for window in windows for seed in SEEDS]
    missing = [of for of in wanted if not _coverage_path(windows[of[0]], of[1]).exists()]
    densities = run_densities(list(runs_of(series).values()), series, jobs)
    done = 0
    for done, total in densities:
        yield done, total + len(missing)
    parallel = joblib.Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1)
    finished = parallel(joblib.delayed(keep_coverage)(windows[w], seed) for w, seed in missing)
    for more, _ in enumerate(finished, start=1):
        yield done + more, done + len(missing)


def keep_coverage(prices: pd.DataFrame, seed: int) -> None:
    """Score the intervals of one seed's networks and keep what came out."""
    made = seed_coverage(prices["close"], seed)
    table = np.array(made.table.to_csv(index=False))
    keep(
        _coverage_path(prices, seed),
        table=table,
        drawn=made.drawn,
        noisy=made.noisy,
        ahead=made.ahead,
    )


def load_seed_coverage(prices: pd.DataFrame, seed: int) -> SeedCoverage:
    """Read what :func:`keep_coverage` kept."""
    with np.load(_coverage_path(prices, seed)) as kept:
        table = pd.read_csv(io.StringIO(str(kept["table"])))
        return SeedCoverage(table, kept["drawn"], kept["noisy"], kept["ahead"])


def store_scores(windows: dict[str, pd.DataFrame], series: dict[str, Series]) -> None:
    """Score what was trained, and write the tables of it."""
    drawn: dict[str, dict[str, list[np.ndarray]]] = {}
    for window, prices in windows.items():
        seeds = [load_seed_coverage(prices, seed) for seed in SEEDS]
        coverage = summarise_coverage(
            [*(seed.table for seed in seeds), persistence_coverage(prices["close"])]
        )
        order = ["dataset", "center", "method", "horizon", "level"]
        store.save_series("coverage.csv", coverage.assign(dataset=window), order)
        drawn[DATASETS[window]] = {
            "dropout": [seed.drawn for seed in seeds],
            "noisy_dropout": [seed.noisy for seed in seeds],
        }
    datasets = dict.fromkeys([*TICKERS.values(), *drawn])
    sessions = {name: score_dataset(name, series, drawn.get(name, {})) for name in datasets}
    scores = [score_rows(name, tables, series) for name, tables in sessions.items()]
    backtests = [
        backtest_rows(name, tables, series, drawn.get(name, {}))
        for name, tables in sessions.items()
    ]
    tiers = [
        tier_rows(name, tier_portfolios(tables, series[name])) for name, tables in sessions.items()
    ]
    for file, rows, order in (
        ("distributions.csv", [*scores, over_tickers(sessions)], ["dataset", "model"]),
        ("backtests.csv", backtests, ["dataset", "model", "tail"]),
        ("tiers.csv", tiers, ["dataset", "model", "tier"]),
    ):
        store.save_series(file, pd.concat(rows), order)
    store.save_sessions(NFLX, sessions[NFLX])
    runs = pd.DataFrame([load_row(run, series) for run in runs_of(series).values()])
    store.save_series("density_runs.csv", runs, ["dataset", "recipe", "seed"])


def _coverage_path(prices: pd.DataFrame, seed: int) -> Path:
    recipes = [resolve(PUBLISHED), resolve(CALIBRATED)]
    resolved = [*recipes, SAMPLES, fingerprint(prices).sha256, seed]
    key = hashlib.sha256(json.dumps(resolved, sort_keys=True).encode()).hexdigest()[:16]
    return WORK / f"coverage-{key}.npz"
