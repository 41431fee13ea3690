"""Figures of what goes on in a recurrent cell."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from paperlib.report.style import COLOURS


def plot_gradient_by_lag(norms: Mapping[str, np.ndarray]) -> Figure:
    """Draw how much gradient is left after k steps back; one curve a seed, labelled by cell.

    Args:
        norms: for each label (seeds, lags + 1), the gradient relative to lag 0.
    """
    fig, ax = plt.subplots()
    for colour, (label, curves) in zip(COLOURS.values(), norms.items(), strict=False):
        ax.plot(curves.T, color=colour, linewidth=0.5, alpha=0.4)
        ax.plot(np.exp(np.log(curves).mean(axis=0)), color=colour, linewidth=2, label=label)
    ax.set(yscale="log", xlabel="steps back", ylabel="gradient left (1: all of it)")
    ax.legend(loc="lower left", fontsize="small")
    return fig


def plot_gates(cells: Mapping[str, Mapping[str, np.ndarray]], price: np.ndarray) -> Figure:
    """Draw a window's price and, below it, each unit's gates and states over its sessions.

    Args:
        cells: a column of panels for each network: its gates and states by name, (lookback, units).
        price: (lookback,) the window's closes in dollars.
    """
    names = list(next(iter(cells.values())))
    steps = np.arange(1, len(price) + 1)
    shape = {"nrows": len(names) + 1, "ncols": len(cells), "sharex": True, "sharey": "row"}
    fig, axes = plt.subplots(**shape, figsize=(8.0, 1.3 * (len(names) + 1)), squeeze=False)
    for column, (title, gates) in zip(axes.T, cells.items(), strict=True):
        column[0].plot(steps, price, color=COLOURS["price"], marker=".")
        column[0].set_title(title)
        for ax, name in zip(column[1:], names, strict=True):
            ax.plot(
                steps,
                gates[name],
                color=COLOURS["model"],
                linewidth=0.5,
                alpha=0.5,
                rasterized=True,
            )
        column[-1].set_xlabel("session of the window")
    for ax, label in zip(axes[:, 0], ["close ($)", *names], strict=True):
        ax.set_ylabel(label)
    return fig


def plot_walk(units: Mapping[str, np.ndarray], price: pd.Series) -> Figure:
    """Draw a window's price and, below it, a unit's cell state and hidden state over its sessions.

    Args:
        units: a column of panels for each unit, by its name: (lookback, 2) of C_t and h_t.
        price: (lookback,) the window's closes in dollars.
    """
    steps = np.arange(1, len(price) + 1)
    shape = {"nrows": 2, "ncols": len(units), "sharex": True, "sharey": "row"}
    fig, axes = plt.subplots(**shape, figsize=(8.0, 4.0), squeeze=False)
    for (top, below), (title, states) in zip(axes.T, units.items(), strict=True):
        # The colours of the drawing that takes this figure's place on the web.
        top.plot(steps, price, color=COLOURS["persistence"], marker=".")
        top.set_title(title)
        below.plot(steps, states[:, 0], color=COLOURS["train"], label="cell state $C_t$")
        below.plot(steps, states[:, 1], color=COLOURS["test"], label="hidden state $h_t$")
        below.axhline(0, color=COLOURS["persistence"], linewidth=0.8)
        below.set_xlabel("session of the window")
    axes[0, 0].set_ylabel("close ($)")
    axes[1, 0].set_ylabel("state")
    axes[1, 0].legend(loc="best", fontsize="small")
    return fig


def plot_weights(networks: Mapping[str, np.ndarray]) -> Figure:
    """Draw how much weight each network gives to the closes of a window, a panel for each.

    Args:
        networks: by name (lookback,) weights, that of the newest close first.
    """
    fig, axes = plt.subplots(1, len(networks), figsize=(8.0, 3.0), sharey=True, squeeze=False)
    for ax, (title, weights) in zip(axes[0], networks.items(), strict=True):
        ax.bar(range(len(weights)), weights, color=COLOURS["model"], width=0.6)
        ax.axhline(0, color=COLOURS["persistence"], linewidth=0.8)
        ax.set(title=title, xlabel="sessions before the newest close")
    axes[0, 0].set_ylabel("weight")
    return fig
