"""Figures of layers on top of each other: who reads what, and how late each one answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from paperlib.report.style import COLOURS

ORDINALS = ("first", "second", "third", "fourth")
LAYERS = ("model", "accent", "paper", "persistence")
"""The colour of each layer, from below."""


def plot_stack(hidden: Sequence[int], lookback: int) -> Figure:
    """Draw layers unrolled over the sessions of a window: what each passes on, and to whom.

    Args:
        hidden: units of each layer, at most four, from below.
        lookback: sessions of a window; the first two and the last two are drawn.
    """
    places = dict(zip((1, 2, lookback - 1, lookback), (0.0, 1.0, 2.5, 3.5), strict=True))
    top = len(hidden) + 1
    fig, ax = plt.subplots(figsize=(8.0, 1.4 + 0.95 * len(hidden)))
    for session, x in places.items():
        _box(ax, (x, 0), f"close {session}", "persistence")
        for level, units in enumerate(hidden, start=1):
            _box(ax, (x, level), f"{units} numbers", LAYERS[level - 1])
            _arrow(ax, (x, level - 0.76), (x, level - 0.24))
    for level in range(1, top):
        for start, end in ((0.0, 1.0), (1.0, 2.5), (2.5, 3.5)):
            style = ":" if end - start > 1 else "-"
            _arrow(ax, (start + 0.4, level), (end - 0.4, level), style)
        ax.text(-0.55, level, f"{ORDINALS[level - 1]}\nlayer", ha="right", va="center")
    _arrow(ax, (3.5, top - 0.76), (3.5, top - 0.24))
    _box(ax, (3.5, top), "forecast", "persistence")
    ax.set(xlim=(-1.15, 4.0), ylim=(-0.4, top + 0.4))
    ax.axis("off")
    return fig


def plot_answers_by_layer(states: Mapping[str, Sequence[float]]) -> Figure:
    """Draw hidden states by session, each as a share of its largest.

    Args:
        states: by what to call it, a layer's hidden state in each session.
    """
    fig, ax = plt.subplots(figsize=(8.0, 3.0))
    for colour, (name, values) in zip(LAYERS, states.items(), strict=False):
        sessions, shares = np.arange(1, len(values) + 1), np.divide(values, np.max(values))
        ax.plot(sessions, shares, "o-", color=COLOURS[colour], markersize=5, label=name)
    ax.set(xlabel="session", ylabel="share of its largest", ylim=(0, 1.05))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend(loc="upper right")
    return fig


def _box(ax: Axes, place: tuple[float, float], text: str, colour: str) -> None:
    frame = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": COLOURS[colour]}
    ax.text(*place, text, ha="center", va="center", fontsize="medium", bbox=frame)


def _arrow(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], style: str = "-"
) -> None:
    arrow = {"arrowstyle": "->", "linestyle": style, "color": COLOURS["persistence"]}
    ax.annotate("", xy=end, xytext=start, arrowprops=arrow)
