"""The quarter's rhythm: windows of large moves found where they were put."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from paperlib.prices.calendar import session_of_quarter
from paperlib.prices.series import load_prices
from paperlib.probabilistic.earnings import EarningsWindow, choose_window
from paperlib.probabilistic.features import log_returns

SESSIONS = load_prices("NFLX").index


@pytest.mark.parametrize(("first", "length"), [(11, 8), (40, 4), (2, 12)])
def test_finds_the_window_that_made_the_moves_large(first, length):
    place = session_of_quarter(SESSIONS)
    inside = (place >= first) & (place < first + length)
    moves = np.random.default_rng(1).laplace(0, 1, len(SESSIONS)) * np.where(inside, 2.5, 1)
    found = choose_window(pd.Series(moves, SESSIONS))
    assert (found.first, found.length) == (first, length)
    assert found.factor == pytest.approx(2.5, rel=0.15)


def test_netflix_moves_most_in_the_third_and_fourth_week_of_a_quarter():
    # It reports in the middle of January, April, July and October.
    found = choose_window(log_returns(load_prices("NFLX")))
    largest = log_returns(load_prices("NFLX")).abs().nlargest(10).index
    assert found.factor > 1.5
    assert found.contains(largest).sum() >= 7


def test_the_window_does_not_look_beyond_the_returns_it_is_given():
    returns = log_returns(load_prices("NFLX"))
    changed = returns.copy()
    changed.iloc[2000:] = 50.0
    assert choose_window(changed[:2000]) == choose_window(returns[:2000])


def test_factors_are_one_outside():
    factors = EarningsWindow(11, 8, 1.7).factors(SESSIONS)
    np.testing.assert_array_equal(np.unique(factors), [1.0, 1.7])
    place = session_of_quarter(SESSIONS)
    assert set(place[factors == 1.7]) == set(range(11, 19))


def test_three_quarters_are_too_few():
    with pytest.raises(ValueError, match="less than four quarters"):
        choose_window(pd.Series(1.0, SESSIONS[:150]))


def test_moves_of_one_size_have_no_window():
    moves = np.where(np.arange(2000) % 2, 1.0, -1.0)
    with pytest.raises(ValueError, match="no window"):
        choose_window(pd.Series(moves, SESSIONS[:2000]))
