"""One report holds all that can be said, in words that fit the numbers."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from madeforecasts import CLOSE, DATES, HONEST, NAIVE, NOISE, PRICES

from paperlib.judging.forecast_report import judge_forecast
from paperlib.prices.findings import PriceFileError

CAME = CLOSE.loc[DATES]
BOUNDS = pd.DataFrame({"forecast": HONEST, "lower": 0.95 * NAIVE, "upper": 1.05 * NAIVE})


@pytest.mark.parametrize(
    ("forecast", "sentence"),
    [
        (NAIVE, "The forecast is level with tomorrow equals today."),
        (NAIVE + 4 * NOISE, "The forecast is worse than tomorrow equals today."),
        (NAIVE + (CAME - NAIVE) / 2, "By its errors .* is better than .*, but first see below .*"),
        (NAIVE + 0.4 * NOISE, "Is it better .*? There are too few sessions to say."),
        (NAIVE / 600, "The forecast is not judged, since it is not in dollars."),
    ],
)
def test_the_verdict_is_a_sentence(forecast, sentence):
    found = judge_forecast(forecast, PRICES)
    assert found.verdict in found.sentence
    assert re.fullmatch(sentence, found.sentence)


def test_all_is_printed():
    text = str(judge_forecast(BOUNDS, PRICES, level=0.9))
    for words in (
        "300 of 300 forecasts matched with the prices, 2022-07-14 to 2023-09-21.",
        "hence skill",
        "has the direction right on",
        "Of the closes before its date it is nearest to that 1 session before;",
        "The bounds, which promise 90%, hold 9",
        "Winkler score is",
        "tomorrow equals today ",
        "What looks wrong:\n- nothing that the forecasts show",
    ):
        assert words in text, words
    assert "Say what they promise for" in str(judge_forecast(BOUNDS, PRICES))
    assert "It never says up or down." in str(judge_forecast(NAIVE, PRICES))


def test_a_file_and_a_ticker_say_the_same_as_tables(tmp_path):
    path = tmp_path / "mine.csv"
    BOUNDS.rename_axis("date").to_csv(path)
    by_file, by_table = judge_forecast(path, "NFLX"), judge_forecast(BOUNDS, CLOSE)
    assert by_file.name == "mine.csv"
    assert by_file.read.startswith("UTF-8, comma separated")
    assert by_file.statements() == by_table.statements()
    own = judge_forecast(BOUNDS.assign(actual=CAME))
    assert own.matched.source == "the file's own actual values"
    assert len(own.matched.rows) == 299


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (NAIVE.reset_index(drop=True), "the index must be dates, none missing"),
        (BOUNDS.drop(columns="forecast"), "needs a column named forecast"),
        (BOUNDS.drop(columns="upper"), "lower bounds without one of upper ones"),
        (pd.concat([NAIVE, NAIVE[:1]]), "'2022-07-14': its date stands above already"),
        (NAIVE.where(NAIVE.index != DATES[3]), "'2022-07-19': the forecast is missing"),
    ],
)
def test_a_table_is_refused_as_a_file_is(table, says):
    with pytest.raises(PriceFileError, match=f"the forecast: .*{says}|^the forecast: {says}"):
        judge_forecast(table, PRICES)


@pytest.mark.parametrize("level", [0, 1, 90, -0.5, float("nan"), "0.9"])
def test_a_level_is_a_share(level):
    with pytest.raises(ValueError, match="level must be a share between 0 and 1"):
        judge_forecast(NAIVE, PRICES, level)


def test_what_was_left_out_is_told():
    saturday = pd.Series([400.0], [pd.Timestamp("2023-09-16")])
    text = str(judge_forecast(pd.concat([NAIVE, saturday]).sort_index(), PRICES))
    assert (
        "300 of 301 forecasts matched with the prices, 2022-07-14 to 2023-09-21. Left out" in text
    )
    assert "(2023-09-16).\n" in text


def test_a_level_without_bounds_is_refused():
    with pytest.raises(PriceFileError, match="there are none. Bring them, or no level.$"):
        judge_forecast(NAIVE, PRICES, 0.9)


def test_what_is_not_in_dollars_gets_no_numbers():
    text = str(judge_forecast(NAIVE / 600, PRICES))
    assert "skill" not in text
    assert "MAE" not in text
    assert "scaler's inverse" in text


def test_a_lower_bound_of_zero_is_told_and_not_infinitely_wide():
    below = BOUNDS.assign(lower=BOUNDS["lower"].where(BOUNDS.index != BOUNDS.index[7], -5.0))
    said = judge_forecast(below, PRICES, level=0.9).statements()[-1]
    assert "raise such bounds above zero" in said and "inf" not in said
