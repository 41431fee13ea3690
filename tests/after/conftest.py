"""Prices that go on after the paper, made up: the bundled ones and a walk from there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from paperlib.prices.calendar import trading_sessions
from paperlib.prices.series import load_prices

LAST = "2025-07-31"


def prolong(ticker: str, seed: int, last: str = LAST) -> pd.DataFrame:
    """Continue a bundled ticker by a random walk."""
    known = load_prices(ticker)[["close"]]
    more = trading_sessions(known.index[-1], pd.Timestamp(last))[1:]
    moves = np.random.default_rng(seed).normal(0.0005, 0.02, len(more))
    closes = known["close"].iloc[-1] * np.exp(np.cumsum(moves))
    return pd.concat([known, pd.DataFrame({"close": closes.round(2)}, more)]).rename_axis("date")


@pytest.fixture(scope="session")
def netflix() -> pd.DataFrame:
    return prolong("NFLX", 0)


@pytest.fixture(scope="session")
def apple() -> pd.DataFrame:
    return prolong("AAPL", 1)
