"""All that is known of distributions, made small: two tickers, two seeds, tiny networks."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from paperlib.claims import risk_values
from paperlib.claims.risk_values import store_risk_values
from paperlib.experiments import (
    density_runs,
    density_scores,
    density_study,
    interval_coverage,
    portfolios,
    store,
)
from paperlib.experiments.catalogue import BUNDLED_WINDOW, PAPER_WINDOW
from paperlib.experiments.density_runs import OWN, POOLED, TICKERS, load_density_series
from paperlib.experiments.density_study import (
    are_current,
    probe_densities,
    runs_of,
    store_scores,
    train_missing,
)
from paperlib.experiments.interval_coverage import CALIBRATED
from paperlib.prices.series import load_prices
from paperlib.probabilistic import positions, scores, student_t
from paperlib.probabilistic.features import NETWORK
from paperlib.recipe import PUBLISHED
from paperlib.stats import forecast_tests

AAPL = "aapl-2013-2023"
BUNDLED = load_prices().loc[:"2017-08"]
LONGER = load_prices().loc[:"2017-10"]  # as if the paper's window went on for two more months
WINDOWS = {BUNDLED_WINDOW: BUNDLED, PAPER_WINDOW: LONGER}
SPLIT = 30 + int(0.8 * (len(BUNDLED) - 30))  # sessions before the test part of the bundled window
OUR_SERIES = 3 * 2 + 1 * 2 + 2 * 2  # runs: Netflix's own, Apple's, both pooled
LONGER_SERIES = 2 * 2 + 1 * 2


def shrink(patched: pytest.MonkeyPatch, folder: Path) -> None:
    """Put the store and what is kept into a folder, and make all that is trained tiny."""
    (folder / "results").mkdir(exist_ok=True)
    patched.setattr(store, "RESULTS", folder / "results")
    for module in (density_runs, density_study):
        patched.setattr(module, "WORK", folder / "work")
    for module in (density_runs, density_study, risk_values):
        patched.setattr(module, "SEEDS", range(2))
    tiny = {"hidden": (4,), "epochs": 1, "batch_size": 256}
    for module in (interval_coverage, density_study):
        patched.setattr(module, "PUBLISHED", replace(PUBLISHED, **tiny))
        patched.setattr(module, "CALIBRATED", replace(CALIBRATED, **tiny))
        patched.setattr(module, "SAMPLES", 6)
    for recipes in (OWN, POOLED):
        for name, recipe in recipes.items():
            network = replace(NETWORK, hidden=(4, 3), epochs=2, batch_size=256)
            patched.setitem(recipes, name, replace(recipe, network=network))
    for ticker in set(TICKERS) - {"AAPL", "NFLX"}:
        patched.delitem(TICKERS, ticker)
    patched.setattr(density_runs, "load_prices", lambda t: load_prices(t).loc["2014-06":"2017-08"])
    # Scores are checked elsewhere; here they may be few and rough.
    patched.setattr(portfolios, "IN_TIERS", ("garch_t", "lstm_pooled_calendar"))
    for module in (scores, density_scores):
        patched.setattr(module, "LEVELS", (0.9,))
    for module in (positions, forecast_tests):
        patched.setattr(module, "REPLICATIONS", 20)
    nodes, weights = np.polynomial.legendre.leggauss(20)
    patched.setattr(student_t, "NODES", nodes)
    patched.setattr(student_t, "WEIGHTS", weights)


def _count_calls(patched: pytest.MonkeyPatch) -> Counter:
    """Count what is trained, by name."""
    counted = Counter()
    execute, keep_intervals = density_runs.execute_density, density_study.keep_coverage

    def counting_run(run, series):
        counted[run.key(series)] += 1
        return execute(run, series)

    def counting_coverage(prices, seed):
        counted[len(prices), seed] += 1
        return keep_intervals(prices, seed)

    patched.setattr(density_runs, "execute_density", counting_run)
    patched.setattr(density_study, "keep_coverage", counting_coverage)
    return counted


class Finished:
    """A store that was computed once, for all tests, with a stop on the way."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with pytest.MonkeyPatch.context() as patched:
            shrink(patched, folder)
            self.series = load_density_series(WINDOWS)
            self.trained = _count_calls(patched)
            self.current_before = are_current(self.series, jobs=1)
            stopped = train_missing(WINDOWS, self.series, jobs=1)
            self.progress = [next(stopped)]
            stopped.close()
            self.kept_by_then = sorted(path.name for path in (folder / "work").iterdir())
            self.progress += train_missing(WINDOWS, self.series, jobs=1)
            self.again = list(train_missing(WINDOWS, self.series, jobs=1))
            self.wanted = set(runs_of(self.series))
            self.probed = probe_densities(self.series, jobs=1)
            store_risk_values(WINDOWS)
            store_scores(WINDOWS, self.series)
