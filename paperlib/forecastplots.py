"""Figures of forecasts: beside what came, day by day, by horizon, and in tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from statsmodels.tsa.stattools import acf, pacf

from paperlib.plotting import COLOURS
from paperlib.runplots import label_plainly, spread


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


def plot_error_size(errors: pd.Series, panels: Mapping[str, pd.Series]) -> Figure:
    """Draw the size of each error against what it may hang on.

    Args:
        errors: (n,) dollars, indexed by session.
        panels: for each axis label a value a session.
    """
    fig, axes = plt.subplots(1, len(panels), figsize=(8.0, 3.4), sharey=True, squeeze=False)
    for ax, (label, values) in zip(axes[0], panels.items(), strict=True):
        x, y = values.loc[errors.index].to_numpy(), errors.abs().to_numpy()
        ax.scatter(x, y, s=8, color=COLOURS["model"], alpha=0.5, rasterized=True)
        r = np.corrcoef(x, y)[0, 1]
        ax.set(xlabel=label, title=f"correlation {r:.2f}")
    axes[0, 0].set_ylabel("size of the error ($)")
    return fig


def plot_correlograms(changes: np.ndarray, lags: int) -> Figure:
    """Draw autocorrelation and partial autocorrelation, with the 95 % band of white noise."""
    fig, axes = plt.subplots(1, 2, figsize=(8.0, 3.0), sharey=True)
    band = 1.96 / np.sqrt(len(changes))
    correlograms = {"ACF, for q": acf, "PACF, for p": pacf}
    for ax, (title, correlogram) in zip(axes, correlograms.items(), strict=True):
        found = correlogram(changes, nlags=lags)[1:]
        ax.bar(range(1, lags + 1), found, color=COLOURS["price"], width=0.6)
        ax.axhspan(-band, band, color=COLOURS["persistence"], alpha=0.25, linewidth=0)
        ax.set(title=title, xlabel="lag (sessions)")
    axes[0].set_ylabel("correlation")
    return fig


def plot_standings(table: pd.DataFrame) -> Figure:
    """Draw each model's MSE over persistence's, with both of its intervals.

    Args:
        table: of :func:`paperlib.standings.standings`.
    """
    fig, ax = plt.subplots(figsize=(8.0, 1.2 + 0.34 * len(table)))
    rows = np.arange(len(table))
    ax.axvline(1, color=COLOURS["persistence"], linestyle="--", label="persistence")
    ends = table["sessions_low"], table["sessions_high"]
    ax.hlines(rows, *ends, color=COLOURS["accent"], linewidth=1.5, label="other test sessions")
    ends = table["seeds_low"], table["seeds_high"]
    ax.hlines(rows, *ends, color=COLOURS["model"], linewidth=5, label="mean over other seeds")
    ax.plot(table["ratio"], rows, "o", color=COLOURS["paper"], markersize=4)
    ax.set_yticks(rows, list(table["title"]))
    ax.invert_yaxis()
    ax.grid(axis="x")
    ax.set(xscale="log", xlabel="test MSE over persistence's")
    label_plainly(ax.xaxis)
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1), fontsize="small")
    return fig


def plot_p_values(panels: Mapping[str, Mapping[str, pd.Series]]) -> Figure:
    """Draw the p-values of each run on a log axis: a panel a rival, a column a test.

    Args:
        panels: for each title and test the p-values of the runs; below 1e-30 they are drawn there.
    """
    fig, axes = plt.subplots(1, len(panels), figsize=(8.0, 3.4), sharey=True, squeeze=False)
    for ax, (title, tests) in zip(axes[0], panels.items(), strict=True):
        for place, p_values in enumerate(tests.values()):
            dots = np.maximum(p_values.to_numpy(), 1e-30)
            ax.scatter(spread(place, len(dots), 0.2), dots, s=12, color=COLOURS["model"])
        ax.axhline(0.05, color=COLOURS["paper"], linestyle=":", label="0.05")
        ax.set_xticks(range(len(tests)), list(tests), fontsize="small")
        ax.set(title=title, yscale="log")
    axes[0, 0].set_ylabel("p-value")
    axes[0, -1].legend(loc="lower right", fontsize="small")
    return fig


def plot_horizons(horizons: pd.DataFrame, models: Mapping[tuple[str, str], str]) -> Figure:
    """Draw the error by horizon: in dollars, and its square over persistence's.

    Args:
        horizons: rows of one series, as :func:`paperlib.store.load_horizons` returns them.
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
            spread(row, len(values), 0.25),
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
