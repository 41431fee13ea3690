"""The rules by which a printed number is held against ours.

Each was fixed before its results, or is listed in ``book/judging.md`` as added later.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from paperlib.claims.rounding import Bounds, overlap, rounding_interval
from paperlib.stats.interval import Interval

BEST_FIRST = (
    "consistent",
    "reproduced",
    "direction holds",
    "too imprecise to say",
    "inconclusive",
    "negligible",
    "differs",
    "contradicted",
)
"""Of several readings the one with the verdict that comes first here speaks for the claim."""


def judge_number(printed: float | str, run: Interval) -> str:
    """Hold a number that comes from training against the 95 % prediction interval of one run.

    The printed number stands for all that are rounded to it, and "80+" for 79.5 and more. If none
    of them lies in the interval, it *differs*. Else it is *consistent*, unless the interval is
    wider than a factor of two: then almost anything would be inside, and nothing can be said.

    Raises:
        ValueError: if the interval has no ends.
    """
    return judge_bounds(stands_for(printed), run)


def judge_bounds(printed: Bounds, run: Interval) -> str:
    """Hold all that a printed number stands for against the interval, as :func:`judge_number`."""
    if not np.isfinite([run.low, run.high]).all():
        raise ValueError("a number from training is judged by an interval; this one has no ends.")
    if not overlap(printed, (run.low, run.high)):
        return "differs"
    near, far = sorted((abs(run.low), abs(run.high)))
    return "too imprecise to say" if far > 2 * near or run.low * run.high < 0 else "consistent"


def judge_deterministic(printed: float | str, ours: float) -> str:
    """Hold a number that hangs on no seed against the printed one: equal at its rounding."""
    low, high = stands_for(printed)
    return "reproduced" if low <= ours <= high else "differs"


def judge_p_values(printed: float | str, ours: pd.Series) -> str:
    """Hold the p-values of several runs against the printed one, by the side of 0.05.

    Or of 0.01, for one printed as "< 0.01". All runs but at most one on the printed side:
    *reproduced*; at most one: *differs*; else the test says now this, now that, and it is *too
    imprecise to say*.
    """
    threshold = as_number(printed) if isinstance(printed, str) else 0.05
    below = isinstance(printed, str) or printed < threshold
    agreeing = int(((ours < threshold) == below).sum())
    if agreeing >= len(ours) - 1:
        return "reproduced"
    return "differs" if agreeing <= 1 else "too imprecise to say"


def as_number(printed: float | str) -> float:
    """Read the number in "80+" or "< 0.01", or one that is printed plainly."""
    return printed if isinstance(printed, int | float) else float(printed.strip("<+ "))


def stands_for(printed: float | str) -> Bounds:
    """Return the least and the largest number printed so; "80+" has no largest."""
    low, high = rounding_interval(str(printed).strip("<+ "))
    return low, float("inf") if str(printed).endswith("+") else high
