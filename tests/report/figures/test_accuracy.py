"""Figures of accuracy show each model's errors and p-values, where its number says."""

from __future__ import annotations

import numpy as np
import pandas as pd

from paperlib.report.figures.accuracy import plot_horizons, plot_p_values, plot_standings


def test_standings_draw_both_intervals_of_each_model():
    table = pd.DataFrame(
        {
            "title": ["a", "b"],
            "seeds": [1.0, 5.0],
            "sessions": [1.0, 6.5],
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
    _, mean, typical = (line.get_xdata() for line in ax.lines)
    assert (list(mean), list(typical)) == ([1, 6.5], [1, 5])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]


def test_every_p_value_is_a_dot_and_none_falls_off_the_axis():
    p_values = {"textbook": pd.Series([0.0, 1e-40, 0.2]), "other": pd.Series([0.04, 0.5, 0.9])}
    (ax,) = plot_p_values({"rival": p_values}).axes
    drawn = [c.get_offsets()[:, 1].tolist() for c in ax.collections]
    assert drawn == [[0.0, 1e-40, 0.2], [0.04, 0.5, 0.9]]
    low, high = ax.get_ylim()
    assert low < 0 and high > 0.9


def test_p_values_on_both_sides_of_five_per_cent_are_told_apart():
    near = {"textbook": pd.Series([1e-26]), "slow waves": pd.Series([0.042, 0.049])}
    (ax,) = plot_p_values({"rival": near}).axes
    below, line = ax.transData.transform([(0, 0.042), (0, 0.05)])[:, 1]
    assert line - below > 0.1 * ax.bbox.height


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
