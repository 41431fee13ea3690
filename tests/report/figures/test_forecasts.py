"""Figures of forecasts show what they are given, where its number says."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from paperlib.report.figures.accuracy import plot_horizons, plot_p_values, plot_standings
from paperlib.report.figures.forecasts import plot_ahead, plot_race, plot_zoom
from paperlib.report.figures.prices import plot_correlograms


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_a_race_adds_up_what_is_lost_beyond_the_reference():
    losses = pd.DataFrame({"0": [2.0, 3.0, 1.0], "1": [1.0, 1.0, 1.0]})
    (ax,) = plot_race(losses, pd.Series([1.0, 1.0, 2.0]), "lost").axes
    assert {tuple(line.get_ydata()) for line in ax.lines} >= {
        (1, 3, 2),
        (0, 0, -1),
        (0.5, 1.5, 0.5),
    }


def test_forecasts_stand_where_they_come_due_and_persistence_is_the_close_moved():
    close = pd.Series(np.arange(10.0), index=pd.bdate_range("2020-01-01", periods=10))
    paths = 100.0 * np.arange(4)[:, None] + [1, 2, 3]  # origins 0 to 3, before targets 6 to 9
    for ax, h in zip(plot_ahead(close, paths, (1, 3)).axes, (1, 3), strict=True):
        drawn = {line.get_label(): line for line in ax.lines}
        assert list(drawn["close"].get_ydata()) == [6, 7, 8, 9]
        assert list(drawn["persistence"].get_ydata()) == list(range(6 - 1, 10 - h))
        assert list(drawn["forecast"].get_ydata()) == [100 * k + h for k in range(5 - h)]
        for name in ("persistence", "forecast"):
            assert drawn[name].get_xdata()[0] == close.index[5 + h]


def test_a_zoom_draws_the_close_and_each_forecast():
    close = pd.Series([1.0, 2.0, 3.0], index=pd.bdate_range("2020-01-01", periods=3))
    (ax,) = plot_zoom(close, {"persistence": np.array([0.0, 1, 2]), "LSTM": np.ones(3)}).axes
    assert [tuple(line.get_ydata()) for line in ax.lines] == [(1, 2, 3), (0, 1, 2), (1, 1, 1)]


def test_correlograms_draw_a_bar_a_lag_and_the_band():
    changes = np.random.default_rng(0).normal(size=400)
    fig = plot_correlograms({"one": changes[:5], "other": changes[5:10]}, 0.3, "correlation")
    for ax, found in zip(fig.axes, (changes[:5], changes[5:10]), strict=True):
        *bars, band = ax.patches
        assert [bar.get_height() for bar in bars] == pytest.approx(found)
        assert [bar.get_x() + bar.get_width() / 2 for bar in bars] == pytest.approx(range(1, 6))
        assert (band.get_y(), band.get_height()) == pytest.approx((-0.3, 0.6))


def test_standings_draw_both_intervals_of_each_model():
    table = pd.DataFrame(
        {
            "title": ["a", "b"],
            "ratio": [1.0, 5.0],
            "seeds_low": [np.nan, 4.0],
            "seeds_high": [np.nan, 6.0],
            "sessions_low": [0.9, 3.0],
            "sessions_high": [1.1, 9.0],
        }
    )
    (ax,) = plot_standings(table).axes
    sessions, seeds = (
        [s[:, 0].tolist() for s in c.get_segments() if s.size] for c in ax.collections
    )
    assert sessions == [[0.9, 1.1], [3, 9]]
    assert seeds == [[4, 6]]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]


def test_every_p_value_is_a_dot_and_none_falls_off_the_axis():
    p_values = {"textbook": pd.Series([0.0, 1e-40, 0.2]), "other": pd.Series([0.04, 0.5, 0.9])}
    (ax,) = plot_p_values({"rival": p_values}).axes
    drawn = [c.get_offsets()[:, 1].tolist() for c in ax.collections]
    assert drawn == [[1e-30, 1e-30, 0.2], [0.04, 0.5, 0.9]]


def test_horizons_draw_each_model_in_both_panels():
    rows = pd.DataFrame({"horizon": [1, 2, 3], "rmse_usd": [1.0, 2, 3], "ratio": [4.0, 3, 2]})
    ends = {"low": 1.0, "high": 2.0, "ratio_low": 1.0, "ratio_high": 5.0}
    table = pd.concat(
        [rows.assign(model="persistence", protocol=np.nan), rows.assign(model="rnn", protocol="p")]
    ).assign(**ends)
    fig = plot_horizons(table, {("persistence", ""): "naive", ("rnn", "p"): "RNN"})
    left, right = fig.axes
    assert [tuple(line.get_ydata()) for line in left.lines] == [(1, 2, 3)] * 2
    assert [tuple(line.get_ydata()) for line in right.lines] == [(4, 3, 2)] * 2
