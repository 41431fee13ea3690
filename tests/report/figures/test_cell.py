"""The figures of a recurrent cell show what they are given."""

import numpy as np
import pandas as pd

from paperlib.report.figures.cell import plot_walk, plot_weights


def test_a_walk_draws_both_states_of_each_unit_below_the_price():
    price = pd.Series([3.0, 2.0, 1.0])
    units = {"one": np.array([[1, 2], [3, 4], [5, 6]]), "other": np.zeros((3, 2))}
    axes = plot_walk(units, price).axes
    assert [ax.get_title() for ax in axes[:2]] == ["one", "other"]
    for ax in axes[:2]:
        assert list(ax.lines[0].get_ydata()) == [3, 2, 1]
    cell, hidden = axes[2].lines[:2]
    assert (list(cell.get_ydata()), list(hidden.get_ydata())) == ([1, 3, 5], [2, 4, 6])
    assert list(cell.get_xdata()) == [1, 2, 3]
    assert "cell" in cell.get_label() and "hidden" in hidden.get_label()


def test_weights_are_drawn_from_the_newest_close_on():
    panels = plot_weights({"one": np.array([0.5, 0.3, -0.1]), "other": np.zeros(3)}).axes
    assert [ax.get_title() for ax in panels] == ["one", "other"]
    assert [bar.get_height() for bar in panels[0].patches] == [0.5, 0.3, -0.1]
    assert [bar.get_x() + bar.get_width() / 2 for bar in panels[0].patches] == [0, 1, 2]
