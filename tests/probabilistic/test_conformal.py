"""Interval widths against brute force, what they may know, and their scores by hand."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from paperlib.probabilistic.conformal import (
    adaptive_conformal,
    interval_bounds,
    log_errors,
    path_outcomes,
    score_intervals,
    split_conformal,
)

LEVELS = (0.5, 0.8, 0.95)
NAN, INF = np.nan, np.inf

errors_of = st.floats(-0.5, 0.5).map(lambda x: round(x, 3))  # rounded, so that ties occur


def _paths_errors(rng, n: int, horizon: int, scale: float = 0.02) -> np.ndarray:
    """Random errors, missing where the target lies beyond the last of the n."""
    errors = rng.normal(scale=scale, size=(n, horizon))
    for row in range(n):
        errors[row, n - row :] = NAN
    return errors


# Errors


def test_log_errors_by_hand():
    close = [10.0, 20.0, 40.0]
    paths = [[5.0, 10.0], [20.0, 80.0], [10.0, 7.0]]
    expected = np.log([[10 / 5, 20 / 10], [20 / 20, 40 / 80], [40 / 10, NAN]])
    np.testing.assert_allclose(log_errors(close, paths), expected)


def test_log_errors_miss_the_targets_that_have_not_come():
    rng = np.random.default_rng(0)
    close, paths = rng.uniform(1, 2, 12), rng.uniform(1, 2, (12, 12))
    found = log_errors(close, paths)
    for row in range(12):
        for h in range(1, 13):
            if row + h - 1 < 12:
                assert found[row, h - 1] == pytest.approx(
                    math.log(close[row + h - 1] / paths[row, h - 1])
                )
            else:
                assert np.isnan(found[row, h - 1])


@pytest.mark.parametrize(
    ("close", "paths", "says"),
    [
        (np.ones(4), np.ones(4), "a path for each target"),
        (np.ones(4), np.ones((3, 2)), "a path for each target"),
        (np.ones(4), np.ones((4, 5)), "a horizon of 5"),
        (np.ones(4), np.ones((4, 0)), "a horizon of 0"),
        (np.ones((4, 1)), np.ones((4, 2)), "no origin"),
        (np.ones(4), np.zeros((4, 2)), "positive"),
        (np.ones(4), np.full((4, 2), NAN), "positive"),
        (-np.ones(4), np.ones((4, 2)), "positive"),
        ([1, 1, INF, 1], np.ones((4, 2)), "positive"),
    ],
)
def test_errors_of_paths_that_do_not_fit_are_refused(close, paths, says):
    with pytest.raises(ValueError, match=says):
        log_errors(close, paths)


# Split conformal


@settings(max_examples=50)
@given(
    errors=arrays(float, st.integers(1, 120), elements=errors_of),
    per_cent=st.integers(1, 99),
)
def test_split_conformal_is_the_smallest_width_that_holds_enough_errors(errors, per_cent):
    """By counting, in exact fractions: no ranks, no rounding."""
    needed = Fraction(per_cent, 100) * (len(errors) + 1)
    enough = [w for w in np.abs(errors) if np.sum(np.abs(errors) <= w) >= needed]
    found = split_conformal(errors[:, None], [per_cent / 100])
    assert found.shape == (1, 1)
    assert found[0, 0] == min(enough, default=INF)


def test_split_conformal_by_hand():
    errors = [[-0.1, 0.3], [0.4, NAN], [0.2, -0.1], [-0.3, NAN]]
    # m = 4 and 2: ranks ceil(5 * 0.5) = 3 and ceil(5 * 0.9) = 5; ceil(1.5) = 2 and ceil(2.7) = 3.
    np.testing.assert_array_equal(split_conformal(errors, [0.5, 0.9]), [[0.3, INF], [0.3, INF]])
    # 0.07 * 100 is a little above 7 in floating point.
    np.testing.assert_array_equal(split_conformal(np.arange(1.0, 100)[:, None], [0.07]), [[7]])


@settings(max_examples=50)
@given(
    errors=arrays(float, (30, 2), elements=errors_of),
    order=st.permutations(range(30)),
    levels=st.lists(st.floats(0.01, 0.99), min_size=2, max_size=5).map(sorted),
)
def test_split_conformal_grows_with_the_level_and_ignores_order_and_sign(errors, order, levels):
    found = split_conformal(errors, levels)
    assert (found[:, 1:] >= found[:, :-1]).all()
    np.testing.assert_array_equal(split_conformal(errors[order], levels), found)
    np.testing.assert_array_equal(split_conformal(-errors, levels), found)


def test_split_conformal_covers_as_promised_where_errors_are_exchangeable():
    """Here 5,000 independent blocks of 39 and one more error each, as if they were horizons."""
    rng = np.random.default_rng(1)
    errors = rng.standard_t(3, size=(40, 5000))
    covered = np.abs(errors[-1])[:, None] <= split_conformal(errors[:-1], LEVELS)
    for level, share in zip(LEVELS, covered.mean(axis=0), strict=True):
        assert abs(share - level) < 4 * math.sqrt(level * (1 - level) / 5000)  # (m + 1) level whole


# Adaptive conformal


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
    ("errors", "levels", "says"),
    [
        (np.ones(5), [0.9], "must be (n, horizon)"),
        ([[1.0], [INF]], [0.9], "finite or missing"),
        (np.ones((5, 1)), [90], "as 0.9 for 90 %"),
        (np.ones((5, 1)), [0.5, 1.0], "as 0.9 for 90 %"),
        (np.ones((5, 1)), [0.0], "as 0.9 for 90 %"),
        (np.ones((5, 1)), [NAN], "as 0.9 for 90 %"),
        (np.ones((5, 1)), [], "as 0.9 for 90 %"),
        (np.ones((5, 1)), 0.9, "as 0.9 for 90 %"),
    ],
)
def test_errors_and_levels_that_make_no_sense_are_refused(errors, levels, says):
    with pytest.raises(ValueError, match=says.replace("(", r"\(").replace(")", r"\)")):
        split_conformal(errors, levels)
    with pytest.raises(ValueError, match=says.replace("(", r"\(").replace(")", r"\)")):
        adaptive_conformal(errors, np.ones((5, 1)), levels)


@pytest.mark.parametrize(
    "calibration", [np.ones((5, 2)), np.ones((0, 3)), np.array([[1.0, 1.0, NAN]] * 5)]
)
def test_tracking_needs_an_error_to_start_from_at_each_horizon(calibration):
    with pytest.raises(ValueError, match="take a longer block"):
        adaptive_conformal(calibration, np.ones((9, 3)), LEVELS)


# Bounds


def test_bounds_by_hand():
    paths = [[100.0, 50.0], [10.0, 20.0]]
    fixed = np.log([[1, 2], [4, 5]])  # (horizon, levels): factors
    expected = [
        [[[100, 100], [50, 200]], [[12.5, 200], [10, 250]]],
        [[[10, 10], [5, 20]], [[5, 80], [4, 100]]],
    ]
    np.testing.assert_allclose(interval_bounds(paths, fixed), expected)
    tracked = np.stack([fixed, np.log([[2, INF], [1, 1]])])
    expected[1] = [[[5, 20], [0, INF]], [[20, 20], [20, 20]]]
    np.testing.assert_allclose(interval_bounds(paths, tracked), expected)


@pytest.mark.parametrize(
    ("paths", "half_widths", "says"),
    [
        (np.ones((4, 3)), np.ones((2, 2)), "half widths >= 0"),
        (np.ones((4, 3)), np.ones((5, 3, 2)), "half widths >= 0"),
        (np.ones((4, 3)), np.ones(3), "half widths >= 0"),
        (np.ones((4, 3)), np.full((3, 2), -0.1), "half widths >= 0"),
        (np.ones((4, 3)), np.full((3, 2), NAN), "half widths >= 0"),
        (np.zeros((4, 3)), np.ones((3, 2)), "^closes and forecasts must be positive"),
    ],
)
def test_bounds_that_do_not_fit_are_refused(paths, half_widths, says):
    with pytest.raises(ValueError, match=says):
        interval_bounds(paths, half_widths)


def test_whole_numbers_of_a_byte_are_computed_with_as_any_others():
    """Of unsigned bytes numpy takes a logarithm of half precision, and -1 is 255."""
    close, paths = np.array([3, 5, 7], np.uint8), np.array([[2], [5], [9]], np.uint8)
    np.testing.assert_array_equal(
        log_errors(close, paths), log_errors(close.astype(float), paths.astype(float))
    )
    widths = np.array([[1, 2]], np.uint8)
    bounds = interval_bounds(paths, widths)
    np.testing.assert_array_equal(bounds, interval_bounds(paths.astype(float), [[1.0, 2.0]]))
    came, whole = path_outcomes(close, 1), np.array([[1, 4], [4, 6], [8, 9]], np.uint8)
    scores = score_intervals(came.astype(np.uint8), whole[:, None, None], [0.5])
    expected = score_intervals(came, whole[:, None, None].astype(float), [0.5])
    np.testing.assert_array_equal(scores, expected)


# Scores


def _score_one_by_one(close, bounds, h: int, k: int, level: float) -> tuple:
    """Winkler's score written out, a close at a time."""
    held, widths, scores = [], [], []
    for row in range(len(close) - h + 1):
        y = math.log(close[row + h - 1])
        low, high = (math.log(bound) for bound in bounds[row, h - 1, k])
        held.append(low <= y <= high)
        widths.append(high - low)
        scores.append(high - low)
        if y < low:
            scores[-1] += 2 / (1 - level) * (low - y)
        if y > high:
            scores[-1] += 2 / (1 - level) * (y - high)
    n = len(held)
    return h, level, n, sum(held) / n, 100 * sum(widths) / n, 100 * sum(scores) / n


def test_scores_are_those_of_a_loop_over_closes():
    rng = np.random.default_rng(6)
    n, horizon = 40, 3
    close = np.exp(rng.normal(size=n))
    bounds = interval_bounds(
        np.exp(rng.normal(size=(n, horizon))), rng.uniform(0, 2, size=(n, horizon, len(LEVELS)))
    )
    found = score_intervals(path_outcomes(close, horizon), bounds, LEVELS)
    assert list(found) == ["horizon", "level", "n", "coverage", "width", "winkler"]
    expected = [
        _score_one_by_one(close, bounds, h, k, level)
        for h in range(1, horizon + 1)
        for k, level in enumerate(LEVELS)
    ]
    np.testing.assert_allclose(found.to_numpy(dtype=float), expected)
    assert found["coverage"].between(0, 1, inclusive="neither").all()
    assert found["n"].tolist() == [40] * 3 + [39] * 3 + [38] * 3


def test_scores_by_hand():
    e = math.e
    # A close inside, on a bound, e below and e**3 above; widths 2, 1, 2, 2.
    close = [1.0, 1.0, 1.0, e**3]
    bounds = np.array([[1 / e, e], [1, e], [e, e**3], [1 / e**2, 1]])[:, None, None]
    row = score_intervals(path_outcomes(close, 1), bounds, [0.8]).iloc[0]
    assert row["coverage"] == 0.5
    assert row["width"] == pytest.approx(100 * 7 / 4)
    assert row["winkler"] == pytest.approx(100 * (7 + 2 / 0.2 * (1 + 3)) / 4)


def test_bounds_may_meet_and_a_close_on_either_is_held():
    bounds = np.array([[2.0, 2.0], [1.0, 2.0], [2.0, 3.0]])[:, None, None]
    row = score_intervals(path_outcomes([2.0, 2.0, 2.0], 1), bounds, [0.5]).iloc[0]
    assert row["coverage"] == 1
    assert row["winkler"] == row["width"] == pytest.approx(100 * np.log(3) / 3)


def test_a_close_is_held_where_its_log_error_is_within_the_half_width():
    rng = np.random.default_rng(7)
    close, paths = np.exp(rng.normal(size=50)), np.exp(rng.normal(size=(50, 4)))
    widths = rng.uniform(0, 3, size=(4, 2))
    sizes = np.abs(log_errors(close, paths))
    held = [
        np.mean(sizes[: 50 - column, column] <= widths[column, k])
        for column in range(4)
        for k in range(2)
    ]
    scores = score_intervals(path_outcomes(close, 4), interval_bounds(paths, widths), (0.5, 0.9))
    np.testing.assert_allclose(scores["coverage"], held)


@pytest.mark.filterwarnings("error")
def test_an_unbounded_interval_covers_and_is_infinitely_wide():
    close, paths = np.ones(3), np.full((3, 1), 2.0)
    bounds = interval_bounds(paths, [[0.1, INF]])
    bounds[0, 0, 0] = 0, INF
    scores = score_intervals(path_outcomes(close, 1), bounds, (0.5, 0.9))
    np.testing.assert_allclose(scores["coverage"], [1 / 3, 1])
    assert np.isinf(scores[["width", "winkler"]]).all(axis=None)


CAME, GOOD = np.ones((4, 2)), np.tile([1.0, 2.0], (4, 2, 1, 1))


@pytest.mark.parametrize(
    ("came", "bounds", "levels", "says"),
    [
        (CAME, GOOD, (0.5, 0.9), "each of 2 levels"),
        (CAME, GOOD[..., :1], (0.5,), "each of 1 levels"),
        (CAME, GOOD[0], (0.5,), "each of 1 levels"),
        (np.ones(4), GOOD, (0.5,), "needs closes of"),
        (CAME[:3], GOOD, (0.5,), r"needs closes of \(4, 2\) forecasts, got \(3, 2\)"),
        (CAME * [1, NAN], GOOD, (0.5,), "needs closes of"),
        (CAME * [1, 0], GOOD, (0.5,), "^closes must be positive"),
        (CAME, GOOD, (50,), "as 0.9 for 90 %"),
        (CAME, GOOD[..., ::-1], (0.5,), "lower one first"),
        (CAME, GOOD * [NAN, 1], (0.5,), "^bounds must be in dollars, none missing"),
        (CAME, GOOD * [1, NAN], (0.5,), "^bounds must be in dollars, none missing"),
        (CAME, GOOD * [-1, 1], (0.5,), "in dollars"),
        (CAME, GOOD * 0, (0.5,), "in dollars"),
        (CAME, GOOD * INF, (0.5,), "in dollars"),
    ],
)
def test_scores_of_what_does_not_fit_are_refused(came, bounds, levels, says):
    with pytest.raises(ValueError, match=says):
        score_intervals(came, bounds, levels)
