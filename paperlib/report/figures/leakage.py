"""Figures of what a score is worth: runs by arm, shares of walks, distances to tables, verdicts."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from paperlib.report.style import COLOURS, label_plainly, side_by_side
from paperlib.windows import Scaler


def plot_arms(panels: Mapping[str, Mapping[str, pd.DataFrame]], names: Mapping[str, str]) -> Figure:
    """Draw the test MAPE of every run, a row an arm, a panel a series.

    Args:
        panels: by title the runs of each arm, of :func:`paperlib.experiments.leakage.arms`.
        names: what to call each arm, from top to bottom.
    """
    fig, axes = plt.subplots(1, len(panels), figsize=(8.0, 2.8), sharey=True, squeeze=False)
    rows = {arm: row for row, arm in enumerate(names)}
    for ax, (title, found) in zip(axes[0], panels.items(), strict=True):
        for arm, runs in found.items():
            mape, row = runs["test_mape_pct"], rows[arm]
            ax.scatter(mape, side_by_side(row, len(mape), 0.2), s=12, color=COLOURS["model"])
            ax.vlines(np.exp(np.log(mape).mean()), row - 0.32, row + 0.32, color=COLOURS["paper"])
        naive = next(iter(found.values()))["persistence_mape_pct"].iloc[0]
        ax.axvline(naive, color=COLOURS["persistence"], linestyle="--")
        ax.set(title=title, xscale="log", xlabel="test MAPE (%)")
        ax.grid(axis="x")
        label_plainly(ax.xaxis)
    axes[0, 0].set_yticks(list(rows.values()), list(names.values()))
    axes[0, 0].invert_yaxis()
    return fig


def plot_middles(close: pd.Series, first_test: pd.Timestamp, arms: Mapping[str, Scaler]) -> Figure:
    """Draw closes, and where each arm's scale has its middle.

    Args:
        close: dollars, indexed by session.
        first_test: where the test part begins.
        arms: by title, the scales of eq. 9.
    """
    fig, ax = plt.subplots()
    ax.plot(close, color=COLOURS["price"], linewidth=0.9)
    ax.axvspan(first_test, close.index[-1], color=COLOURS["test"], alpha=0.12, linewidth=0)
    ax.text(first_test, close.max(), " test part", va="top", fontsize="small")
    for style, (title, scaler) in zip(("-", "--", ":"), arms.items(), strict=False):
        middle = float(scaler.unscale(0.0))
        ax.axhline(middle, color=COLOURS["hurts"], linestyle=style, label=title)
    ax.set(ylabel="close, dollars")
    ax.legend(title="middle of the scale", loc="upper left", fontsize="small")
    return fig


def plot_shares(series: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw shares in per cent with their 95 % intervals, a row each.

    Args:
        series: by title, tables of :func:`paperlib.experiments.random_walks.placebo_shares` with
            the same rows.
    """
    names = list(next(iter(series.values())).index)
    fig, ax = plt.subplots(figsize=(8.0, 1.0 + 0.4 * len(names)))
    ax.axvline(50, color=COLOURS["persistence"], linewidth=0.8)
    offsets = 0.16 * (np.arange(len(series)) - (len(series) - 1) / 2)
    colours = (COLOURS["model"], COLOURS["accent"])
    for offset, colour, (title, shares) in zip(offsets, colours, series.items(), strict=False):
        rows = np.arange(len(names)) + offset
        ax.hlines(rows, 100 * shares["low"], 100 * shares["high"], color=colour, linewidth=2)
        ax.plot(100 * shares["share"], rows, "o", color=colour, label=title)
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    ax.grid(axis="x")
    ax.set(xlim=(-2, 102), xlabel="share of the random walks (%)")
    ax.legend(loc="lower right", fontsize="small")
    return fig


def plot_distances(distances: pd.DataFrame) -> Figure:
    """Colour how far each reading is from each table, as a factor written in the cell.

    Args:
        distances: a row a reading, a column a table; means of ``|ln(ours / printed)|``.
    """
    fig, ax = plt.subplots(figsize=(8.0, 1.2 + 0.26 * len(distances)))
    factors = np.exp(distances.astype(float))
    sns.heatmap(
        distances.astype(float),
        annot=factors.map("×{:.1f}".format),
        fmt="",
        cmap="YlOrBr",  # kept light, so that all numbers can be dark
        vmin=0,
        vmax=1.6 * np.nanmax(distances.astype(float)),
        cbar=False,
        linewidths=0.5,
        annot_kws={"size": 8, "color": "black"},
        ax=ax,
    )
    ax.tick_params(labelsize=8, length=0)
    ax.set(xlabel="", ylabel="")
    ax.xaxis.tick_top()
    return fig


def plot_counts(counts: pd.DataFrame) -> Figure:
    """Draw how many quantities got each verdict, a colour for what it says of the paper.

    Args:
        counts: of :func:`paperlib.claims.answers.count_verdicts`.
    """
    fig, ax = plt.subplots(figsize=(8.0, 1.0 + 0.32 * len(counts)))
    colours = ("helps", "model", "hurts", "validation", "accent", "persistence")
    for colour, (meaning, rows) in zip(
        colours, counts.groupby("meaning", sort=False), strict=False
    ):
        number = rows[["comparisons", "numbers", "others"]].sum(axis=1)
        bars = ax.barh(rows.index, number, color=COLOURS[colour], label=meaning)
        ax.bar_label(bars, padding=3, fontsize="small")
    ax.set_yticks(counts.index, counts["verdict"])
    ax.invert_yaxis()
    ax.grid(axis="x")
    ax.grid(visible=False, axis="y")
    ax.set(xlabel="quantities")
    ax.legend(loc="lower right", fontsize="small")
    return fig
