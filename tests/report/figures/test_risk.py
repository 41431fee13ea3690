"""Figures of risk show what they are given, where its number says."""

from __future__ import annotations

import numpy as np
import pandas as pd

from paperlib.report.figures.risk import plot_power, plot_var, plot_wealth

DAYS = pd.bdate_range("2020-01-01", periods=6)


def test_violations_are_marked_and_counted():
    returns = pd.Series([1.0, -3, 0, -90, 2, -1], DAYS)
    (ax,) = plot_var(returns, {"m": pd.Series(-2.0, DAYS)}, "VaR").axes
    assert ax.get_title() == "m: 2 violations of 6 sessions"
    marked = [line for line in ax.lines if line.get_marker() == "v"]
    assert list(marked[0].get_ydata()) == [-3, -90]


def test_the_first_length_is_marked_from_which_enough_is_caught():
    """Not the first that reaches it: power has teeth, as violations are whole numbers."""
    power = pd.DataFrame(
        {("half", "95%"): [20.0, 85, 70, 90, 99], ("half", "99%"): [1.0, 2, 3, 4, 5]},
        index=[10, 20, 30, 40, 50],
    )
    fig = plot_power(power, (25, 35))
    (ax,) = fig.axes
    assert [text.get_text() for text in ax.texts] == ["40"]
    (dot,) = (line for line in ax.lines if line.get_marker() == "o")
    assert list(dot.get_xdata()) == [40] and list(dot.get_ydata()) == [90]
    labels = [text.get_text() for text in fig.legends[0].get_texts()]
    assert labels == ["our test parts", "a year, 250 sessions", "half, 95%", "half, 99%"]
    (year,) = (line for line in ax.lines if "year" in line.get_label())
    assert set(year.get_xdata()) == {250}


def test_levels_have_colours_and_faults_have_styles():
    columns = pd.MultiIndex.from_product([["half", "a fifth"], ["95%", "99%"]])
    (ax,) = plot_power(pd.DataFrame(1.0, [1, 100], columns), (2, 3)).axes
    of = {line.get_label(): line for line in ax.lines}
    assert of["half, 95%"].get_color() == of["a fifth, 95%"].get_color()
    assert of["half, 95%"].get_color() != of["half, 99%"].get_color()
    assert of["half, 99%"].get_linestyle() == of["half, 95%"].get_linestyle()
    assert of["half, 99%"].get_linestyle() != of["a fifth, 99%"].get_linestyle()


def test_wealth_compounds():
    (ax,) = plot_wealth({"t": {"a": pd.Series([10.0, -50], DAYS[:2])}}).axes
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [110, 55])
