"""Figures of how a network learns: its shapes, the slope of a loss, one training run."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from paperlib.report.style import COLOURS

TEXT = 14  # points: a tall drawing is shown smaller on a phone


def plot_shapes(window: np.ndarray, hidden: Sequence[int]) -> Figure:
    """Draw what a window becomes on its way to a forecast: a bar a session, as tall as its units.

    Args:
        window: (lookback,) the scaled closes of one window.
        hidden: units of each recurrent layer.
    """
    sessions = np.arange(1, len(window) + 1)
    heights = [0.7, *(1.8 * units / max(hidden) for units in hidden), 0.6]
    fig, axes = plt.subplots(
        len(hidden) + 2,
        1,
        figsize=(5.6, 1.4 + 1.7 * (len(hidden) + 1)),
        sharex=True,
        gridspec_kw={"height_ratios": heights},
    )
    top, *layers, bottom = axes
    top.plot(sessions, window, ".", color=COLOURS["price"], markersize=9)
    top.set_title(f"window: {len(window)} scaled closes", fontsize=TEXT, loc="left")
    for number, (ax, units) in enumerate(zip(layers, hidden, strict=True), start=1):
        is_last = number == len(hidden)
        colours = np.full(len(window), COLOURS["model"])
        if is_last:
            colours[-1] = COLOURS["test"]
        ax.bar(sessions, units, color=colours, alpha=0.8)
        ax.set_ylim(0, units)
        title = f"↓ LSTM layer {number}: {len(window)} states of {units} numbers"
        ax.set_title(title, fontsize=TEXT, loc="left")
    last = {"color": COLOURS["test"], "fontsize": TEXT}
    bottom.set_title("↓ its last state, through the head: one number", **last, loc="right")
    following = len(window) + 1
    bottom.plot(following, 0, "o", color=COLOURS["test"], markersize=12)
    words = f"forecast of session {following}"
    bottom.text(following - 1, 0, words, ha="right", va="center", **last)
    bottom.set(ylim=(-1, 1), xlim=(0, following + 1))
    bottom.set_xlabel("session of the window", fontsize=TEXT)
    for ax in axes:
        ax.set_yticks([])
        ax.grid(visible=False)
        ax.spines["left"].set_visible(False)
        ax.tick_params(labelsize=TEXT)
    for ax in axes[:-1]:
        ax.tick_params(bottom=False)
    return fig


def plot_slope(weights: np.ndarray, losses: np.ndarray, at: tuple[float, float, float]) -> Figure:
    """Draw the loss of a model of one weight, and its slope at one place.

    Args:
        weights: values of the weight.
        losses: the loss at each.
        at: a weight, its loss, and the gradient there.
    """
    weight, loss, slope = at
    fig, ax = plt.subplots(figsize=(5.6, 3.8))
    ax.plot(weights, losses, color=COLOURS["model"], linewidth=2, label="loss")
    near = np.array([-0.5, 0.5])
    ax.plot(weight + near, loss + slope * near, color=COLOURS["test"], label=f"slope {slope:g}")
    ax.plot(weight, loss, "o", color=COLOURS["test"])
    ax.set(xlabel="weight w", ylabel="loss", ylim=(0, None))
    ax.legend()
    return fig


def plot_run(history: pd.DataFrame, best_epoch: int, naive: float) -> Figure:
    """Draw both losses of one training run, its best epoch, and persistence's error.

    Args:
        history: of a :class:`paperlib.training.Fit`.
        best_epoch: whose weights are kept.
        naive: persistence's scaled MSE on the validation part.
    """
    fig, ax = plt.subplots(figsize=(5.6, 4.2))
    _draw_loss(ax, history["train_loss"], "train", "training loss")
    _draw_loss(ax, history["val_loss"], "validation", "validation loss")
    ax.axhline(naive, color=COLOURS["persistence"], linestyle="--", label="persistence")
    ax.axvline(best_epoch, color=COLOURS["paper"], linestyle=":", label="best epoch")
    ax.set(yscale="log", xlabel="epoch", ylabel="MSE, scaled")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend(loc="lower center", bbox_to_anchor=(0.45, 1), ncols=2)
    return fig


def _draw_loss(ax: Axes, losses: pd.Series, colour: str, label: str) -> None:
    ax.plot(losses.index, losses, ".-", color=COLOURS[colour], linewidth=1.8, label=label)
