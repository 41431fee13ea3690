"""What the checks of the paper's units need to know of a series, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from paperlib.claims.readings import claims_on_prices


def test_prices_are_described_by_hand():
    """A ramp of 330 sessions from 100 to 429 dollars: 300 windows, the first 240 train.

    Three digits are kept: 164.5 and 399.5 become 164 and 400.
    """
    sessions = pd.bdate_range("2016-01-04", periods=330)
    close = pd.DataFrame({"close": np.arange(100.0, 430.0)}, index=sessions)
    table = pd.DataFrame(claims_on_prices(close)).set_index("key")
    targets = (np.arange(130.0, 370.0) - 264.5) / 164.5
    expected = {
        "close_max": (429, 330),
        "close_min": (100, 330),
        "dollars_per_unit": (164, 330),
        "test_close_mean": (400, 60),
        "zero_forecast_mse": (round((targets**2).mean(), 3), 240),
    }
    assert set(table.index) == set(expected)
    for key, (estimate, n) in expected.items():
        assert table.loc[key, "estimate"] == pytest.approx(estimate, rel=1e-6)
        assert table.loc[key, "n"] == n
