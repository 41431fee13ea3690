"""Forecasts beside wrong dates are told, honest ones are not."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from madeforecasts import CLOSE, DATES, HONEST, NAIVE, NOISE, cross_validated

from paperlib.judging.closes import as_forecasts
from paperlib.judging.matching import match_forecasts
from paperlib.judging.misdated import find_misdated

CAME = CLOSE.loc[DATES]
EVERY_MONTH = CLOSE.index[-1300::21]  # 62 sessions


def misdated(forecast: pd.Series) -> str:
    matched = match_forecasts(forecast.to_frame("forecast"), CLOSE, Path("x"))
    return " | ".join(filter(None, find_misdated(matched)))


PUT = {
    "a day early": (CLOSE.shift(-1).loc[DATES[:-1]], "close 1 session after their date .*off by 2"),
    "three days early": (
        CLOSE.shift(-3).loc[DATES[:-3]],
        "close 3 sessions after their date .*off by 4",
    ),
    "the same day": (CAME, "On 300 of 300 sessions the forecast equals the close of its own date"),
    "dated by its origin": ((CLOSE + 1).loc[DATES] + NOISE / 3, "close of their date .*off by 1"),
    "now and then": (NAIVE.where(np.arange(300) % 5 > 0, CAME), "On 60 of 300 sessions"),
    "a day late": (
        HONEST.shift(1).iloc[1:],
        "The model trails, or its dates are a day late",
    ),
    "every month": (CLOSE.shift(21)[EVERY_MONTH], "The forecasts stand about 21 sessions apart"),
    "every week": (CLOSE.shift(1).iloc[-600::5], "The forecasts stand about 5 sessions apart"),
    "shuffled": (HONEST.sample(200, random_state=0).sort_index(), "Only 67% .*split by time"),
}


@pytest.mark.parametrize("name", PUT)
def test_wrong_dates_are_told(name):
    forecast, says = PUT[name]
    assert re.search(says, misdated(forecast))


@pytest.mark.parametrize("behind", [1, 3, 10])
def test_a_model_that_trails_is_not_accused(behind):
    assert misdated(CLOSE.shift(behind).loc[DATES] + NOISE) == ""


def test_sessions_apart_are_no_fault_where_a_cutoff_tells_when_each_forecast_was_made():
    made = cross_validated(horizon=5, every=3)
    matched = match_forecasts(as_forecasts(made), CLOSE, Path("x"))
    assert len(matched.rows) < 110
    assert "".join(find_misdated(matched)) == ""
    alone = matched.rows.drop(columns="cutoff")
    assert "about 3 sessions apart" in "".join(find_misdated(matched._replace(rows=alone)))
