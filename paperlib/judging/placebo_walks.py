"""Does a pipeline beat "tomorrow equals today" where nobody can? Then it leaks."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from paperlib.judging.matching import FEWEST

Pipeline = Callable[[pd.Series], pd.Series]
"""From closes, (n,) by session, to one-step forecasts of its test part, dated as their targets."""

PAIRINGS = 999
BEATEN = 1 - 1e-9  # a ratio of squared errors below it: equal forecasts differ by rounding
ACCUSED = 0.005  # of either of two p-values: an honest pipeline is accused once in a hundred times


class Placebo(NamedTuple):
    """What a pipeline does on random walks."""

    walks: pd.DataFrame  # a row a walk: ratio, correlation; chance (of beating), sessions
    beats: int  # walks on which its squared error is below that of persistence
    beats_p: float  # chance of as many or more, if it knows nothing
    correlation: float  # mean over walks, of the change forecast with the change that came
    correlation_p: float  # chance of one as large

    @property
    def verdict(self) -> str:
        """*leaks*, if chance can't explain one of the two; else *passes*."""
        return "leaks" if min(self.beats_p, self.correlation_p) < ACCUSED else "passes"

    def __str__(self) -> str:
        """One paragraph."""
        expected = self.walks["chance"].sum()
        return (
            f"It {self.verdict}. On {self.beats} of {len(self.walks)} random walks it beats "
            f"tomorrow equals today; chance does on {expected:.1f} (p = {self.beats_p:.3f}). Its "
            f"changes correlate by {self.correlation:.3f} with those that came "
            f"(p = {self.correlation_p:.3f})."
        )


def placebo(
    pipeline: Pipeline, prices: pd.DataFrame | pd.Series, walks: int = 20, seed: int = 0
) -> Placebo:
    """Run a pipeline on random walks with these prices' returns, which nobody can forecast.

    Chance is simulated: on each walk the changes that came are dealt out anew, 999 times, against
    the changes that were forecast. From that come the chance of beating persistence, walk by walk,
    and of the correlation. How often a pipeline that knows nothing beats persistence depends on how
    far its forecasts are from it, and is mostly far below one half.

    Args:
        pipeline: the reader's own function.
        prices: closes, or a table with ``close``, whose log returns are drawn with replacement.
        walks: how many.
        seed: equal seeds give equal walks.

    Raises:
        ValueError: if the pipeline returns what are no forecasts of the closes that it got.
    """
    close = prices["close"] if isinstance(prices, pd.DataFrame) else prices
    rows, dealt = [], []
    for number in range(walks):
        walk = fair_walk(close, seed, number)
        made, came = changes(walk, run(pipeline, walk))
        rng = np.random.default_rng([seed, number, 1])
        pairings = np.array([rng.permutation(came) for _ in range(PAIRINGS)])
        ratios = ((pairings - made) ** 2).mean(axis=1) / (came**2).mean()
        ratio = ((came - made) ** 2).mean() / (came**2).mean()
        rows.append((ratio, _correlate(made, came), (ratios < BEATEN).mean(), len(came)))
        dealt.append(_correlate(made, pairings))
    table = pd.DataFrame(rows, columns=["ratio", "correlation", "chance", "sessions"])
    beats = int((table["ratio"] < BEATEN).sum())
    rng = np.random.default_rng([seed, walks])
    counts = (rng.random((9999, walks)) < table["chance"].to_numpy()).sum(axis=1)
    means = np.mean(dealt, axis=0)
    correlation = float(table["correlation"].mean())
    return Placebo(
        table,
        beats,
        float((1 + (counts >= beats).sum()) / (1 + len(counts))) if beats else 1.0,
        correlation,
        float((1 + (means >= correlation).sum()) / (1 + PAIRINGS)),
    )


def fair_walk(close: pd.Series, seed: int, number: int) -> pd.Series:
    """Simulate closes whose best forecast is today's: a series' own returns, less their mean.

    What is taken out is the mean gross return, so that the walk is a martingale.
    """
    steps = np.diff(np.log(close.to_numpy(dtype=np.float64)))
    steps = steps - np.log(np.exp(steps).mean())
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
    if not isinstance(made, pd.Series) or not made.index.isin(close.index[1:]).all():
        raise ValueError(
            "a pipeline must return a pandas Series of forecasts, indexed by the dates of the "
            "closes that they are for."
        )
    if len(made) < FEWEST or made.index.has_duplicates or not np.isfinite(made).all():
        raise ValueError(
            f"a pipeline must return at least {FEWEST} finite forecasts, one a session; got "
            f"{len(made)}."
        )
    return made.sort_index()


def changes(close: pd.Series, made: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Return the relative change forecast and the one that came, each (n,)."""
    before = close.shift(1).loc[made.index].to_numpy()
    return made.to_numpy() / before - 1, close.loc[made.index].to_numpy() / before - 1


def _correlate(made: np.ndarray, came: np.ndarray) -> np.ndarray:
    """Correlate a vector with another or with each of some; zero where nothing changes."""
    a, b = made - made.mean(), came - came.mean(axis=-1, keepdims=True)
    scale = np.sqrt((a**2).sum() * (b**2).sum(axis=-1))
    tiny = np.ptp(made) <= 1e-12
    return np.zeros_like(scale) if tiny else (b @ a) / scale
