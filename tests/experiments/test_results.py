"""Recipes compared over stored runs that are made up here."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from paperlib.experiments import results
from paperlib.experiments.catalogue import (
    ABLATED,
    RECIPES,
    WINDOW_TITLES,
    WITHOUT_L2,
    share_initial_weights,
)
from paperlib.experiments.results import (
    compare_ablations,
    compare_recipes,
    compare_settings,
    summarise_recipe,
)
from paperlib.recipe import ABLATIONS
from paperlib.report import ablation_table
from paperlib.report.ablation_table import Measure, beside_paper
from paperlib.stats.seeds import compare_losses, prediction_interval

LOSSES = np.random.default_rng(0).lognormal(0, 0.2, 10)


def _runs(recipe: str, losses: np.ndarray, dataset: str = "d", protocol: str = "as_published"):
    return pd.DataFrame(
        {
            "dataset": dataset, "recipe": recipe, "protocol": protocol,
            "seed": range(len(losses)), "test_mse_scaled": losses, "status": "ok",
            "persistence_mse_scaled": 0.25,
        }
    )  # fmt: skip


@pytest.fixture
def stored(monkeypatch):
    """Fill the store with what a test hands over."""

    def fill(*tables: pd.DataFrame) -> None:
        shuffled = pd.concat(tables).sample(frac=1, random_state=0)
        for module in (results, ablation_table):
            monkeypatch.setattr(module, "load_measures", lambda: shuffled)

    return fill


def test_pairs_are_of_equal_seeds_where_the_start_is_shared(stored):
    """Extra seeds of one recipe, another series and another protocol are left out."""
    more = np.r_[1.5 * LOSSES, np.full(90, 99.0)]
    stored(
        _runs("published", LOSSES),
        _runs("no_clipping", more),
        _runs("published", 7 * LOSSES, dataset="e"),
        _runs("published", 7 * LOSSES, protocol="leak_free"),
    )
    found = compare_recipes("no_clipping", "published", "d")
    assert found[:3] == pytest.approx((1.5, 1.5, 1.5))
    assert found.verdict == "direction holds"


def test_only_the_first_ten_seeds_are_compared(stored):
    more = np.r_[LOSSES, np.full(90, 99.0)]
    stored(_runs("published", more), _runs("no_clipping", 1.5 * more))
    found = compare_recipes("no_clipping", "published", "d")
    assert found[:4] == pytest.approx(compare_losses(LOSSES, 1.5 * LOSSES, paired=True)[:4])


def test_recipes_that_start_elsewhere_are_not_paired(stored):
    changed = 1.5 * np.random.default_rng(1).permutation(LOSSES)
    stored(_runs("published", LOSSES), _runs("single_layer", changed))
    found = compare_recipes("single_layer", "published", "d")
    welch = stats.ttest_ind(np.log(changed), np.log(LOSSES), equal_var=False)
    np.testing.assert_allclose(np.log(found[1:3]), welch.confidence_interval(0.95))


def test_which_recipes_start_from_the_same_weights():
    full = RECIPES["published"]
    shared = {name for name, recipe in ABLATED.items() if share_initial_weights(recipe, full)}
    assert shared == {"no_dropout", "no_clipping", "fixed_lr"}
    assert share_initial_weights(full, RECIPES["no_l2"])
    assert not share_initial_weights(full, RECIPES["rnn"])
    assert share_initial_weights(RECIPES["rnn"], WITHOUT_L2["rnn_no_l2"])


def test_ablations_come_in_one_table_with_p_values_adjusted_over_the_five(stored):
    factors = dict(zip(ABLATIONS, (2.0, 1.01, 0.5, 1.0, 1.2), strict=True))
    stored(_runs("published", LOSSES), *(_runs(n, f * LOSSES) for n, f in factors.items()))
    table = compare_ablations("d")
    assert list(table.index) == list(ABLATIONS)
    np.testing.assert_allclose(table["ratio"], list(factors.values()))
    assert table.loc["no_clipping", "verdict"] == "no effect"
    assert table.loc["no_dropout", "verdict"] == "negligible"
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
                _runs(full, LOSSES, dataset, protocol),
                _runs(ablated, factor * LOSSES, dataset, protocol),
            ]
    stored(*tables)
    table = compare_settings("no_clipping")
    np.testing.assert_allclose(table["ratio"].astype(float), expected)
    assert table.index[2] == "2016 to 2025-03, no L2"
    assert table["text"].iloc[0].startswith("1.10 (")


def test_a_summary_is_over_the_first_ten_seeds_that_have_the_measure(stored):
    losses = np.r_[LOSSES, 99.0]
    losses[3] = np.nan
    stored(_runs("published", losses))
    found = summarise_recipe("published", "test_mse_scaled", "d")
    assert found["mean"] == pytest.approx(np.delete(LOSSES, 3).mean())
    assert found["run_low"] < found["mean_low"] < found["mean_high"] < found["run_high"]


def test_runs_that_failed_are_neither_summarised_nor_shown(stored):
    """A failed run may have a number, from before it failed, but none that counts."""
    failed = _runs("published", LOSSES).assign(status=["failed", *["ok"] * 9])
    cells = [
        table.assign(dataset=dataset, protocol=protocol)
        for dataset in WINDOW_TITLES
        for protocol in ("as_published", "leak_free")
        for table in (failed, _runs("no_clipping", LOSSES))
    ]
    stored(*cells)
    dataset = next(iter(WINDOW_TITLES))
    found = summarise_recipe("published", "test_mse_scaled", dataset)
    assert found["mean"] == pytest.approx(LOSSES[1:].mean())
    table = beside_paper("no_clipping", [Measure("test MSE", "test_mse_scaled", ".4f")])
    typical, low, high = prediction_interval(LOSSES[1:])
    assert set(table.iloc[0, 2:]) == {f"{typical:.4f} ({low:.4f} to {high:.4f})"}
    assert list(table["measure"].iloc[-2:]) == [
        "test MSE, persistence",
        "test MSE, ablated over full",
    ]
    assert set(table.iloc[-2, 2:]) == {"0.2500"}
