"""A run is scored, kept and told as its network is, and the stored ones follow from the code."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn import metrics as reference

from paperlib import metrics
from paperlib.baselines import choose_orders, compare_orders
from paperlib.experiments import runner
from paperlib.experiments.catalogue import BUNDLED_WINDOW, CHAOTIC, PAPER_WINDOW, Run, grid
from paperlib.experiments.evaluation import describe_forecast, describe_path
from paperlib.experiments.interval_coverage import CALIBRATED
from paperlib.experiments.networks import weight_norm
from paperlib.experiments.pieces import keep, load
from paperlib.experiments.reference_fits import arithmetic, load_hashes
from paperlib.experiments.runner import describe_closes, execute, execute_arima
from paperlib.experiments.sensitivity import Arima
from paperlib.experiments.store import load_histories, load_runs, select
from paperlib.forecasting import forecast_paths
from paperlib.prices.series import load_prices
from paperlib.recipe import AS_PUBLISHED, LEAK_FREE, PUBLISHED
from paperlib.training import fit, predict
from paperlib.training_curves import early_wobble
from paperlib.windows import make_windows

TINY = replace(PUBLISHED, hidden=(4,), epochs=2)
PRICES = load_prices().iloc[:300]


def first_epochs(run: Run, prices: pd.DataFrame, n: int) -> pd.DataFrame:
    """Train the first n epochs of a run; their history."""
    short = replace(run.recipe, epochs=n)
    return fit(short, make_windows(prices["close"], short, run.protocol), run.seed).history


def without_time(row: dict) -> str:
    """Return a row as its piece is written, where what is not known equals itself."""
    return json.dumps({name: value for name, value in row.items() if name != "seconds"})


def test_a_run_repeats_to_the_bit():
    run = Run("one", "a", TINY, AS_PUBLISHED, 0)
    first, second = execute(run, PRICES), execute(run, PRICES)
    assert without_time(first.rows[0]) == without_time(second.rows[0])
    pd.testing.assert_frame_equal(first.tables["history"], second.tables["history"])
    np.testing.assert_array_equal(first.arrays["errors"], second.arrays["errors"])
    assert first.weights == b""  # nobody asked for them


def test_a_runs_scores_are_those_of_its_network_on_each_part():
    """Worked out again from a fit of the same recipe and seed, with scikit-learn."""
    recipe = replace(TINY, epochs=5)
    piece = execute(Run("one", "a", recipe, AS_PUBLISHED, 1), PRICES)
    (row,), history = piece.rows, piece.tables["history"]
    windows = make_windows(PRICES["close"], recipe, AS_PUBLISHED)
    fitted = fit(recipe, windows, seed=1)
    low, high = PRICES["close"].min(), PRICES["close"].max()
    for name, part in (("train", windows.train), ("test", windows.test)):
        scaled = predict(fitted.model, part.inputs).astype(float)
        dollars = (scaled + 1) / 2 * (high - low) + low
        expected = {
            "mse_scaled": reference.mean_squared_error(part.targets, scaled),
            "mae_scaled": reference.mean_absolute_error(part.targets, scaled),
            "mae_usd": reference.mean_absolute_error(part.close, dollars),
            "rmse_usd": reference.root_mean_squared_error(part.close, dollars),
            "mape_pct": 100 * reference.mean_absolute_percentage_error(part.close, dollars),
        }
        for metric, value in expected.items():
            assert row[f"{name}_{metric}"] == pytest.approx(value), metric
    naive = np.abs(windows.test.close - windows.test.previous).mean()
    assert row["persistence_mae_usd"] == pytest.approx(naive, rel=1e-5)
    assert row["test_mse_scaled_low"] < row["test_mse_scaled"] < row["test_mse_scaled_high"]
    assert (row["epochs"], row["best_epoch"]) == (len(history), fitted.best_epoch)
    assert np.mean(piece.arrays["errors"] ** 2) == pytest.approx(row["test_rmse_usd"] ** 2)
    assert row["best_val_loss"] == history["val_loss"].min()
    assert row["early_wobble_pct"] == early_wobble(history.set_index("epoch")["val_loss"])
    assert row["weight_norm"] == weight_norm(fitted.model)


def test_measures_are_those_of_the_evaluation():
    run = Run("one", "a", TINY, AS_PUBLISHED, 1)
    prices = load_prices().iloc[:420]
    (row,) = execute(run, prices, ("measures",)).rows
    windows = make_windows(prices["close"], TINY, AS_PUBLISHED)
    paths = forecast_paths(fit(TINY, windows, seed=1).model, windows.test, windows.scaler, 60)
    expected = describe_forecast(paths[:, 0], windows, prices) | describe_path(paths, windows.test)
    assert pd.Series(row)[list(expected)].astype(float).to_dict() == pytest.approx(
        expected, nan_ok=True
    )
    assert {"adf_p", "mape_of_scaled", "bias_pct", "rmse_day_30"} <= set(expected)


@pytest.mark.parametrize("target", ["log_return", "relative"])
def test_what_forecasts_no_closes_is_scored_in_dollars_all_the_same(target):
    recipe = replace(TINY, target=target)
    (row,) = execute(Run("one", "a", recipe, LEAK_FREE, 0), PRICES).rows
    windows = make_windows(PRICES["close"], recipe, LEAK_FREE)
    still = metrics.rmse(windows.test.close, windows.test.previous)
    assert row["persistence_rmse_usd"] == pytest.approx(still)
    made = predict(fit(recipe, windows, seed=0).model, windows.test.inputs).astype(float)
    moves = (made + 1) / 2 * (windows.scaler.high - windows.scaler.low) + windows.scaler.low
    growth = np.exp(moves) if target == "log_return" else 1 + moves
    dollars = windows.test.previous * growth
    rmse = reference.root_mean_squared_error(windows.test.close, dollars)
    assert row["test_rmse_usd"] == pytest.approx(rmse)
    moved = np.std(dollars - windows.test.previous)
    actual = np.std(windows.test.close - windows.test.previous)
    assert row["moves_ratio"] == pytest.approx(moved / actual)


def test_persistence_is_one_session_behind_and_moves_nowhere():
    test = make_windows(PRICES["close"], TINY, AS_PUBLISHED).test
    found = describe_closes(test.previous, test, PRICES["close"], 30)
    assert (found["sessions_behind"], found["moves_ratio"]) == (1, 0)
    assert np.isnan(found["direction_pct"])  # it forecasts no change
    ahead = describe_closes(test.close, test, PRICES["close"], 30)
    assert (ahead["direction_pct"], ahead["moves_ratio"]) == (100, 1)
    late = PRICES["close"].shift(3)[test.sessions].to_numpy()
    assert describe_closes(late, test, PRICES["close"], 30)["sessions_behind"] == 3


@pytest.mark.parametrize(
    ("recipe", "protocol"),
    [(TINY, AS_PUBLISHED), (replace(CALIBRATED, hidden=(4,), epochs=2), LEAK_FREE)],
)
def test_of_kept_weights_comes_what_training_anew_gives(recipe, protocol, tmp_path, monkeypatch):
    """The paths and the intervals, whose dropout draws from streams of their own."""
    prices = load_prices().iloc[:420]
    run = Run("one", "a", recipe, protocol, 1)
    wanted, kept = ("paths", "intervals", "measures"), tmp_path / "run.pt"
    keep(tmp_path, "run", execute(run, prices, (), kept))
    anew = execute(run, prices, wanted)
    monkeypatch.setattr(runner, "fit", lambda *_: pytest.fail("trained again"))
    found = execute(run, prices, wanted, kept)
    assert without_time(found.rows[0]) == without_time(anew.rows[0])
    for name, table in anew.tables.items():
        pd.testing.assert_frame_equal(found.tables[name], table, check_exact=True)
    assert set(found.arrays) == set(anew.arrays)
    for name, array in anew.arrays.items():
        np.testing.assert_array_equal(found.arrays[name], array)


def test_paths_are_those_of_its_network(tmp_path):
    run = Run("one", "a", TINY, LEAK_FREE, 2)
    keep(tmp_path, "run", execute(run, PRICES, ("paths",)))
    windows = make_windows(PRICES["close"], TINY, LEAK_FREE)
    network = fit(TINY, windows, seed=2).model
    expected = forecast_paths(network, windows.test, windows.scaler, 60)
    np.testing.assert_array_equal(load(tmp_path, "run").arrays["paths"], expected)


@pytest.mark.parametrize("lr", [1e3, 1e38])
def test_a_run_that_diverges_is_a_row(lr):
    """Its losses are not finite; the weights are those before, so its scores are some."""
    run = Run("one", "a", replace(TINY, lr=lr, clip_norm=None, l2=0.0), AS_PUBLISHED, 0)
    piece = execute(run, PRICES)
    (row,) = piece.rows
    assert row["status"] == ("failed" if lr == 1e38 else "ok")
    assert np.isfinite(row["test_mse_scaled"])
    assert row["epochs"] == len(piece.tables["history"])


def test_arima_is_read_in_three_ways_and_scored_like_the_networks():
    prices = load_prices().iloc[:420]
    piece = execute_arima(Arima("one"), prices)
    rows = {row["recipe"]: row for row in piece.rows}
    mean = np.mean(piece.arrays["errors"] ** 2)
    assert mean == pytest.approx(rows["arima"]["test_rmse_usd"] ** 2)
    later = execute_arima(Arima("one", 0.9), prices).rows[0]
    assert later["key"] != rows["arima"]["key"]
    tested = make_windows(prices["close"], replace(PUBLISHED, train_share=0.9), AS_PUBLISHED).test
    assert later["test_mae_usd"] == pytest.approx(
        np.abs(tested.close - tested.previous).mean(), rel=0.2
    )
    assert list(rows) == ["arima", "arima_30", "arima_path"]
    close = prices["close"].to_numpy()
    test = make_windows(prices["close"], PUBLISHED, AS_PUBLISHED).test
    first = len(close) - len(test.close)
    orders = compare_orders(close[:first], choose_orders(close[:first]).cut_off[1])
    order = orders["aic"].idxmin()
    assert rows["arima"]["order"] == "{} {} {}".format(*order)
    if order == (0, 1, 0):  # then it is persistence
        still = metrics.rmse(test.close, test.previous)
        assert rows["arima"]["test_rmse_usd"] == pytest.approx(still)
    last = np.full(len(test.close), close[first - 1])
    flat = metrics.rmse(test.close, last)
    assert rows["arima_path"]["test_rmse_usd"] == pytest.approx(flat, rel=0.2)
    assert rows["arima"]["test_rmse_usd"] < rows["arima_30"]["test_rmse_usd"]


def test_an_arima_that_can_not_be_fitted_is_a_row(monkeypatch):
    def fail(*_):
        raise np.linalg.LinAlgError("Schur decomposition solver error.")

    monkeypatch.setattr(runner, "fit_arima", fail)
    (row,) = execute_arima(Arima("one"), PRICES).rows
    assert (row["recipe"], row["status"]) == ("arima", "failed")
    assert row["reason"] == "Schur decomposition solver error."
    assert len(row["key"]) == 16


# --- the committed store -------------------------------------------------------------------------


def test_a_whole_stored_run_comes_out_again():
    """Seed 3 as published, the first to stop: its scores, and every epoch, after a halving, too."""
    stored = select(load_runs(), dataset=BUNDLED_WINDOW, recipe="published", seed=3)
    stored = select(stored, protocol="as_published").iloc[0]
    if stored["arithmetic"] != arithmetic(load_hashes()):
        pytest.skip("the stored run is from before its arithmetic was noted")
    run = next(r for r in grid(BUNDLED_WINDOW) if (r.recipe_name, r.seed) == ("published", 3))
    piece = execute(run, load_prices())
    of = {"dataset": BUNDLED_WINDOW, "recipe": "published", "protocol": "as_published", "seed": 3}
    history = select(load_histories(), **of).reset_index(drop=True)
    assert history["lr"].nunique() == 2
    for column in ("lr", "train_loss", "val_loss", "penalty", "grad_norm_max"):
        np.testing.assert_allclose(piece.tables["history"][column], history[column], rtol=1e-5)
    (row,) = piece.rows
    for column in ("epochs", "best_epoch", "lr_final", "test_mse_scaled", "test_mape_pct"):
        assert row[column] == pytest.approx(stored[column], rel=1e-5), column


def test_the_store_follows_from_the_code():
    """An epoch of each recipe, trained now, is that of the stored history."""
    histories = select(load_histories(), dataset=BUNDLED_WINDOW, seed=0)
    runs = [run for run in grid(BUNDLED_WINDOW) if run.seed == 0 and run.recipe_name not in CHAOTIC]
    for run in runs:
        name = run.recipe_name
        now = first_epochs(run, load_prices(), 1)
        stored = select(histories, recipe=name, protocol=run.protocol.name).head(1)
        for column in ("train_loss", "val_loss", "penalty", "grad_norm_max"):
            np.testing.assert_allclose(now[column], stored[column], rtol=1e-4, err_msg=name)


@pytest.mark.parametrize("name", ["published", "rnn_no_l2", "lr_0.03", "gain_3", *sorted(CHAOTIC)])
def test_a_chaotic_recipe_is_one_that_no_tolerance_fits(name):
    """Prices moved in the last digit of float32 are to training as another processor's sums."""
    run = next(r for r in grid(BUNDLED_WINDOW) if (r.recipe_name, r.seed) == (name, 0))
    prices = load_prices()
    last_digit = 1e-7 * np.random.default_rng(0).standard_normal(len(prices))
    moved = prices.mul(1 + last_digit, axis=0)
    one, other = first_epochs(run, prices, 2), first_epochs(run, moved, 2)
    apart = np.abs(one["val_loss"] / other["val_loss"] - 1).max()
    assert (apart > 1e-3) if name in CHAOTIC else (apart < 1e-4)


def test_stored_persistence_is_what_the_prices_say():
    """On the paper's window it was measured before this book: MAPE 1.43 %, scaled MSE 0.00076."""
    row = select(load_runs(), dataset=PAPER_WINDOW, protocol="as_published").iloc[0]
    assert round(row["persistence_mape_pct"], 2) == 1.43
    assert round(row["persistence_mse_scaled"], 5) == 0.00076
