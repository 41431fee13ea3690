"""Figures of what a score is worth show what they are given, each row where its name stands."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from paperlib.report.figures.leakage import plot_arms, plot_counts, plot_distances, plot_shares


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


def test_shares_lie_in_their_intervals_in_per_cent():
    shares = pd.DataFrame(
        {"share": [0.5, 0.25], "low": [0.4, 0.125], "high": [0.75, 0.5]}, index=["one", "other"]
    )
    (ax,) = plot_shares(shares).axes
    (ends,) = ax.collections
    assert [line.tolist() for line in ends.get_segments()] == [
        [[40, 0], [75, 0]],
        [[12.5, 1], [50, 1]],
    ]
    (dots,) = (line for line in ax.lines if line.get_marker() == "o")
    assert (list(dots.get_xdata()), list(dots.get_ydata())) == ([50, 25], [0, 1])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["one", "other"]


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
