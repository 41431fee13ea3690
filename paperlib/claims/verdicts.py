"""Verdicts: what the stored results say of the paper's claims.

The rules for a number and for a comparison, with the band of 5 %, were fixed before any ablation
was run; what was added with results at hand is listed in ``book/judging.md``. **Primary cell:** the
paper's window, ``as_published``, early stopping on. It alone decides; other cells are shown beside
it. No verdict is typed.
"""

from __future__ import annotations

import pandas as pd

from paperlib.claims.arithmetic import ARITHMETIC
from paperlib.claims.ledger import Claim, load_claims
from paperlib.claims.nearest import OPEN, Judgement, nearest, nearest_of_row
from paperlib.claims.rules import (
    judge_bounds,
    judge_deterministic,
    judge_number,
    judge_p_values,
    stands_for,
)
from paperlib.experiments.catalogue import PAPER_WINDOW, SEEDS
from paperlib.experiments.results import compare_recipes, load_measures
from paperlib.experiments.store import load_values, select
from paperlib.stats.interval import Interval
from paperlib.stats.seeds import judge_ratio, prediction_interval, proportion

WORDS_OF_CHECKS = {"arithmetic": ("adds up", "impossible as printed"), "check": ("holds", "fails")}
"""Kinds that need no runs of their own, and their verdicts where some reading holds or none."""


def judge(claim: Claim, dataset: str = PAPER_WINDOW, protocol: str = "as_published") -> Judgement:
    """Hold a claim against the stored results, by the rule of its kind.

    - *number*: against the 95 % prediction interval of one run
      (:func:`paperlib.claims.rules.judge_number`).
    - *rate*: likewise, against the exact 95 % interval of the share of failed runs.
    - *comparison*: the first recipe is claimed to be worse than ``over``
      (:func:`paperlib.stats.seeds.compare_losses`); a stored ratio by the same rule
      (:func:`paperlib.stats.seeds.judge_ratio`).
    - *p_value*: by the side of its threshold on which the runs lie
      (:func:`paperlib.claims.rules.judge_p_values`).
    - *deterministic*: equal at the printed rounding
      (:func:`paperlib.claims.rules.judge_deterministic`).
    - *arithmetic*, a sum or an identity of the paper's own: *adds up* if any named reading does,
      else *impossible as printed* (:mod:`paperlib.claims.arithmetic`).
    - *check*, of ours on the printed numbers: *holds* if any named reading does, else *fails*.

    Only the first ten seeds of a recipe count, except for a rate, which uses all its runs. Where
    the paper leaves the reading open (several columns, or several stored values of one key) the
    reading nearest the paper speaks for the claim (:func:`paperlib.claims.nearest.nearest`), or for
    all claims of its row (:func:`judge_row`). *open*: nothing is stored to judge by.

    Args:
        claim: an entry of the ledger.
        dataset: the series; its verdict counts on the primary one alone.
        protocol: likewise.
    """
    if claim.kind == "untestable":
        return Judgement("not testable", reading=claim.why)
    if claim.kind in WORDS_OF_CHECKS:
        return _judge_check(claim)
    if claim.row:
        return judge_row(claim.row, dataset, protocol)[claim.id]
    if claim.kind == "rate":
        return _judge_rate(claim, dataset, protocol)
    if claim.kind == "comparison" and not claim.value:
        return _judge_comparison(claim, dataset, protocol)
    return nearest(_readings(claim, dataset, protocol), claim)


def judge_row(
    row: str, dataset: str = PAPER_WINDOW, protocol: str = "as_published"
) -> dict[str, Judgement]:
    """Judge the claims of one row of a table, or of a pair, all by the same reading.

    Args:
        row: as the claims name it.
        dataset: the series.
        protocol: the protocol.

    Returns:
        The judgement of each claim of the row, by its id; see
        :func:`paperlib.claims.nearest.nearest_of_row`.
    """
    claims = [claim for claim in load_claims().values() if claim.row == row]
    return nearest_of_row({claim: _readings(claim, dataset, protocol) for claim in claims})


def _readings(claim: Claim, dataset: str, protocol: str) -> list[Judgement]:
    """Judge each reading of a number, a p-value or a claim with a stored value."""
    if claim.value:
        return _judge_values(claim, dataset, protocol)
    measures = select(load_measures(), dataset=dataset, protocol=protocol)
    measures = measures[measures["seed"].isin(SEEDS)]
    runs = select(measures, recipe=claim.recipe)
    others = select(measures, recipe=claim.over or claim.recipe)
    return [_judge_column(claim, column, runs, others) for column in claim.columns]


def _judge_check(claim: Claim) -> Judgement:
    """Judge a claim on the printed numbers: it is enough that one reading holds."""
    found = ARITHMETIC[claim.id]()
    words = WORDS_OF_CHECKS[claim.kind]
    readings = [Judgement(words[0 if holds else 1], reading=name) for name, holds in found.items()]
    best = min(readings, key=lambda reading: words.index(reading.verdict))
    return best.among(readings)


def _judge_comparison(claim: Claim, dataset: str, protocol: str) -> Judgement:
    (column,) = claim.columns
    measures = select(load_measures(), dataset=dataset, protocol=protocol)
    measures = measures[measures["seed"].isin(SEEDS)]
    sizes = [select(measures, recipe=of)[column].count() for of in (claim.recipe, claim.over)]
    if min(sizes) < 2:
        return Judgement(OPEN)
    found = compare_recipes(claim.recipe, claim.over, dataset, protocol, column)
    form = "difference" if found.is_difference else "ratio"
    reading = f"{form} of {column}, {claim.recipe} over {claim.over}"
    return Judgement(found.verdict, Interval(*found[:3]), reading)


def _judge_rate(claim: Claim, dataset: str, protocol: str) -> Judgement:
    runs = select(load_measures(), dataset=dataset, protocol=protocol, recipe=claim.recipe)
    if runs.empty:
        return Judgement(OPEN)
    failed = proportion(int((runs["status"] == "failed").sum()), len(runs))
    share = Interval(*(100 * x for x in failed))
    return Judgement(judge_number(claim.printed, share), share, "failed runs, per cent")


def _judge_column(claim: Claim, column: str, runs: pd.DataFrame, others: pd.DataFrame) -> Judgement:
    """Judge one reading of a number: a measure of the runs that did not fail.

    A ratio to a run whose measure is zero is no number, and then there is no interval to judge by.
    """
    values, of_others = (
        select(table, status="ok").set_index("seed")[column] for table in (runs, others)
    )
    reading = f"{column}, {claim.recipe} over {claim.over}" if claim.over else column
    if claim.kind == "p_value" and values.count() > 1:
        p_values = values.dropna()
        ends = Interval(p_values.median(), p_values.min(), p_values.max())
        return Judgement(judge_p_values(claim.printed, p_values), ends, f"{column}, its range")
    pairs = pd.DataFrame({"over": values, "under": of_others if claim.over else 1.0}).dropna()
    if len(pairs) < 2:
        return Judgement(OPEN, reading=reading)
    if (pairs["under"] == 0).any():
        return Judgement("too imprecise to say", reading=reading)
    sample = pairs["over"] / pairs["under"]
    run = prediction_interval(sample)
    if not claim.over or claim.unit != "%":
        return Judgement(judge_number(claim.printed, run), run, reading)
    least, most = stands_for(claim.printed)
    verdict = judge_bounds((1 - most / 100, 1 - least / 100), run)  # a cut of 20 % leaves 0.8
    cut = Interval(*(100 * (1 - x) for x in (run.estimate, run.high, run.low)))
    return Judgement(verdict, cut, reading)


def _judge_values(claim: Claim, dataset: str, protocol: str) -> list[Judgement]:
    """Judge a claim by the stored values of its key: rows of one key are readings of the claim."""
    rows = select(load_values(), key=claim.value, dataset=dataset)
    rows = rows[rows["protocol"].isna() | (rows["protocol"] == protocol)]
    found = []
    for row in rows.itertuples():
        ours = Interval(row.estimate, row.low, row.high)
        if claim.kind == "number":
            verdict = judge_number(claim.printed, ours)
        elif claim.kind == "comparison":
            verdict = judge_ratio(ours)
        else:
            verdict = judge_deterministic(claim.printed, ours.estimate)
        found.append(Judgement(verdict, ours, row.method))
    return found
