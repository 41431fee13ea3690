"""A width that tracks its misses against a loop over the calendar, and what it may know."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperlib.probabilistic.conformal import split_conformal
from paperlib.probabilistic.quantile_tracking import adaptive_conformal

LEVELS = (0.5, 0.8, 0.95)
NAN = np.nan


def _paths_errors(rng, n: int, horizon: int, scale: float = 0.02) -> np.ndarray:
    """Random errors, missing where the target lies beyond the last of the n."""
    errors = rng.normal(scale=scale, size=(n, horizon))
    for row in range(n):
        errors[row, n - row :] = NAN
    return errors


def _track_day_by_day(calibration, test, h: int, level: float) -> list[float]:
    """Follow the calendar: each session's close settles the one interval issued for it."""
    known = [abs(e) for e in calibration[:, h - 1] if not math.isnan(e)]
    rank = math.ceil(Fraction(str(level)) * (len(known) + 1))
    width = sorted(known)[min(rank, len(known)) - 1]
    issued = {}
    for today in range(len(test)):
        settled = today - h  # issued h sessions ago, for yesterday's close
        if settled in issued:
            size = abs(test[settled, h - 1])
            known.append(size)
            rate = max(known[-100:]) / 10
            width += rate * level if size > issued[settled] else -rate * (1 - level)
        issued[today] = width
    return [max(width, 0) for width in issued.values()]


@pytest.mark.parametrize("scale", [0.002, 0.02, 0.2])
@pytest.mark.parametrize(("m", "n"), [(150, 260), (18, 150), (5, 3)])
def test_adaptive_conformal_is_a_loop_over_the_calendar(scale, m, n):
    """In the test part errors stay, grow tenfold, or shrink to a tenth: widths get to zero."""
    rng = np.random.default_rng(2)
    horizon = 3 if n == 3 else 5
    calibration = _paths_errors(rng, m, horizon)
    test = _paths_errors(rng, n, horizon, scale)
    found = adaptive_conformal(calibration, test, LEVELS)
    assert found.shape == (n, horizon, len(LEVELS))
    for h in range(1, horizon + 1):
        for k, level in enumerate(LEVELS):
            expected = _track_day_by_day(calibration, test, h, level)
            np.testing.assert_allclose(found[:, h - 1, k], expected, rtol=1e-9, atol=1e-15)
    assert (found >= 0).all()
    if scale == 0.002 and n > 3:
        assert (found == 0).any()


def test_tracking_starts_from_split_conformal_and_stays_finite():
    rng = np.random.default_rng(3)
    calibration, test = _paths_errors(rng, 19, 3), _paths_errors(rng, 30, 3)
    start = split_conformal(calibration, LEVELS)
    np.testing.assert_array_equal(np.isinf(start)[:, 2], [False, True, True])  # of 19, 18 and 17
    start[1:, 2] = np.nanmax(np.abs(calibration[:, 1:]), axis=0)
    found = adaptive_conformal(calibration, test, LEVELS)
    for h in range(1, 4):  # no outcome before origin h
        np.testing.assert_array_equal(found[:h, h - 1], np.tile(start[h - 1], (h, 1)))
        assert (found[h, h - 1] != start[h - 1]).all()


rng = np.random.default_rng(4)
CALIBRATION, TEST = _paths_errors(rng, 40, 6), _paths_errors(rng, 60, 6)
WIDTHS = adaptive_conformal(CALIBRATION, TEST, LEVELS)


@settings(max_examples=50)
@given(
    j=st.integers(0, 59),
    h=st.integers(1, 6),
    error=st.one_of(st.floats(-10, 10), st.just(NAN)),
)
def test_a_width_knows_no_close_from_its_first_target_on(j, h, error):
    changed = TEST.copy()
    changed[j, h - 1] = error
    found = adaptive_conformal(CALIBRATION, changed, LEVELS)
    for i in range(60):
        if not j + h - 1 < i:  # the target of origin j comes no earlier than that of origin i
            np.testing.assert_array_equal(found[i], WIDTHS[i])
    others = [column for column in range(6) if column != h - 1]
    np.testing.assert_array_equal(found[:, others], WIDTHS[:, others])


@settings(max_examples=50)
@given(j=st.integers(0, 59), h=st.integers(1, 6))
def test_a_width_knows_the_close_of_the_day_before(j, h):
    changed = TEST.copy()
    changed[j, h - 1] = 10.0  # a miss, and a larger error than any
    found = adaptive_conformal(CALIBRATION, changed, LEVELS)
    if j + h < 60:
        assert (found[j + h, h - 1] > WIDTHS[j + h, h - 1]).all()


def test_tracking_recovers_where_errors_triple_and_a_fixed_width_does_not():
    rng = np.random.default_rng(5)
    n, horizon, level = 3000, 4, 0.9
    calibration, test = rng.normal(size=(500, horizon)), rng.normal(size=(n, horizon))
    test[n // 2 :] *= 3
    fixed = split_conformal(calibration, [level])[:, 0]
    tracked = adaptive_conformal(calibration, test, [level])[..., 0]
    early, late = slice(0, n // 2), slice(n // 2, n)
    for widths in (fixed, tracked):
        held = np.abs(test) <= widths
        np.testing.assert_allclose(held[early].mean(axis=0), level, atol=0.035)
    assert (np.mean(np.abs(test[late]) <= fixed, axis=0) < 0.5).all()
    held = np.abs(test) <= tracked
    np.testing.assert_allclose(held[late].mean(axis=0), level, atol=0.035)


@pytest.mark.parametrize(
    "calibration", [np.ones((5, 2)), np.ones((0, 3)), np.array([[1.0, 1.0, NAN]] * 5)]
)
def test_tracking_needs_an_error_to_start_from_at_each_horizon(calibration):
    with pytest.raises(ValueError, match="take a longer block"):
        adaptive_conformal(calibration, np.ones((9, 3)), LEVELS)
