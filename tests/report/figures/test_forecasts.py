"""Figures of forecasts show what they are given, where its number says."""

from __future__ import annotations

import numpy as np
import pandas as pd

from paperlib.report.figures.forecasts import plot_ahead, plot_race, plot_zoom


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
