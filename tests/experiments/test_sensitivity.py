"""Which trials there are: of every series, and those that are stored."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from paperlib.experiments import sensitivity, store
from paperlib.experiments.catalogue import BUNDLED_WINDOW, PAPER_WINDOW
from paperlib.experiments.price_series import OTHER_TICKERS, WALKS, trial_series
from paperlib.experiments.sensitivity import Reading, later_trials, trial_grid
from paperlib.experiments.store import load_trials
from paperlib.prices.series import fingerprint, load_prices
from paperlib.recipe import MIRRORED, PUBLISHED, STRETCHED


def test_a_reading_changes_what_it_says_and_nothing_else():
    as_read = Reading("weight decay 0.01", stopping=True).recipes()
    assert as_read["published"] == PUBLISHED
    full = Reading("0.01 in the loss", stopping=False).recipes()["fixed_lr"]
    assert (full.l2_form, full.l2, full.patience, full.lr_factor) == ("loss", 0.01, None, None)


def test_later_trials_are_those_the_rules_name():
    """On a walk both networks without L2; at another end six readings, seven recipes, 3 seeds."""
    walk = later_trials("walk-042")
    assert [(run.recipe.cell, run.recipe.l2, run.seed) for run in walk] == [
        ("lstm", 0.0, 42),
        ("rnn", 0.0, 42),
    ]
    assert len(later_trials("nflx-2016-2025-04")) == 6 * 7 * 3
    bundled, papers = later_trials(BUNDLED_WINDOW), later_trials(PAPER_WINDOW)
    assert {run.protocol.name for run in bundled} == {"leak_free"}
    assert Counter(run.recipe.target for run in bundled) == {"relative": 30, "log_return": 10}
    for protocol in (MIRRORED, STRETCHED):
        control = [run for run in papers if run.protocol == protocol]
        assert Counter(run.recipe.l2 for run in control) == {0.01: 20, 0.0: 10}
    assert len(papers) == len(bundled) + 2 * 30
    assert later_trials("aapl-2016-2023") == []


def test_every_walk_gets_one_seed_and_every_ticker_five():
    seeds = {run.seed for run in trial_grid("walk-042")[:-1]}
    assert seeds == {42}
    assert len(trial_grid("walk-042")) == 3
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
