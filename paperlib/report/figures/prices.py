"""Figures of prices and returns, and of which sessions a run may look at."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from scipy import stats
from statsmodels.tsa.stattools import acf

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


def plot_tails(returns: pd.Series) -> Figure:
    """Compare returns with a normal distribution: density on a log scale, and quantiles."""
    z = ((returns - returns.mean()) / returns.std()).to_numpy()
    fig, (left, right) = plt.subplots(1, 2, figsize=(8.0, 3.6))
    sns.histplot(x=z, stat="density", bins=120, ax=left, color=COLOURS["price"], linewidth=0)
    grid = np.linspace(-6, 6, 200)
    left.plot(grid, stats.norm.pdf(grid), color=COLOURS["paper"], linestyle="--", label="normal")
    left.set(yscale="log", ylim=(1e-4, 2), xlabel="return (standard deviations)", title="Density")
    left.legend(loc="upper right")
    (theory, ordered), _ = stats.probplot(z)
    right.plot(theory, ordered, ".", color=COLOURS["price"], markersize=3, rasterized=True)
    right.plot(theory, theory, color=COLOURS["paper"], linestyle="--")
    right.set(xlabel="normal quantile", ylabel="observed quantile", title="Quantiles")
    return fig


def plot_autocorrelation(series: Mapping[str, pd.Series], lags: int) -> Figure:
    """Draw autocorrelations side by side, with the 95 % band of white noise."""
    fig, axes = plt.subplots(1, len(series), figsize=(8.0, 3.0), sharey=True, squeeze=False)
    for ax, (title, values) in zip(axes[0], series.items(), strict=True):
        ax.bar(range(1, lags + 1), acf(values, nlags=lags)[1:], color=COLOURS["price"], width=0.6)
        band = 1.96 / np.sqrt(len(values))
        ax.axhspan(-band, band, color=COLOURS["persistence"], alpha=0.25, linewidth=0)
        ax.set(title=title, xlabel="lag (sessions)")
    axes[0, 0].set_ylabel("autocorrelation")
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
