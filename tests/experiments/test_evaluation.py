"""Forecasts evaluated run by run and by horizon, and the numbers that are of no single run."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as reference
from tinyworld import BUNDLED, TINY

from paperlib.baselines import simple_paths
from paperlib.claims.values import evaluate
from paperlib.experiments import store
from paperlib.experiments.catalogue import BUNDLED_WINDOW, EVALUATED, SEEDS
from paperlib.experiments.evaluation import (
    compare_forecast,
    describe_forecast,
    describe_path,
)
from paperlib.experiments.store import (
    load_evaluations,
    load_forecasts,
    load_horizons,
    load_runs,
    load_values,
    select,
)
from paperlib.experiments.tasks import products
from paperlib.forecasting import path_errors
from paperlib.prices.series import fingerprint, load_prices
from paperlib.recipe import AS_PUBLISHED, HORIZON, PUBLISHED
from paperlib.stats.forecast_tests import loss_ratio
from paperlib.windows import make_windows

PRICES = BUNDLED


def test_an_evaluation_is_of_the_runs_that_are_stored(world):
    both = load_evaluations().merge(load_runs()[["key", "test_rmse_usd"]], on="key")
    assert len(both) == 2 * 8
    np.testing.assert_allclose(both["rmse_usd"], both["test_rmse_usd"], rtol=1e-5)


def test_a_second_evaluation_gives_the_same_bytes_and_leaves_other_series(world, get):
    before = {path.name: path.read_bytes() for path in store.RESULTS.iterdir()}
    sha256 = fingerprint(PRICES).sha256
    networks = {
        name: get(key).arrays["paths"]
        for name, key in products(BUNDLED_WINDOW, sha256).evaluated.items()
    }
    evaluate(BUNDLED_WINDOW, PRICES, networks)
    assert {path.name: path.read_bytes() for path in store.RESULTS.iterdir()} == before


def test_an_ensemble_is_the_mean_forecast_and_scored_as_one(world):
    table = select(load_forecasts(), recipe="published", protocol="as_published")
    mean = table[["0", "1"]].mean(axis=1).to_numpy()
    came = PRICES["close"].loc[table["session"]].to_numpy()
    values = select(load_values(), model="published_ensemble", protocol="as_published")
    values = select(values, dataset=BUNDLED_WINDOW)
    values = values.set_index("key")["estimate"]
    expected = {
        "mae_usd": reference.mean_absolute_error(came, mean),
        "rmse_usd": reference.root_mean_squared_error(came, mean),
        "mape_pct": 100 * reference.mean_absolute_percentage_error(came, mean),
    }
    for key, value in expected.items():
        assert values[key] == pytest.approx(value, rel=1e-4)


def test_horizons_of_persistence_are_worked_out_by_hand(world):
    table = select(load_horizons(), model="persistence", dataset=BUNDLED_WINDOW)
    table = table.set_index("horizon")
    test = make_windows(PRICES["close"], TINY, AS_PUBLISHED).test
    origins = len(test.close) - HORIZON + 1
    for horizon in (1, 7, HORIZON):
        errors = [test.close[k + horizon - 1] - test.previous[k] for k in range(origins)]
        assert table.loc[horizon, "rmse_usd"] == pytest.approx(
            np.sqrt(np.mean(np.square(errors))), rel=1e-5
        )
        assert table.loc[horizon, "n"] == origins
        assert table.loc[horizon, ["ratio", "ratio_low", "ratio_high"]].tolist() == [1, 1, 1]


def test_a_path_is_measured_on_the_same_origins():
    """Errors of h dollars at horizon h: RMSE 30 at day 30, 60 at day 60."""
    test = make_windows(PRICES["close"], TINY, AS_PUBLISHED).test
    steps = np.arange(1, 61)
    ahead = np.arange(len(test.close))[:, None] + steps - 1
    came = np.append(test.close, np.zeros(60))[ahead]
    found = describe_path(came - steps, test)
    assert found["rmse_day_1"] == pytest.approx(1)
    assert found["rmse_day_30"] == pytest.approx(30)
    assert found["rmse_30_days"] == pytest.approx(np.sqrt(np.mean(steps[:30] ** 2)))
    assert found["growth_past_30_pct"] == pytest.approx(100)


def test_a_forecast_is_not_compared_with_itself():
    test = make_windows(PRICES["close"], TINY, AS_PUBLISHED).test
    found = compare_forecast(test.previous + 1, test, {"a": test.previous, "b": test.previous + 1})
    assert {name.split("_")[1] for name in found} == {"a"}


# --- the committed store -------------------------------------------------------------------------


def test_every_evaluated_run_is_evaluated_and_is_the_stored_run():
    runs = load_runs()[["key", "test_rmse_usd", "test_mse_scaled", "persistence_mse_scaled"]]
    both = load_evaluations().merge(runs, on="key")
    assert len(both) == 2 * 2 * len(EVALUATED) * len(SEEDS)
    np.testing.assert_allclose(both["rmse_usd"], both["test_rmse_usd"], rtol=1e-5)
    np.testing.assert_allclose(
        both["skill"],
        1 - both["test_mse_scaled"] / both["persistence_mse_scaled"],
        rtol=1e-3,
        atol=1e-3,
    )


@pytest.mark.parametrize("recipe", list(EVALUATED))
def test_stored_evaluations_follow_from_the_stored_forecasts(recipe):
    """Worked out again from forecasts of six digits, for two seeds."""
    prices = load_prices()
    windows = make_windows(prices["close"], PUBLISHED, AS_PUBLISHED)
    table = select(load_forecasts(), protocol="as_published").set_index("recipe")
    for seed in (0, 7):
        forecast = table.loc[recipe, str(seed)].to_numpy()
        naive = {"persistence": windows.test.previous}
        found = describe_forecast(forecast, windows, prices)
        found |= compare_forecast(forecast, windows.test, naive)
        stored = select(load_evaluations(), dataset=BUNDLED_WINDOW, recipe=recipe, seed=seed)
        stored = select(stored, protocol="as_published").iloc[0]
        for name, value in found.items():
            # Where a session is sampled again or a p-value is tiny, six digits move the answer.
            near = {"rel": 0.02, "abs": 2e-3 if name.endswith("_p") else 0.02}
            assert stored[name] == pytest.approx(value, **near), name


def test_stored_horizons_and_growths_follow_from_the_bundled_prices():
    close = load_prices()["close"].to_numpy()
    test = make_windows(load_prices()["close"], PUBLISHED, AS_PUBLISHED).test
    paths = simple_paths(close, len(close) - len(test.close), 60)
    naive = path_errors(test.close, paths["persistence"], HORIZON) ** 2
    table = select(load_horizons(), dataset=BUNDLED_WINDOW).set_index(["model", "horizon"])
    for model in ("persistence", "drift", "mean_return"):
        squared = path_errors(test.close, paths[model], HORIZON) ** 2
        for horizon in (1, 12, HORIZON):
            column = horizon - 1
            ratio = loss_ratio(squared[:, column], naive[:, column], horizon)
            expected = (np.sqrt(squared[:, column].mean()), *ratio)
            row = table.loc[(model, horizon), ["rmse_usd", "ratio", "ratio_low", "ratio_high"]]
            assert row.tolist() == pytest.approx(expected, rel=1e-5), (model, horizon)
    # ARIMA(0, 1, 0) is persistence.
    values = select(load_values(), dataset=BUNDLED_WINDOW).set_index(["key", "method"])["estimate"]
    found = describe_path(paths["persistence"], test)
    for measure in ("rmse_day_30", "rmse_30_days"):
        how = f"ARIMA(0, 1, 0), {measure} over rmse_day_1"
        growth = 100 * (found[measure] / found["rmse_day_1"] - 1)
        assert values["arima_growth_30_days_pct", how] == pytest.approx(growth, rel=1e-5)
    came = np.lib.stride_tricks.sliding_window_view(test.close, HORIZON)
    mape = 100 * np.mean(np.sqrt(naive) / came)
    how = "ARIMA(0, 1, 0), paths of 30 sessions, %"
    assert values["arima_mape_pct", how] == pytest.approx(mape, rel=1e-5)
