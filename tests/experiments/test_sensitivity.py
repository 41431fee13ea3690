"""Which trials there are: of every series, and those that are stored."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from paperlib.experiments import sensitivity, store
from paperlib.experiments.catalogue import BUNDLED_WINDOW, PAPER_WINDOW
from paperlib.experiments.price_series import OTHER_TICKERS, WALKS, trial_series
from paperlib.experiments.sensitivity import trial_grid
from paperlib.experiments.store import load_trials
from paperlib.prices.series import fingerprint, load_prices
from paperlib.recipe import MIRRORED, STRETCHED


def test_every_series_has_the_trials_that_the_rules_name():
    """At another end six readings of seven networks with three seeds; on the paper's controls."""
    at_end = trial_grid("nflx-2016-2025-04")
    assert len(at_end) == 6 * 7 * 3 + 1
    assert {run.recipe.patience for run in at_end[:-1]} == {10}
    bundled, papers = trial_grid(BUNDLED_WINDOW), trial_grid(PAPER_WINDOW)
    targets = Counter(run.recipe.target for run in bundled[1:] if run.protocol.name == "leak_free")
    assert (targets["relative"], targets["log_return"]) == (20, 20)
    for protocol in (MIRRORED, STRETCHED):
        control = [run for run in papers[1:] if run.protocol == protocol]
        assert Counter(run.recipe.l2 for run in control) == {0.01: 10, 0.0: 10}
        assert protocol not in {run.protocol for run in bundled[1:]}


def test_no_run_is_named_twice():
    for dataset in (BUNDLED_WINDOW, PAPER_WINDOW, "nflx-2016-2025-04", "walk-012"):
        keys = [trial.key("") for trial in trial_grid(dataset)]
        assert len(keys) == len(set(keys))


def test_every_walk_gets_one_seed_and_every_ticker_five():
    networks = [("lstm", 0.01), ("rnn", 0.01), ("lstm", 0.0), ("rnn", 0.0)]
    for number in (0, 99):
        walk = trial_grid(f"walk-{number:03d}")[:-1]
        assert [(run.recipe.cell, run.recipe.l2) for run in walk] == networks
        assert {run.seed for run in walk} == {number}
    assert len(trial_grid("aapl-2016-2023")) == 3 * 2 * 5 + 1


def test_every_series_has_its_trials():
    series = trial_series({BUNDLED_WINDOW: load_prices()}, {})
    assert set(series) == {BUNDLED_WINDOW, *WALKS, *OTHER_TICKERS.values()}
    for name, prices in series.items():
        assert {trial.dataset for trial in trial_grid(name)} == {name}
        assert prices.index[0] == pd.Timestamp("2016-01-04")


def test_stored_trials_are_those_of_the_grid():
    digests = {BUNDLED_WINDOW: fingerprint(load_prices()).sha256}
    series = trial_series({BUNDLED_WINDOW: load_prices()}, {})
    digests = {name: fingerprint(prices).sha256 for name, prices in series.items()}
    wanted = {trial.key(digests[name]) for name in series for trial in trial_grid(name)}
    stored = load_trials()
    here = stored[stored["dataset"].isin(list(series))]
    assert set(here["key"]) | set(store.load_runs()["key"]) >= wanted
    assert set(here["key"]) <= wanted
    assert set(stored["dataset"]) - set(series) == {PAPER_WINDOW, *sensitivity.ENDS}


def test_an_honest_arm_is_the_leak_free_run_of_the_store():
    """The grid's leak-free runs and the sensitivity runs are of one recipe, protocol and key."""
    runs = store.load_runs().set_index("key")
    digest = fingerprint(load_prices()).sha256
    honest = [
        trial
        for trial in trial_grid(BUNDLED_WINDOW)
        if getattr(trial, "recipe_name", "") == "published" and trial.protocol.name == "leak_free"
    ]
    assert len(honest) == 20
    assert sum(trial.key(digest) in runs.index for trial in honest) == 10
