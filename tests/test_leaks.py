"""No look-ahead: a later price changes nothing earlier; and exactly what leaks where it may."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperlib.prices.series import load_prices
from paperlib.recipe import AS_PUBLISHED, LEAK_FREE, PUBLISHED
from paperlib.training import fit, predict
from paperlib.windows import Windows, make_windows

SMALL = replace(PUBLISHED, hidden=(4, 3), epochs=2)
CLOSE = load_prices()["close"].iloc[:400]
LAST_TRAINING_SESSION = 30 + int(370 * 0.8) - 1

factors = st.floats(0.01, 100).filter(lambda x: abs(x - 1) > 1e-3)
after_training = st.integers(LAST_TRAINING_SESSION, 398)


def _change_after(t: int, factor: float) -> pd.Series:
    """Multiply every close after session number t (from 0)."""
    changed = CLOSE.copy()
    changed.iloc[t + 1 :] *= factor
    return changed


def _known_at(windows: Windows, t: int) -> list[np.ndarray]:
    """Return everything of the three parts whose target session is t or earlier."""
    known = []
    for part in (windows.train, windows.validation, windows.test):
        until = part.sessions <= CLOSE.index[t]
        known += [part.inputs[until], part.targets[until], part.close[until], part.previous[until]]
    return known


@settings(max_examples=25)
@given(t=after_training, factor=factors)
def test_leak_free_windows_scaler_and_forecasts_ignore_the_future(t, factor):
    before = make_windows(CLOSE, SMALL, LEAK_FREE)
    after = make_windows(_change_after(t, factor), SMALL, LEAK_FREE)
    assert after.scaler == before.scaler
    for old, new in zip(_known_at(before, t), _known_at(after, t), strict=True):
        np.testing.assert_array_equal(old, new)
    # Trained afresh on both: training, selection and forecasts up to t must agree to the bit.
    fits = [fit(SMALL, windows, seed=0) for windows in (before, after)]
    pd.testing.assert_frame_equal(fits[0].history, fits[1].history)
    until = before.test.sessions <= CLOSE.index[t]
    # The forecast for the session after t is made at t, so it counts as known as well.
    until[min(until.sum(), len(until) - 1)] = True
    old, new = (
        predict(fitted.model, windows.test.inputs)[until]
        for fitted, windows in zip(fits, (before, after), strict=True)
    )
    np.testing.assert_array_equal(old, new)


@given(t=st.integers(30, 398), factor=factors)
def test_windows_in_dollars_never_hold_a_later_price(t, factor):
    """Before scaling, even the published protocol's windows are clean at any t."""
    for protocol in (AS_PUBLISHED, LEAK_FREE):
        before = make_windows(CLOSE, SMALL, protocol)
        after = make_windows(_change_after(t, factor), SMALL, protocol)
        for old, new in ((before.train, after.train), (before.test, after.test)):
            until = old.sessions <= CLOSE.index[t]
            np.testing.assert_array_equal(old.close[until], new.close[until])
            np.testing.assert_allclose(
                before.scaler.unscale(old.inputs[until]),
                after.scaler.unscale(new.inputs[until]),
                # 32-bit rounding of the scaled value, on the wider of the two ranges
                atol=1e-6 * max(np.ptp(before_range(before)), np.ptp(before_range(after))),
            )


def before_range(windows: Windows) -> list[float]:
    """The scaler's two ends."""
    return [windows.scaler.low, windows.scaler.high]


@settings(max_examples=10)
@given(factor=st.floats(1.5, 10))
def test_published_scaler_leaks_a_later_maximum_into_training(factor):
    """A price after the training part moves every *scaled training input*: the first leak."""
    lifted = _change_after(398, factor * CLOSE.max() / CLOSE.iloc[-1])
    before = make_windows(CLOSE, SMALL, AS_PUBLISHED)
    after = make_windows(lifted, SMALL, AS_PUBLISHED)
    assert after.scaler.high == pytest.approx(factor * CLOSE.max())
    assert (before.train.inputs != after.train.inputs).mean() > 0.99
    # Leak-free, the same change reaches the last test target and nothing else.
    clean = make_windows(CLOSE, SMALL, LEAK_FREE)
    touched = make_windows(lifted, SMALL, LEAK_FREE)
    np.testing.assert_array_equal(clean.train.inputs, touched.train.inputs)
    assert (clean.test.targets != touched.test.targets).sum() == 1


def test_published_selection_reads_the_test_part():
    """Same scaler, other test targets: the published run picks weights by them, the second leak."""
    inside = CLOSE.copy()  # shuffled within the test part: minimum and maximum stay as they were
    inside.iloc[LAST_TRAINING_SESSION + 1 :] = inside.iloc[LAST_TRAINING_SESSION + 1 :].to_numpy()[
        ::-1
    ]
    histories = {
        protocol.name: [
            fit(SMALL, make_windows(close, SMALL, protocol), seed=0).history
            for close in (CLOSE, inside)
        ]
        for protocol in (AS_PUBLISHED, LEAK_FREE)
    }
    first, second = histories["as_published"]
    pd.testing.assert_series_equal(first["train_loss"], second["train_loss"])
    assert (first["val_loss"] != second["val_loss"]).all()
    pd.testing.assert_frame_equal(*histories["leak_free"])
