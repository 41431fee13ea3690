"""Figures of training runs, every seed drawn, and of ratios and doses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from paperlib.experiments.catalogue import PROTOCOL_TITLES, WINDOW_TITLES
from paperlib.report.style import COLOURS, label_plainly, side_by_side


def draw_seeds(ax: Axes, histories: pd.DataFrame, column: str, colour: str, label: str) -> None:
    """Draw one column of training histories over the epochs: every seed thin, their median thick.

    Args:
        ax: where to draw.
        histories: the stored histories of one recipe on one series.
        column: what to draw.
        colour: a name in ``COLOURS``.
        label: for the legend.
    """
    by_seed = histories.pivot(index="epoch", columns="seed", values=column)
    ax.plot(by_seed, color=COLOURS[colour], linewidth=0.4, alpha=0.5, rasterized=True)
    low, high = by_seed.min(axis=1), by_seed.max(axis=1)
    ax.fill_between(by_seed.index, low, high, color=COLOURS[colour], alpha=0.15, linewidth=0)
    ax.plot(by_seed.median(axis=1), color=COLOURS[colour], linewidth=2, label=label)


def plot_losses(histories: Mapping[str, pd.DataFrame], naive: Mapping[str, float]) -> Figure:
    """Draw the paper's figure 3 on each series: both losses, with persistence's error.

    Args:
        histories: for each title the stored histories of one recipe on one series.
        naive: persistence's scaled MSE on each series' test part.
    """
    fig, axes = plt.subplots(1, len(histories), figsize=(8.0, 3.6), sharey=True, squeeze=False)
    for ax, (title, runs) in zip(axes[0], histories.items(), strict=True):
        draw_seeds(ax, runs, "train_loss", "train", "Train Loss")
        draw_seeds(ax, runs, "val_loss", "test", "Test Loss")
        ax.axhline(naive[title], color=COLOURS["persistence"], linestyle="--", label="persistence")
        ax.set(yscale="log", xlabel="epoch", title=title)
    axes[0, 0].set_ylabel("MSE, scaled")
    axes[0, -1].legend(loc="upper right")
    return fig


def plot_curves(
    panels: Mapping[str, Mapping[str, pd.DataFrame]],
    column: str,
    label: str,
    level: float | None = None,
) -> Figure:
    """Draw one column of training histories by epoch: a panel a title, a colour an arm.

    Args:
        panels: for each title and arm the stored histories of one recipe on one series.
        column: what to draw.
        label: of the axis.
        level: a limit, drawn as a dotted line.
    """
    fig, axes = plt.subplots(1, len(panels), figsize=(8.0, 3.4), sharey=True, squeeze=False)
    for ax, (title, arms) in zip(axes[0], panels.items(), strict=True):
        for colour, (arm, histories) in zip(
            ("model", "test", "accent"), arms.items(), strict=False
        ):
            draw_seeds(ax, histories, column, colour, arm)
        if level is not None:
            ax.axhline(level, color=COLOURS["paper"], linestyle=":", label="limit")
        ax.set(yscale="log", xlabel="epoch", title=title)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    label_plainly(axes[0, 0].yaxis)
    axes[0, 0].set_ylabel(label)
    axes[0, -1].legend(loc="upper right", fontsize="small")
    return fig


def plot_step_control(histories: pd.DataFrame, clip_norm: float) -> Figure:
    """Draw, over the epochs, what clipping looks at and what the schedule sets."""
    fig, (above, below) = plt.subplots(2, 1, figsize=(8.0, 4.6), sharex=True)
    draw_seeds(above, histories, "grad_norm_max", "accent", "largest of the epoch")
    draw_seeds(above, histories, "grad_norm", "model", "mean of the epoch")
    above.axhline(clip_norm, color=COLOURS["paper"], linestyle=":", label="clipped above this")
    above.set(yscale="log", ylabel="gradient norm")
    above.legend(loc="upper right", ncols=3, fontsize="small", bbox_to_anchor=(1, 1.05))
    draw_seeds(below, histories, "lr", "train", "learning rate")
    below.set(yscale="log", ylabel="learning rate", xlabel="epoch")
    return fig


def plot_penalised(histories: Mapping[str, pd.DataFrame], printed: Mapping[int, float]) -> Figure:
    """Draw the plain training loss, and the same plus the L2 penalty, beside printed points.

    Args:
        histories: for each title the stored histories of one recipe.
        printed: the paper's training loss by epoch.
    """
    fig, axes = plt.subplots(1, len(histories), figsize=(8.0, 3.4), sharey=True, squeeze=False)
    for ax, (title, runs) in zip(axes[0], histories.items(), strict=True):
        draw_seeds(ax, runs, "train_loss", "train", "MSE alone")
        both = runs.assign(penalised=runs["train_loss"] + runs["penalty"])
        draw_seeds(ax, both, "penalised", "accent", "MSE and penalty")
        ax.plot(*zip(*printed.items(), strict=True), "kx", markersize=8, label="the paper prints")
        ax.set(xlabel="epoch", title=title)
    axes[0, 0].set_ylabel("training loss")
    axes[0, -1].legend(loc="upper right")
    return fig


def plot_cells(runs: pd.DataFrame, recipes: Mapping[str, str], column: str, label: str) -> Figure:
    """Draw a measure of each run: a panel a series, a group a protocol, a column a recipe.

    Args:
        runs: of :func:`paperlib.experiments.results.load_measures`.
        recipes: the name to show of each recipe.
        column: the measure; persistence is drawn where it is a test error.
        label: of the axis.
    """
    datasets = sorted(runs["dataset"].unique(), reverse=True)
    fig, axes = plt.subplots(1, len(datasets), figsize=(8.0, 3.6), sharey=True, squeeze=False)
    naive = column.replace("test_", "persistence_")
    colours = ("model", "test", "accent", "validation", "train")
    for ax, dataset in zip(axes[0], datasets, strict=True):
        here = runs[runs["dataset"] == dataset]
        protocols = sorted(here["protocol"].unique())
        for (group, protocol), (place, recipe) in product(enumerate(protocols), enumerate(recipes)):
            values = here[(here["protocol"] == protocol) & (here["recipe"] == recipe)][column]
            x = group + 0.8 * (place + 0.5) / len(recipes) - 0.4
            colour = COLOURS[colours[place]]
            name = recipes[recipe] if group == 0 else None
            ax.scatter(
                side_by_side(x, len(values), 0.25 / len(recipes)), values, s=12, color=colour
            )
            ax.hlines(values.median(), x - 0.1, x + 0.1, color=colour, linewidth=2, label=name)
        if naive in here and naive != column:
            level, name = here[naive].iloc[0], "persistence"
            ax.axhline(level, color=COLOURS["persistence"], linestyle="--", label=name)
        ax.set_xticks(range(len(protocols)), [PROTOCOL_TITLES[p] for p in protocols])
        ax.set(title=WINDOW_TITLES[dataset], yscale="log")
    label_plainly(axes[0, 0].yaxis)
    axes[0, 0].set_ylabel(label)
    axes[0, -1].legend(loc="upper left", bbox_to_anchor=(1, 1), fontsize="small")
    return fig


def plot_ratios(
    ratios: pd.DataFrame, label: str, printed: float | Sequence[float] | None = None
) -> Figure:
    """Draw ratios with their 95 % intervals below each other, with the band of ±5 %.

    Args:
        ratios: indexed by what to call them, with ``ratio``, ``low`` and ``high``.
        label: of the axis.
        printed: the paper's ratio, one for all rows (a dotted line) or one a row (crosses).
    """
    fig, ax = plt.subplots(figsize=(8.0, 1.2 + 0.34 * len(ratios)))
    ax.axvspan(1 / 1.05, 1.05, color=COLOURS["persistence"], alpha=0.2, linewidth=0, label="±5 %")
    ax.axvline(1, color=COLOURS["persistence"], linewidth=0.8)
    rows = np.arange(len(ratios))
    ax.hlines(rows, ratios["low"], ratios["high"], color=COLOURS["model"], linewidth=2)
    ax.plot(ratios["ratio"], rows, "o", color=COLOURS["model"], label="ours, 95 %")
    if isinstance(printed, Sequence):
        ax.plot(printed, rows, "x", color=COLOURS["paper"], label="the paper's ratio")
    elif printed is not None:
        ax.axvline(printed, color=COLOURS["paper"], linestyle=":", label="the paper's ratio")
    ax.set_yticks(rows, list(ratios.index))
    ax.invert_yaxis()
    ax.grid(axis="x")
    ax.set(xscale="log", xlabel=label)
    label_plainly(ax.xaxis)
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1), fontsize="small")
    return fig


def plot_doses(
    arms: Mapping[str, Mapping[str, pd.Series]], xlabel: str, label: str, level: float | None = None
) -> Figure:
    """Draw a measure by dose: every run a dot, a line through the medians, one line an arm.

    Args:
        arms: by the arm's name and the dose as it is to be shown, the values of its runs.
        xlabel: what the dose is.
        label: what the measure is.
        level: persistence's value, if the measure is a test error.
    """
    fig, ax = plt.subplots(figsize=(8.0, 3.6))
    doses = list(dict.fromkeys(dose for arm in arms.values() for dose in arm))
    colours = ("model", "test", "accent", "validation")
    for shift, (colour, (name, arm)) in enumerate(zip(colours, arms.items(), strict=False)):
        places = [doses.index(dose) + 0.12 * (shift - (len(arms) - 1) / 2) for dose in arm]
        for x, values in zip(places, arm.values(), strict=True):
            dots = side_by_side(x, len(values), 0.04)
            ax.scatter(dots, values, s=12, color=COLOURS[colour], alpha=0.6)
        medians = [values.median() for values in arm.values()]
        ax.plot(places, medians, color=COLOURS[colour], label=name)
    if level is not None:
        ax.axhline(level, color=COLOURS["persistence"], linestyle="--", label="persistence")
    ax.set_xticks(range(len(doses)), doses)
    ax.set(yscale="log", xlabel=xlabel, ylabel=label)
    label_plainly(ax.yaxis)
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1), fontsize="small")
    return fig
