"""The figure of how each model forecast the closes after the paper."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from paperlib.report.style import COLOURS, label_plainly

SIDES = {"better than": ("helps", "o"), "worse than": ("hurts", "s")}
"""Colour and mark of a word; of others grey, and a diamond."""


def plot_later_errors(rows: pd.DataFrame, models: Mapping[str, str]) -> Figure:
    """Draw each model's mean absolute error over persistence's, with its interval.

    Args:
        rows: of one end date, as :func:`paperlib.after.tables.load_answers` has them.
        models: what to draw, each with what to call it.
    """
    table = rows.set_index("model").loc[list(models)]
    fig, ax = plt.subplots(figsize=(8.0, 1.0 + 0.3 * len(table)))
    ax.axvline(1, color=COLOURS["persistence"], linestyle="--", label="tomorrow equals today")
    for at, (_, row) in enumerate(table.iterrows()):
        colour, mark = SIDES.get(row["verdict"], ("persistence", "D"))
        ax.hlines(at, row["mae_ratio_low"], row["mae_ratio_high"], color=COLOURS[colour])
        ax.plot(row["mae_ratio"], at, mark, color=COLOURS[colour], markersize=6)
    ax.set_yticks(range(len(table)), list(models.values()))
    ax.invert_yaxis()
    ax.set(xscale="log", xlabel="mean absolute error over persistence's")
    ax.grid(axis="x")
    label_plainly(ax.xaxis)
    return fig
