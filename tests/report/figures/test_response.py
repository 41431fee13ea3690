"""Figures of a network's response show the numbers that they are given."""

from __future__ import annotations

import numpy as np

from paperlib.report.figures.response import plot_levels, plot_profiles


def test_a_line_a_network_over_the_sessions():
    profiles = {"one": np.array([0.5, 0.3, 0.1]), "other": np.array([0.9, 0.1, -0.1])}
    ax = plot_profiles(profiles).axes[0]
    drawn = {line.get_label(): line.get_ydata() for line in ax.lines}
    for name, slopes in profiles.items():
        np.testing.assert_array_equal(drawn[name], slopes)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["one", "other"]


def test_a_line_a_network_over_the_levels_and_what_training_did_not_see():
    levels = np.linspace(-1, 2, 4)
    ax = plot_levels(levels, {"one": levels / 2}, known=1.0).axes[0]
    drawn = {line.get_label(): line.get_ydata() for line in ax.lines}
    np.testing.assert_array_equal(drawn["persistence"], levels)
    np.testing.assert_array_equal(drawn["one"], levels / 2)
    (shaded,) = ax.patches
    assert (shaded.get_x(), shaded.get_x() + shaded.get_width()) == (1.0, 2.0)
