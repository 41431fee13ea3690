"""The density network: its likelihood, what trains it, what it may know, and what it learns."""

from __future__ import annotations

import dataclasses
import pickle
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from paperlib.prices.calendar import next_sessions
from paperlib.prices.series import load_prices
from paperlib.probabilistic.density_network import (
    DensityFit,
    fit_density,
    forecast_density,
    load_density,
    negative_log_likelihood,
    simulate_density,
    student_t,
)
from paperlib.probabilistic.features import NETWORK, DensityRecipe, log_returns, make_return_windows
from paperlib.probabilistic.student_t import StudentMixture
from paperlib.probabilistic.volatility import static_student_t
from paperlib.training import save_fit

RETURNS = log_returns(load_prices("NFLX"))[:500]
OTHERS = log_returns(load_prices("AAPL"))[:450]
TRAIN = 400
TINY = replace(NETWORK, hidden=(4, 3), epochs=2)
PLAIN, FULL = DensityRecipe("returns", False, TINY), DensityRecipe(network=TINY)
RECIPES = [PLAIN, DensityRecipe("returns", True, TINY), DensityRecipe(calendar=False), FULL]
RECIPES = [replace(recipe, network=TINY) for recipe in RECIPES]
WINDOWS = make_return_windows(RETURNS, FULL, TRAIN)
OTHER_WINDOWS = make_return_windows(OTHERS, FULL, 300)


@cache
def _fitted(recipe: DensityRecipe, seed: int = 0) -> DensityFit:
    return fit_density(recipe, [make_return_windows(RETURNS, recipe, TRAIN)], seed)


def _assert_same(a: DensityFit, b: DensityFit) -> None:
    """The same weights and the same history, to the bit."""
    pd.testing.assert_frame_equal(a.history, b.history, check_exact=True)
    for one, other in zip(a.model.parameters(), b.model.parameters(), strict=True):
        assert torch.equal(one, other)


def _differ(a: DensityFit, b: DensityFit) -> bool:
    pairs = zip(a.model.parameters(), b.model.parameters(), strict=True)
    return not all(torch.equal(one, other) for one, other in pairs)


def _equal(a: StudentMixture, b: StudentMixture) -> bool:
    return all(np.array_equal(getattr(a, x), getattr(b, x)) for x in ("location", "scale", "df"))


# --- the likelihood ------------------------------------------------------------------------------


def test_the_loss_is_scipys_density_of_softplus_by_hand():
    rng = np.random.default_rng(0)
    outputs, targets = rng.normal(0, 3, (50, 3)), rng.standard_t(3, 50)
    scale, df = 1e-3 + np.log1p(np.exp(outputs[:, 1])), 2 + np.log1p(np.exp(outputs[:, 2]))
    expected = -stats.t.logpdf(targets, df, outputs[:, 0], scale).mean()
    found = negative_log_likelihood(torch.tensor(outputs), torch.tensor(targets))
    assert float(found) == pytest.approx(expected, rel=1e-9)


@given(
    st.lists(
        st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1
    )
)
def test_no_output_makes_something_that_is_no_distribution(outputs):
    location, scale, df = student_t(torch.tensor(outputs, dtype=torch.float32))
    # Far below zero an output's softplus is lost in rounding, so that df may be 2.
    assert (scale > 0).all()
    assert (df >= 2).all()
    assert torch.isfinite(torch.stack([location, scale, df])).all()


def test_an_output_that_is_not_far_out_has_a_variance():
    _, scale, df = student_t(torch.linspace(-10, 10, 99)[:, None].repeat(1, 3))
    assert (scale > 1e-3).all()
    assert (df > 2).all()


# --- training ------------------------------------------------------------------------------------


def test_the_same_seed_trains_to_the_same_numbers_and_another_does_not():
    again = fit_density(FULL, [WINDOWS], 0)
    _assert_same(again, _fitted(FULL))
    assert _differ(again, _fitted(FULL, 1))
    assert (again.status, again.seed, len(again.history)) == ("ok", 0, 2)


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_return_after_the_training_part_moves_no_weight(recipe):
    changed = RETURNS.copy()
    changed.iloc[TRAIN:] = 40.0
    fitted = fit_density(recipe, [make_return_windows(changed, recipe, TRAIN)], 0)
    _assert_same(fitted, _fitted(recipe))


def test_every_return_of_the_training_part_counts():
    """The counterpart: the last of the training part is looked at, by the validation."""
    changed = WINDOWS.targets.copy()
    changed[WINDOWS.train - 1] += 3
    fitted = fit_density(FULL, [replace(WINDOWS, targets=changed)], 0)
    assert (fitted.history["val_loss"] != _fitted(FULL).history["val_loss"]).all()
    changed = WINDOWS.targets.copy()
    changed[WINDOWS.fitted - 1] += 3
    assert _differ(fit_density(FULL, [replace(WINDOWS, targets=changed)], 0), _fitted(FULL))


def test_the_last_tenth_chooses_the_epoch_and_trains_nothing():
    recipe = replace(FULL, network=replace(TINY, epochs=6, lr=0.01, lr_factor=None))
    validation = slice(WINDOWS.fitted, WINDOWS.train)
    moved = WINDOWS.targets.copy()
    moved[validation] = 0.0  # so that the narrowest forecast, not the best trained, is chosen
    calm = fit_density(recipe, [replace(WINDOWS, targets=moved)], 0)
    moved[validation] = 30.0
    wild = fit_density(recipe, [replace(WINDOWS, targets=moved)], 0)
    pd.testing.assert_series_equal(calm.history["train_loss"], wild.history["train_loss"])
    assert (calm.history["val_loss"] != wild.history["val_loss"]).all()
    assert calm.best_epoch != wild.best_epoch
    for fitted in (calm, wild):
        assert fitted.best_epoch == fitted.history["val_loss"].idxmin()


def test_the_validation_loss_is_that_of_the_chosen_network():
    """Worked out again by scipy from what it forecasts, in units of the base."""
    fitted = _fitted(FULL)
    made = forecast_density(fitted, WINDOWS).times(1 / WINDOWS.base)
    validation = slice(WINDOWS.fitted, WINDOWS.train)
    part = made.at(validation)
    expected = -stats.t.logpdf(WINDOWS.targets[validation], part.df, part.location, part.scale)
    assert fitted.history["val_loss"].min() == pytest.approx(expected.mean(), rel=1e-5)


# --- what it learns ------------------------------------------------------------------------------


@pytest.mark.parametrize("inputs", ["returns", "standardised"])
def test_it_learns_to_tell_a_loud_regime_from_a_calm_one(inputs):
    n, train = 1500, 1200
    rng = np.random.default_rng(0)
    loud = np.arange(n) // 60 % 2 == 1
    moves = rng.standard_t(6, n) * np.where(loud, 3.0, 0.6)
    returns = pd.Series(moves, log_returns(load_prices("NFLX")).index[:n])
    network = replace(NETWORK, hidden=(8,), epochs=12, lr=0.01, lookback=10)
    recipe = DensityRecipe(inputs, False, network)
    windows = make_return_windows(returns, recipe, train)
    fitted = fit_density(recipe, [windows], 0)
    made = forecast_density(fitted, windows).at(slice(windows.train, -1))
    assert made.scale[0, loud[train:]].mean() > 2 * made.scale[0, ~loud[train:]].mean()
    static = static_student_t(moves, train).at(slice(train, n))
    assert made.log_score(moves[train:]).mean() < static.log_score(moves[train:]).mean() - 0.1
    assert fitted.history["train_loss"].iloc[-1] < fitted.history["train_loss"].iloc[0]


# --- several series at once ----------------------------------------------------------------------


def test_a_pooled_network_trains_on_each_of_its_series():
    pooled = fit_density(FULL, [WINDOWS, OTHER_WINDOWS], 0)
    assert _differ(pooled, _fitted(FULL))
    assert _differ(pooled, fit_density(FULL, [OTHER_WINDOWS], 0))
    for k, windows in enumerate((WINDOWS, OTHER_WINDOWS)):
        series = [WINDOWS, OTHER_WINDOWS]
        moved = windows.targets.copy()
        moved[: windows.fitted] *= 1.5
        series[k] = replace(windows, targets=moved)
        assert _differ(fit_density(FULL, series, 0), pooled)


def test_a_pooled_network_is_validated_on_each_of_its_series():
    pooled = fit_density(FULL, [WINDOWS, OTHER_WINDOWS], 0)
    losses = []
    for windows in (WINDOWS, OTHER_WINDOWS):
        part = slice(windows.fitted, windows.train)
        made = forecast_density(pooled, windows).times(1 / windows.base).at(part)
        losses += list(made.log_score(windows.targets[part]))
    assert pooled.history["val_loss"].min() == pytest.approx(np.mean(losses), rel=1e-5)


def test_a_pooled_network_sees_no_test_part_of_any_series():
    changed = OTHERS.copy()
    changed.iloc[300:] = -40.0
    pooled = fit_density(FULL, [WINDOWS, OTHER_WINDOWS], 0)
    moved = fit_density(FULL, [WINDOWS, make_return_windows(changed, FULL, 300)], 0)
    _assert_same(pooled, moved)


# --- forecasts -----------------------------------------------------------------------------------


def test_a_forecast_is_of_the_return_not_of_the_standardised_one():
    fitted = _fitted(FULL)
    made = forecast_density(fitted, WINDOWS)
    assert made.scale.shape == (1, len(WINDOWS.inputs))
    inputs = torch.tensor(WINDOWS.inputs.transpose(1, 0, 2).copy())
    with torch.inference_mode():
        outputs = fitted.model.eval()(inputs).double().numpy()
    np.testing.assert_allclose(made.location[0], outputs[:, 0] * WINDOWS.base, rtol=1e-5)
    scale = 1e-3 + np.logaddexp(0, outputs[:, 1])
    np.testing.assert_allclose(made.scale[0], scale * WINDOWS.base, rtol=1e-5)
    np.testing.assert_allclose(made.df[0], 2 + np.logaddexp(0, outputs[:, 2]), rtol=1e-5)


@settings(max_examples=25)
@given(t=st.integers(TRAIN, 499), value=st.floats(-60, 60), recipe=st.sampled_from([PLAIN, FULL]))
def test_the_forecast_of_a_session_ignores_its_return_and_all_later_ones(t, value, recipe):
    changed = RETURNS.copy()
    changed.iloc[t:] = value
    before, after = (
        forecast_density(_fitted(recipe), make_return_windows(returns, recipe, TRAIN))
        for returns in (RETURNS, changed)
    )
    until = slice(t - TINY.lookback + 1)
    assert _equal(before.at(until), after.at(until))
    if t < 499 and abs(value - RETURNS.iloc[t]) > 1:
        following = slice(until.stop, None)
        assert not _equal(before.at(following), after.at(following))


# --- paths ---------------------------------------------------------------------------------------


def _draw(recipe: DensityRecipe, horizon: int, n: int, seed: int = 0) -> np.ndarray:
    windows = make_return_windows(RETURNS, recipe, TRAIN)
    return simulate_density(_fitted(recipe), RETURNS, windows, horizon, seed, n)


def test_paths_have_a_row_a_path_and_hang_on_the_seed():
    found = _draw(FULL, 7, 5)
    assert found.shape == (5, 7)
    np.testing.assert_array_equal(found, _draw(FULL, 7, 5))
    assert (found != _draw(FULL, 7, 5, seed=1)).all()
    np.testing.assert_array_equal(found[:, :3], _draw(FULL, 3, 5))
    assert len(np.unique(found)) == 35


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_first_step_of_a_path_is_drawn_from_the_next_sessions_forecast(recipe):
    windows = make_return_windows(RETURNS, recipe, TRAIN)
    following = forecast_density(_fitted(recipe), windows).at(slice(-1, None))
    drawn = _draw(recipe, 1, 6000)[:, 0]
    for p in (0.05, 0.25, 0.5, 0.75, 0.95):
        # Of 6,000 draws, 99.99 % of the shares below a quantile lie this near.
        spread = 3.9 * np.sqrt(p * (1 - p) / 6000)
        assert np.mean(drawn < following.quantile(p)) == pytest.approx(p, abs=spread)
    assert stats.kstest(following.cdf(drawn), "uniform").pvalue > 0.001


@pytest.mark.parametrize("recipe", RECIPES)
def test_each_further_step_is_forecast_as_if_the_path_had_come(recipe):
    """The path is put behind the returns, and what precedes each step is laid out anew.

    The draws themselves are those of the same seed. Some steps lie in the quarter's window, some
    do not.
    """
    n, horizon = 2, 36
    drawn = _draw(recipe, horizon, n, seed=3)
    later = next_sessions(RETURNS.index[-1], horizon)
    inside = make_return_windows(RETURNS, recipe, TRAIN).window.contains(later)
    assert 0 < inside.sum() < horizon
    rng = np.random.default_rng(3)
    for step in range(horizon):
        parts = []
        for path in drawn:
            whole = pd.concat([RETURNS, pd.Series(path[:step], later[:step])])
            windows = make_return_windows(whole, recipe, TRAIN)
            last = replace(windows, inputs=windows.inputs[-1:], base=windows.base[-1:])
            parts.append(forecast_density(_fitted(recipe), last))
        location, scale, df = (
            np.array([getattr(made, name)[0, 0] for made in parts])
            for name in ("location", "scale", "df")
        )
        np.testing.assert_allclose(
            drawn[:, step], location + scale * rng.standard_t(df), rtol=1e-3, atol=1e-4
        )


# --- on disk -------------------------------------------------------------------------------------


@pytest.mark.parametrize("recipe", [PLAIN, FULL])
def test_a_saved_network_forecasts_the_same(recipe, tmp_path):
    fitted = _fitted(recipe)
    save_fit(fitted, tmp_path / "network.pt")
    loaded = load_density(tmp_path / "network.pt")
    windows = make_return_windows(RETURNS, recipe, TRAIN)
    assert _equal(forecast_density(loaded, windows), forecast_density(fitted, windows))
    for field in dataclasses.fields(DensityFit):
        if field.name not in ("model", "history"):
            assert getattr(loaded, field.name) == getattr(fitted, field.name)
    pd.testing.assert_frame_equal(loaded.history, fitted.history)


class _Intruder:
    def __reduce__(self):
        return Path.touch, (Path("intruded"),)


def test_a_file_that_would_run_code_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    save_fit(_fitted(FULL), "network.pt")
    stored = torch.load("network.pt", weights_only=True)
    torch.save({**stored, "more": _Intruder()}, "with_more.pt")
    Path("plain.pt").write_bytes(pickle.dumps(_Intruder(), protocol=2))
    for name in ("with_more.pt", "plain.pt"):
        with pytest.raises(pickle.UnpicklingError):
            load_density(name)
    assert not Path("intruded").exists()


def test_a_run_that_diverges_fails_and_says_so():
    wild = replace(PLAIN, network=replace(TINY, lr=1e38, clip_norm=None))
    fitted = fit_density(wild, [make_return_windows(RETURNS, wild, TRAIN)], seed=0)
    assert fitted.status == "failed"
    assert "is not finite" in fitted.reason
