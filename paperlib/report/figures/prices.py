"""Figures of prices and returns, and of which sessions a run may look at."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from paperlib.report.style import COLOURS
from paperlib.windows import Windows


def plot_close(close: pd.Series, windows: Windows) -> Figure:
    """Draw the closing price (the paper's figure 2) with the test part marked."""
    fig, ax = plt.subplots()
    first_test = windows.test.sessions[0]
    ax.plot(close[:first_test], color=COLOURS["price"], label="training part")
    ax.plot(close[first_test:], color=COLOURS["test"], label="test part")
    ax.set(ylabel="close (dollars)", xlabel="session")
    ax.legend(loc="upper left")
    return fig


def plot_returns(returns: pd.Series, marked: pd.Index) -> Figure:
    """Draw daily log returns, in per cent, with some sessions marked."""
    fig, ax = plt.subplots()
    ax.plot(100 * returns, color=COLOURS["price"], linewidth=0.6)
    ax.scatter(marked, 100 * returns[marked], color=COLOURS["test"], s=22, zorder=3)
    last = {True: None, False: None}  # the label before, above and below the line
    for day in marked:
        up = bool(returns[day] > 0)
        before, last[up] = last[up], day
        near = (
            before is not None
            and day - before < pd.Timedelta(days=250)
            and abs(returns[day] - returns[before]) < 0.06  # else they lie one above the other
        )
        offset = 19 if near else 5
        ax.annotate(
            f"{day:%b %Y}",
            (day, 100 * returns[day]),
            xytext=(0, offset if up else -offset),
            textcoords="offset points",
            ha="center",
            va="bottom" if up else "top",
            fontsize=9,
        )
    ax.margins(y=0.15)
    ax.set(ylabel="log return (%)", xlabel="session")
    return fig


def plot_tails(ordered: np.ndarray, theory: np.ndarray, normal: pd.Series) -> Figure:
    """Compare returns with a normal distribution: density on a log scale, and quantiles.

    Args:
        ordered: (n,) standardised returns, ascending.
        theory: (n,) the normal quantiles that they are held against.
        normal: density of the normal distribution, indexed by where.
    """
    fig, (left, right) = plt.subplots(1, 2, figsize=(8.0, 3.6))
    sns.histplot(x=ordered, stat="density", bins=120, ax=left, color=COLOURS["price"], linewidth=0)
    left.plot(normal, color=COLOURS["paper"], linestyle="--", label="normal")
    left.set(yscale="log", ylim=(1e-4, 2), xlabel="return (standard deviations)", title="Density")
    left.legend(loc="upper right")
    right.plot(theory, ordered, ".", color=COLOURS["price"], markersize=3, rasterized=True)
    right.plot(theory, theory, color=COLOURS["paper"], linestyle="--")
    right.set(xlabel="normal quantile", ylabel="observed quantile", title="Quantiles")
    return fig


def plot_correlograms(panels: Mapping[str, np.ndarray], band: float, label: str) -> Figure:
    """Draw correlations by lag side by side, with a band around zero; orange leaves the band.

    Args:
        panels: for each title (lags,) correlations, from lag 1 on.
        band: half its width.
        label: of the axis.
    """
    fig, axes = plt.subplots(1, len(panels), figsize=(8.0, 3.0), sharey=True, squeeze=False)
    for ax, (title, found) in zip(axes[0], panels.items(), strict=True):
        colours = np.where(np.abs(found) > band, COLOURS["validation"], COLOURS["price"])
        ax.bar(range(1, len(found) + 1), found, color=colours, width=0.6)
        ax.axhspan(-band, band, color=COLOURS["persistence"], alpha=0.25, linewidth=0)
        ax.set(title=title, xlabel="lag (sessions)")
    axes[0, 0].set_ylabel(label)
    return fig


def plot_who_sees_what(windows: Mapping[str, Windows]) -> Figure:
    """Draw, for each protocol, which sessions scale, fit weights, select, and score."""
    fig, axes = plt.subplots(len(windows), 1, figsize=(8.0, 2.0 * len(windows)), sharex=True)
    for ax, (name, parts) in zip(np.atleast_1d(axes), windows.items(), strict=True):
        uses = {
            "scale (eq. 9)": (parts.scaler_sessions, "accent"),
            "fit weights": (parts.train.sessions, "train"),
            "stop and schedule": (parts.validation.sessions, "validation"),
            "score": (parts.test.sessions, "test"),
        }
        for row, (sessions, colour) in enumerate(uses.values()):
            width = sessions[-1] - sessions[0]
            ax.barh(row, width, left=sessions[0], color=COLOURS[colour], height=0.6)
        ax.axvline(parts.test.sessions[0], color=COLOURS["paper"], linestyle=":")
        ax.set_title(name)
        ax.set_yticks(range(len(uses)), list(uses))
        ax.invert_yaxis()
        ax.grid(False)
    return fig
