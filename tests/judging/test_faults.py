"""Each fault that is looked for is found where it was put, and not in honest forecasts."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from madeforecasts import CLOSE, DATES, HONEST, NAIVE, NOISE

from paperlib.judging.faults import find_faults, same_day_correlation
from paperlib.judging.matching import match_forecasts
from paperlib.prices.series import load_prices

CAME = CLOSE.loc[DATES]


def faults_of(forecast: pd.Series) -> str:
    return " | ".join(find_faults(match_forecasts(forecast.to_frame("forecast"), CLOSE, Path("x"))))


APPLE = load_prices("AAPL")["close"].shift(1).reindex(DATES)
# A trend and a year's and a week's seasons, as Prophet draws them once for a whole test part.
PATH = 320 + 0.3 * np.arange(300) + 30 * np.sin(2 * np.pi * DATES.day_of_year / 365)
PATH = pd.Series(PATH + 2 * (DATES.day_of_week == 4), DATES)

HONEST_ONES = {
    "persistence": NAIVE,
    "noise": HONEST,
    "drift": NAIVE + 0.2,
    "a mean of five": CLOSE.rolling(5).mean().shift(1).loc[DATES],
    "trailing by a week": CLOSE.shift(5).loc[DATES],
    "trailing by a mean of forty": CLOSE.rolling(40).mean().shift(1).loc[DATES],
    "too low": 0.8 * NAIVE,
    "a third of them alone": HONEST.iloc[:100],
}


@pytest.mark.parametrize("name", HONEST_ONES)
def test_honest_forecasts_look_right(name):
    assert faults_of(HONEST_ONES[name]) == ""


def filled(forecast: pd.Series, how: str) -> pd.Series:
    holed = forecast.copy()
    holed.iloc[100:107] = np.nan
    return holed.ffill() if how == "stay" else holed.interpolate()


PUT = {
    "one below zero": (
        HONEST.where(DATES[9] != DATES, -3.0),
        "^On 1 of 300 sessions, first on 2022-07-27, the forecast is zero or below, .*out.$",
    ),
    "scaled": ((NAIVE - 100) / 600, "another unit .*scaler's inverse"),
    "a fifth of the move": (NAIVE + 0.2 * (CAME - NAIVE) + NOISE / 3, "the change of the same day"),
    "held": (filled(HONEST, "stay"), "From 2022-12-02 8 forecasts in a row stay the same"),
    "a line": (filled(HONEST, "line"), "From 2022-12-02 9 forecasts in a row lie on a line"),
    "far too low": (0.6 * NAIVE, "away from .* in the median they are 0.60 times it"),
    "another share": (APPLE, "in the median they are 0.4. times it"),
    "one path": (
        PATH,
        r"hardly any notice .*correlation -?0.\d\d\) .* anew each session",
    ),
}


@pytest.mark.parametrize("name", PUT)
def test_what_was_put_is_found(name):
    forecast, says = PUT[name]
    assert re.search(says, faults_of(forecast))


def test_the_placebos_hold_all_shifts():
    found, largest = same_day_correlation(
        match_forecasts(HONEST.to_frame("forecast"), CLOSE, Path("x"))
    )
    made, came = (HONEST - NAIVE).to_numpy(), (CAME - NAIVE).to_numpy()
    assert found == pytest.approx(np.corrcoef(made, came)[0, 1])
    shifted = [np.corrcoef(np.roll(made, -k), came)[0, 1] for k in range(2, 299)]
    assert max(shifted) <= largest < 6 / np.sqrt(300)
    assert np.isnan(
        same_day_correlation(match_forecasts(NAIVE.to_frame("forecast"), CLOSE, Path("x")))
    ).all()


def test_actual_values_of_another_share_are_told():
    brought = pd.DataFrame({"forecast": HONEST, "actual": APPLE})
    said = find_faults(match_forecasts(brought, CLOSE, Path("x")))
    assert re.match("The file's own actual values are not these closes: half of them", said[0])
    own = pd.DataFrame({"forecast": HONEST, "actual": CAME})
    assert find_faults(match_forecasts(own, CLOSE, Path("x"))) == []


@pytest.mark.parametrize("bounds", [(10.0, 10.0), (-5.0, 5.0)])
def test_bounds_given_as_distances_are_told(bounds):
    brought = pd.DataFrame({"forecast": HONEST, "lower": bounds[0], "upper": bounds[1]})
    (said,) = find_faults(match_forecasts(brought, CLOSE, Path("x")))
    assert said.startswith("On 300 of 300 sessions the forecast lies outside of its own bounds")
