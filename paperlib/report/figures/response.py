"""Figures of what a trained network does with its input: by session, and by level."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from paperlib.report.style import COLOURS

LINES = (("model", "o-"), ("accent", "s--"))  # told apart without colour, too


def plot_profiles(profiles: Mapping[str, np.ndarray]) -> Figure:
    """Draw how much a forecast moves with each close of its window, the newest first.

    Args:
        profiles: by name, (lookback,) slopes.
    """
    fig, ax = plt.subplots(figsize=(5.6, 3.8))
    for (colour, line), (name, slopes) in zip(LINES, profiles.items(), strict=False):
        ax.plot(slopes, line, color=COLOURS[colour], markersize=4, label=name)
    ax.axhline(0, color=COLOURS["persistence"], linewidth=0.8)
    ax.set(xlabel="sessions before the newest close", ylabel="slope of the forecast")
    ax.legend()
    return fig


def plot_levels(levels: np.ndarray, forecasts: Mapping[str, np.ndarray], known: float) -> Figure:
    """Draw forecasts of prices that stay where they are, against that level.

    Args:
        levels: (n,) scaled prices.
        forecasts: by name, (n,) scaled.
        known: the highest level that training saw; what lies above is shaded.
    """
    fig, ax = plt.subplots(figsize=(5.6, 4.2))
    ax.axvspan(known, levels.max(), color=COLOURS["persistence"], alpha=0.15, linewidth=0)
    ax.plot(levels, levels, ":", color=COLOURS["persistence"], label="persistence")
    for (colour, line), (name, made) in zip(LINES, forecasts.items(), strict=False):
        ax.plot(levels, made, line[1:], color=COLOURS[colour], linewidth=2, label=name)
    ax.set(xlabel="level of the whole window, scaled", ylabel="forecast, scaled")
    ax.legend()
    return fig
