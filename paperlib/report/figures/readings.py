"""A figure of which reading of the paper could print which of its numbers."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from paperlib.report.style import COLOURS


def plot_by_reading(asked: pd.DataFrame, titles: Mapping[str, str]) -> Figure:
    """Draw a row a reading and a column a number: a dot where one run could have printed it.

    Elsewhere stands a typical run's number over the printed one.

    Args:
        asked: of :func:`paperlib.claims.by_reading.ask_readings`.
        titles: what to call each claim, in the order of the columns.
    """
    names = list(dict.fromkeys(asked["reading"]))
    fig, ax = plt.subplots(figsize=(8.0, 1.6 + 0.42 * len(names)))
    for row in asked.itertuples():
        place = list(titles).index(row.claim), names.index(row.reading)
        if row.could:
            ax.plot(*place, "o", color=COLOURS["helps"], markersize=15)
        else:
            ax.text(*place, f"{row.ratio:.2g}", ha="center", va="center", color=COLOURS["hurts"])
    ax.set_xticks(range(len(titles)), list(titles.values()))
    ax.set_yticks(range(len(names)), names)
    ax.set(xlim=(-0.6, len(titles) - 0.4), ylim=(len(names) - 0.4, -0.6))
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set_visible(False)
    dot = {"marker": "o", "markersize": 10, "linestyle": ""}
    keys = [
        Line2D([], [], color=COLOURS["helps"], label="one run could have printed it", **dot),
        Line2D(
            [],
            [],
            color=COLOURS["hurts"],
            marker="$2.1$",
            markersize=16,
            linestyle="",
            label="it could not: ours over the paper's, such as 2.1",
        ),
    ]
    fig.legend(handles=keys, loc="outside lower center", ncols=2, fontsize="small")
    return fig
