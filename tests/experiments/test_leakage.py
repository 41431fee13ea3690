"""What a leak is worth: equal training windows, and the arithmetic of the best of ten."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from trainedruns import arms_of_leaks

from paperlib.experiments import leakage
from paperlib.experiments.leakage import expected_best, price_leaks, price_selection
from paperlib.experiments.sensitivity import RETURNS
from paperlib.prices.series import load_prices
from paperlib.recipe import AS_PUBLISHED, LEAK_FREE, LEAKS, PUBLISHED
from paperlib.windows import make_windows

CLOSE = load_prices("AMZN")["close"].loc["2016":"2020"]  # its highest close lies in the test part


@pytest.mark.parametrize("recipe", [PUBLISHED, RETURNS["returns"]], ids=["close", "return"])
def test_every_arm_trains_and_is_scored_on_the_same_sessions(recipe):
    arms = {name: make_windows(CLOSE, recipe, protocol) for name, protocol in LEAKS.items()}
    honest = arms["leak_free"]
    for arm in arms.values():
        assert arm.train.sessions.equals(honest.train.sessions)
        np.testing.assert_array_equal(arm.test.close, honest.test.close)


def test_an_arm_differs_from_the_honest_one_in_its_leak_alone():
    honest, scaler, validation, both = (make_windows(CLOSE, PUBLISHED, p) for p in LEAKS.values())
    assert LEAKS["leak_free"] is LEAK_FREE
    assert scaler.scaler.high == CLOSE.max() > honest.scaler.high == validation.scaler.high
    assert both.scaler == scaler.scaler
    assert scaler.validation.sessions.equals(honest.validation.sessions)
    for arm in (validation, both):
        assert arm.validation.sessions.equals(honest.test.sessions)
    np.testing.assert_array_equal(validation.train.inputs, honest.train.inputs)


def test_as_published_trains_on_the_tail_that_the_arms_leave_out():
    published = make_windows(CLOSE, PUBLISHED, AS_PUBLISHED)
    honest = make_windows(CLOSE, PUBLISHED, LEAK_FREE)
    assert len(published.train.close) == len(honest.train.close) + len(honest.validation.close)


def test_where_the_extremes_train_the_scaler_has_nothing_to_leak():
    close = load_prices()["close"]
    honest, scaler = (
        make_windows(close, PUBLISHED, LEAKS[n]) for n in ("leak_free", "scaler_leak")
    )
    assert honest.scaler == scaler.scaler
    np.testing.assert_array_equal(honest.train.inputs, scaler.train.inputs)


def test_log_returns_go_in_and_dollars_come_out():
    windows = make_windows(CLOSE, RETURNS["returns"], LEAK_FREE)
    plain = make_windows(CLOSE, PUBLISHED, LEAK_FREE)
    test = windows.test
    np.testing.assert_array_equal(test.close, plain.test.close)
    assert windows.train.sessions.equals(plain.train.sessions[1:])  # the first lacks a return
    returns = np.log(CLOSE / CLOSE.shift())
    expected = returns.loc[test.sessions].to_numpy()
    np.testing.assert_allclose(windows.scaler.unscale(test.targets), expected, atol=1e-7)
    before = returns.loc[: test.sessions[0]].iloc[-31:-1]
    np.testing.assert_allclose(windows.scaler.unscale(test.inputs[0]), before, atol=1e-7)
    np.testing.assert_allclose(windows.to_dollars(test, test.targets), test.close, rtol=1e-6)
    still = windows.to_dollars(test, windows.persistence(test))
    np.testing.assert_allclose(still, test.previous)
    np.testing.assert_array_equal(plain.persistence(plain.test), plain.test.inputs[:, -1])


@given(st.lists(st.tuples(st.floats(0.1, 9), st.floats(0.1, 9)), min_size=2, max_size=8), st.data())
def test_expected_best_is_the_mean_over_all_sets(pairs, data):
    size = data.draw(st.integers(1, len(pairs)))
    logs = [np.log(min(tried)[1]) for tried in combinations(pairs, size)]
    by, errors = zip(*pairs, strict=True)
    if len(set(by)) == len(by):  # of equal ones either may be the best
        assert np.log(expected_best(errors, by, size)) == pytest.approx(np.mean(logs), abs=1e-9)
    of_one = np.log(expected_best(errors, by, 1))
    assert of_one == pytest.approx(np.mean(np.log(errors)), abs=1e-9)


def test_more_than_there_are_can_not_be_drawn():
    with pytest.raises(ValueError, match=r"can't draw 3 of 2 seeds"):
        expected_best([1.0, 2.0], size=3)


@pytest.fixture
def made_up(monkeypatch):
    """The honest errors of runs that are made up, in place of those stored."""
    honest, runs = arms_of_leaks()
    monkeypatch.setattr(leakage, "all_runs", lambda: runs)
    return honest


def test_prices_are_ratios_to_the_honest_arm(made_up):
    prices = price_leaks("d")
    assert list(prices.index) == ["leak_free", "scaler_leak", "both_leaks", "stretched"]
    assert prices.loc["both_leaks", "mse"] == pytest.approx((4, 4, 4))
    assert prices.loc["both_leaks", "mape"] == pytest.approx((2, 2, 2))
    assert prices.loc["both_leaks", "verdict"] == "holds"
    assert prices.loc["scaler_leak", "mse"] == pytest.approx((1, 1, 1))
    assert prices.loc["scaler_leak", "verdict"] == "open"


def test_selection_is_priced_against_an_honest_typical_run(made_up):
    found = price_selection("d")
    best = np.exp(np.mean([np.log(min(tried)) for tried in combinations(made_up, 10)]))
    assert found.loc["leak_free", "best_mape_pct"] == pytest.approx(best)
    typical = np.exp(np.log(made_up).mean())
    tens = sorted(typical / made_up[part].min() for part in (slice(10), slice(10, None)))
    assert found.loc["leak_free", "mape"] == pytest.approx((typical / best, *tens))
    assert found.loc["leak_free", "mse"].estimate == pytest.approx((typical / best) ** 2)
    assert found.loc["both_leaks", "mape"].estimate == pytest.approx(2 * typical / best)
