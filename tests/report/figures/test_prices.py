"""Figures of prices and returns show what they are given."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_rgba

from paperlib.report.figures.prices import plot_correlograms
from paperlib.report.style import COLOURS


def test_correlograms_draw_a_bar_a_lag_and_the_band():
    changes = np.random.default_rng(0).normal(size=400)
    fig = plot_correlograms({"one": changes[:5], "other": changes[5:10]}, 0.3, "correlation")
    for ax, found in zip(fig.axes, (changes[:5], changes[5:10]), strict=True):
        *bars, band = ax.patches
        assert [bar.get_height() for bar in bars] == pytest.approx(found)
        assert [bar.get_x() + bar.get_width() / 2 for bar in bars] == pytest.approx(range(1, 6))
        assert (band.get_y(), band.get_height()) == pytest.approx((-0.3, 0.6))
        apart = [bar.get_facecolor() == to_rgba(COLOURS["validation"]) for bar in bars]
        assert apart == [abs(change) > 0.3 for change in found]
