"""Interval widths by hand and against brute force, what they may know, and the bounds of them."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from paperlib.forecasting import path_outcomes
from paperlib.probabilistic.conformal import (
    interval_bounds,
    log_errors,
    normalised_conformal,
    rolling_conformal,
    split_conformal,
)
from paperlib.probabilistic.interval_scores import score_intervals
from paperlib.probabilistic.quantile_tracking import adaptive_conformal

LEVELS = (0.5, 0.8, 0.95)
NAN, INF = np.nan, np.inf

errors_of = st.floats(-0.5, 0.5).map(lambda x: round(x, 3))  # rounded, so that ties occur


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


# Rolling and normalised conformal


def test_widths_of_ten_errors_by_hand():
    """Ten errors before the test part and three in it, of which the last origin knows two."""
    errors = np.array([3, -1, 4, -1, 5, -9, 2, -6, 5, -3, 8, -7, 9.0])[:, None]
    # 1 1 2 3 3 4 5 5 6 9: of ten, the ranks are ceil(11 * 0.5) = 6 and ceil(11 * 0.8) = 9.
    # Then a 3 goes and 8 comes: 1 1 2 3 4 5 5 6 8 9. Then a 1 and 7: 1 2 3 4 5 5 6 7 8 9.
    rolled = rolling_conformal(errors, 10, [0.5, 0.8])
    np.testing.assert_array_equal(rolled, [[[4, 6]], [[5, 8]], [[5, 8]]])
    scale = [1, 1, 2, 1, 1, 3, 1, 2, 5, 1]
    # Over their scale 3 1 2 1 5 3 2 3 1 3, in order 1 1 1 2 2 3 3 3 3 5: the ranks 6 and 10.
    scaled = normalised_conformal(errors[:10], scale, [1, 2], [0.5, 0.9])
    np.testing.assert_array_equal(scaled, [[[3, 5]], [[6, 10]]])


@settings(max_examples=50)
@given(
    errors=arrays(float, st.tuples(st.integers(2, 40), st.integers(1, 6)), elements=errors_of),
    window=st.integers(1, 39),
)
def test_rolling_is_split_conformal_again_on_the_errors_known_at_each_origin(errors, window):
    window = min(window, len(errors) - 1)
    rolled = rolling_conformal(errors, window, LEVELS)
    assert rolled.shape == (len(errors) - window, errors.shape[1], len(LEVELS))
    for origin, half_widths in enumerate(rolled, start=window):
        for h in range(1, errors.shape[1] + 1):
            known = [errors[j, h - 1] for j in range(origin) if j + h - 1 < origin][-window:]
            again = split_conformal(np.reshape(known, (-1, 1)), LEVELS)[0]
            np.testing.assert_array_equal(half_widths[h - 1], again)


def test_a_window_as_long_as_the_past_is_split_conformal_of_that_past():
    rng = np.random.default_rng(8)
    close, paths = np.exp(rng.normal(size=60)), np.exp(rng.normal(size=(60, 5)))
    errors = log_errors(close, paths)
    for past in (30, 45, 59):
        again = split_conformal(log_errors(close[:past], paths[:past]), LEVELS)
        np.testing.assert_array_equal(rolling_conformal(errors, past, LEVELS)[0], again)


@settings(max_examples=50)
@given(first=st.integers(25, 39), change=st.floats(0.1, 10))
def test_a_rolling_width_knows_no_close_after_its_origin_and_knows_that_of_the_origin(
    first, change
):
    rng = np.random.default_rng(9)
    close, paths = np.exp(rng.normal(size=40)), np.exp(rng.normal(size=(40, 4)))
    widths = rolling_conformal(log_errors(close, paths), 25, LEVELS)
    changed = np.where(np.arange(40) < first, close, close * change)
    changed[first] = 1e9  # a larger error than any
    found = rolling_conformal(log_errors(changed, paths), 25, LEVELS)
    known = first - 25 + 1  # origins up to that just before the first close that is changed
    np.testing.assert_array_equal(found[:known], widths[:known])
    assert (found[known:][:1, :, 2] > widths[known:][:1, :, 2]).all()


def test_rolling_and_normalised_cover_as_promised_where_errors_are_exchangeable():
    """Of 39 errors (m + 1) level is whole, so coverage is the level: by one window after another.

    Normalised, by independent blocks: only over their scale are these errors exchangeable.
    """
    rng = np.random.default_rng(10)
    errors = rng.standard_t(3, size=(20_039, 1))
    covered = np.abs(errors[39:, :, None]) <= rolling_conformal(errors, 39, LEVELS)
    np.testing.assert_allclose(covered.mean(axis=(0, 1)), LEVELS, atol=0.015)
    scale = np.exp(rng.normal(size=40))
    blocks = scale[:, None] * rng.standard_t(3, size=(40, 5000))
    widths = normalised_conformal(blocks[:-1], scale[:-1], scale[-1:], LEVELS)[0]
    held = (np.abs(blocks[-1])[:, None] <= widths).mean(axis=0)
    for level, share in zip(LEVELS, held, strict=True):
        assert abs(share - level) < 4 * math.sqrt(level * (1 - level) / 5000)
    unscaled = np.abs(blocks[-1])[:, None] <= split_conformal(blocks[:-1], LEVELS)
    assert np.abs(unscaled.mean(axis=0) - LEVELS).max() > 0.05


def test_a_normalised_width_is_proportional_to_the_scale_whatever_its_unit():
    rng = np.random.default_rng(11)
    errors, before, after = rng.normal(size=(50, 3)), rng.uniform(1, 2, 50), rng.uniform(1, 2, 20)
    found = normalised_conformal(errors, before, after, LEVELS)
    np.testing.assert_array_equal(
        normalised_conformal(errors, before, 4 * after, LEVELS), 4 * found
    )
    np.testing.assert_array_equal(
        normalised_conformal(errors, 4 * before, 4 * after, LEVELS), found
    )
    per_unit = found / after[:, None, None]
    np.testing.assert_allclose(per_unit, np.broadcast_to(per_unit[:1], per_unit.shape))
    constant = normalised_conformal(errors, np.ones(50), np.ones(20), LEVELS)
    assert (constant == split_conformal(errors, LEVELS)).all()


@pytest.mark.parametrize("window", [0, -1, 5, 6])
def test_a_window_that_leaves_no_error_or_no_origin_is_refused(window):
    with pytest.raises(ValueError, match="a window from 1 to 4"):
        rolling_conformal(np.ones((5, 2)), window, LEVELS)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (np.ones(4), np.ones(3), "a scale for each of 5 origins"),
        (np.ones((5, 1)), np.ones(3), "a scale for each of 5 origins"),
        (np.ones(5), np.ones((3, 1)), "a scale for each of 5 origins"),
        (np.zeros(5), np.ones(3), "positive"),
        (np.ones(5), -np.ones(3), "positive"),
        (np.full(5, NAN), np.ones(3), "positive"),
        (np.ones(5), np.full(3, INF), "positive"),
    ],
)
def test_scales_that_do_not_fit_are_refused(before, after, says):
    with pytest.raises(ValueError, match=says):
        normalised_conformal(np.ones((5, 2)), before, after, LEVELS)


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
    with pytest.raises(ValueError, match=says.replace("(", r"\(").replace(")", r"\)")):
        rolling_conformal(errors, 1, levels)
    with pytest.raises(ValueError, match=says.replace("(", r"\(").replace(")", r"\)")):
        normalised_conformal(errors, np.ones(len(errors)), np.ones(3), levels)


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
