"""Figures of risk: values at risk, the power of their tests, and what tiers would have earned."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

from paperlib.report.style import COLOURS, label_plainly

YEAR = 250  # sessions, as supervisors of banks count them


def plot_var(returns: pd.Series, panels: Mapping[str, pd.Series], label: str) -> Figure:
    """Draw returns with each model's value at risk, and the sessions that fell below it.

    Args:
        returns: (n,) per cent, indexed by session.
        panels: for each title (n,) the value at risk, per cent.
        label: of the line.
    """
    shape = {"nrows": len(panels), "sharex": True, "sharey": True, "squeeze": False}
    fig, axes = plt.subplots(**shape, figsize=(8.0, 1.0 + 1.7 * len(panels)))
    for ax, (title, var) in zip(axes[:, 0], panels.items(), strict=True):
        hit = returns < var
        bars = {"color": COLOURS["persistence"], "linewidth": 0.9}
        ax.vlines(returns.index, 0, returns, **bars, rasterized=True)  # else a megabyte of SVG
        ax.plot(var, color=COLOURS["model"], label=label)
        ax.plot(returns[hit], "v", color=COLOURS["test"], markersize=5, label="violation", zorder=3)
        ax.set_title(f"{title}: {hit.sum()} violations of {len(hit)} sessions")
        # A single crash would flatten all else; what lies beyond is marked at the edge.
        edge = 1.6 * float(returns.abs().quantile(0.99))
        below = returns.index[hit & (returns < -edge)]
        ax.plot(below, np.full(len(below), -0.97 * edge), "v", color=COLOURS["test"], markersize=5)
        ax.set(ylabel="return (%)", ylim=(-edge, edge))
    axes[0, 0].legend(loc="lower right", fontsize="small", ncols=2)
    return fig


def plot_power(power: pd.DataFrame, ours: tuple[int, int], enough: float = 80) -> Figure:
    """Draw how often a test catches a value at risk that is too small, by the length of the test.

    Power has teeth, since violations are whole numbers. Drawn is the least from each length on,
    and where that reaches ``enough`` the number of sessions is written.

    Args:
        power: per cent, indexed by the number of sessions; columns by what is wrong, a style of
            line each (two), and by the level, a colour each (two).
        ours: the lengths of our shortest and longest test part.
        enough: per cent.
    """
    fig, ax = plt.subplots(figsize=(8.0, 3.6))
    ax.axvspan(*ours, color=COLOURS["persistence"], alpha=0.3, linewidth=0, label="our test parts")
    ax.axhline(enough, color=COLOURS["paper"], linestyle=":", linewidth=1)
    ax.axvline(YEAR, color=COLOURS["paper"], linewidth=0.8, label=f"a year, {YEAR} sessions")
    styles = dict(zip(power.columns.unique(0), ("-", "--"), strict=False))
    colours = dict(zip(power.columns.unique(1), ("train", "test"), strict=False))
    drawn = np.unique(np.geomspace(1, len(power), 100).astype(int)) - 1
    for wrong, level in power:
        least, colour = power[wrong, level][::-1].cummin()[::-1], COLOURS[colours[level]]
        name = f"{wrong}, {level}"
        ax.plot(least.iloc[drawn], color=colour, linestyle=styles[wrong], label=name)
        if least.iloc[-1] >= enough:
            first = least.index[least >= enough][0]
            ax.plot(first, least[first], "o", color=colour, markersize=5)
            at = {"xytext": (-6, 5), "textcoords": "offset points", "ha": "right"}
            ax.annotate(f"{first:,}", (first, least[first]), color=colour, **at)
    ax.set(xscale="log", xlabel="sessions", ylabel="caught (%)", ylim=(0, 102))
    label_plainly(ax.xaxis)
    fig.legend(loc="outside lower center", ncols=3, fontsize=9)
    return fig


def plot_wealth(panels: Mapping[str, Mapping[str, pd.Series]]) -> Figure:
    """Draw what 100 became, session by session: a panel a tier, a line a model.

    Args:
        panels: for each title and name the portfolio's returns in per cent, indexed by session.
    """
    fig, axes = plt.subplots(1, len(panels), figsize=(8.0, 3.4), sharey=True, squeeze=False)
    colours = ("persistence", "validation", "accent", "test", "model")
    for ax, (title, models) in zip(axes[0], panels.items(), strict=True):
        for colour, (name, returns) in zip(colours, models.items(), strict=False):
            value = 100 * (1 + returns / 100).cumprod()
            ax.plot(value, color=COLOURS[colour], label=name)
        ax.set_title(title)
        ax.xaxis.set_major_locator(AutoDateLocator(minticks=2, maxticks=5))
        ax.xaxis.set_major_formatter(ConciseDateFormatter(ax.xaxis.get_major_locator()))
    axes[0, 0].set_ylabel("value (start: 100)")
    fig.legend(
        *axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=9
    )
    return fig
