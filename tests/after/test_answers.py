"""The answers on closes, against the judge of a reader's own forecast and by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from paperlib.after.answers import closes_rows, over_lstm, side
from paperlib.after.closes import LSTM, Later
from paperlib.judging import judge_forecast
from paperlib.recipe import PAPER_END, PAPER_START, PUBLISHED
from paperlib.stats.interval import Interval
from paperlib.stats.seeds import prediction_interval


@pytest.fixture(scope="module")
def close(netflix):
    return netflix["close"].loc[PAPER_START:]


@pytest.fixture(scope="module")
def forecasts(close):
    y, before = (of[close.index > PAPER_END].to_numpy() for of in (close, close.shift()))
    rng = np.random.default_rng(0)
    return {
        LSTM: Later(0.9 * before * (1 + rng.normal(0, 0.002, (10, len(y)))), trained_to=500.0),
        "relative": Later(
            np.tile(before * (1 + 1e-6 * np.sin(np.arange(len(y)))), (10, 1)), np.nan
        ),
        "knows": Later((y + 0.1 * (before - y))[None]),
        "persistence": Later(before[None]),
    }


@pytest.fixture(scope="module")
def rows(forecasts, close):
    return closes_rows(forecasts, close).set_index("model")


def test_the_words_are_those_of_the_judge(rows, forecasts, close):
    """Of one forecast; where seeds differ little their mean error is that of one."""
    sessions = close.index[close.index > PAPER_END]
    for name in ("knows", "relative", LSTM):
        own = pd.Series(forecasts[name].forecast[0], sessions)
        judged = judge_forecast(own, close).comparison
        assert rows["verdict"][name] == judged.verdict
        assert rows["mae_ratio"][name] == pytest.approx(judged.absolute.estimate, rel=0.01)
    assert rows["verdict"].tolist()[:3] == ["worse than", "level with", "better than"]
    assert pd.isna(rows["verdict"]["persistence"])


def test_numbers_by_hand(rows, forecasts, close):
    y = close[close.index > PAPER_END].to_numpy()
    mapes = [100 * np.mean(np.abs(of - y) / y) for of in forecasts[LSTM].forecast]
    found = rows.loc[LSTM]
    assert found["mape_pct"] == pytest.approx(np.exp(np.mean(np.log(mapes))))
    assert found["mape_pct_high"] == pytest.approx(prediction_interval(mapes).high)
    assert found["bias_pct"] == pytest.approx(-10, abs=0.3)
    assert (found["seeds"], found["sessions"]) == (10, len(y))
    assert found["mean_close"] == pytest.approx(y.mean() / 500, abs=0.05)
    highest = np.median(forecasts[LSTM].forecast.max(axis=1)) / 500
    assert found["highest_forecast"] == pytest.approx(highest, abs=0.005)
    squares = [((of.forecast - y) ** 2).mean() for of in forecasts.values()]
    assert rows["mse_over_lstm"]["knows"] == pytest.approx(squares[2] / squares[0])


def test_no_close_can_be_worked_out_of_a_row(rows):
    """The level of a model that follows the close would give it away, digit by digit."""
    levels = rows[["mean_forecast", "mean_close", "highest_forecast"]]
    assert levels.drop(LSTM).isna().all(axis=None)
    assert levels.loc[LSTM].round(2).equals(levels.loc[LSTM])
    assert (rows["bias_pct"].round(1) == rows["bias_pct"]).all()
    assert rows["mape_pct_low"][["knows", "persistence"]].isna().all()


def test_seeds_that_share_their_first_weights_are_compared_in_pairs(close):
    """By hand: what seeds have in common cancels, of those that both have."""
    y, before = (of[close.index > PAPER_END].to_numpy() for of in (close, close.shift()))
    luck = np.linspace(0.8, 0.95, 6)[:, None]
    lstm = Later(luck * before, 500.0, tuple(range(6)), PUBLISHED)
    lower = replace(PUBLISHED, l2=0.0)
    model = Later(0.99 * luck[::-1] * before, 500.0, tuple(range(6))[::-1], lower)
    other = replace(model, recipe=replace(lower, hidden=(8,)))
    paired, apart = (over_lstm(of, lstm, y) for of in (model, other))
    assert paired.estimate == pytest.approx(apart.estimate)
    assert paired.high / paired.low < apart.high / apart.low
    fewer = over_lstm(replace(model, forecast=model.forecast[:4], seeds=model.seeds[:4]), lstm, y)
    theirs = lstm.forecast[2:]
    squares = [((of - y) ** 2).mean() for of in (model.forecast[:4], theirs)]
    assert fewer.estimate == pytest.approx(squares[0] / squares[1])


def test_sides():
    assert side(Interval(0.5, 0.4, 0.9)) == "below"
    assert side(Interval(1.5, 1.1, 2.0)) == "above"
    assert side(Interval(1.0, 0.9, 1.1)) == "open"


def test_beside_the_lstm(rows):
    assert rows["beside_lstm"].drop(LSTM).eq("below").all()
    assert pd.isna(rows["beside_lstm"][LSTM])
