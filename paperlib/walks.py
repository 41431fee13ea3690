"""Placebo prices: random walks whose steps are drawn from a real series, and nothing to learn."""

from __future__ import annotations

import numpy as np
import pandas as pd


def random_walk(close: pd.Series, number: int) -> pd.Series:
    """Simulate closes whose log returns are drawn from a series' own, each alike and independent.

    The returns keep their distribution (its mean and its tails, as it has them) and lose their
    order, so that the past says nothing of the next one. The best forecast of the next close is
    then today's times a constant, as near to one as the mean return is to zero.

    Args:
        close: (n,) dollars, indexed by session.
        number: which walk; equal numbers give equal walks.

    Returns:
        (n,) dollars, indexed as ``close``, from the same first close.
    """
    steps = np.diff(np.log(close.to_numpy(dtype=np.float64)))
    drawn = np.random.default_rng([2016, number]).choice(steps, size=len(steps))
    path = np.append(0.0, np.cumsum(drawn))
    return pd.Series(close.iloc[0] * np.exp(path), index=close.index, name="close")
