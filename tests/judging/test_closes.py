"""Prices and forecasts are brought to one form, whatever holds them, or refused in a sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from madeforecasts import CLOSE, DATES, HONEST, NAIVE, PRICES

from paperlib.judging.closes import as_closes, as_forecasts, on_every_session
from paperlib.judging.forecast_report import judge_forecast
from paperlib.prices.findings import PriceFileError

AT_FOUR = CLOSE.index + pd.Timedelta(hours=16)
IN_TOKYO = AT_FOUR.tz_localize("America/New_York").tz_convert("Asia/Tokyo")


@pytest.mark.parametrize(
    "prices",
    [
        CLOSE,
        PRICES,
        "NFLX",
        CLOSE[::-1],
        CLOSE.sample(frac=1, random_state=0),
        CLOSE.rename("Close").to_frame(),
        CLOSE.tz_localize("America/New_York"),
        CLOSE.set_axis(AT_FOUR),
        CLOSE.tz_localize("UTC"),
        CLOSE.set_axis(IN_TOKYO),
        CLOSE.rename_axis("Date").reset_index(),
        CLOSE.astype(object),
    ],
)
def test_closes_are_the_same_in_every_form(prices):
    found = as_closes(prices)[CLOSE.index[0] :]
    pd.testing.assert_series_equal(found, CLOSE, check_freq=False)


@pytest.mark.parametrize(
    ("prices", "says"),
    [
        (list(CLOSE), "must be a file, a ticker, or a pandas table or series"),
        (PRICES[["open"]], "one column of closes"),
        (CLOSE.reset_index(drop=True), "the index must be dates"),
        (CLOSE.iloc[:0], "the index must be dates"),
        (pd.concat([CLOSE, CLOSE[-3:]]), "the close of 2023-09-21 stands twice|stands twice"),
        (CLOSE.replace(CLOSE.iloc[5], np.nan), "2016-01-11 is no positive number"),
        (-CLOSE, "the close of 2016-01-04 is no positive number .rows of this kind: 1943"),
        (CLOSE.astype(str).replace("109.96", "x"), "a cell is no number"),
    ],
)
def test_what_are_no_closes_is_refused(prices, says):
    with pytest.raises(PriceFileError, match=f"^the prices: .*({says})") as refused:
        as_closes(prices)
    assert "\n" not in str(refused.value)


def test_a_column_of_dates_may_say_the_same_as_the_index():
    table = HONEST.to_frame().assign(ds=DATES + pd.Timedelta(hours=16))
    np.testing.assert_array_equal(as_forecasts(table)["forecast"], HONEST)


@pytest.mark.parametrize("name", ["forecast", "Predictions", "yhat", 0])
def test_a_tables_columns_are_known_as_a_files_are(name):
    found = as_forecasts(HONEST.rename(name).to_frame())
    np.testing.assert_array_equal(found["forecast"], HONEST)


def test_two_shares_in_a_table_are_refused():
    shares = np.where(np.arange(300) < 150, "NFLX", "AAPL")
    with pytest.raises(PriceFileError, match="'unique_id' names 2 shares"):
        as_forecasts(HONEST.to_frame().assign(unique_id=shares))


def test_rows_before_the_first_forecast_are_left_out():
    plotted = pd.concat([pd.Series(np.nan, CLOSE.index[:-300]), HONEST]).rename("Predictions")
    pd.testing.assert_index_equal(
        as_forecasts(plotted.to_frame()).index, DATES, exact="equiv", check_names=False
    )


def test_a_table_as_nixtla_makes_it_is_read():
    bounds = {"AutoARIMA": HONEST, "AutoARIMA-lo-90": HONEST - 9, "AutoARIMA-hi-90": HONEST + 9}
    table = pd.DataFrame({"unique_id": "NFLX", **bounds}).rename_axis("ds").reset_index()
    found = as_forecasts(table)
    assert list(found) == ["forecast", "lower", "upper"]
    np.testing.assert_array_equal(found["lower"], HONEST - 9)
    pd.testing.assert_index_equal(found.index, HONEST.index, exact="equiv", check_names=False)


@pytest.mark.parametrize(
    ("forecast", "says"),
    [
        (5, "must be a file, or a pandas table or series"),
        (HONEST.rename("mine").to_frame(), "a column named forecast, and has 'mine'. Rename"),
        (
            pd.DataFrame({"yhat": HONEST, "pred": HONEST}),
            "one column for the forecast, and has 'yhat'",
        ),
        (pd.concat([HONEST, HONEST], axis=1), "one column for the forecast"),
        (HONEST.to_frame().assign(y=CLOSE, close=CLOSE), "one column for the actual"),
        (HONEST * np.nan, "no row has a forecast"),
        (HONEST.reset_index(drop=True), "the index must be dates"),
        (HONEST.astype(str) + "x", "a cell is no number"),
        (HONEST.to_frame().assign(ds=DATES[::-1]), "have other dates in 'ds' than in their index"),
        (HONEST.to_frame().assign(cutoff=1.0), "the cutoffs must be dates"),
        (HONEST.to_frame().assign(cutoff=pd.NaT), "is missing or not before its date"),
        (HONEST.to_frame().assign(cutoff=DATES), "knew, is missing or not before .* kind: 300"),
    ],
)
def test_what_are_no_forecasts_is_refused(forecast, says):
    with pytest.raises(PriceFileError, match=f"^the forecast: .*{says}"):
        as_forecasts(forecast)


def test_a_missing_session_is_no_day_before():
    """Else persistence, which knows that session, would be better than the row before."""
    holes = CLOSE[np.random.default_rng(0).random(len(CLOSE)) < 0.7]
    found = judge_forecast(NAIVE, holes)
    assert found.verdict == "level with"
    assert found.faults == ()
    assert len(found.matched.rows) < 200
    whole = on_every_session(holes)
    assert whole.index.isin(CLOSE.index).mean() > 0.999
    np.testing.assert_array_equal(whole.dropna(), holes)
