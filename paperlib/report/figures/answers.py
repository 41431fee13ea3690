"""One figure for what a part is worth: under every reading, over sessions, elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogLocator

from paperlib.claims.comparisons import Answers
from paperlib.report.style import COLOURS, label_plainly, side_by_side

Effect = tuple[float, float, float]  # estimate, low and high end
SIDES = {"helps": ("helps", ">"), "hurts": ("hurts", "<"), "open": ("persistence", "o")}
"""Colour and marker of an interval by its side of no effect; the marker points to that side."""
L2 = {"L2 of 0.01": "model", "L2 of 0.0001": "validation", "no L2": "accent"}
"""Colour of a reading by its L2."""
BAND = 1.05  # either way: a change of an error that is hardly worth telling


def plot_answers(
    answers: Answers, printed: float | None = None, label: str = "test MSE, without ÷ with"
) -> Figure:
    """Draw a comparison's ratios with their intervals, question by question, coloured by side.

    Above one the part helps, below it hurts; an interval that holds one is grey.

    Args:
        answers: to the three questions; those that were not asked are left out.
        printed: the paper's ratio, a dotted line.
        label: of the axis.
    """
    asked = {title: getattr(answers, question) for question, title in QUESTIONS.items()}
    groups: dict[str, Mapping[str, Effect]] = {name: of for name, of in asked.items() if of}
    count = sum(len(group) + 1 for group in groups.values())
    fig, ax = plt.subplots(figsize=(8.0, 1.0 + 0.27 * count))
    ax.axvspan(1 / BAND, BAND, color=COLOURS["persistence"], alpha=0.15, linewidth=0)
    ax.axvline(1, color=COLOURS["persistence"], linewidth=0.8)
    ticks, row = {}, 0
    for name, group in groups.items():
        ticks[row] = name
        for row, (who, effect) in enumerate(group.items(), start=row + 1):  # noqa: B020
            ticks[row] = who
            _draw(ax, row, np.exp(effect))
        row += 1
    if printed is not None:
        ax.axvline(printed, color=COLOURS["paper"], linestyle=":", label="the paper")
    ax.set_yticks(list(ticks), list(ticks.values()))
    for tick in ax.get_yticklabels():
        if tick.get_text() in groups:
            tick.set_fontweight("bold")
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(row - 0.4, -0.6)
    ax.grid(visible=False, axis="y")
    ax.grid(axis="x")
    ax.set(xscale="log", xlabel=label)
    label_plainly(ax.xaxis)
    _explain(ax)
    return fig


QUESTIONS = {
    "readings": "the paper's own period",
    "sessions": "over its sessions, too",
    "elsewhere": "six stocks, eight periods",
}
"""The three questions, by where their answers stand."""


def plot_devices(answers: Mapping[str, Answers], printed: Mapping[str, float]) -> Figure:
    """Draw every part in a row, every question in a column: ratios with intervals.

    A colour is that of the reading's L2, a marker that of the side. Readings stand from above in
    the order of :data:`paperlib.experiments.readings.ADMISSIBLE`.

    Args:
        answers: by the part's name.
        printed: the paper's ratio of each, a cross in the first column.
    """
    height = 1.3 + 0.9 * len(answers)
    fig, axes = plt.subplots(
        1, len(QUESTIONS), figsize=(8.0, height), sharey=True, layout="constrained"
    )
    for ax, (question, title) in zip(axes, QUESTIONS.items(), strict=True):
        ax.axvspan(1 / BAND, BAND, color=COLOURS["persistence"], alpha=0.15, linewidth=0)
        ax.axvline(1, color=COLOURS["persistence"], linewidth=0.8)
        for row, (name, of) in enumerate(answers.items()):
            asked = getattr(of, question) or {}
            places = side_by_side(row, len(asked), 0.3)
            for place, (reading, effect) in zip(places, asked.items(), strict=True):
                _draw(ax, place, np.exp(effect), L2[l2_of(reading)], size=4)
            if question == "readings" and name in printed:
                ax.plot(printed[name], row, "x", color=COLOURS["paper"], label="the paper")
        ax.set(xscale="log", xlabel="without ÷ with")
        ax.set_title(title, fontsize="small")
        ax.grid(visible=False, axis="y")
        ax.grid(axis="x")
        label_plainly(ax.xaxis)
        ax.xaxis.set_major_locator(LogLocator(subs=(1, 3)))  # narrow: more labels would touch
    fig.get_layout_engine().set(wspace=0.06)  # nor those of neighbours
    axes[0].set_yticks(range(len(answers)), list(answers))
    axes[0].set_ylim(len(answers) - 0.5, -0.5)
    for between in np.arange(0.5, len(answers) - 1):
        for ax in axes:
            ax.axhline(between, color="#DDDDDD", linewidth=0.8)
    keys = [
        Line2D([], [], color=COLOURS[colour], linewidth=2, label=name)
        for name, colour in L2.items()
        if any(l2_of(reading) == name for of in answers.values() for reading in of.readings)
    ]
    _explain(axes[0], keys)
    return fig


def l2_of(reading: str) -> str:
    """Tell which L2 a reading has."""
    if "0.0001" in reading:
        return "L2 of 0.0001"
    return "L2 of 0.01" if "0.01" in reading else "no L2"


def side_of(effect: Effect) -> str:
    """Name the side of no effect: *helps*, *hurts* or *open*."""
    return "helps" if effect[1] > 1 else "hurts" if effect[2] < 1 else "open"


def _draw(ax: Axes, row: float, effect: Effect, colour: str = "", size: float = 7) -> None:
    of_side, marker = SIDES[side_of(effect)]
    colour = colour or of_side
    ax.hlines(row, effect[1], effect[2], color=COLOURS[colour], linewidth=size / 3.5)
    ax.plot(effect[0], row, marker, color=COLOURS[colour], markersize=size)


def _explain(ax: Axes, keys: list[Line2D] | None = None) -> None:
    """Put the legend below, where a narrow screen has room for it."""
    keys = keys or [
        Line2D([], [], color=COLOURS[colour], marker=marker, linewidth=2, label=name)
        for name, (colour, marker) in SIDES.items()
    ]
    printed = [line for line in ax.lines if line.get_label() == "the paper"][:1]
    ax.figure.legend(handles=keys + printed, loc="outside lower center", ncols=4, fontsize="small")
