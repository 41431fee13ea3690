"""Forecasts of Netflix's bundled closes that tests judge."""

from __future__ import annotations

import numpy as np
import pandas as pd

from paperlib.prices.series import load_prices

PRICES = load_prices()
CLOSE = PRICES["close"]
DATES = CLOSE.index[-300:]
NAIVE = CLOSE.shift(1).loc[DATES].rename("forecast")
NOISE = np.random.default_rng(0).normal(0, 3, len(DATES))
HONEST = NAIVE + NOISE


def cross_validated(horizon: int, every: int) -> pd.DataFrame:
    """Forecast as Nixtla's and Prophet's cross-validation does: so many sessions from each cutoff.

    The first step is the honest forecast; later ones go on with the close of the cutoff.

    Args:
        horizon: steps from each cutoff.
        every: sessions from one cutoff to the next.

    Returns:
        One row a forecast, by cutoff, with ``ds``, ``cutoff``, ``y`` and ``yhat``.
    """
    at = CLOSE.index.get_loc(DATES[0])
    rows = [
        {
            "ds": CLOSE.index[origin + step],
            "cutoff": CLOSE.index[origin],
            "y": CLOSE.iloc[origin + step],
            "yhat": HONEST[CLOSE.index[origin + 1]] if step == 1 else CLOSE.iloc[origin],
        }
        for origin in range(at - 1, len(CLOSE) - horizon, every)
        for step in range(1, horizon + 1)
    ]
    return pd.DataFrame(rows)
