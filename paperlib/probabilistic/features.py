"""What a density network reads: windows of log returns, recent volatility and the calendar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from paperlib.prices.calendar import next_sessions
from paperlib.probabilistic.earnings import EarningsWindow, choose_window
from paperlib.probabilistic.volatility import ewma_volatility
from paperlib.recipe import LEAK_FREE, MIN_SESSIONS, PUBLISHED, Recipe

# The paper's penalty of 0.01 would hold such a network near a constant.
NETWORK = replace(PUBLISHED, l2=0.0)


@dataclass(frozen=True)
class DensityRecipe:
    """What a density network reads; how it is built and trained is its ``network``'s."""

    inputs: Literal["returns", "standardised"] = "standardised"
    calendar: bool = True  # whether it is told which sessions lie in the earnings window
    network: Recipe = NETWORK

    @property
    def features(self) -> int:
        """How many numbers a session has."""
        return (1 if self.inputs == "returns" else 2) + self.calendar


@dataclass(frozen=True)
class ReturnWindows:
    """What precedes each session of one series, from session ``lookback`` to the one after it.

    n sessions in time order; the last lies after the data, so its target is missing (NaN).
    """

    inputs: np.ndarray  # (n, lookback, features) float32
    targets: np.ndarray  # (n,) return in units of ``base``, float32
    base: np.ndarray  # (n,) per cent a unit: known before the session
    train: int  # how many of the first are the training part, of which the last tenth validates
    typical: float  # standard deviation of the training part's returns, per cent
    window: EarningsWindow  # chosen on the training part

    @property
    def fitted(self) -> int:
        """How many of the first train the weights."""
        return self.train - round(self.train * LEAK_FREE.validation_share)


def log_returns(prices: pd.DataFrame) -> pd.Series:
    """Return daily log returns in per cent, indexed by session; the first session has none."""
    return 100 * np.log(prices["close"]).diff().dropna()


def make_return_windows(returns: pd.Series, recipe: DensityRecipe, train: int) -> ReturnWindows:
    """Lay out what the network reads before each session.

    Args:
        returns: log returns in per cent, indexed by session, ascending.
        recipe: what is read, and the lookback.
        train: how many of the first returns are the training part.

    Raises:
        ValueError: for a training part of fewer returns than 250 sessions have.
    """
    if train < (least := MIN_SESSIONS - 1):
        raise ValueError(f"a training part of {train} returns is too short; {least} are the least.")
    lookback = recipe.network.lookback
    r = returns.to_numpy(dtype=np.float64)
    typical = float(r[:train].std())
    volatility = ewma_volatility(r)
    base = volatility if recipe.inputs == "standardised" else np.full(len(r) + 1, typical)
    window = choose_window(returns[:train])
    sessions = returns.index.append(next_sessions(returns.index[-1], 1))
    inside = window.contains(sessions)
    features = describe_sessions(recipe, r, base, volatility[1:] / typical, inside[1:])
    inputs = np.lib.stride_tricks.sliding_window_view(features, lookback, axis=0)
    targets = np.append(r, np.nan) / base
    return ReturnWindows(
        inputs.transpose(0, 2, 1),
        targets[lookback:].astype(np.float32),
        base[lookback:],
        train - lookback,
        typical,
        window,
    )


def describe_sessions(
    recipe: DensityRecipe,
    returns: np.ndarray,
    base: np.ndarray,
    volatility: np.ndarray,
    inside: np.ndarray,
) -> np.ndarray:
    """Return what the network reads of n sessions, (n, features) float32.

    Args:
        recipe: which features.
        returns: (n,) per cent.
        base: (n,) or longer: per cent a unit of each session.
        volatility: (n,) known after each session, over the typical.
        inside: (n,) whether the session after it lies in the earnings window.
    """
    columns = [returns / base[: len(returns)]]
    if recipe.inputs == "standardised":
        columns.append(np.log(volatility))
    if recipe.calendar:
        columns.append(inside)
    return np.column_stack(columns).astype(np.float32)
