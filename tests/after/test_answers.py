"""The answers on closes, against the judge of a reader's own forecast and by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from paperlib.after.answers import closes_rows, side
from paperlib.after.closes import LSTM, Later
from paperlib.judging import judge_forecast
from paperlib.recipe import PAPER_END, PAPER_START
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
        "knows": Later((y + 0.1 * (before - y))[None], np.nan),
        "persistence": Later(before[None], np.nan),
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
    assert found["mean_close"] == pytest.approx(y.mean() / 500)
    highest = np.median(forecasts[LSTM].forecast.max(axis=1)) / 500
    assert found["highest_forecast"] == pytest.approx(highest)
    squares = [((of.forecast - y) ** 2).mean() for of in forecasts.values()]
    assert rows["mse_over_lstm"]["knows"] == pytest.approx(squares[2] / squares[0])


def test_no_close_can_be_read_off_a_row(rows):
    """The highest forecast of a model that follows the close would be one."""
    assert rows["highest_forecast"].drop(LSTM).isna().all()
    assert rows["mape_pct_low"][["knows", "persistence"]].isna().all()


def test_sides():
    assert side(Interval(0.5, 0.4, 0.9)) == "below"
    assert side(Interval(1.5, 1.1, 2.0)) == "above"
    assert side(Interval(1.0, 0.9, 1.1)) == "open"


def test_beside_the_lstm(rows):
    assert rows["beside_lstm"].drop(LSTM).eq("below").all()
    assert pd.isna(rows["beside_lstm"][LSTM])
