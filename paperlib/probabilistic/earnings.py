"""The quarter's rhythm: when a company tends to report, read from its prices alone.

Reports make the largest moves, and each company reports at about the same session of the quarter,
which is known in advance. The dates themselves are not in a price file, so the window of sessions
with the largest moves is chosen from the returns of the training part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from paperlib.prices.calendar import session_of_quarter

LENGTHS = (4, 6, 8, 10, 12)  # sessions a window may have
LEAST_QUARTERS = 4
LAST_PLACE = 61  # few quarters have more sessions


@dataclass(frozen=True)
class EarningsWindow:
    """Sessions of each quarter, counted from 1, in which moves are ``factor`` times as large."""

    first: int
    length: int
    factor: float

    def contains(self, sessions: pd.DatetimeIndex) -> np.ndarray:
        """Tell which sessions lie in the window, (n,)."""
        place = session_of_quarter(sessions)
        return (place >= self.first) & (place < self.first + self.length)

    def factors(self, sessions: pd.DatetimeIndex) -> np.ndarray:
        """Return how large moves are by the calendar, (n,): ``factor`` inside, 1 outside."""
        return np.where(self.contains(sessions), self.factor, 1.0)


def choose_window(returns: pd.Series) -> EarningsWindow:
    """Choose the window in which moves stand out most, by likelihood.

    Returns are taken for Laplace distributed with one scale inside the window and another outside,
    which weighs a few huge moves less than a normal distribution would.

    Args:
        returns: of the training part alone, in per cent, indexed by session.

    Raises:
        ValueError: for less than four quarters of returns.
    """
    if returns.index.to_period("Q").nunique() < LEAST_QUARTERS:
        raise ValueError("a quarter's rhythm can't be read from less than four quarters of prices.")
    size = (returns - returns.median()).abs().to_numpy()
    place = session_of_quarter(returns.index)
    best, chosen = -np.inf, None
    for length in LENGTHS:
        for first in range(1, LAST_PLACE - length + 2):
            inside = (place >= first) & (place < first + length)
            within, without = size[inside].mean(), size[~inside].mean()
            likelihood = -inside.sum() * np.log(within) - (~inside).sum() * np.log(without)
            if likelihood > best and within > without:
                best, chosen = likelihood, EarningsWindow(first, length, float(within / without))
    if chosen is None:
        raise ValueError("moves are as large at every place of the quarter; there is no window.")
    return chosen
