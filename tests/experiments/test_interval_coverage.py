"""Intervals around the network: which sessions they may use, and what they hold, counted."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch

from paperlib.experiments import interval_coverage
from paperlib.experiments.interval_coverage import (
    CALIBRATED,
    calibrated_coverage,
    cut,
    past_the_end,
    persistence_coverage,
    published_coverage,
    split_calibration,
    summarise_coverage,
)
from paperlib.prices.calendar import next_sessions
from paperlib.prices.series import load_prices
from paperlib.recipe import AS_PUBLISHED, LEAK_FREE, PUBLISHED
from paperlib.training import fit, predict
from paperlib.windows import Part, make_windows

CLOSE = load_prices()["close"]
SHORT = CLOSE.iloc[:450]
TINY = replace(PUBLISHED, hidden=(4,), epochs=1)
TINY_CALIBRATED = replace(CALIBRATED, hidden=(4,), epochs=1)
SAMPLES = 12


# --- which sessions do what ----------------------------------------------------------------------


@pytest.mark.parametrize("close", [CLOSE, SHORT, CLOSE.iloc[:451], CLOSE.iloc[:487]])
def test_training_stopping_calibration_and_test_follow_each_other(close):
    windows, calibration, test = split_calibration(close)
    blocks = [windows.train, windows.validation, calibration, test]
    sessions = [session for block in blocks for session in block.sessions]
    assert sessions == list(close.index[30:])  # in this order, none twice, none left out
    published = make_windows(close, PUBLISHED, AS_PUBLISHED).test
    assert list(test.sessions) == list(published.sessions)
    np.testing.assert_array_equal(test.close, published.close)
    n = len(close) - 30
    assert len(calibration.close) == int(0.8 * n) - int(0.72 * n)
    assert len(windows.validation.close) == round(int(0.72 * n) / 10)
    assert list(windows.scaler_sessions) == list(close.index[: 30 + int(0.72 * n)])


def test_a_calibrated_network_differs_from_the_published_in_its_training_share_alone():
    assert replace(CALIBRATED, train_share=0.8) == PUBLISHED
    assert CALIBRATED.train_share == 0.72


def test_cutting_takes_the_same_windows_of_every_field():
    part = make_windows(SHORT, PUBLISHED, LEAK_FREE).test
    found = cut(part, slice(3, 20, 5))
    for field in fields(Part):
        whole, of_part = getattr(part, field.name), getattr(found, field.name)
        np.testing.assert_array_equal(of_part, whole[[3, 8, 13, 18]])


def test_the_window_past_the_end_holds_the_last_thirty_closes():
    windows = make_windows(SHORT, PUBLISHED, AS_PUBLISHED)
    found = past_the_end(SHORT, windows)
    low, high = SHORT.min(), SHORT.max()
    scaled = (SHORT.iloc[-30:].to_numpy() - low) / (high - low) * 2 - 1
    assert found.inputs.shape == (1, 30)
    assert found.inputs.dtype == np.float32
    np.testing.assert_allclose(found.inputs[0], scaled, rtol=1e-6, atol=1e-7)
    assert found.previous.tolist() == [SHORT.iloc[-1]]
    assert list(found.sessions) == [CLOSE.index[450]]
    assert np.isnan([found.close[0], found.targets[0]]).all()
    assert list(next_sessions(SHORT.index[-1], 1)) == list(found.sessions)
    # It goes on where the last window of the test part ends.
    np.testing.assert_array_equal(found.inputs[0, :-1], windows.test.inputs[-1, 1:])
    assert found.inputs[0, -1] == windows.test.targets[-1]


# --- what one seed's networks say ----------------------------------------------------------------


@pytest.fixture(scope="module")
def made():
    """One seed's tiny networks, scored by the module."""
    published = fit(TINY, make_windows(SHORT, TINY, AS_PUBLISHED), 3).model
    calibrated = fit(TINY_CALIBRATED, make_windows(SHORT, TINY_CALIBRATED, LEAK_FREE), 3).model
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(interval_coverage, "SAMPLES", SAMPLES)
        one, arrays = published_coverage(published, SHORT, 3)
        two, none = calibrated_coverage(calibrated, SHORT, 3)
    assert none == {}
    return SimpleNamespace(table=pd.concat([one, two]), **arrays)


def _row(table: pd.DataFrame, method: str, horizon: int, level: float) -> pd.Series:
    chosen = table[(table["method"] == method) & (table["horizon"] == horizon)]
    (row,) = [row for _, row in chosen.iterrows() if row["level"] == level]
    return row


def _calibrated_forecasts() -> tuple[Part, Part, np.ndarray, np.ndarray]:
    """Both parts, with one-step forecasts in dollars of a network trained here."""
    windows, calibration, test = split_calibration(SHORT)
    model = fit(TINY_CALIBRATED, make_windows(SHORT, TINY_CALIBRATED, LEAK_FREE), 3).model
    low, high = windows.scaler.low, windows.scaler.high
    before, after = (
        (predict(model, part.inputs).astype(float) + 1) / 2 * (high - low) + low
        for part in (calibration, test)
    )
    return calibration, test, before, after


def test_every_method_scores_every_horizon_and_level(made):
    table = made.table
    methods = {("published", "dropout"), ("published", "noisy_dropout")}
    methods |= {("calibrated", "bootstrap")}
    methods |= {("calibrated", "split"), ("calibrated", "adaptive")}
    methods |= {("calibrated", "rolling"), ("calibrated", "normalised")}
    assert set(zip(table["center"], table["method"], strict=True)) == methods
    places = ["center", "method", "horizon", "level"]
    assert not table[places].duplicated().any()
    assert len(table) == 7 * 30 * 4
    assert set(table["level"]) == {0.5, 0.8, 0.9, 0.95}
    assert (table["seed"] == 3).all()
    n = int(420 * 0.2)
    assert made.drawn.shape == made.noisy.shape == (n, SAMPLES)
    assert made.ahead.shape == (30,)
    origins = table.set_index(["method", "horizon"])["n"].groupby(level=[0, 1]).first()
    assert set(origins.xs(1, level="horizon")) == {n}
    conformal = origins[["split", "adaptive", "rolling", "normalised"]]
    assert set(conformal.xs(30, level="horizon")) == {n - 29}
    # Drawn paths of several sessions start at every fifth origin.
    assert origins["dropout", 2] == origins["bootstrap", 2] == len(range(0, n - 1, 5))
    assert origins["dropout", 30] == len(range(0, n - 29, 5))


def test_split_intervals_hold_what_counting_says(made):
    calibration, test, before, after = _calibrated_forecasts()
    past = np.sort(np.abs(np.log(calibration.close / before)))
    for level in (0.5, 0.8, 0.9):
        width = past[math.ceil(round((len(past) + 1) * level, 9)) - 1]
        held = np.abs(np.log(test.close / after)) <= width
        row = _row(made.table, "split", 1, level)
        assert row["coverage"] == held.mean()
        assert row["width"] == pytest.approx(200 * width)


def test_bootstrapped_intervals_hold_what_counting_says(made):
    calibration, test, before, after = _calibrated_forecasts()
    residuals = np.log(calibration.close / before)
    shocks = np.random.default_rng(3).choice(residuals, size=(len(test.close), SAMPLES, 1))[..., 0]
    closes = after[:, None] * np.exp(shocks)
    low, high = np.quantile(closes, [0.1, 0.9], axis=1)
    row = _row(made.table, "bootstrap", 1, 0.8)
    assert row["coverage"] == np.mean((low <= test.close) & (test.close <= high))
    assert row["width"] == pytest.approx(100 * np.log(high / low).mean(), rel=1e-5)


def test_dropout_is_scored_on_the_returns_that_are_handed_on(made):
    test = make_windows(SHORT, TINY, AS_PUBLISHED).test
    came = 100 * np.log(test.close / test.previous)
    low, high = np.quantile(test.previous[:, None] * np.exp(made.drawn / 100), [0.1, 0.9], axis=1)
    row = _row(made.table, "dropout", 1, 0.8)
    assert row["coverage"] == np.mean((low <= test.close) & (test.close <= high))
    assert (np.ptp(made.drawn, axis=1) > 0).all()
    # Around the forecast with dropout off, not around the close before.
    windows = make_windows(SHORT, TINY, AS_PUBLISHED)
    forecast = windows.scaler.unscale(predict(fit(TINY, windows, 3).model, test.inputs))
    apart = made.drawn.mean(axis=1) - 100 * np.log(forecast / test.previous)
    assert np.abs(apart).mean() < np.abs(came - made.drawn.mean(axis=1)).mean() / 2


def test_noise_is_drawn_from_the_errors_of_the_training_part(made):
    """The masks are the same, so the two differ by what was drawn from the errors alone."""
    windows = make_windows(SHORT, TINY, AS_PUBLISHED)
    train = windows.train
    forecast = windows.scaler.unscale(predict(fit(TINY, windows, 3).model, train.inputs))
    residuals = np.log(train.close / forecast)
    shocks = np.random.default_rng(3).choice(residuals, size=(*made.drawn.shape, 1))[..., 0]
    np.testing.assert_allclose(made.noisy - made.drawn, 100 * shocks, atol=1e-4)
    test = windows.test
    low, high = np.quantile(test.previous[:, None] * np.exp(made.noisy / 100), [0.1, 0.9], axis=1)
    row = _row(made.table, "noisy_dropout", 1, 0.8)
    assert row["coverage"] == np.mean((low <= test.close) & (test.close <= high))


def test_the_path_after_the_data_is_forecast_from_its_end(made):
    windows = make_windows(SHORT, TINY, AS_PUBLISHED)
    model = fit(TINY, windows, 3).model.eval()
    scaled = list(windows.scaler.scale(SHORT.iloc[-30:].to_numpy()).astype(np.float32))
    for _ in range(30):
        window = torch.tensor(scaled[-30:])[:, None, None]
        with torch.inference_mode():
            scaled.append(float(model(window)))
    np.testing.assert_allclose(made.ahead, windows.scaler.unscale(scaled[30:]), rtol=1e-5)


# --- around persistence --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def persistent():
    """Of the bundled series."""
    return persistence_coverage(CLOSE)


def test_persistence_holds_what_counting_says(persistent):
    n = len(CLOSE) - 30
    moves = np.abs(np.diff(np.log(CLOSE.to_numpy())))[29:]  # of the targets of the n windows
    calibration, test = moves[int(0.72 * n) : int(0.8 * n)], moves[int(0.8 * n) :]
    width = np.sort(calibration)[math.ceil(0.9 * (len(calibration) + 1)) - 1]
    row = _row(persistent, "split", 1, 0.9)
    assert row["coverage"] == np.mean(test <= width)
    assert row["width"] == pytest.approx(200 * width)
    assert row["n"] == len(test)


def test_persistence_is_scored_as_the_networks_are(persistent, made):
    conformal = {"split", "adaptive", "rolling", "normalised"}
    assert set(persistent["method"]) == {"bootstrap", *conformal}
    assert (persistent["center"] == "persistence").all()
    assert set(persistent) == set(made.table)
    assert len(persistent) == 5 * 30 * 4
    assert persistent["coverage"].between(0.2, 1).all()


def test_a_width_that_was_calibrated_once_knows_nothing_of_the_test_part(persistent):
    first = make_windows(CLOSE, PUBLISHED, AS_PUBLISHED).test.sessions[0]
    changed = CLOSE.where(CLOSE.index < first, CLOSE * np.linspace(1, 3, len(CLOSE)))
    found = persistence_coverage(changed)
    widths = [table[table["method"] == "split"]["width"] for table in (persistent, found)]
    np.testing.assert_allclose(*widths)
    assert not np.allclose(found["coverage"], persistent["coverage"])


# --- in sum --------------------------------------------------------------------------------------


def test_seeds_are_averaged_and_their_ends_told():
    of = {"center": "c", "horizon": 1, "n": 10}
    first = pd.DataFrame(
        [
            {**of, "method": "a", "level": 0.9, "coverage": 0.8, "width": 2.0, "winkler": 3.0},
            {**of, "method": "b", "level": 0.9, "coverage": 0.5, "width": 1.0, "winkler": 9.0},
        ]
    ).assign(seed=0)
    second = first.assign(coverage=[0.9, 0.7], width=[4.0, 1.0], winkler=[5.0, 7.0], seed=1)
    third = first[:1].assign(center="persistence", coverage=1.0)
    before = first.copy()
    found = summarise_coverage([first, second, third])
    expected = pd.DataFrame(
        {
            "center": ["c", "c", "persistence"],
            "method": ["a", "b", "a"],
            "horizon": 1,
            "level": 0.9,
            "n": 10.0,
            "coverage": [85.0, 60.0, 100.0],
            "width": [3.0, 1.0, 2.0],
            "winkler": [4.0, 8.0, 3.0],
            "coverage_low": [80.0, 50.0, 100.0],
            "coverage_high": [90.0, 70.0, 100.0],
        }
    )
    pd.testing.assert_frame_equal(found, expected)
    pd.testing.assert_frame_equal(first, before)


def test_a_seeds_table_can_be_summed_up_with_persistences(made, persistent):
    found = summarise_coverage([made.table, made.table.assign(seed=4), persistent])
    assert len(found) == 7 * 120 + 5 * 120
    assert not found.isna().any().any()
    assert found["coverage"].between(0, 100).all()
    assert found["coverage"].max() > 50
