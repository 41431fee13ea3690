"""Figures that hold the models' errors against persistence's and against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from paperlib.report.style import COLOURS, label_plainly, side_by_side


def plot_standings(table: pd.DataFrame) -> Figure:
    """Draw each model's MSE over persistence's, typical and mean, each with its interval.

    Args:
        table: of :func:`paperlib.experiments.accuracy.standings`.
    """
    fig, ax = plt.subplots(figsize=(8.0, 1.2 + 0.34 * len(table)))
    rows = np.arange(len(table))
    ax.axvline(1, color=COLOURS["persistence"], linestyle="--", label="persistence")
    ends = table["sessions_low"], table["sessions_high"]
    mean = "mean of the seeds, other sessions"
    ax.hlines(rows, *ends, color=COLOURS["accent"], linewidth=1.5, label=mean)
    ax.plot(table["sessions"], rows, "|", color=COLOURS["accent"], markersize=10)
    ends = table["seeds_low"], table["seeds_high"]
    ax.hlines(rows, *ends, color=COLOURS["model"], linewidth=5, label="typical run, other seeds")
    ax.plot(table["seeds"], rows, "o", color=COLOURS["paper"], markersize=4)
    ax.set_yticks(rows, list(table["title"]))
    ax.invert_yaxis()
    ax.grid(axis="x")
    ax.set(xscale="log", xlabel="test MSE over persistence's")
    label_plainly(ax.xaxis)
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1), fontsize="small")
    return fig


def plot_p_values(panels: Mapping[str, Mapping[str, pd.Series]]) -> Figure:
    """Draw the p-values of each run: a panel a rival, a column a test.

    The axis is no log axis, which would give most of its room to p-values that all say the same.

    Args:
        panels: for each title and test the p-values of the runs.
    """
    fig, axes = plt.subplots(1, len(panels), figsize=(8.0, 3.4), sharey=True, squeeze=False)
    for ax, (title, tests) in zip(axes[0], panels.items(), strict=True):
        for place, p_values in enumerate(tests.values()):
            where = side_by_side(place, len(p_values), 0.2)
            ax.scatter(where, p_values, s=12, color=COLOURS["model"])
        ax.axhline(0.05, color=COLOURS["paper"], linestyle=":")
        ax.set_xticks(range(len(tests)), list(tests), fontsize="small")
        ax.set_title(title)
    axes[0, 0].set_ylabel("p-value")
    return fig


def plot_horizons(horizons: pd.DataFrame, models: Mapping[tuple[str, str], str]) -> Figure:
    """Draw the error by horizon: in dollars, and its square over persistence's.

    Args:
        horizons: rows of one series, as :func:`paperlib.experiments.store.load_horizons` returns
            them.
        models: name and protocol of what to draw, each with what to call it.
    """
    fig, (left, right) = plt.subplots(1, 2, figsize=(8.0, 3.8))
    colours = ("persistence", "paper", "validation", "accent", "model", "train", "test")
    table = horizons.fillna({"protocol": ""}).set_index(["model", "protocol"])
    for colour, (of, name) in zip(colours, models.items(), strict=False):
        rows = table.loc[[of]]
        style = {"color": COLOURS[colour], "linestyle": "--" if colour == "persistence" else "-"}
        for ax, name_of, low, high in (
            (left, "rmse_usd", "low", "high"),
            (right, "ratio", "ratio_low", "ratio_high"),
        ):
            ax.plot(rows["horizon"], rows[name_of], label=name, **style)
            ends = rows["horizon"], rows[low], rows[high]
            ax.fill_between(*ends, color=COLOURS[colour], alpha=0.2, linewidth=0)
    left.set(xlabel="sessions ahead", ylabel="RMSE ($)", ylim=(0, None), title="Error")
    right.set(xlabel="sessions ahead", yscale="log", title="MSE over persistence's")
    label_plainly(right.yaxis)
    fig.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=9)
    return fig


def plot_headline(
    ours: Mapping[str, pd.Series], printed: Mapping[str, Sequence[float]], naive: float
) -> Figure:
    """Draw the test MAPE of every run beside the paper's, a row a model, and persistence across.

    Args:
        ours: by model the MAPE of each run, or of the one forecast, in per cent.
        printed: by model the paper's MAPEs.
        naive: persistence's.
    """
    # Narrower than the others: the front page shows it whole on a phone too.
    fig, ax = plt.subplots(figsize=(6.2, 1.2 + 0.36 * len(ours)))
    for row, (model, values) in enumerate(ours.items()):
        first = row == 0
        ax.scatter(
            values,
            side_by_side(row, len(values), 0.25),
            s=14,
            color=COLOURS["model"],
            label="ours, each run" if first else None,
        )
        claimed = printed.get(model, ())
        label = "the paper's" if first else None
        ax.scatter(
            claimed, [row] * len(claimed), marker="x", s=45, color=COLOURS["paper"], label=label
        )
    ax.axvline(naive, color=COLOURS["persistence"], linestyle="--", label="tomorrow equals today")
    ax.set_yticks(range(len(ours)), list(ours))
    ax.invert_yaxis()
    ax.grid(axis="x")
    ax.set(xscale="log", xlabel="MAPE on the test part (%, log scale)")
    label_plainly(ax.xaxis)
    fig.legend(loc="outside upper left", ncols=3, columnspacing=1, handletextpad=0.4)
    return fig
