"""Forecasts of later closes: of networks trained before them, from the closes before each."""

from __future__ import annotations

import warnings
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from statsmodels.tsa.arima.model import ARIMA

from paperlib import baselines
from paperlib.after.closes import (
    LSTM,
    closes_key,
    closes_tasks,
    forecast_later,
    gather,
    later_runs,
    sessions_behind,
    simple_forecasts,
)
from paperlib.experiments.pieces import Piece
from paperlib.experiments.readings import ADMISSIBLE
from paperlib.recipe import PAPER_END, PAPER_START
from paperlib.training import fit, predict
from paperlib.windows import make_windows

TINY = {"hidden": (4,), "epochs": 1, "patience": None}


@pytest.fixture(scope="module")
def close(netflix):
    return netflix["close"].loc[PAPER_START:]


def tiny(name: str):
    run = next(run for run in later_runs() if run.recipe_name == name)
    return replace(run, recipe=replace(run.recipe, **TINY))


def test_the_register_asks_for_these_networks_ten_seeds_each():
    asked = Counter(run.recipe_name for run in later_runs())
    assert set(asked) == {f"published, {name}" for name in ADMISSIBLE} | {
        "rnn", "returns", "relative"
    }  # fmt: skip
    assert set(asked.values()) == {10}
    assert LSTM in asked
    assert {run.recipe.l2 for run in later_runs() if "," not in run.recipe_name} == {0.01}


@pytest.mark.parametrize("name", [LSTM, "returns", "relative"])
def test_what_comes_later_trains_nothing_and_is_seen_by_no_earlier_forecast(name, close):
    run, changed = tiny(name), close.copy()
    changed.iloc[-10:] *= 1.5
    one, other = (forecast_later(run, of).arrays["forecast"] for of in (close, changed))
    assert len(one) == (close.index > PAPER_END).sum()
    np.testing.assert_array_equal(one[:-9], other[:-9])
    assert (one[-9:] != other[-9:]).all()


def test_a_forecast_is_that_of_the_network_on_the_thirty_closes_before(close):
    run = tiny(LSTM)
    windows = make_windows(close.loc[:PAPER_END], run.recipe, run.protocol)
    network = fit(run.recipe, windows, run.seed).model
    before = windows.scaler.scale(close.to_numpy()[-31:-1]).astype(np.float32)[None]
    expected = windows.scaler.unscale(predict(network, before))[0]
    piece = forecast_later(run, close)
    assert piece.arrays["forecast"][-1] == pytest.approx(expected, rel=1e-6)
    assert piece.rows[0]["trained_to"] == windows.train.close.max()


def test_simple_forecasts_are_yesterdays_close_and_an_arima_of_the_training_part(
    close, monkeypatch
):
    """Of nine orders the one with the lowest AIC; here two are tried."""
    monkeypatch.setattr(baselines, "MAX_ORDER", 1)
    found = simple_forecasts(close)
    later = (close.index > PAPER_END).sum()
    before = close.to_numpy()[-later - 1 : -1]
    np.testing.assert_array_equal(found["persistence"].forecast[0], before)
    window = close.loc[:PAPER_END].to_numpy()
    trained = 30 + int(0.8 * (len(window) - 30))
    orders = [(p, 1, q) for p in range(2) for q in range(2)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fits = [ARIMA(window[:trained], order=order).fit() for order in orders]
    best = min(fits, key=lambda fitted: fitted.aic)
    made = best.apply(close.to_numpy()).predict()[-later:]
    np.testing.assert_allclose(found["arima"].forecast[0], made, rtol=1e-9)


def test_a_key_knows_the_recipe_the_seed_and_every_close(close):
    run = tiny(LSTM)
    changed = close.copy()
    changed.iloc[-1] += 1
    keys = {closes_key(run, close), closes_key(replace(run, seed=1), close)}
    keys |= {closes_key(run, changed), closes_key(tiny("rnn"), close)}
    assert len(keys) == 4
    tasks = closes_tasks(close.to_frame())
    assert len({task.key for task in tasks}) == len(tasks) == 110


def test_failed_seeds_are_left_out():
    def piece(status, value):
        row = {"status": status, "trained_to": 7.0}
        return Piece([row], arrays={"forecast": np.full(3, value)})

    runs = [run for run in later_runs() if run.recipe_name == "rnn"][:3]
    made = [piece("ok", 1), piece("failed", 2), piece("ok", 3)]
    found = gather(dict(zip(runs, made, strict=True)))["rnn"]
    assert found.forecast.tolist() == [[1, 1, 1], [3, 3, 3]]
    assert (found.trained_to, found.seeds, found.recipe) == (7, (0, 2), runs[0].recipe)
    assert gather(dict(zip(runs, made[:2], strict=False))) == {}  # one seed tells no spread


def test_a_forecast_that_repeats_the_close_of_five_sessions_before_trails_by_five(close):
    assert sessions_behind(close.shift(5).to_numpy()[-80:], close) == 5
