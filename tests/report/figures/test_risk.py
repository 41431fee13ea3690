"""Figures of intervals, distributions and risk show what they are given, where its number says."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from paperlib.experiments.catalogue import BUNDLED_WINDOW
from paperlib.experiments.store import load_coverage, load_tiers, select
from paperlib.probabilistic.scores import flat_band
from paperlib.report.figures.intervals import (
    plot_bands,
    plot_by_place,
    plot_coverage,
    plot_fans,
    plot_pit,
    plot_score_ratios,
)
from paperlib.report.figures.risk import plot_budgets, plot_power, plot_var, plot_wealth
from paperlib.stats.var_power import kupiec_power, kupiec_power_table

DAYS = pd.bdate_range("2020-01-01", periods=6)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


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


def test_the_band_holds_95_per_cent_of_flat_histograms():
    low, high = flat_band(500, 10)
    counts = np.random.default_rng(0).binomial(500, 0.1, size=20_000) / 500
    assert np.mean((low <= counts) & (counts <= high)) == pytest.approx(0.95, abs=0.01)


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


def test_violations_are_marked_and_counted():
    returns = pd.Series([1.0, -3, 0, -90, 2, -1], DAYS)
    (ax,) = plot_var(returns, {"m": pd.Series(-2.0, DAYS)}, "VaR").axes
    assert ax.get_title() == "m: 2 violations of 6 sessions"
    marked = [line for line in ax.lines if line.get_marker() == "v"]
    assert list(marked[0].get_ydata()) == [-3, -90]


def test_power_is_the_exact_one():
    power = kupiec_power_table([0.05, 0.01], [1, 2], [100, 4000])
    left, right = plot_power(power, {"ours": 383}).axes
    for ax, tail in ((left, 0.05), (right, 0.01)):
        once, twice, ours = ax.lines
        assert once.get_ydata()[-1] == pytest.approx(100 * kupiec_power(tail, 4000, 1))
        assert twice.get_ydata()[0] == pytest.approx(100 * kupiec_power(tail, 100, 2))
        assert set(ours.get_xdata()) == {383}


def test_wealth_compounds():
    (ax,) = plot_wealth({"t": {"a": pd.Series([10.0, -50], DAYS[:2])}}).axes
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [110, 55])


def test_budgets_are_drawn_tier_by_tier_in_per_cent():
    rows = select(load_tiers(), dataset="nflx-2013-2023")
    axes = plot_budgets(rows, {"garch_t": "GARCH"}, 5).axes
    assert [ax.get_title() for ax in axes] == ["conservative", "balanced", "aggressive"]
    (dot,) = (line for line in axes[0].lines if line.get_marker() == "o")
    stored = select(rows, model="garch_t", tier="conservative")["beyond"].iloc[0]
    assert list(dot.get_xdata()) == [100 * stored]
