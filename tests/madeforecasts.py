"""Forecasts of Netflix's bundled closes that tests judge."""

from __future__ import annotations

import numpy as np

from paperlib.prices.series import load_prices

PRICES = load_prices()
CLOSE = PRICES["close"]
DATES = CLOSE.index[-300:]
NAIVE = CLOSE.shift(1).loc[DATES].rename("forecast")
NOISE = np.random.default_rng(0).normal(0, 3, len(DATES))
HONEST = NAIVE + NOISE
