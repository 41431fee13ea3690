"""Scaling, windows and the split in time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.preprocessing import MinMaxScaler

from paperlib.prices.series import load_prices
from paperlib.recipe import AS_PUBLISHED, LEAK_FREE, LEAKS, MIRRORED, PUBLISHED, STRETCHED
from paperlib.windows import Scaler, later_windows, make_windows

PROTOCOLS = pytest.mark.parametrize("protocol", [AS_PUBLISHED, LEAK_FREE], ids=lambda p: p.name)


@given(hnp.arrays(np.float64, st.integers(2, 40), elements=st.floats(0.01, 5000), unique=True))
def test_scaler_equals_scikit_learn_and_can_be_undone(dollars):
    scaler = Scaler(dollars.min(), dollars.max())
    scaled = scaler.scale(dollars)
    expected = MinMaxScaler((-1, 1)).fit_transform(dollars[:, None])[:, 0]
    np.testing.assert_allclose(scaled, expected, atol=1e-6 * dollars.max() / np.ptp(dollars))
    np.testing.assert_allclose(
        scaler.unscale(scaled), dollars, rtol=1e-9, atol=1e-9 * dollars.max()
    )


@PROTOCOLS
def test_windows_hold_thirty_sessions_and_the_next(protocol):
    prices = load_prices()
    close = prices["close"]
    windows = make_windows(close, PUBLISHED, protocol)
    for part in (windows.train, windows.validation, windows.test):
        for row in (0, len(part.targets) - 1):
            at = close.index.get_loc(part.sessions[row])
            before = windows.scaler.unscale(part.inputs[row])
            np.testing.assert_allclose(before, close.iloc[at - 30 : at], rtol=1e-5)
            assert part.close[row] == close.iloc[at]
            assert part.previous[row] == close.iloc[at - 1]
            assert windows.scaler.unscale(part.targets[row]) == pytest.approx(part.close[row])
        assert part.inputs.shape == (len(part.targets), 30)


def test_split_is_in_time_and_by_windows():
    """Worked out by hand: 1,943 sessions make 1,913 windows, and 80 % of those are 1,530."""
    close = load_prices()["close"]
    published = make_windows(close, PUBLISHED, AS_PUBLISHED)
    assert (len(published.train.targets), len(published.test.targets)) == (1530, 383)
    assert published.validation is published.test
    leak_free = make_windows(close, PUBLISHED, LEAK_FREE)
    sizes = [len(p.targets) for p in (leak_free.train, leak_free.validation, leak_free.test)]
    assert sizes == [1377, 153, 383]
    for part in (leak_free.train, leak_free.validation):
        assert part.sessions[-1] < leak_free.test.sessions[0]
    every = leak_free.train.sessions.append(
        [leak_free.validation.sessions, leak_free.test.sessions]
    )
    assert every.equals(close.index[30:])


def test_windows_are_counted_down():
    """1,942 sessions are 1,912 windows; 80 % of them, 1,529.6, are 1,529 whole ones."""
    windows = make_windows(load_prices()["close"].iloc[:-1], PUBLISHED, AS_PUBLISHED)
    assert len(windows.train.targets) == 1529


@PROTOCOLS
def test_training_on_fewer_windows_takes_the_last_and_moves_nothing_else(protocol):
    close = load_prices()["close"]
    whole = make_windows(close, PUBLISHED, protocol)
    few = make_windows(close, replace(PUBLISHED, train_windows=300), protocol)
    assert few.train.sessions.equals(whole.train.sessions[-300:])
    np.testing.assert_array_equal(few.train.inputs, whole.train.inputs[-300:])
    for part in ("validation", "test"):
        assert getattr(few, part).sessions.equals(getattr(whole, part).sessions)
    assert few.scaler == whole.scaler
    all_of_them = make_windows(close, replace(PUBLISHED, train_windows=9999), protocol)
    assert all_of_them.train.sessions.equals(whole.train.sessions)


def test_scaler_sessions_are_those_it_saw():
    close = load_prices()["close"]
    assert make_windows(close, PUBLISHED, AS_PUBLISHED).scaler_sessions.equals(close.index)
    seen = make_windows(close, PUBLISHED, LEAK_FREE).scaler_sessions
    assert seen.equals(close.index[: 1530 + 30])


def test_scaler_sees_what_the_protocol_says():
    rising = pd.Series(np.arange(1.0, 501.0), pd.bdate_range("2016-01-04", periods=500))
    assert make_windows(rising, PUBLISHED, AS_PUBLISHED).scaler == Scaler(1.0, 500.0)
    # 470 windows, 376 of them train: the last training target is session 376 + 30.
    assert make_windows(rising, PUBLISHED, LEAK_FREE).scaler == Scaler(1.0, 406.0)


@PROTOCOLS
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda c: c.iloc[:249], "too few"),
        (lambda c: c.replace(c.iloc[5], np.nan), "positive numbers"),
        (lambda c: c - 500, "positive numbers"),
        (lambda c: c.iloc[::-1], "sort the prices"),
        (lambda c: pd.concat([c, c.iloc[-1:]]), "sort the prices"),
        (lambda c: c * 0 + 7, "never changes"),
    ],
)
def test_closes_that_cannot_be_windowed_are_refused(protocol, change, says):
    with pytest.raises(ValueError, match=says):
        make_windows(change(load_prices()["close"]), PUBLISHED, protocol)


def test_a_lookback_longer_than_the_series_is_refused():
    with pytest.raises(ValueError, match="shorten the lookback"):
        make_windows(load_prices()["close"], replace(PUBLISHED, lookback=1940), LEAK_FREE)


@PROTOCOLS
def test_relative_windows_are_moves_since_their_last_close(protocol):
    close = load_prices()["close"]
    recipe = replace(PUBLISHED, target="relative")
    windows, as_closes = (make_windows(close, r, protocol) for r in (recipe, PUBLISHED))
    seen = close[windows.scaler_sessions]
    unit = 5 * np.std(seen.to_numpy()[1:] / seen.to_numpy()[:-1] - 1)
    for name in ("train", "validation", "test"):
        part, of_closes = getattr(windows, name), getattr(as_closes, name)
        assert part.sessions.equals(of_closes.sessions)
        at = close.index.get_loc(part.sessions[-1])
        last = close.iloc[at - 1]
        expected = (close.iloc[at - 30 : at] / last - 1) / unit
        np.testing.assert_allclose(part.inputs[-1], expected, atol=1e-6)
        assert part.targets[-1] == pytest.approx((close.iloc[at] / last - 1) / unit, abs=1e-6)
        assert (part.inputs[:, -1] == 0).all()
        np.testing.assert_allclose(windows.to_dollars(part, part.targets), part.close, rtol=1e-6)
        still = windows.to_dollars(part, windows.persistence(part))
        np.testing.assert_allclose(still, part.previous)
        assert np.std(part.inputs) < 3  # in a unit of their own size, in every year


@given(st.floats(0.01, 100))
def test_relative_windows_know_no_currency(factor):
    """Prices in another unit are the same windows; those of the test part stay of one size."""
    close = load_prices()["close"].iloc[:400]
    recipe = replace(PUBLISHED, target="relative")
    ours, scaled = (make_windows(c, recipe, LEAK_FREE) for c in (close, factor * close))
    np.testing.assert_allclose(scaled.test.inputs, ours.test.inputs, atol=1e-5)
    np.testing.assert_allclose(scaled.test.targets, ours.test.targets, atol=1e-5)


def test_a_price_that_never_moves_has_no_relative_windows():
    close = load_prices()["close"].iloc[:400] * 0 + 5.0
    with pytest.raises(ValueError, match="never changes"):
        make_windows(close, replace(PUBLISHED, target="relative"), LEAK_FREE)


def test_the_mirrored_scaler_is_stretched_as_far_as_the_leak_and_to_the_other_side():
    """Same dollars in a unit as with the leak, and the training part's other end further out."""
    close = load_prices()["close"].iloc[:900]
    rising = pd.Series(np.linspace(50, 150, 900) + close.to_numpy() % 1, index=close.index)
    honest, leak, control = (
        make_windows(rising, PUBLISHED, protocol).scaler
        for protocol in (LEAK_FREE, LEAKS["scaler_leak"], MIRRORED)
    )
    assert leak.high > honest.high
    assert control.high == honest.high
    assert control.high - control.low == pytest.approx(leak.high - leak.low)
    falling = make_windows(200 - rising, PUBLISHED, MIRRORED).scaler
    assert falling.low == pytest.approx(200 - honest.high)
    assert falling.high == pytest.approx(200 - control.low)


def test_the_stretched_scaler_knows_the_training_part_alone():
    close = load_prices()["close"].iloc[:900]
    honest, control = (make_windows(close, PUBLISHED, p).scaler for p in (LEAK_FREE, STRETCHED))
    assert (control.low, control.high) == (honest.low, 2 * honest.high - honest.low)
    other = close.copy()
    other.iloc[-100:] *= 3
    assert make_windows(other, PUBLISHED, STRETCHED).scaler == control


def test_the_mirrored_scaler_knows_no_test_price_but_the_stretch():
    """Where all extremes lie in the training part, it is the honest one."""
    close = load_prices()["close"]
    of_control, honest = (make_windows(close, PUBLISHED, p) for p in (MIRRORED, LEAK_FREE))
    assert of_control.scaler == honest.scaler
    np.testing.assert_array_equal(of_control.train.inputs, honest.train.inputs)


@pytest.mark.parametrize("target", ["close", "log_return", "relative"])
def test_later_windows_are_those_that_a_longer_series_has_on_the_old_scale(target):
    """Each holds the sessions before its target, and persistence's forecast beside it."""
    close, recipe = load_prices()["close"], replace(PUBLISHED, target=target)
    windows = make_windows(close.iloc[:1500], recipe, LEAK_FREE)
    part = later_windows(close.iloc[:1520], recipe, windows)
    assert list(part.sessions) == list(close.index[1500:1520])
    np.testing.assert_array_equal(part.close, close.iloc[1500:1520])
    np.testing.assert_array_equal(part.previous, close.iloc[1499:1519])
    np.testing.assert_allclose(windows.to_dollars(part, part.targets), part.close, rtol=1e-5)
    values = {
        "close": close,
        "log_return": np.log(close).diff(),
        "relative": close / close.iloc[1518] - 1,
    }[target]
    expected = windows.scaler.scale(values.iloc[1489:1519].to_numpy())
    np.testing.assert_allclose(part.inputs[-1], expected, rtol=1e-4, atol=1e-6)
