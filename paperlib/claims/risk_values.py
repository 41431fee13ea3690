"""Readings of the paper's claims on risk and on its figure 5, for ``values.csv``."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from paperlib.claims.ledger import printed
from paperlib.claims.readings import ValueRow, value_row
from paperlib.experiments import store
from paperlib.recipe import AS_PUBLISHED, PUBLISHED
from paperlib.stats.interval import Interval
from paperlib.stats.seeds import prediction_interval, proportion
from paperlib.windows import make_windows

VAR_TAILS = (0.1, 0.05, 0.01)
LAST_SESSIONS = 60
FIGURE_5_STEP = 50  # dollars between ticks; the paper's own step can't be read


def claims_on_var(prices: pd.DataFrame) -> Iterator[ValueRow]:
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
            # To three digits, so that no return of a series that is not ours can be read off.
            told_by_history = float(f"{np.quantile(r, tail):.3g}")
            yield value_row("var_pct", told_by_history, f"historical, {level}", "%", n=n)
            yield value_row("var_pct", normal, f"normal, {level}", "%", n=n)
        below = Interval(*(100 * x for x in proportion(int((r < told).sum()), n)))
        yield value_row("share_below_printed_var_pct", below, part, "%", n=n)


def claims_on_the_end(prices: pd.DataFrame) -> Iterator[ValueRow]:
    """Tell how one reading of the value at risk hangs on where the data end, which is not printed.

    The normal 95 % quantile of the test part, with the data ending on each of the last sixty
    sessions: its middle and its range, and for how many ends it prints as the paper's number.
    """
    close, found = prices["close"], []
    for last in range(len(close) - LAST_SESSIONS + 1, len(close) + 1):
        until = close.iloc[:last]
        test = (
            100
            * until.pct_change().loc[
                make_windows(until, PUBLISHED, AS_PUBLISHED).test.sessions[0] :
            ]
        )
        found.append(stats.norm.ppf(0.05, test.mean(), test.std(ddof=1)))
    (told,) = printed("var")
    middle = Interval(float(np.median(found)), min(found), max(found))
    how = f"normal, 95 % level, test part, data ending on each of the last {LAST_SESSIONS} sessions"
    yield value_row("var_by_end_pct", middle, how, "%", n=LAST_SESSIONS)
    same = sum(round(x, 2) == told for x in found)
    yield value_row("ends_that_print_the_var", float(same), how, "sessions", n=LAST_SESSIONS)


def claims_on_figure_5(paths: list[np.ndarray]) -> Iterator[ValueRow]:
    """Read the axis of figure 5: the two ticks that enclose one run's forecast.

    The lowest and the highest forecast of one run have a prediction interval each; its ends are
    moved out to the next tick.

    Args:
        paths: of each seed (30,) dollars, forecast for the sessions after the data.
    """
    ends = {"bottom": [path.min() for path in paths], "top": [path.max() for path in paths]}
    for name, closes in ends.items():
        outward = np.floor if name == "bottom" else np.ceil
        found = np.array(prediction_interval(closes)) / FIGURE_5_STEP
        how = "30 sessions after the data, recursively"
        of = {"protocol": AS_PUBLISHED.name, "n": len(paths)}
        ticks = Interval(*(outward(found) * FIGURE_5_STEP).tolist())
        yield value_row(f"figure_5_axis_{name}", ticks, how, "dollars", **of)


def store_risk_values(window: str, prices: pd.DataFrame, ahead: list[np.ndarray]) -> None:
    """Store every reading of the claims on risk and on figure 5.

    Args:
        window: the book's name of the series.
        prices: its prices.
        ahead: as :func:`claims_on_figure_5` takes them.
    """
    values = [*claims_on_var(prices), *claims_on_the_end(prices), *claims_on_figure_5(ahead)]
    store.save_values(pd.DataFrame(values).assign(dataset=window))
