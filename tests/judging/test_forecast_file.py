"""Files of forecasts are read in the shapes that people have, others refused with the remedy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from madeforecasts import CLOSE, DATES, HONEST

from paperlib.judging.forecast_file import read_forecast_file
from paperlib.prices.findings import PriceFileError

TABLE = pd.DataFrame({"forecast": HONEST.round(2)})
WITH_BOUNDS = TABLE.assign(lower=TABLE["forecast"] - 10, upper=TABLE["forecast"] + 10)


def keras(path):
    """Predictions of a network, saved as they came."""
    pd.DataFrame({0: TABLE["forecast"].to_numpy()}, index=DATES).to_csv(path)


def keras_beside_the_close(path):
    shown = pd.DataFrame({"Close": CLOSE.loc[DATES], "Predictions": TABLE["forecast"]})
    shown.rename_axis("Date").to_csv(path)


def prophet(path):
    names = {"forecast": "yhat", "lower": "yhat_lower", "upper": "yhat_upper"}
    frame = WITH_BOUNDS.rename(columns=names).assign(trend=300.0, trend_lower=299.0)
    frame.rename_axis("ds").to_csv(path)


def sklearn(path):
    frame = pd.DataFrame({"y_test": CLOSE.loc[DATES], "y_pred": TABLE["forecast"]})
    frame.rename_axis("timestamp").to_csv(path, sep="\t")


def german_spreadsheet(path):
    frame = pd.DataFrame(
        {"Prognose": TABLE["forecast"].to_numpy()}, index=DATES.strftime("%d.%m.%Y")
    )
    frame.rename_axis("Datum").to_csv(path, sep=";", decimal=",")


def american_spreadsheet(path):
    frame = TABLE["forecast"].map("${:,.2f}".format).to_frame("Predicted Close")
    frame.index = DATES.strftime("%m/%d/%Y")
    frame.rename_axis("Date").to_csv(path)


def utf_16(path):
    TABLE.rename_axis("Date").to_csv(path, encoding="utf-16", sep="\t")


def new_york_time(path):
    frame = TABLE.rename_axis("Datetime")
    frame.index = frame.index.tz_localize("America/New_York")
    frame.to_csv(path)


def bounds(path):
    WITH_BOUNDS.rename_axis("date").to_csv(path)


def newest_first(path):
    TABLE.rename_axis("date").iloc[::-1].to_csv(path)


def one_of_tomorrow(path):
    text = TABLE.rename_axis("date").to_csv()
    path.write_text(f"{text}2049-01-04,400.0\n")


def with_its_training_part(path):
    """As plotted, with no forecast before the test part."""
    CLOSE.to_frame("Close").assign(Predictions=TABLE["forecast"]).rename_axis("Date").to_csv(path)


def nixtla(path):
    names = {"forecast": "NHITS", "lower": "NHITS-lo-90", "upper": "NHITS-hi-90"}
    frame = WITH_BOUNDS.rename(columns=names).rename_axis("ds").reset_index()
    before = CLOSE.index[CLOSE.index.get_indexer(DATES) - 1]
    frame.assign(unique_id="NFLX", cutoff=before).to_csv(path, index=False)


def german_bounds(path):
    names = {"forecast": "Prognose", "lower": "Untergrenze", "upper": "Obergrenze"}
    WITH_BOUNDS.rename(columns=names).rename_axis("Datum").to_csv(path, sep=";", decimal=",")


def forecast_in_r(path):
    names = {"forecast": "Point Forecast", "lower": "Lo 80", "upper": "Hi 80"}
    WITH_BOUNDS.rename(columns=names).rename_axis("Date").to_csv(path)


def arrays_of_one(path):
    """As a list of Keras's predictions is written."""
    TABLE["forecast"].map(lambda x: np.array([x])).rename_axis("Date").to_csv(path)


SHAPES = [
    nixtla,
    german_bounds,
    forecast_in_r,
    arrays_of_one,
    with_its_training_part,
    keras,
    keras_beside_the_close,
    prophet,
    sklearn,
    german_spreadsheet,
    american_spreadsheet,
    utf_16,
    new_york_time,
    bounds,
    newest_first,
    one_of_tomorrow,
]


@pytest.mark.parametrize("write", SHAPES, ids=lambda write: write.__name__)
def test_a_file_is_read_in_each_of_the_usual_shapes(write, tmp_path):
    path = tmp_path / "made.csv"
    write(path)
    found = read_forecast_file(path).iloc[: len(DATES)]
    assert list(found.index) == list(DATES)
    np.testing.assert_allclose(found["forecast"], TABLE["forecast"], atol=1e-9)
    if write in (prophet, bounds, nixtla, german_bounds, forecast_in_r):
        np.testing.assert_allclose(found["upper"] - found["lower"], 20)
    if write in (keras_beside_the_close, sklearn, with_its_training_part):
        np.testing.assert_allclose(found["actual"], CLOSE.loc[DATES])
    assert "decimal" in read_forecast_file(path).attrs["read"]


LINES = WITH_BOUNDS.rename_axis("date").to_csv().splitlines()


def without(column: str) -> str:
    return WITH_BOUNDS.drop(columns=column).rename_axis("date").to_csv()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("\n".join([*LINES, LINES[5]]), "line 302: .*stands above already. Keep one forecast"),
        ("\n".join([*LINES[:3], "2022-07-18,,1,2", *LINES[4:]]), "line 4: .*forecast is missing"),
        ("\n".join([*LINES, "2023-10-02,3,-9,-2"]), "line 302: .*not as distances"),
        ("date,yhat,y\n2020-01-02,1.5,-0.5\n", "line 2: .*the actual value is no price"),
        ("date,yhat,y\n2020-01-02,,1.5\n2020-01-03,,1.5\n", "no row has a forecast"),
        ("\n".join([*LINES[:3], "2022-07-18,soon,1,2", *LINES[4:]]), "line 4: the forecast 'soon'"),
        ("\n".join([*LINES[:3], "2022-07-18,9,12,2", *LINES[4:]]), "line 4: .*above the upper one"),
        (without("upper"), "lower bounds without one of upper ones. Bring both"),
        (without("forecast"), "no column for the forecast among 'date', 'lower', 'upper'.* Bring"),
        ("yhat\n1.5\n2.5\n", "one cell"),
        ("step,yhat\n1,1.5\n2,2.5\n", "no column for the date among 'step', 'yhat'"),
        ("date,yhat,pred\n2020-01-02,1.5,1.6\n", "two columns may be the forecast, 'yhat' and 'pr"),
        ("date,yhat\n", "a header and no rows"),
        ("ds,cutoff,yhat\n2020-01-02,2020-01-02,1.5\n", "line 2: .*missing or not before its d"),
        (
            "ds,cutoff,yhat\n2020-01-02,,1.5\n",
            "line 2: .*missing. Write .*This is the column of cutoffs",
        ),
        (2 * "ds,cutoff,yhat\n2020-01-03,2020-01-02,1.5\n", "the header comes again"),
        (
            "ds,cutoff,yhat,y\n2020-01-06,2020-01-02,1,9\n2020-01-06,2020-01-03,1,9.1\n",
            "line 3: .*its actual value is not that of the same date above. Keep one close",
        ),
        (
            "ds,cutoff,yhat\n" + 2 * "2020-01-03,2020-01-02,1.5\n",
            "line 3: .*date stands above already",
        ),
        ("", "the file is empty. Bring a text file .* Date and Forecast"),
    ],
)
def test_another_file_is_refused_in_one_sentence(text, says, tmp_path):
    path = tmp_path / "made.csv"
    path.write_text(text)
    with pytest.raises(PriceFileError, match=f"made.csv.*{says}") as refused:
        read_forecast_file(path)
    assert "\n" not in str(refused.value)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(PriceFileError, match=r"none.csv: no such file. Give the path of a"):
        read_forecast_file(tmp_path / "none.csv")


def test_a_cutoff_may_be_written_in_another_way_than_the_date_which_is_told(tmp_path):
    path = tmp_path / "made.csv"
    path.write_text(
        "ds,cutoff,yhat,y\n01/31/2020,30/01/2020,990.5,990.01\n01/31/2020,29/01/2020,990.5,990.00\n"
    )
    found = read_forecast_file(path)
    assert list(found["cutoff"].dt.day) == [30, 29]
    assert "dates month first, those of the cutoff day first, " in found.attrs["read"]
