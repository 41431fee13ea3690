"""Figures of training runs, every seed drawn, and of ratios and doses."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

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
