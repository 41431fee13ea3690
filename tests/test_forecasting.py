"""Forecast paths against a loop over single origins, and their errors by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.metrics import root_mean_squared_error

from paperlib.forecasting import forecast_paths, path_errors, rmse_by_horizon
from paperlib.models import StackedNetwork, build_model
from paperlib.prices.series import load_prices
from paperlib.recipe import LEAK_FREE, PUBLISHED, RNN
from paperlib.training import predict
from paperlib.windows import Windows, make_windows

# A horizon beyond the lookback, so that the last windows hold nothing but forecasts.
LOOKBACK, HORIZON = 6, 9
RECIPES = [
    replace(PUBLISHED, hidden=(8, 4), dropout=0.5, lookback=LOOKBACK),
    replace(RNN, hidden=(8,), lookback=LOOKBACK),
]
CLOSE = load_prices()["close"].iloc[:300]


def _windows(recipe) -> Windows:
    return make_windows(CLOSE, recipe, LEAK_FREE)


def _network(recipe) -> StackedNetwork:
    """As initialised: what a network has learnt does not matter here."""
    return build_model(recipe, init_seed=1, dropout_seed=2)


@pytest.mark.parametrize("recipe", RECIPES)
def test_paths_are_those_of_a_loop_over_single_origins(recipe):
    windows, network = _windows(recipe), _network(recipe)
    scaler, n = windows.scaler, len(windows.test.close)
    found = forecast_paths(network, windows.test, scaler, HORIZON)
    assert found.shape == (n, HORIZON)
    network.eval()
    for row in range(0, n, 10):
        origin = len(CLOSE) - n + row  # as many closes are known
        known = CLOSE.iloc[:origin].tolist()
        for forecast in found[row]:
            scaled = [2 * (x - scaler.low) / (scaler.high - scaler.low) - 1 for x in known]
            with torch.inference_mode():
                made = network(torch.tensor(scaled[-LOOKBACK:])[:, None, None]).item()
            known.append((made + 1) / 2 * (scaler.high - scaler.low) + scaler.low)
            assert forecast == pytest.approx(known[-1], rel=1e-5)


def test_a_forecast_reads_no_close_after_its_origin():
    recipe = RECIPES[0]
    windows, network = _windows(recipe), _network(recipe)
    n, known = len(windows.test.close), 20
    later = CLOSE.copy()
    later.iloc[len(CLOSE) - n + known :] *= 1.5
    changed = make_windows(later, recipe, LEAK_FREE)
    assert changed.scaler == windows.scaler
    before, after = (
        forecast_paths(network, of.test, of.scaler, HORIZON) for of in (windows, changed)
    )
    # The origin of row i is the session before target i: row 20 is the last before the change.
    np.testing.assert_array_equal(after[: known + 1], before[: known + 1])
    assert (after[known + 1 :] != before[known + 1 :]).any(axis=1).all()


def test_the_first_step_is_the_one_step_forecast():
    windows, network = _windows(RECIPES[0]), _network(RECIPES[0])
    one_step = windows.scaler.unscale(predict(network, windows.test.inputs))
    alone = forecast_paths(network, windows.test, windows.scaler)
    assert alone.shape == (len(one_step), 1)
    np.testing.assert_array_equal(alone[:, 0], one_step)
    paths = forecast_paths(network, windows.test, windows.scaler, HORIZON)
    np.testing.assert_array_equal(paths[:, 0], one_step)


def test_forecasting_leaves_the_windows_as_they_were():
    windows = _windows(RECIPES[0])
    before = windows.test.inputs.copy()
    forecast_paths(_network(RECIPES[0]), windows.test, windows.scaler, HORIZON)
    np.testing.assert_array_equal(windows.test.inputs, before)


def test_path_errors_by_hand():
    close = [10.0, 20.0, 40.0, 80.0]
    paths = [[9.0, 18.0, 30.0], [21.0, 41.0, 90.0], [40.0, 85.0, 1.0], [70.0, 2.0, 3.0]]
    np.testing.assert_array_equal(
        path_errors(close, paths, 3), [[10 - 9, 20 - 18, 40 - 30], [20 - 21, 40 - 41, 80 - 90]]
    )
    np.testing.assert_array_equal(path_errors(close, paths, 2), [[1, 2], [-1, -1], [0, -5]])
    np.testing.assert_array_equal(path_errors(close, paths, 1), [[1], [-1], [0], [10]])


def test_rmse_by_horizon_is_scikit_learns_of_each_column():
    rng = np.random.default_rng(0)
    close, paths = rng.normal(size=30), rng.normal(size=(30, 8))
    found = rmse_by_horizon(close, paths, 5)
    origins = 30 - 5 + 1  # the same for every horizon
    expected = [
        root_mean_squared_error(close[h : h + origins], paths[:origins, h]) for h in range(5)
    ]
    np.testing.assert_allclose(found, expected)


@pytest.mark.parametrize(
    ("close", "paths", "horizon", "says"),
    [
        (np.ones(5), np.ones(5), 1, "path of 1 for each of 5"),
        (np.ones(5), np.ones((4, 3)), 2, "path of 2 for each of 5"),
        (np.ones(5), np.ones((5, 3)), 4, "path of 4 for each of 5"),
        (np.ones(5), np.ones((5, 9)), 6, "no origin for a horizon of 6"),
        (np.ones(5), np.ones((5, 9)), 0, "no origin for a horizon of 0"),
    ],
)
def test_paths_that_do_not_fit_are_refused(close, paths, horizon, says):
    for function in (path_errors, rmse_by_horizon):
        with pytest.raises(ValueError, match=says):
            function(close, paths, horizon)
