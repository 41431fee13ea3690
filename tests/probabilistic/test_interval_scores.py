"""Coverage, width and Winkler's score by hand and by a loop, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from paperlib.forecasting import path_outcomes
from paperlib.probabilistic.conformal import interval_bounds, log_errors
from paperlib.probabilistic.interval_scores import score_intervals

LEVELS = (0.5, 0.8, 0.95)
NAN, INF = np.nan, np.inf


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
