"""Figures of risk: values at risk, the power of their tests, and what tiers would have earned."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

from paperlib.probabilistic.positions import TIERS
from paperlib.report.style import COLOURS, label_plainly


def plot_var(returns: pd.Series, panels: Mapping[str, pd.Series], label: str) -> Figure:
    """Draw returns with each model's value at risk, and the sessions that fell below it.

    Args:
        returns: (n,) per cent, indexed by session.
        panels: for each title (n,) the value at risk, per cent.
        label: of the line.
    """
    shape = {"nrows": len(panels), "sharex": True, "sharey": True, "squeeze": False}
    fig, axes = plt.subplots(**shape, figsize=(8.0, 1.0 + 1.7 * len(panels)))
    for ax, (title, var) in zip(axes[:, 0], panels.items(), strict=True):
        hit = returns < var
        ax.bar(returns.index, returns, width=1.5, color=COLOURS["persistence"], linewidth=0)
        ax.plot(var, color=COLOURS["model"], label=label)
        ax.plot(returns[hit], "v", color=COLOURS["test"], markersize=5, label="violation", zorder=3)
        ax.set_title(f"{title}: {hit.sum()} violations of {len(hit)} sessions")
        # A single crash would flatten all else; what lies beyond is marked at the edge.
        edge = 1.6 * float(returns.abs().quantile(0.99))
        below = returns.index[hit & (returns < -edge)]
        ax.plot(below, np.full(len(below), -0.97 * edge), "v", color=COLOURS["test"], markersize=5)
        ax.set(ylabel="return (%)", ylim=(-edge, edge))
    axes[0, 0].legend(loc="lower right", fontsize="small", ncols=2)
    return fig


def plot_power(power: pd.DataFrame, marked: Mapping[str, int]) -> Figure:
    """Draw how often Kupiec's test catches a value at risk that is violated too often.

    Args:
        power: of :func:`paperlib.stats.var_power.kupiec_power_table`; a panel a tail, a line a
            factor.
        marked: lengths of at most two test parts by name, drawn as vertical lines.
    """
    colours = ("persistence", "validation", "test", "train")
    tails = power.columns.unique("tail")
    fig, axes = plt.subplots(1, len(tails), figsize=(8.0, 3.4), sharey=True, squeeze=False)
    for ax, tail in zip(axes[0], tails, strict=True):
        for colour, factor in zip(colours, power[tail], strict=False):
            name = "right" if factor == 1 else f"violated {factor:g} times as often"
            ax.plot(100 * power[tail, factor], color=COLOURS[colour], label=name)
        for style, (name, n) in zip((":", "--"), marked.items(), strict=False):
            ax.axvline(n, color=COLOURS["paper"], linestyle=style, linewidth=1, label=name)
        ax.set(xscale="log", xlabel="sessions", title=f"{100 * (1 - tail):g} % level")
        label_plainly(ax.xaxis)
    axes[0, 0].set(ylabel="rejected (%)", ylim=(0, 102))
    fig.legend(
        *axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=9
    )
    return fig


def plot_wealth(panels: Mapping[str, Mapping[str, pd.Series]]) -> Figure:
    """Draw what 100 became, session by session: a panel a tier, a line a model.

    Args:
        panels: for each title and name the portfolio's returns in per cent, indexed by session.
    """
    fig, axes = plt.subplots(1, len(panels), figsize=(8.0, 3.4), sharey=True, squeeze=False)
    colours = ("persistence", "validation", "accent", "test", "model")
    for ax, (title, models) in zip(axes[0], panels.items(), strict=True):
        for colour, (name, returns) in zip(colours, models.items(), strict=False):
            value = 100 * (1 + returns / 100).cumprod()
            ax.plot(value, color=COLOURS[colour], label=name)
        ax.set_title(title)
        ax.xaxis.set_major_locator(AutoDateLocator(minticks=2, maxticks=5))
        ax.xaxis.set_major_formatter(ConciseDateFormatter(ax.xaxis.get_major_locator()))
    axes[0, 0].set_ylabel("value (start: 100)")
    fig.legend(
        *axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=9
    )
    return fig


def plot_budgets(table: pd.DataFrame, models: Mapping[str, str], promised: float) -> Figure:
    """Draw which share of sessions lost more than a tier's budget, with its interval.

    Args:
        table: rows of one series, as :func:`paperlib.experiments.store.load_tiers` has them; a
            panel a tier.
        models: what to draw, each with what to call it.
        promised: the share that the rule allows, per cent.
    """
    tiers = [tier.name for tier in TIERS]
    fig, axes = plt.subplots(1, len(tiers), figsize=(8.0, 2.8), sharex=True, sharey=True)
    at = np.arange(len(models))
    for ax, tier in zip(axes, tiers, strict=True):
        rows = table[table["tier"] == tier].set_index("model").reindex(list(models))
        ax.axvline(promised, color=COLOURS["paper"], linestyle=":")
        ends = 100 * rows["beyond_low"], 100 * rows["beyond_high"]
        ax.hlines(at, *ends, color=COLOURS["accent"])
        ax.plot(100 * rows["beyond"], at, "o", color=COLOURS["paper"], markersize=4)
        ax.set(title=tier, xlabel="sessions (%)")
    axes[0].set_yticks(at, list(models.values()), fontsize="small")
    axes[0].invert_yaxis()
    return fig
