"""What a density network reads: by hand, in line with its targets, and nothing of the future."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperlib.prices.calendar import next_sessions, session_of_quarter
from paperlib.prices.series import load_prices
from paperlib.probabilistic.features import (
    NETWORK,
    DensityRecipe,
    ReturnWindows,
    log_returns,
    make_return_windows,
)
from paperlib.recipe import PUBLISHED

RETURNS = log_returns(load_prices("NFLX"))[:500]
TRAIN, LOOKBACK = 400, 30
RECIPES = [
    DensityRecipe("returns", calendar=False),
    DensityRecipe("returns", calendar=True),
    DensityRecipe(calendar=False),
    DensityRecipe(),
]
WHOLE = DensityRecipe()


def _made(recipe: DensityRecipe, returns: pd.Series = RETURNS) -> ReturnWindows:
    return make_return_windows(returns, recipe, TRAIN)


def _volatility(returns: pd.Series) -> np.ndarray:
    """What is known before each session, and before the one after the last: by pandas."""
    start = np.mean(returns.to_numpy()[:30] ** 2)
    squares = pd.Series(np.r_[start, returns.to_numpy() ** 2])
    return np.sqrt(squares.ewm(alpha=0.06, adjust=False).mean()).to_numpy()


def _features(recipe: DensityRecipe, returns: pd.Series = RETURNS) -> np.ndarray:
    """What is known of each session when it closes, written out session by session."""
    window = _made(recipe, returns).window
    typical = np.std(returns.to_numpy()[:TRAIN])
    volatility = _volatility(returns)
    after = [*returns.index[1:], next_sessions(returns.index[-1], 1)[0]]
    place = session_of_quarter(pd.DatetimeIndex(after))
    rows = []
    for k, value in enumerate(returns):
        if recipe.inputs == "returns":
            row = [value / typical]
        else:
            row = [value / volatility[k], np.log(volatility[k + 1] / typical)]
        if recipe.calendar:
            row.append(window.first <= place[k] < window.first + window.length)
        rows.append(row)
    return np.array(rows, dtype=float)


def test_the_networks_penalty_is_all_that_differs_from_the_papers():
    assert WHOLE.network == replace(PUBLISHED, l2=0.0)
    assert [recipe.network for recipe in RECIPES] == [NETWORK] * 4


def test_log_returns_are_those_of_the_closes():
    prices = pd.DataFrame({"close": [100.0, 110.0, 99.0]}, pd.bdate_range("2020-01-01", periods=3))
    found = log_returns(prices)
    np.testing.assert_allclose(found, [100 * np.log(1.1), 100 * np.log(0.9)])
    assert list(found.index) == list(prices.index[1:])


@pytest.mark.parametrize("recipe", RECIPES)
def test_window_k_holds_sessions_k_to_k_plus_29_and_its_target_is_the_next(recipe):
    made, features = _made(recipe), _features(recipe)
    assert made.inputs.shape == (500 - LOOKBACK + 1, LOOKBACK, recipe.features)
    assert features.shape[1] == recipe.features
    for k in range(len(made.inputs)):
        np.testing.assert_allclose(made.inputs[k], features[k : k + LOOKBACK], rtol=1e-5, atol=1e-6)
    returns = made.targets[:-1] * made.base[:-1]
    np.testing.assert_allclose(returns, RETURNS.to_numpy()[LOOKBACK:], rtol=1e-5, atol=1e-6)
    assert made.inputs.dtype == made.targets.dtype == np.float32


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_last_window_lies_after_the_data(recipe):
    made = _made(recipe)
    assert np.isnan(made.targets[-1])
    assert np.isfinite(made.targets[:-1]).all()
    assert np.isfinite(made.inputs).all()
    assert np.isfinite(made.base).all()
    assert len(made.inputs) == len(made.targets) == len(made.base)


def test_a_unit_is_the_volatility_known_before_or_the_typical_one():
    np.testing.assert_allclose(_made(WHOLE).base, _volatility(RETURNS)[LOOKBACK:])
    plain = _made(RECIPES[0])
    assert plain.typical == pytest.approx(np.std(RETURNS.to_numpy()[:TRAIN]))
    assert (plain.base == plain.typical).all()


def test_the_calendar_tells_of_the_session_after():
    """The last session of a window is flagged if the session to forecast lies in the window."""
    made = _made(WHOLE)
    targets = RETURNS.index[LOOKBACK:].append(next_sessions(RETURNS.index[-1], 1))
    inside = made.window.contains(targets)
    np.testing.assert_array_equal(made.inputs[:, -1, -1], inside)
    assert 0 < inside.mean() < 0.5


def test_the_training_part_ends_where_it_is_told_to_and_a_tenth_of_it_validates():
    made = _made(WHOLE)
    assert made.train == TRAIN - LOOKBACK
    first_test = made.targets[made.train] * made.base[made.train]
    assert first_test == pytest.approx(RETURNS.iloc[TRAIN], rel=1e-5)
    assert made.fitted == 370 - 37


def test_a_shorter_lookback_is_followed():
    short = replace(WHOLE, network=replace(NETWORK, lookback=5))
    made = _made(short)
    assert made.inputs.shape == (496, 5, 3)
    assert made.train == 395
    np.testing.assert_allclose(made.inputs[7], _features(short)[7:12], rtol=1e-5, atol=1e-6)


@settings(max_examples=40)
@given(
    t=st.integers(TRAIN, 499),
    factor=st.floats(-20, 20),
    shift=st.floats(0.1, 30),
    recipe=st.sampled_from(RECIPES),
)
def test_later_returns_change_nothing_that_is_known_earlier(t, factor, shift, recipe):
    changed = RETURNS.copy()
    changed.iloc[t:] = factor * changed.iloc[t:] + shift
    before, after = _made(recipe), _made(recipe, changed)
    # What precedes session t is known when it is forecast: its window and its unit, no target.
    known = t - LOOKBACK
    np.testing.assert_array_equal(before.inputs[: known + 1], after.inputs[: known + 1])
    np.testing.assert_array_equal(before.base[: known + 1], after.base[: known + 1])
    np.testing.assert_array_equal(before.targets[:known], after.targets[:known])
    assert (before.typical, before.window) == (after.typical, after.window)
    assert (before.train, before.fitted) == (after.train, after.fitted)


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_return_of_a_session_is_in_the_windows_after_it(recipe):
    """The counterpart: a test that sees no change anywhere would prove nothing."""
    changed = RETURNS.copy()
    changed.iloc[450] += 5
    before, after = _made(recipe), _made(recipe, changed)
    differs = (before.inputs != after.inputs).any(axis=(1, 2))
    assert not differs[: 450 - LOOKBACK + 1].any()
    assert differs[450 - LOOKBACK + 1 : 451].all()
    assert before.targets[450 - LOOKBACK] != after.targets[450 - LOOKBACK]


def test_the_training_part_decides_what_is_typical_and_which_window():
    part = make_return_windows(RETURNS[:TRAIN], WHOLE, TRAIN)
    assert (part.typical, part.window) == (_made(WHOLE).typical, _made(WHOLE).window)
    louder = RETURNS.copy()
    louder.iloc[:TRAIN] *= 2
    assert _made(WHOLE, louder).typical == pytest.approx(2 * part.typical)


@settings(max_examples=10)
@given(power=st.integers(-6, 6), recipe=st.sampled_from(RECIPES))
def test_the_unit_of_the_returns_is_no_feature(power, recipe):
    scaled = _made(recipe, RETURNS * 2.0**power)
    np.testing.assert_allclose(scaled.inputs, _made(recipe).inputs, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(scaled.base, _made(recipe).base * 2.0**power)


def test_a_short_training_part_is_refused():
    with pytest.raises(ValueError, match="a training part of 248 returns is too short; 249"):
        make_return_windows(RETURNS, WHOLE, 248)
    assert make_return_windows(RETURNS, WHOLE, 249).train == 219
