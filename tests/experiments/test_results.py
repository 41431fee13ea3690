"""Recipes compared over stored runs that are made up here."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from trainedruns import LOSSES, put_measures, runs_of

from paperlib.experiments import results
from paperlib.experiments.catalogue import WINDOW_TITLES
from paperlib.experiments.results import (
    compare_ablations,
    compare_recipes,
    compare_settings,
    load_measures,
    summarise_recipe,
)
from paperlib.recipe import ABLATIONS
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


def test_ablations_come_in_one_table_with_p_values_adjusted_over_the_five(stored):
    factors = dict(zip(ABLATIONS, (2.0, 1.01, 0.5, 1.0, 1.2), strict=True))
    stored(runs_of("published", LOSSES), *(runs_of(n, f * LOSSES) for n, f in factors.items()))
    table = compare_ablations("d")
    assert list(table.index) == list(ABLATIONS)
    np.testing.assert_allclose(table["ratio"], list(factors.values()))
    assert table.loc["no_clipping", "verdict"] == "open"
    ordered = table.sort_values("p_value")
    expected = np.maximum.accumulate(np.minimum(1, ordered["p_value"] * [5, 4, 3, 2, 1]))
    np.testing.assert_allclose(ordered["p_holm"], expected)


def test_settings_are_the_protocols_and_both_recipes_without_l2(stored):
    """Every cell has a ratio of its own, so that a mix-up would show."""
    factor, tables, expected = 1.0, [], []
    for dataset in WINDOW_TITLES:
        for protocol, full, ablated in (
            ("as_published", "published", "no_clipping"),
            ("leak_free", "published", "no_clipping"),
            ("as_published", "no_l2", "no_clipping_no_l2"),
        ):
            factor += 0.1
            expected.append(factor)
            tables += [
                runs_of(full, LOSSES, dataset, protocol),
                runs_of(ablated, factor * LOSSES, dataset, protocol),
            ]
    stored(*tables)
    table = compare_settings("no_clipping")
    np.testing.assert_allclose(table["ratio"].astype(float), expected)
    assert table.index[2] == "2016 to 2025-03, no L2"
    assert table["text"].iloc[0].startswith("1.10 (")


def test_a_summary_is_over_the_first_ten_seeds_that_have_the_measure(stored):
    losses = np.r_[LOSSES, 99.0]
    losses[3] = np.nan
    stored(runs_of("published", losses))
    found = summarise_recipe("published", "test_mse_scaled", "d")
    assert found["mean"] == pytest.approx(np.delete(LOSSES, 3).mean())
    assert found["run_low"] < found["mean_low"] < found["mean_high"] < found["run_high"]


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
        np.testing.assert_array_equal(found[name].iloc[1:], before[name].iloc[1:])
