"""Figures of forecasts that are distributions: bands, coverage, calibration, scores."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from paperlib.report.style import COLOURS, label_plainly


def plot_fans(history: pd.Series, panels: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw closes and, after them, nested bands of a forecast (the paper's figure 5).

    Args:
        history: the last closes in dollars, indexed by session.
        panels: for each title a table as :func:`paperlib.probabilistic.user_forecasts.forecast`
            returns it.
    """
    fig, axes = plt.subplots(
        1, len(panels), figsize=(8.0, 3.6), sharex=True, sharey=True, squeeze=False
    )
    for ax, (title, table) in zip(axes[0], panels.items(), strict=True):
        ax.plot(history.to_numpy(), color=COLOURS["price"], label="close")
        start = len(history) - 1
        bands = sorted(table.groupby("level"), reverse=True)
        shades = sns.light_palette(COLOURS["model"], len(bands) + 2)[1:-1]
        for shade, (level, band) in zip(shades, bands, strict=True):
            at = start + band["horizon"].to_numpy()
            ends = band["low"], band["high"]
            ax.fill_between(at, *ends, color=shade, linewidth=0, label=f"{100 * level:g} %")
        ax.plot(at, band["median"], color=COLOURS["paper"], label="median")
        ax.axhline(history.iloc[-1], color=COLOURS["persistence"], linestyle="--", linewidth=0.8)
        ax.set(title=title, xlabel="session (0: first drawn)")
    axes[0, 0].set_ylabel("dollars")
    fig.legend(
        *axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=6, fontsize=9
    )
    return fig


def plot_bands(close: pd.Series, bounds: np.ndarray) -> Figure:
    """Draw closes and the interval that was forecast for each, one step ahead.

    Args:
        close: (n,) dollars, indexed by session.
        bounds: (n, 2) lower and upper bounds in dollars.
    """
    fig, ax = plt.subplots()
    style = {"color": COLOURS["model"], "alpha": 0.35, "linewidth": 0}
    ax.fill_between(close.index, *bounds.T, label="interval", **style)
    ax.plot(close, color=COLOURS["price"], label="close")
    ax.set(ylabel="dollars", xlabel="session")
    ax.legend(loc="best", fontsize="small")
    return fig


def plot_coverage(coverage: pd.DataFrame, methods: Mapping[tuple[str, str], str]) -> Figure:
    """Draw, by horizon, how many closes intervals hold and how wide they are.

    Args:
        coverage: rows of one series and level, as :func:`paperlib.experiments.store.load_coverage`
            has them.
        methods: center and method of what to draw, each with what to call it.
    """
    fig, (left, right) = plt.subplots(1, 2, figsize=(8.0, 3.8))
    colours = ("test", "validation", "accent", "model", "persistence", "train")
    table = coverage.set_index(["center", "method"]).sort_values("horizon")
    for colour, (of, name) in zip(colours, methods.items(), strict=False):
        rows = table.loc[[of]]
        style = {"color": COLOURS[colour], "linestyle": "--" if of[0] == "persistence" else "-"}
        left.plot(rows["horizon"], rows["coverage"], label=name, **style)
        ends = rows["horizon"], rows["coverage_low"], rows["coverage_high"]
        left.fill_between(*ends, color=COLOURS[colour], alpha=0.15, linewidth=0)
        right.plot(rows["horizon"], rows["width"], **style)
    level = 100 * coverage["level"].iloc[0]
    left.axhline(level, color=COLOURS["paper"], linestyle=":", label=f"promised: {level:g} %")
    left.set(xlabel="sessions ahead", ylabel="closes inside (%)", ylim=(0, 101), title="Coverage")
    right.set(xlabel="sessions ahead", ylabel="100 log(upper / lower)", yscale="log", title="Width")
    label_plainly(right.yaxis)
    fig.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=9)
    return fig


def plot_pit(panels: Mapping[str, pd.Series], band: tuple[float, float], bins: int = 10) -> Figure:
    """Draw histograms of probability integral transforms; flat if the forecast is calibrated.

    Args:
        panels: for each title (n,) the forecast probability of a return no higher than what came.
        band: where the shares of a calibrated forecast stay, of
            :func:`paperlib.probabilistic.scores.flat_band`.
        bins: of each histogram.
    """
    fig, axes = plt.subplots(1, len(panels), figsize=(8.0, 2.8), sharey=True, squeeze=False)
    for ax, (title, pit) in zip(axes[0], panels.items(), strict=True):
        shares = np.histogram(pit, bins, (0, 1))[0] / len(pit)
        ax.bar((np.arange(bins) + 0.5) / bins, 100 * shares, 0.9 / bins, color=COLOURS["price"])
        ax.axhspan(100 * band[0], 100 * band[1], color=COLOURS["persistence"], alpha=0.25)
        ax.set_title(title, fontsize="small")
        ax.set_xlabel("forecast probability", fontsize="small")
    axes[0, 0].set_ylabel("sessions (%)")
    return fig


def plot_score_ratios(table: pd.DataFrame, models: Mapping[str, str], band: float) -> Figure:
    """Draw each model's CRPS over GARCH's with its interval: a panel a series, a row a model.

    Args:
        table: rows as :func:`paperlib.experiments.store.load_distributions` has them, with a column
            ``title``.
        models: what to draw, each with what to call it.
        band: the ratio below which a model is level.
    """
    titles = list(dict.fromkeys(table["title"]))
    columns = 4 if len(titles) > 4 else len(titles)
    lines = -(-len(titles) // columns)
    fig, axes = plt.subplots(
        lines, columns, figsize=(8.0, 1.1 + lines * (0.5 + 0.2 * len(models))),
        sharex=True, sharey=True, squeeze=False,
    )  # fmt: skip
    for ax, title in zip(axes.flat, titles, strict=False):
        rows = table[table["title"] == title].set_index("model").reindex(list(models))
        at = np.arange(len(rows))
        ax.axvspan(1, band, color=COLOURS["persistence"], alpha=0.2, linewidth=0)
        ax.axvline(1, color=COLOURS["persistence"], linestyle="--")
        ax.hlines(at, rows["ratio_low"], rows["ratio_high"], color=COLOURS["accent"])
        ax.plot(rows["ratio"], at, "o", color=COLOURS["paper"], markersize=4)
        ax.set_title(title, fontsize="small")
        ax.tick_params(labelsize="x-small")
    for ax in axes.flat[len(titles) :]:
        ax.set_axis_off()
    axes[0, 0].set_yticks(range(len(models)), list(models.values()))
    axes[0, 0].invert_yaxis()
    fig.supxlabel("CRPS over GARCH's", fontsize="small")
    return fig


def plot_by_place(size: pd.Series, window: tuple[int, int]) -> Figure:
    """Draw how large moves are at each session of the quarter, with the chosen window marked.

    Args:
        size: mean absolute return in per cent, indexed by session of the quarter.
        window: first and last session chosen.
    """
    fig, ax = plt.subplots(figsize=(8.0, 2.8))
    ax.axvspan(window[0] - 0.5, window[1] + 0.5, color=COLOURS["accent"], alpha=0.25, linewidth=0)
    ax.bar(size.index, size, color=COLOURS["price"])
    ax.set(xlabel="session of the quarter", ylabel="mean move (%)")
    return fig
