"""The verdict on a comparison by three questions: under every reading, over sessions, elsewhere.

The rules were fixed before the first run that they ask for; see the book's page on how claims are
judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from paperlib.stats.interval import Interval

HOLDS, CONTRADICTED, DEPENDS, HERE_ONLY, OPEN = (
    "holds",
    "contradicted",
    "depends on the reading",
    "in this period only",
    "open",
)


@dataclass(frozen=True)
class Answers:
    """What is known of a claim that one recipe is worse than another.

    Intervals are of the log ratio, claimed worse over better, or of the difference: zero is none.
    """

    readings: Mapping[str, Interval]  # (a) by reading, over seeds, in the paper's own period
    # (b) by reading, over seeds and sessions; nothing where the measure has no sessions
    sessions: Mapping[str, Interval] = field(default_factory=dict)
    # (c) by deciding setting, over periods; nothing where it is not measured elsewhere
    elsewhere: Mapping[str, Interval] = field(default_factory=dict)


def side(interval: Interval) -> str:
    """Tell on which side of zero an interval lies: *holds*, *contradicted* or *open*."""
    if interval.low > 0:
        return HOLDS
    return CONTRADICTED if interval.high < 0 else OPEN


def decide(answers: Answers) -> str:
    """Give the verdict: the first of the rules' that is true.

    Raises:
        ValueError: without a reading.
    """
    if not answers.readings:
        raise ValueError("a comparison needs at least one reading; its runs are not stored.")
    found, beyond, elsewhere = (
        {side(interval) for interval in of.values()}
        for of in (answers.readings, answers.sessions, answers.elsewhere)
    )
    agreed = found.pop() if len(found) == 1 else OPEN
    if agreed != OPEN and beyond | elsewhere <= {agreed}:
        return agreed
    if {HOLDS, CONTRADICTED} <= found:
        return DEPENDS
    if agreed != OPEN and not elsewhere <= {agreed}:
        return HERE_ONLY
    return OPEN


def is_negligible(interval: Interval, band: float = 0.05) -> bool:
    """Tell whether a log ratio of errors lies within the band of 5 % either way."""
    return -np.log1p(band) < interval.low and interval.high < np.log1p(band)
