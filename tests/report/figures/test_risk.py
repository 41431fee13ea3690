"""Figures of risk show what they are given, where its number says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from paperlib.experiments.store import load_tiers, select
from paperlib.report.figures.risk import plot_budgets, plot_power, plot_var, plot_wealth
from paperlib.stats.var_power import kupiec_power, kupiec_power_table

DAYS = pd.bdate_range("2020-01-01", periods=6)


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
