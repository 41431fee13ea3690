"""Figures of what a score is worth show what they are given, each row where its name stands."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from paperlib.report.figures.leakage import (
    plot_arms,
    plot_counts,
    plot_distances,
    plot_middles,
    plot_shares,
)
from paperlib.windows import Scaler


def test_every_run_of_an_arm_is_a_dot_in_its_row_with_the_geometric_mean_marked():
    runs = {"honest": [4.0, 9.0], "leaky": [1.0, 4.0, 16.0]}
    found = {
        arm: pd.DataFrame({"test_mape_pct": mape, "persistence_mape_pct": 2.0})
        for arm, mape in runs.items()
    }
    (ax,) = plot_arms({"series": found}, {"honest": "none", "leaky": "both"}).axes
    assert ax.get_title() == "series"
    assert [label.get_text() for label in ax.get_yticklabels()] == ["none", "both"]
    dots, means = ax.collections[::2], ax.collections[1::2]
    for row, (mape, drawn, mean) in enumerate(zip(runs.values(), dots, means, strict=True)):
        assert list(drawn.get_offsets()[:, 0]) == mape
        assert drawn.get_offsets()[:, 1].round().tolist() == [row] * len(mape)
        (line,) = mean.get_segments()
        assert line[:, 0] == pytest.approx([{0: 6.0, 1: 4.0}[row]] * 2)
    (naive,) = ax.lines
    assert set(naive.get_xdata()) == {2.0}


def test_shares_lie_in_their_intervals_in_per_cent_two_series_side_by_side():
    shares = pd.DataFrame(
        {"share": [0.5, 0.25], "low": [0.4, 0.125], "high": [0.75, 0.5]}, index=["one", "other"]
    )
    (ax,) = plot_shares({"L2": shares, "no L2": shares / 2}).axes
    first, second = ax.collections
    for ends, factor, at in ((first, 1, -0.08), (second, 0.5, 0.08)):
        drawn = np.array([line for line in ends.get_segments()])
        assert drawn[:, :, 0] == pytest.approx(factor * np.array([[40, 75], [12.5, 50]]))
        assert drawn[:, :, 1] == pytest.approx(np.array([[0, 0], [1, 1]]) + at)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [line.get_label() for line in dots] == ["L2", "no L2"]
    assert [list(line.get_xdata()) for line in dots] == [[50, 25], [25, 12.5]]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["one", "other"]


def test_the_middle_of_a_scale_is_half_way_between_its_ends():
    close = pd.Series([1.0, 2, 3, 4], index=pd.date_range("2020-01-01", periods=4))
    arms = {"honest": Scaler(1, 2), "leaky": Scaler(1, 4)}
    (ax,) = plot_middles(close, close.index[2], arms).axes
    prices, *middles = ax.lines
    assert list(prices.get_ydata()) == [1, 2, 3, 4]
    assert [set(line.get_ydata()) for line in middles] == [{1.5}, {2.5}]
    assert [line.get_label() for line in middles] == ["honest", "leaky"]
    assert middles[0].get_linestyle() != middles[1].get_linestyle()


def test_a_distance_is_written_as_a_factor():
    logs = pd.DataFrame({"table 1": np.log([1, 2.5]), "all": np.log([4, 1.5])}, index=["a", "b"])
    (ax,) = plot_distances(logs).axes
    assert [text.get_text() for text in ax.texts] == ["×1.0", "×4.0", "×2.5", "×1.5"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]


def test_every_verdict_has_a_bar_as_long_as_its_claims_and_a_colour_for_its_meaning():
    counts = pd.DataFrame(
        {
            "meaning": ["for the paper", "for the paper", "against it"],
            "verdict": ["reproduced", "consistent", "differs"],
            "comparisons": [1, 1, 0],
            "numbers": [2, 0, 4],
            "others": [0, 0, 3],
        }
    )
    (ax,) = plot_counts(counts).axes
    assert [label.get_text() for label in ax.get_yticklabels()] == list(counts["verdict"])
    assert [bar.get_width() for bar in ax.patches] == [3, 1, 7]
    one, other, against = (bar.get_facecolor() for bar in ax.patches)
    assert one == other != against
    assert [text.get_text() for text in ax.get_legend().texts] == ["for the paper", "against it"]
