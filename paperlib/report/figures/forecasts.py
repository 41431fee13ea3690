"""Figures of forecasts beside what came, session by session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from paperlib.report.style import COLOURS


def plot_samples(panels: Mapping[str, tuple[np.ndarray, np.ndarray]], label: str) -> Figure:
    """Draw what came and what was forecast by sample number (the paper's figure 4).

    Args:
        panels: for each title the actual and the forecast values, (n,) each.
        label: of the axis.
    """
    fig, axes = plt.subplots(1, len(panels), figsize=(8.0, 3.4), squeeze=False)
    for ax, (title, (actual, forecast)) in zip(axes[0], panels.items(), strict=True):
        ax.plot(actual, color=COLOURS["price"], label="actual")
        ax.plot(forecast, color=COLOURS["test"], label="forecast")
        ax.set(title=title, xlabel="sample")
    axes[0, 0].set_ylabel(label)
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper right", ncols=2)
    return fig


def plot_zoom(close: pd.Series, forecasts: Mapping[str, np.ndarray]) -> Figure:
    """Draw a stretch of closes with forecasts of each, so that a lag can be seen.

    Args:
        close: (n,) dollars, indexed by session.
        forecasts: by name (n,) forecasts of them.
    """
    fig, ax = plt.subplots()
    sessions = np.arange(len(close))
    ax.plot(sessions, close, color=COLOURS["price"], marker="o", markersize=4, label="close")
    styles = (("persistence", "--", "s"), ("model", "-", "^"))
    for (colour, line, marker), (name, made) in zip(styles, forecasts.items(), strict=True):
        ax.plot(
            sessions,
            made,
            color=COLOURS[colour],
            linestyle=line,
            marker=marker,
            markersize=3,
            label=name,
        )
    ticks = sessions[:: max(1, len(close) // 6)]
    ax.set_xticks(ticks, [f"{close.index[k]:%d %b %Y}" for k in ticks], fontsize="small")
    ax.set(ylabel="dollars", xlabel="session")
    ax.legend(loc="best", fontsize="small")
    return fig


def plot_ahead(close: pd.Series, paths: np.ndarray, horizons: Sequence[int]) -> Figure:
    """Draw forecasts made so many sessions before, a panel a horizon, so that the shift is seen.

    Args:
        close: dollars, indexed by session, to the last target; more than the n of the paths.
        paths: (n, largest horizon or more) forecasts, as
            :func:`paperlib.forecasting.forecast_paths` returns them.
        horizons: which to draw, in sessions.
    """
    fig, axes = plt.subplots(
        len(horizons), 1, figsize=(8.0, 2.0 * len(horizons)), sharex=True, squeeze=False
    )
    tested = close.iloc[-len(paths) :]
    for ax, h in zip(axes[:, 0], horizons, strict=True):
        persistence = close.shift(h).loc[tested.index[h - 1] :]
        ahead = pd.Series(paths[: len(paths) - h + 1, h - 1], persistence.index)
        # The colours of the drawing that takes this figure's place on the web.
        ax.plot(tested, color=COLOURS["persistence"], alpha=0.7, linewidth=2, label="close")
        ax.plot(persistence, color=COLOURS["paper"], ls="--", linewidth=0.9, label="persistence")
        ax.plot(ahead, color=COLOURS["train"], label="forecast")
        ax.set(title=f"{h} session{'s' if h > 1 else ''} ahead", ylabel="dollars")
    axes[0, 0].legend(loc="upper left", fontsize="small", ncols=3)
    axes[-1, 0].set_xlabel("session")
    return fig


def plot_race(losses: pd.DataFrame, reference: pd.Series, label: str) -> Figure:
    """Draw how much loss forecasts have piled up beyond a reference's, session by session.

    Where a line rises, the reference was nearer; one jump is one bad day.

    Args:
        losses: (n, seeds) losses of one recipe, indexed by session.
        reference: (n,) the reference's losses.
        label: of the axis.
    """
    fig, ax = plt.subplots()
    piled = losses.sub(reference, axis=0).cumsum()
    ax.plot(piled, color=COLOURS["model"], linewidth=0.5, alpha=0.6, rasterized=True)
    ax.plot(piled.median(axis=1), color=COLOURS["model"], linewidth=2, label="median of the seeds")
    ax.axhline(0, color=COLOURS["persistence"], linestyle="--", label="persistence")
    ax.set(ylabel=label, xlabel="session")
    ax.legend(loc="upper left", fontsize="small")
    return fig


def plot_error_size(
    errors: pd.Series, panels: Mapping[str, pd.Series], correlations: Mapping[str, float]
) -> Figure:
    """Draw the size of each error against what it may hang on.

    Args:
        errors: (n,) dollars, indexed by session.
        panels: for each axis label a value a session.
        correlations: for each the correlation with the size of the error.
    """
    fig, axes = plt.subplots(1, len(panels), figsize=(8.0, 3.4), sharey=True, squeeze=False)
    for ax, (label, values) in zip(axes[0], panels.items(), strict=True):
        x, y = values.loc[errors.index].to_numpy(), errors.abs().to_numpy()
        ax.scatter(x, y, s=8, color=COLOURS["model"], alpha=0.5, rasterized=True)
        ax.set(xlabel=label, title=f"correlation {correlations[label]:.2f}")
    axes[0, 0].set_ylabel("size of the error ($)")
    return fig
