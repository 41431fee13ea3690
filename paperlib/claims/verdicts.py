"""Verdicts: what the stored results say of the paper's claims, by the rules fixed before them.

No verdict is typed. The rules are in ``book/judging.md``, with what was changed after results.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

import numpy as np

from paperlib.claims.arima_evidence import RATIOS, arima_answers
from paperlib.claims.arithmetic import ARITHMETIC
from paperlib.claims.comparison_evidence import comparison_answers, leak_answers
from paperlib.claims.comparisons import Answers, decide
from paperlib.claims.ledger import Claim
from paperlib.claims.number_evidence import FIRST, judge_number
from paperlib.experiments.readings import ADMISSIBLE
from paperlib.stats.interval import CONTRADICTED, HOLDS, OPEN, Interval, side

WORDS_OF_CHECKS = {"arithmetic": ("adds up", "impossible as printed"), "check": (HOLDS, "fails")}
"""Kinds that need no runs of their own, and their verdicts where some reading holds or none."""
NO_NUMBER = "some wobbles are zero, so there is no ratio"
"""Why a number that is a ratio of runs may have none of ours to be held against."""


@dataclass(frozen=True)
class Judgement:
    """Our answer to a claim."""

    verdict: str
    ours: Interval | None = None  # under the reading that speaks; of a comparison, the first
    reading: str = ""  # which that is
    agreeing: int = 0  # readings under which a number could be printed, or a comparison holds
    against: int = 0  # under which a comparison is contradicted
    readings: int = 0  # that were asked
    width: float = np.nan  # of the interval of the nearest reading that could print it, a factor
    whole_row: int = 0  # readings that could print all numbers of its row
    alone: tuple[str, Interval] | None = None  # the nearest that could print it, if not that one
    answers: Answers | None = None  # to the three questions of a comparison


@cache  # a page of verdicts asks for each several times
def judge(claim: Claim) -> Judgement:
    """Hold a claim against the stored results, by the rule of its kind.

    - *number*, *rate*, *p_value*: *compatible* with one run under some reading, or *refuted*;
      *deterministic*: *reproduced* or *refuted* (:mod:`paperlib.claims.printed_numbers`).
    - *comparison*: by three questions (:mod:`paperlib.claims.comparisons`).
    - *arithmetic*, a sum or an identity of the paper's own: *adds up* if any named reading does,
      else *impossible as printed* (:mod:`paperlib.claims.arithmetic`).
    - *check*, of ours on the printed numbers: *holds* if any named reading does, else *fails*.

    *open*: nothing is stored to judge by.

    Args:
        claim: an entry of the ledger.
    """
    if claim.kind == "untestable":
        return Judgement("not testable", reading=claim.why)
    if claim.kind in WORDS_OF_CHECKS:
        return _judge_check(claim)
    if claim.kind == "comparison":
        return _judge_comparison(claim)
    found = judge_number(claim)
    if found is None:
        return Judgement(OPEN, reading=NO_NUMBER)
    training, measure = found.reading
    return Judgement(
        found.verdict,
        found.ours,
        measure if training == FIRST else f"{measure}, {training}",
        found.compatible,
        readings=found.of,
        width=found.width,
        whole_row=found.whole_row,
        alone=_name_alone(found.reading, *found.alone) if found.alone else None,
    )


def _name_alone(
    shown: tuple[str, str], reading: tuple[str, str], ours: Interval
) -> tuple[str, Interval]:
    """Name in what a reading differs from the one that is shown."""
    parts = [own for own, other in zip(reading, shown, strict=True) if own != other]
    return ", ".join(parts), ours


def answers_of(claim: Claim) -> Answers:
    """Ask the three questions of a comparison, of which some can't be asked of every measure."""
    if claim.columns:
        return comparison_answers(claim)
    return arima_answers(claim) if claim.value in RATIOS else leak_answers(claim)


def _judge_comparison(claim: Claim) -> Judgement:
    answers = answers_of(claim)
    sides = Counter(map(side, answers.readings.values()))
    effect = answers.readings.get(FIRST)
    return Judgement(
        decide(answers),
        effect and (effect if answers.is_difference else Interval(*np.exp(effect))),
        FIRST if effect else "",
        sides[HOLDS],
        sides[CONTRADICTED],
        len(answers.readings) + len(answers.missing & set(ADMISSIBLE)),
        answers=answers,
    )


def _judge_check(claim: Claim) -> Judgement:
    """Judge a claim on the printed numbers: it is enough that one reading holds."""
    found = ARITHMETIC[claim.id]()
    words = WORDS_OF_CHECKS[claim.kind]
    agreeing = [name for name, holds in found.items() if holds]
    name = agreeing[0] if agreeing else next(iter(found))
    verdict = words[0 if agreeing else 1]
    return Judgement(verdict, reading=name, agreeing=len(agreeing), readings=len(found))
