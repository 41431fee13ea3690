"""Does a pipeline beat "tomorrow equals today" where nobody can? Then it leaks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype
from scipy import stats

from paperlib.judging.closes import as_closes
from paperlib.judging.matching import FEWEST
from paperlib.stats.interval import scientific

Pipeline = Callable[[pd.Series], pd.Series]
"""From closes, (n,) by session, to one-step forecasts of its test part, dated as their targets."""

FLIPS = 999
BEATEN = 1 - 1e-9  # a ratio of squared errors below it: equal forecasts differ by rounding
ACCUSED = 0.01
UNIT = 20.0  # times the closes' median: beyond that, and below one over it, is another unit


class Placebo(NamedTuple):
    """What a pipeline does on random walks."""

    walks: pd.DataFrame  # a row a walk: ratio, chance (of beating), gain (mean of the bet), bets
    beats: int  # walks on which its squared error is below that of persistence
    gain: float  # mean relative gain of all bets
    p_value: float  # chance of a gain as large, if the pipeline knows nothing

    @property
    def verdict(self) -> str:
        """*leaks*, if chance can't explain the gain; else *passes*."""
        return "leaks" if self.p_value < ACCUSED else "passes"

    def __str__(self) -> str:
        """One paragraph."""
        expected = self.walks["chance"].sum()
        return (
            f"It {self.verdict}. Who bets on the direction that it forecasts gains "
            f"{100 * self.gain:.3f}% a session where nobody can gain "
            f"(p = {scientific(self.p_value)}). On {self.beats} of {len(self.walks)} random walks "
            f"it beats tomorrow equals today; by chance it would on about {expected:.1f}."
        )


def placebo(
    pipeline: Pipeline,
    prices: str | Path | pd.DataFrame | pd.Series,
    walks: int = 20,
    seed: int = 0,
) -> Placebo:
    """Run a pipeline on random walks with these prices' returns, which nobody can forecast.

    The test is a bet on the direction forecast, one session at a time. Whatever is known before a
    session, its mean gain is zero and its spread that of the returns, so the mean over all walks is
    nearly normal, with a spread that is known. That holds for every honest pipeline; a correlation
    or a ratio would not do, since within one walk levels and later changes go together by chance
    (Stambaugh 1999).

    How often a pipeline beats persistence depends on how far its forecasts are from today's close.
    What chance would do is simulated: the signs of the changes that came are drawn anew.

    Args:
        pipeline: the reader's own function.
        prices: as for :func:`paperlib.judging.closes.as_closes`; their log returns are drawn with
            replacement.
        walks: how many, at least one.
        seed: equal seeds give equal walks.

    Raises:
        ValueError: for no walk at all, and if the pipeline returns what are no forecasts of the
            closes that it got.
    """
    if walks < 1:
        raise ValueError(f"walks must be at least 1, not {walks}.")
    close = as_closes(prices)
    check_unit(run(pipeline, close), close)
    spread = np.exp(fair_steps(close)).std()
    rows = []
    for number in range(walks):
        walk = fair_walk(close, seed, number)
        made, came = changes(walk, run(pipeline, walk))
        signs = np.random.default_rng([seed, number, 1]).choice([-1, 1], size=(FLIPS, len(came)))
        chance = (2 * signs @ (made * came) > (made**2).sum() * (2 - BEATEN)).mean()
        ratio = ((came - made) ** 2).mean() / (came**2).mean()
        bets = np.where(np.abs(made) > 1e-12, np.sign(made), 0)
        rows.append((ratio, chance, (bets * came).sum(), np.abs(bets).sum()))
    table = pd.DataFrame(rows, columns=["ratio", "chance", "gain", "bets"])
    total, bets = table["gain"].sum(), table["bets"].sum()
    z = total / (spread * np.sqrt(bets)) if bets else 0.0
    return Placebo(
        table.assign(gain=table["gain"] / table["bets"].clip(lower=1)),
        int((table["ratio"] < BEATEN).sum()),
        float(total / max(bets, 1)),
        float(stats.norm.sf(z)),
    )


def fair_steps(close: pd.Series) -> np.ndarray:
    """Return log returns, (n - 1,), less what makes their mean gross return more than one."""
    steps = np.diff(np.log(close.to_numpy(dtype=np.float64)))
    return steps - np.log(np.exp(steps).mean())


def fair_walk(close: pd.Series, seed: int, number: int) -> pd.Series:
    """Simulate closes whose best forecast is today's: a series' own returns, less their mean.

    What is taken out is the mean gross return, so that the walk is a martingale.
    """
    steps = fair_steps(close)
    drawn = np.random.default_rng([seed, number]).choice(steps, size=len(steps))
    path = close.iloc[0] * np.exp(np.append(0.0, np.cumsum(drawn)))
    return pd.Series(path, index=close.index, name="close")


def run(pipeline: Pipeline, close: pd.Series) -> pd.Series:
    """Run a pipeline and check what it returns.

    Raises:
        ValueError: if that is not a series of at least 60 finite numbers, each dated by a session
            that has one before it.
    """
    made = pipeline(close.copy())
    is_series = isinstance(made, pd.Series) and is_numeric_dtype(made) and made.dtype != bool
    if not is_series or not made.index.isin(close.index[1:]).all():
        raise ValueError(
            "a pipeline must return a pandas Series of numbers, indexed by the dates of the "
            "closes that they are for."
        )
    if len(made) < FEWEST or made.index.has_duplicates or not np.isfinite(made).all():
        raise ValueError(
            f"a pipeline must return at least {FEWEST} finite forecasts, one a session; got "
            f"{len(made)}."
        )
    return made.sort_index()


def check_unit(made: pd.Series, close: pd.Series) -> None:
    """Refuse forecasts of real prices that are no prices. (A random walk may go anywhere.)

    Raises:
        ValueError: if they are twenty times the closes, or a twentieth, or less.
    """
    level = made.median() / close.loc[made.index].median()
    if not 1 / UNIT < level < UNIT:
        raise ValueError(
            f"the pipeline's forecasts are {level:.2g} times the closes: bring scaled values back "
            "with the scaler's inverse, and changes back to closes."
        )


def changes(close: pd.Series, made: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return the relative change forecast and the one that came, each (n,)."""
    before = close.shift(1).loc[made.index].to_numpy()
    return made.to_numpy() / before - 1, close.loc[made.index].to_numpy() / before - 1
