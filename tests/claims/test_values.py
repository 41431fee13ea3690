"""Stored values follow from the prices, the stored runs and the stored forecasts."""

from __future__ import annotations

import numpy as np
import pytest

from paperlib.experiments.catalogue import BUNDLED_WINDOW, EVALUATED, PAPER_WINDOW, SEEDS
from paperlib.experiments.store import load_forecasts, load_runs, load_values, select
from paperlib.prices.series import load_prices
from paperlib.recipe import AS_PUBLISHED, PUBLISHED
from paperlib.stats.forecast_tests import loss_ratio
from paperlib.windows import make_windows


@pytest.mark.parametrize("dataset", [BUNDLED_WINDOW, PAPER_WINDOW])
def test_stored_values_agree_with_the_stored_runs(dataset):
    """Two ways to the same numbers: forecasts in dollars, and the runs' own scores."""
    runs = select(load_runs(), dataset=dataset, protocol="as_published")
    values = select(load_values(), dataset=dataset)
    naive = select(values, model="persistence").set_index("key")["estimate"]
    for key in ("mae_usd", "rmse_usd", "mape_pct", "mse_scaled"):
        assert naive[key] == pytest.approx(runs[f"persistence_{key}"].iloc[0], rel=1e-4)
    for recipe in EVALUATED:
        mine = runs[(runs["recipe"] == recipe) & runs["seed"].isin(SEEDS)]
        ratio = mine["test_mse_scaled"].mean() / runs["persistence_mse_scaled"].iloc[0]
        stored = select(values, key="mse_over_persistence", model=recipe, protocol="as_published")
        assert stored["estimate"].iloc[0] == pytest.approx(ratio, rel=1e-4)
        assert stored["low"].iloc[0] < ratio < stored["high"].iloc[0]


def test_simple_models_are_worked_out_again_from_the_bundled_prices():
    close = load_prices()["close"].to_numpy()
    first = len(close) - 383
    change = np.mean(np.diff(close[:first]))
    errors = close[first:] - (close[first - 1 : -1] + change)
    values = select(load_values(), dataset=BUNDLED_WINDOW, model="drift").set_index("key")
    assert values.loc["rmse_usd", "estimate"] == pytest.approx(
        np.sqrt(np.mean(errors**2)), rel=1e-5
    )
    ups = np.diff(close[first - 1 :]) > 0
    rose = select(load_values(), dataset=BUNDLED_WINDOW, model="always_up").iloc[0]
    assert rose["estimate"] == pytest.approx(100 * ups.mean(), rel=1e-5)


def test_stored_ratios_of_ensembles_follow_from_the_stored_forecasts():
    table = select(load_forecasts(), protocol="as_published").set_index("recipe")
    test = make_windows(load_prices()["close"], PUBLISHED, AS_PUBLISHED).test
    values = select(load_values(), dataset=BUNDLED_WINDOW, protocol="as_published")
    naive = (test.close - test.previous) ** 2
    for recipe in EVALUATED:
        mean = table.loc[recipe, [str(seed) for seed in SEEDS]].mean(axis=1).to_numpy()
        ratio = loss_ratio((test.close - mean) ** 2, naive)
        stored = select(values, key="mse_over_persistence", model=f"{recipe}_ensemble").iloc[0]
        assert stored[["estimate", "low", "high"]].tolist() == pytest.approx(ratio, rel=1e-3)
