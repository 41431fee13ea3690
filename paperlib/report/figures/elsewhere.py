"""Forest plots: what a device does in each period, on each stock, under each reading."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from paperlib.report.style import COLOURS, label_plainly

Mean = tuple[float, float, float]  # estimate, low and high end
COLOURS_OF_PANELS = (COLOURS["model"], COLOURS["accent"])


def plot_forest(
    effects: Mapping[str, pd.DataFrame], means: Mapping[str, Mean], labels: Mapping[int, str]
) -> Figure:
    """Draw the ratio without the device over with it, a row a period, a panel a setting.

    Small dots are stocks, the large one is their mean; below all periods stands the mean over them
    with its interval. Above one the device helps.

    Args:
        effects: by setting the log ratios of :func:`paperlib.experiments.elsewhere.cell_effects`.
        means: by setting the mean over periods, a log ratio, with the interval that decides.
        labels: what to call each period.
    """
    height = 1.4 + 0.28 * (len(labels) + 1)
    fig, axes = plt.subplots(1, len(effects), figsize=(8.0, height), sharey=True, squeeze=False)
    for ax, colour, (setting, table) in zip(
        axes[0], COLOURS_OF_PANELS, effects.items(), strict=False
    ):
        _draw_periods(ax, table, colour)
        _draw_mean(ax, means[setting], len(table), colour)
        ax.axvline(1, color=COLOURS["persistence"], linewidth=0.8)
        ax.set(title=setting, xscale="log", xlabel="test MSE, without ÷ with")
        ax.grid(axis="x")
        label_plainly(ax.xaxis)
    axes[0, 0].set_yticks(range(len(labels) + 1), [*labels.values(), "all periods"])
    axes[0, 0].invert_yaxis()
    return fig


def _draw_periods(ax: Axes, table: pd.DataFrame, colour: str) -> None:
    for row, (_, stocks) in enumerate(table.iterrows()):
        ratios = np.exp(stocks.dropna())
        ax.scatter(ratios, np.full(len(ratios), row), s=9, color=colour, alpha=0.5, linewidths=0)
        ax.scatter(np.exp(stocks.mean()), row, s=32, color=colour)


def _draw_mean(ax: Axes, mean: Mean, row: int, colour: str) -> None:
    estimate, low, high = np.exp(mean)
    ax.hlines(row, low, high, color=colour, linewidth=3)
    ax.scatter(estimate, row, s=60, marker="D", color=colour, edgecolors="black", linewidths=0.6)
