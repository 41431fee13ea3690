"""Recipes compared over stored runs that are made up here."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from trainedruns import LOSSES, put_measures, runs_of

from paperlib.experiments import results
from paperlib.experiments.results import (
    compare_recipes,
    load_measures,
)
from paperlib.stats.seeds import compare_losses


@pytest.fixture
def stored(monkeypatch):
    """Fill the store with what a test hands over."""
    return lambda *tables: put_measures(monkeypatch, [results], tables)


def test_pairs_are_of_equal_seeds_where_the_start_is_shared(stored):
    """Extra seeds of one recipe, another series and another protocol are left out."""
    more = np.r_[1.5 * LOSSES, np.full(90, 99.0)]
    stored(
        runs_of("published", LOSSES),
        runs_of("no_clipping", more),
        runs_of("published", 7 * LOSSES, dataset="e"),
        runs_of("published", 7 * LOSSES, protocol="leak_free"),
    )
    found = compare_recipes("no_clipping", "published", "d")
    assert found[:3] == pytest.approx((1.5, 1.5, 1.5))
    assert found.verdict == "holds"


def test_only_the_first_ten_seeds_are_compared(stored):
    more = np.r_[LOSSES, np.full(90, 99.0)]
    stored(runs_of("published", more), runs_of("no_clipping", 1.5 * more))
    found = compare_recipes("no_clipping", "published", "d")
    assert found[:4] == pytest.approx(compare_losses(LOSSES, 1.5 * LOSSES, paired=True)[:4])


def test_recipes_that_start_elsewhere_are_not_paired(stored):
    changed = 1.5 * np.random.default_rng(1).permutation(LOSSES)
    stored(runs_of("published", LOSSES), runs_of("single_layer", changed))
    found = compare_recipes("single_layer", "published", "d")
    welch = stats.ttest_ind(np.log(changed), np.log(LOSSES), equal_var=False)
    np.testing.assert_allclose(np.log(found[1:3]), welch.confidence_interval(0.95))


def test_what_a_caller_does_to_its_measures_is_seen_by_no_other():
    mine = load_measures()
    mine["seed"] = -1
    assert (load_measures()["seed"] >= 0).all()


def test_rows_that_have_measures_of_their_own_keep_them_and_others_are_filled(monkeypatch):
    """Made anew, a row has what its history and its forecasts say; an older one is looked up."""
    before = load_measures()
    runs = results.load_runs()
    first = runs.index[0]
    for name in ("early_wobble_pct", "bias_pct", "sessions_behind"):
        runs[name] = np.nan
        runs.loc[first, name] = -7.0
    monkeypatch.setattr(results, "load_runs", lambda: runs)
    results._measures.cache_clear()
    try:
        found = load_measures()
    finally:
        results._measures.cache_clear()
    assert set(found) == set(before)
    for name in ("early_wobble_pct", "bias_pct", "sessions_behind"):
        assert found[name].iloc[0] == -7.0
        older = before["arithmetic"].isna() & (before.index != before.index[0])
        np.testing.assert_array_equal(found.loc[older, name], before.loc[older, name])
