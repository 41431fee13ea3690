"""A forest plot shows every stock, every period's mean, and the mean over periods."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from paperlib.report.figures.elsewhere import plot_forest
from paperlib.report.style import COLOURS
from paperlib.stats.periods import mean_over_periods

EFFECTS = pd.DataFrame(
    np.random.default_rng(0).normal(0.1, 0.2, size=(8, 6)),
    index=range(1, 9),
    columns=["AAPL", "AMZN", "GOOG", "META", "NFLX", "NVDA"],
)
SETTINGS = {"decay 0.01": EFFECTS, "no L2": -EFFECTS}
MEANS = {name: mean_over_periods(table.mean(axis=1)) for name, table in SETTINGS.items()}


LABELS = {n: f"period {n}" for n in EFFECTS.index}


@pytest.fixture
def figure():
    return plot_forest(SETTINGS, MEANS, LABELS)


def test_each_dot_is_a_ratio(figure):
    for ax, table in zip(figure.axes, SETTINGS.values(), strict=True):
        stocks, means = ax.collections[0:16:2], ax.collections[1:16:2]
        for row, of in enumerate(table.to_numpy()):
            found = stocks[row].get_offsets()
            np.testing.assert_allclose(found[:, 0], np.exp(of))
            assert (found[:, 1] == row).all()
            np.testing.assert_allclose(means[row].get_offsets()[0], [np.exp(of.mean()), row])
        mean = ax.lines[0].get_xydata()[0]
        np.testing.assert_allclose(mean, [np.exp(table.mean(axis=None)), 8])


def test_the_mean_has_the_interval_that_decides(figure):
    for ax, mean in zip(figure.axes, MEANS.values(), strict=True):
        (line,) = ax.collections[16].get_segments()
        np.testing.assert_allclose(line[:, 0], np.exp(mean[1:]))


def test_rows_read_from_the_first_period_down(figure):
    first = figure.axes[0]
    assert [label.get_text() for label in first.get_yticklabels()][-1] == "all periods"
    assert first.yaxis_inverted()


@pytest.mark.parametrize(
    ("shift", "colour", "marker"),
    [(0.5, "helps", ">"), (-0.5, "hurts", "<"), (0.0, "persistence", "o")],
)
def test_the_mean_has_the_colour_and_the_marker_of_its_side(shift, colour, marker):
    table = EFFECTS - EFFECTS.mean(axis=None) + shift
    mean = mean_over_periods(table.mean(axis=1))
    ax = plot_forest({"decay 0.01": table}, {"decay 0.01": mean}, LABELS).axes[0]
    assert (ax.lines[0].get_color(), ax.lines[0].get_marker()) == (COLOURS[colour], marker)
