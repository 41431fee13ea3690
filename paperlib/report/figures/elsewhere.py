"""Forest plots: what a device does in each period, on each stock, under each reading."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from paperlib.report.figures.answers import SIDES, side_of
from paperlib.report.style import COLOURS, label_plainly

Mean = tuple[float, float, float]  # estimate, low and high end


def plot_forest(
    effects: Mapping[str, pd.DataFrame], means: Mapping[str, Mean], labels: Mapping[int, str]
) -> Figure:
    """Draw the ratio without the device over with it, a row a period, a panel a setting.

    Small dots are stocks, the large one is their mean; below all periods stands the mean over them
    with its interval, coloured by its side. Above one the device helps.

    Args:
        effects: by setting the log ratios of :func:`paperlib.experiments.elsewhere.cell_effects`.
        means: by setting the mean over periods, a log ratio, with the interval that decides.
        labels: what to call each period.
    """
    height = 1.4 + 0.28 * (len(labels) + 1)
    fig, axes = plt.subplots(1, len(effects), figsize=(8.0, height), sharey=True, squeeze=False)
    for ax, (setting, table) in zip(axes[0], effects.items(), strict=True):
        _draw_periods(ax, table)
        _draw_mean(ax, means[setting], len(table))
        ax.axvline(1, color=COLOURS["persistence"], linewidth=0.8)
        ax.set(title=setting, xscale="log", xlabel="test MSE, without ÷ with")
        ax.grid(axis="x")
        label_plainly(ax.xaxis)
    axes[0, 0].set_yticks(range(len(labels) + 1), [*labels.values(), "all periods"])
    axes[0, 0].invert_yaxis()
    return fig


def _draw_periods(ax: Axes, table: pd.DataFrame) -> None:
    colour = COLOURS["persistence"]
    for row, (_, stocks) in enumerate(table.iterrows()):
        ratios = np.exp(stocks.dropna())
        ax.scatter(ratios, np.full(len(ratios), row), s=9, color=colour, alpha=0.5, linewidths=0)
        ax.scatter(np.exp(stocks.mean()), row, s=32, color=colour)


def _draw_mean(ax: Axes, mean: Mean, row: int) -> None:
    estimate, low, high = ratio = np.exp(mean)
    name, marker = SIDES[side_of(ratio)]
    ax.hlines(row, low, high, color=COLOURS[name], linewidth=4)
    ax.plot(estimate, row, marker, color=COLOURS[name], markersize=9)
