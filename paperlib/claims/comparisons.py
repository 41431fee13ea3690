"""The verdict on a comparison by three questions: under every reading, over sessions, elsewhere.

The rules were fixed before the first run that they ask for; the book's page on how claims are
judged has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from paperlib.stats.interval import CONTRADICTED, HOLDS, OPEN, Interval, side

DEPENDS, HERE_ONLY = "depends on the reading", "in this period only"


@dataclass(frozen=True)
class Answers:
    """What is known of a claim that one recipe is worse than another.

    Intervals are of the log ratio, claimed worse over better, or of the difference: zero is none.
    """

    readings: Mapping[str, Interval]  # (a) by reading, over seeds, in the paper's own period
    # (b) by reading, over seeds and sessions; None where it can't be asked of the measure
    sessions: Mapping[str, Interval] | None = None
    # (c) by deciding setting, over periods; likewise
    elsewhere: Mapping[str, Interval] | None = None
    missing: frozenset[str] = frozenset()  # readings and settings whose runs are not all stored
    is_difference: bool = False  # under the first reading, where a value is zero

    @property
    def not_asked(self) -> list[str]:
        """Name the questions that drop out of the verdict."""
        asked = {"over sessions": self.sessions, "elsewhere": self.elsewhere}
        return [question for question, found in asked.items() if found is None]


def decide(answers: Answers) -> str:
    """Give the verdict: the first of the rules' that is true; *open* while runs are missing."""
    if answers.missing or not answers.readings:
        return OPEN
    found, beyond, elsewhere = (
        {side(interval) for interval in (of or {}).values()}
        for of in (answers.readings, answers.sessions, answers.elsewhere)
    )
    agreed = found.pop() if len(found) == 1 else OPEN
    if agreed != OPEN and beyond | elsewhere <= {agreed}:
        return agreed
    if {HOLDS, CONTRADICTED} <= found:
        return DEPENDS
    if agreed != OPEN and beyond <= {agreed}:
        return HERE_ONLY
    return OPEN


def is_negligible(interval: Interval, band: float = 0.05) -> bool:
    """Tell whether a log ratio of errors lies within the band of 5 % either way."""
    return -np.log1p(band) < interval.low and interval.high < np.log1p(band)
