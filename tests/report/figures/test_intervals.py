"""Figures of intervals and distributions show what they are given, where its number says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from paperlib.experiments.catalogue import BUNDLED_WINDOW
from paperlib.experiments.store import load_coverage, select
from paperlib.report.figures.intervals import (
    plot_bands,
    plot_by_place,
    plot_coverage,
    plot_fans,
    plot_pit,
    plot_score_ratios,
)

DAYS = pd.bdate_range("2020-01-01", periods=6)


def _ends(collection) -> tuple[float, float]:
    """Return the lowest and highest value that a band reaches."""
    heights = collection.get_paths()[0].vertices[:, 1]
    return heights.min(), heights.max()


def test_a_fan_draws_the_widest_band_first_and_starts_after_the_last_close():
    rows = [
        {"horizon": h, "level": level, "low": 10 - w * h, "median": 10, "high": 10 + w * h}
        for level, w in ((0.5, 1), (0.9, 3))
        for h in (1, 2)
    ]
    (ax,) = plot_fans(pd.Series([8.0, 9, 10], DAYS[:3]), {"a": pd.DataFrame(rows)}).axes
    assert [_ends(band) for band in ax.collections] == [(4, 16), (8, 12)]
    assert [band.get_label() for band in ax.collections] == ["90 %", "50 %"]
    (median,) = (line for line in ax.lines if line.get_label() == "median")
    assert list(median.get_xdata()) == [3, 4]


def test_bands_lie_around_the_closes():
    close = pd.Series([1.0, 2, 3], DAYS[:3])
    (ax,) = plot_bands(close, np.array([[0, 2], [1, 3], [2, 5.0]])).axes
    assert _ends(ax.collections[0]) == (0, 5)
    assert list(ax.lines[0].get_ydata()) == [1, 2, 3]


def test_coverage_is_drawn_beside_what_was_promised():
    rows = select(load_coverage(), dataset=BUNDLED_WINDOW, level=0.9)
    left, right = plot_coverage(rows, {("persistence", "split"): "split"}).axes
    drawn, promised = left.lines
    of = select(rows, center="persistence", method="split").sort_values("horizon")
    np.testing.assert_array_equal(drawn.get_ydata(), of["coverage"])
    assert set(promised.get_ydata()) == {90}
    np.testing.assert_array_equal(right.lines[0].get_ydata(), of["width"])


def test_bars_of_transforms_add_up_to_all_sessions():
    (ax,) = plot_pit({"a": pd.Series([0.0, 0.05, 0.31, 1.0])}, (0.05, 0.15)).axes
    heights = [bar.get_height() for bar in ax.patches[:10]]
    assert heights == [50, 0, 0, 25, 0, 0, 0, 0, 0, 25]
    band = ax.patches[10]
    assert (band.get_y(), band.get_height()) == pytest.approx((5, 10))


def test_ratios_stand_in_the_row_of_their_model():
    row = {"title": "t", "ratio_low": 0.9, "ratio_high": 1.1}
    table = pd.DataFrame(
        [{**row, "model": "b", "ratio": 1.0}, {**row, "model": "a", "ratio": 0.95}]
    )
    ax = plot_score_ratios(table, {"a": "A", "b": "B", "c": "C"}, 1.01).axes[0]
    (dots,) = (line for line in ax.lines if line.get_marker() == "o")
    np.testing.assert_array_equal(dots.get_xdata(), [0.95, 1.0, np.nan])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["A", "B", "C"]


def test_a_window_of_the_quarter_is_shaded():
    (ax,) = plot_by_place(pd.Series([1.0, 2, 3], [1, 2, 3]), (2, 3)).axes
    shaded = ax.patches[0]
    assert (shaded.get_x(), shaded.get_x() + shaded.get_width()) == (1.5, 3.5)
