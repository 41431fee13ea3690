"""Forecasts and closes that are not dollars are told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from madeforecasts import CLOSE, HONEST, NAIVE

from paperlib.judging.faults import find_faults
from paperlib.judging.matching import Matched, match_forecasts
from paperlib.judging.units import has_other_unit, name_unit, scaled

LOW, RANGE = CLOSE.min(), np.ptp(CLOSE)


def matched(forecast, close=CLOSE) -> Matched:
    return match_forecasts(forecast.to_frame("forecast"), close, Path("x"))


@pytest.mark.parametrize(
    ("forecast", "says"),
    [
        (NAIVE / 10, "a split of ten to one, such as Netflix's"),
        (0.102 * NAIVE, "a split of ten to one"),
        (10 * NAIVE, "a split of ten to one"),
        ((NAIVE - LOW) / RANGE, "with the scaler's inverse"),
        (np.log(NAIVE), "logarithms to prices"),
        (NAIVE.diff().fillna(0.0), "changes and logarithms"),
    ],
)
def test_another_unit_of_the_forecast_is_named(forecast, says):
    found = matched(forecast)
    assert has_other_unit(found)
    assert says in name_unit(found)


@pytest.mark.parametrize("factor", [0.2, 1.0, 5.0])
def test_a_forecast_that_is_far_off_is_still_one_in_dollars(factor):
    assert not has_other_unit(matched(factor * NAIVE))


def test_closes_that_were_scaled_with_the_forecast_are_told():
    found = matched((HONEST - LOW) / RANGE, ((CLOSE - LOW) / RANGE).clip(lower=1e-6))
    assert not has_other_unit(found)
    assert scaled(found).startswith("The highest close is 1. Unless the share is as cheap as that")
    assert scaled(found) in find_faults(found)
    assert scaled(matched(NAIVE)) == ""
    assert scaled(matched(NAIVE / 100, CLOSE / 100)) == ""  # a share of seven dollars
