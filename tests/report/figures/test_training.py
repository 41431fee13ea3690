"""Figures of runs show every run, where its number says."""

from __future__ import annotations

import numpy as np
import pandas as pd

from paperlib.report.figures.training import plot_curves, plot_doses


def test_doses_stand_in_the_order_given_with_their_runs():
    arms = {
        "with": {"1": pd.Series([1.0, 2.0, 3.0]), "10": pd.Series([4.0, 5.0])},
        "without": {"10": pd.Series([6.0])},
    }
    (ax,) = plot_doses(arms, "dose", "error", level=0.5).axes
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "10"]
    drawn = [tuple(point.round(0)) for c in ax.collections for point in c.get_offsets()]
    assert drawn == [(0, 1), (0, 2), (0, 3), (1, 4), (1, 5), (1, 6)]
    medians = ax.lines[0].get_ydata()
    np.testing.assert_allclose(medians, [2.0, 4.5])


def test_curves_show_every_seed():
    histories = pd.DataFrame(
        {"epoch": [1, 2] * 3, "seed": [0, 0, 1, 1, 2, 2], "val_loss": [3.0, 2, 5, 4, 7, 6]}
    )
    (ax,) = plot_curves({"title": {"arm": histories}}, "val_loss", "loss", level=1.0).axes
    drawn = [tuple(line.get_ydata()) for line in ax.lines]
    assert {(3.0, 2.0), (5.0, 4.0), (7.0, 6.0)} <= set(drawn)
