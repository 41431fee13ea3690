"""Readings of the paper's claims on risk and on its figure 5, for ``values.csv``."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from paperlib.claims import printed
from paperlib.comparison import Interval, prediction_interval, proportion
from paperlib.data import make_windows
from paperlib.readings import Row, value_row
from paperlib.recipe import AS_PUBLISHED, PUBLISHED

VAR_TAILS = (0.1, 0.05, 0.01)
FIGURE_5_STEP = 50  # dollars between ticks; the paper's own step can't be read


def claims_on_var(prices: pd.DataFrame) -> Iterator[Row]:
    """Read "VaR = -3.21 %" in every way that the missing level and method allow.

    Of daily simple returns, over the whole series or one part of it: the quantile of what happened,
    and that of a normal distribution, at the three usual levels. And the other way round: how often
    a session fell below the printed number.
    """
    returns = 100 * prices["close"].pct_change().dropna()
    first = make_windows(prices["close"], PUBLISHED, AS_PUBLISHED).test.sessions[0]
    parts = {
        "whole series": returns,
        "training part": returns[returns.index < first],
        "test part": returns[returns.index >= first],
    }
    (told,) = printed("var")
    for part, of_part in parts.items():
        r, n = of_part.to_numpy(), len(of_part)
        for tail in VAR_TAILS:
            level = f"{100 * (1 - tail):g} % level, {part}"
            normal = stats.norm.ppf(tail, r.mean(), r.std(ddof=1))
            yield value_row("var_pct", np.quantile(r, tail), f"historical, {level}", "%", n=n)
            yield value_row("var_pct", normal, f"normal, {level}", "%", n=n)
        below = Interval(*(100 * x for x in proportion(int((r < told).sum()), n)))
        yield value_row("share_below_printed_var_pct", below, part, "%", n=n)


def claims_on_figure_5(paths: list[np.ndarray]) -> Iterator[Row]:
    """Read the axis of figure 5: the two ticks that enclose one seed's forecast.

    A twentieth of the range is left below and above, as the drawing library does.

    Args:
        paths: of each seed (30,) dollars, forecast for the sessions after the data.
    """
    ends = np.array([_ticks(path) for path in paths])
    for name, ticks in zip(("bottom", "top"), ends.T, strict=True):
        how = "30 sessions after the data, recursively"
        of = {"protocol": AS_PUBLISHED.name, "n": len(ticks)}
        yield value_row(f"figure_5_axis_{name}", prediction_interval(ticks), how, "dollars", **of)


def _ticks(path: np.ndarray) -> tuple[float, float]:
    low, high = float(path.min()), float(path.max())
    margin = (high - low) / 20
    return (
        float(np.floor((low - margin) / FIGURE_5_STEP) * FIGURE_5_STEP),
        float(np.ceil((high + margin) / FIGURE_5_STEP) * FIGURE_5_STEP),
    )
