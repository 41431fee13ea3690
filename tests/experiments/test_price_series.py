"""Random walks: the returns of a series, in an order that says nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd

from paperlib.experiments.price_series import random_walk
from paperlib.prices.series import load_prices


def test_a_walk_has_the_returns_of_the_series_and_no_others():
    close = load_prices()["close"]
    walk = random_walk(close, 3)
    steps, drawn = (np.diff(np.log(series)) for series in (close, walk))
    assert walk.index.equals(close.index)
    assert walk.iloc[0] == close.iloc[0]
    nearest = np.abs(np.sort(steps)[:, None] - drawn).min(axis=0)
    assert nearest.max() < 1e-9
    assert len(np.unique(drawn.round(9))) < len(np.unique(steps.round(9)))  # with replacement


def test_equal_numbers_give_equal_walks_and_others_do_not():
    close = load_prices()["close"]
    pd.testing.assert_series_equal(random_walk(close, 5), random_walk(close, 5))
    assert not np.allclose(random_walk(close, 5), random_walk(close, 6))


def test_the_past_of_a_walk_says_nothing_of_its_next_return():
    """Its returns have no autocorrelation; the mean over a hundred walks is near zero."""
    close = load_prices()["close"]
    found = [pd.Series(np.diff(np.log(random_walk(close, n)))).autocorr(1) for n in range(100)]
    assert abs(np.mean(found)) < 4 / np.sqrt(100 * len(close))
