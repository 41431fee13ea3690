"""Forecasts evaluated run by run and by horizon, and the numbers that are of no single run."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn import metrics as reference

from paperlib.baselines import simple_paths
from paperlib.claims.readings import claims_on_prices
from paperlib.claims.values import evaluate
from paperlib.experiments import evaluation, forecasts, store
from paperlib.experiments.catalogue import BUNDLED_WINDOW, EVALUATED, PAPER_WINDOW, SEEDS
from paperlib.experiments.evaluation import (
    compare_forecast,
    describe_forecast,
    describe_path,
    is_evaluated,
)
from paperlib.experiments.forecasts import evaluated_runs, forecast_run
from paperlib.experiments.runner import execute
from paperlib.experiments.store import (
    load_evaluations,
    load_forecasts,
    load_horizons,
    load_runs,
    load_values,
    select,
)
from paperlib.forecasting import path_errors
from paperlib.prices.series import load_prices
from paperlib.recipe import AS_PUBLISHED, HORIZON, PUBLISHED
from paperlib.stats.forecast_tests import loss_ratio
from paperlib.windows import make_windows

PRICES = load_prices().iloc[:500]
TINY = replace(PUBLISHED, hidden=(4,), epochs=2)
RECIPES = {
    "published": TINY,
    "rnn": replace(TINY, cell="rnn"),
    "lookback_60": replace(TINY, lookback=60),
}


def _change(patch: pytest.MonkeyPatch, results: Path) -> None:
    """Put a store elsewhere, and in it tiny recipes of two seeds."""
    patch.setattr(store, "RESULTS", results)
    patch.setattr(forecasts, "EVALUATED", {name: RECIPES[name] for name in ("published", "rnn")})
    patch.setattr(forecasts, "SEEDS", range(2))
    patch.setattr("paperlib.baselines.MAX_ORDER", 1)


@pytest.fixture(scope="module")
def computed(tmp_path_factory):
    """Compute a store of tiny runs of a series, called bundled, with their evaluation."""
    results = tmp_path_factory.mktemp("results")
    with pytest.MonkeyPatch.context() as patch:
        _change(patch, results)
        runs = evaluated_runs(BUNDLED_WINDOW)
        longer = [
            replace(run, recipe=RECIPES["lookback_60"], recipe_name="lookback_60")
            for run in runs
            if (run.recipe_name, run.protocol) == ("published", AS_PUBLISHED)
        ]
        for run in (*runs, *longer):
            store.append(*execute(run, PRICES))
        store.fold()
        assert not is_evaluated(BUNDLED_WINDOW, PRICES)
        evaluate(BUNDLED_WINDOW, PRICES, jobs=1)
    return results


@pytest.fixture
def tiny_store(computed, tmp_path, monkeypatch):
    """A copy of that store in place of the committed one."""
    _change(monkeypatch, shutil.copytree(computed, tmp_path / "results"))


def test_an_evaluation_is_of_the_runs_that_are_stored(tiny_store):
    assert is_evaluated(BUNDLED_WINDOW, PRICES)
    runs = load_runs()
    both = load_evaluations().merge(runs, on="key")
    assert len(both) == 8
    np.testing.assert_allclose(both["rmse_usd"], both["test_rmse_usd"], rtol=1e-5)


def test_an_evaluation_of_other_runs_is_made_again(tiny_store, monkeypatch):
    assert not is_evaluated(BUNDLED_WINDOW, PRICES * 1.5)  # other prices, other keys
    retrained = load_runs()
    retrained["test_rmse_usd"] *= 1 + 2e-4
    monkeypatch.setattr(evaluation, "load_runs", lambda: retrained)
    assert not is_evaluated(BUNDLED_WINDOW, PRICES)


def test_a_second_evaluation_gives_the_same_bytes_and_leaves_other_series(tiny_store):
    before = {path.name: path.read_bytes() for path in store.RESULTS.iterdir()}
    other = load_values().assign(dataset="another")
    store.save_series("values.csv", other, [*store.VALUE_COLUMNS[:4], "method"])
    evaluate(BUNDLED_WINDOW, PRICES, jobs=1)
    assert len(select(load_values(), dataset="another")) == len(other)
    kept = select(load_values(), dataset=BUNDLED_WINDOW)
    pd.testing.assert_frame_equal(
        kept.drop(columns="dataset").reset_index(drop=True),
        other.drop(columns="dataset").reset_index(drop=True),
    )
    for name in ("evaluations.csv", "horizons.csv", f"forecasts-{BUNDLED_WINDOW}.csv.gz"):
        assert (store.RESULTS / name).read_bytes() == before[name], name


def test_stored_forecasts_are_those_of_each_seed(tiny_store):
    table = select(load_forecasts(), recipe="rnn", protocol="leak_free")
    run = next(
        run
        for run in evaluated_runs(BUNDLED_WINDOW)
        if (run.recipe_name, run.protocol.name, run.seed) == ("rnn", "leak_free", 1)
    )
    path = forecast_run(run, PRICES)
    np.testing.assert_allclose(table["1"], path[:, 0], rtol=1e-5)
    assert table["session"].is_monotonic_increasing


def test_an_ensemble_is_the_mean_forecast_and_scored_as_one(tiny_store):
    table = select(load_forecasts(), recipe="published", protocol="as_published")
    mean = table[["0", "1"]].mean(axis=1).to_numpy()
    came = PRICES["close"].loc[table["session"]].to_numpy()
    values = select(load_values(), model="published_ensemble", protocol="as_published")
    values = values.set_index("key")["estimate"]
    expected = {
        "mae_usd": reference.mean_absolute_error(came, mean),
        "rmse_usd": reference.root_mean_squared_error(came, mean),
        "mape_pct": 100 * reference.mean_absolute_percentage_error(came, mean),
    }
    for key, value in expected.items():
        assert values[key] == pytest.approx(value, rel=1e-4)


def test_horizons_of_persistence_are_worked_out_by_hand(tiny_store):
    table = select(load_horizons(), model="persistence").set_index("horizon")
    test = make_windows(PRICES["close"], TINY, AS_PUBLISHED).test
    origins = len(test.close) - HORIZON + 1
    for horizon in (1, 7, HORIZON):
        errors = [test.close[k + horizon - 1] - test.previous[k] for k in range(origins)]
        assert table.loc[horizon, "rmse_usd"] == pytest.approx(np.sqrt(np.mean(np.square(errors))))
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


def test_prices_are_described_by_hand():
    """A ramp of 330 sessions from 100 to 429 dollars: 300 windows, the first 240 train.

    Three digits are kept: 164.5 and 399.5 become 164 and 400.
    """
    sessions = pd.bdate_range("2016-01-04", periods=330)
    close = pd.DataFrame({"close": np.arange(100.0, 430.0)}, index=sessions)
    table = pd.DataFrame(claims_on_prices(close)).set_index("key")
    targets = (np.arange(130.0, 370.0) - 264.5) / 164.5
    expected = {
        "close_max": (429, 330),
        "close_min": (100, 330),
        "dollars_per_unit": (164, 330),
        "test_close_mean": (400, 60),
        "zero_forecast_mse": (round((targets**2).mean(), 3), 240),
    }
    assert set(table.index) == set(expected)
    for key, (estimate, n) in expected.items():
        assert table.loc[key, "estimate"] == pytest.approx(estimate, rel=1e-6)
        assert table.loc[key, "n"] == n


# --- the committed store -------------------------------------------------------------------------


def test_every_evaluated_run_is_evaluated_and_is_the_stored_run():
    both = load_evaluations().merge(load_runs(), on=[*store.ID, "key"])
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


def test_a_stored_path_comes_out_again():
    run = next(r for r in evaluated_runs(BUNDLED_WINDOW) if r.recipe_name == "rnn")
    stored = select(load_runs(), dataset=BUNDLED_WINDOW)
    if stored["processor"].iloc[0].split()[-1] != torch.backends.cpu.get_cpu_capability():
        pytest.skip("on another type of processor a run may stop at another epoch")
    prices = load_prices()
    test = make_windows(prices["close"], run.recipe, run.protocol).test
    found = describe_path(forecast_run(run, prices), test)
    row = select(load_evaluations(), dataset=BUNDLED_WINDOW, recipe="rnn", seed=run.seed)
    row = select(row, protocol=run.protocol.name).iloc[0]
    for name, value in found.items():
        assert row[name] == pytest.approx(value, rel=1e-4), name


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


def test_the_papers_window_gives_no_session_away():
    assert not list(store.RESULTS.glob(f"forecasts-{PAPER_WINDOW}*"))
    for table in (load_evaluations(), load_horizons(), load_values()):
        assert not {"session", "date"} & set(table)
