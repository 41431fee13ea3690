"""Figures of a learning rate that is cut when the validation loss stalls."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from paperlib.report.style import COLOURS, WIDE, label_plainly


def plot_plateau(history: pd.DataFrame) -> Figure:
    """Draw a validation loss above the learning rate, with a line at the end of each cut's epoch.

    Args:
        history: by epoch, ``val_loss`` and the ``lr`` used in it.
    """
    fig, (above, below) = plt.subplots(2, 1, figsize=(8.0, 4.2), sharex=True, height_ratios=(3, 2))
    loss, rate = history["val_loss"], history["lr"]
    best = loss.idxmin()
    above.plot(loss, "o-", color=COLOURS["test"], markersize=4, label="validation loss")
    above.plot(best, loss[best], "*", color=COLOURS["paper"], markersize=14, label="its lowest")
    below.step(rate.index, rate, where="mid", color=COLOURS["train"], linewidth=2)
    for ax in (above, below):
        for epoch in cut_epochs(rate):
            ax.axvline(epoch + 0.5, color=COLOURS["persistence"], linestyle=":")
    above.set(ylabel="validation loss", yscale="log")
    label_plainly(above.yaxis)
    above.legend(loc="upper right", fontsize="small")
    below.set(xlabel="epoch", ylabel="learning rate", ylim=(0, 1.15 * rate.max()))
    below.xaxis.set_major_locator(MaxNLocator(integer=True))
    return fig


def plot_timelines(histories: Mapping[str, pd.DataFrame]) -> Figure:
    """Draw each run as a line from its first epoch to its last, with its cuts and its best epoch.

    Args:
        histories: for each title the stored histories of one recipe on one series.
    """
    fig, axes = plt.subplots(1, len(histories), figsize=WIDE, sharey=True, squeeze=False)
    for ax, (title, runs) in zip(axes[0], histories.items(), strict=True):
        by_seed = {seed: run.set_index("epoch") for seed, run in runs.groupby("seed")}
        ordered = sorted(by_seed.values(), key=len)
        for row, run in enumerate(ordered, start=1):
            cuts = cut_epochs(run["lr"])
            ax.hlines(row, 1, run.index.max(), color=COLOURS["persistence"], linewidth=1)
            ax.plot(
                cuts, np.full(len(cuts), row), "|", color=COLOURS["hurts"], markersize=11, mew=2
            )
            ax.plot(run["val_loss"].idxmin(), row, "*", color=COLOURS["paper"], markersize=10)
        ax.set(xlabel="epoch", title=title, yticks=[], xlim=(0, None))
        ax.grid(visible=False, axis="y")
        ax.grid(axis="x")
    axes[0, 0].set_ylabel("ten runs, by length")
    keys = [
        Line2D([], [], color=COLOURS["paper"], marker="*", linestyle="", label="best epoch"),
        Line2D(
            [], [], color=COLOURS["hurts"], marker="|", linestyle="", mew=2, label="rate is cut"
        ),
    ]
    fig.legend(handles=keys, loc="outside lower center", ncols=2, fontsize="small")
    return fig


def cut_epochs(rates: pd.Series) -> list[int]:
    """Name the epochs after which the rate was cut, of the rates used in each."""
    return list(rates.index[:-1][np.diff(rates) < 0])
