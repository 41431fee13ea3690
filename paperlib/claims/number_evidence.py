"""What the stored results answer to a printed number, laid out for the rule of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from paperlib.claims.ledger import Claim, load_claims
from paperlib.claims.printed_numbers import Cell, NumberAnswer, PValues, Reading, judge_row
from paperlib.claims.stored_runs import has_all_seeds, reading_runs, sound_runs
from paperlib.experiments.catalogue import PAPER_WINDOW, SEEDS
from paperlib.experiments.readings import ADMISSIBLE, WITHOUT
from paperlib.experiments.results import load_measures
from paperlib.experiments.store import load_values, select
from paperlib.stats.interval import Interval
from paperlib.stats.seeds import prediction_interval, proportion

FIRST = next(iter(ADMISSIBLE))
"""The reading whose networks are kept; what is worked out of a network is known of it alone."""
OF_STOPPING = ("stop_epoch", "stop_mape")
LONG = "_100"
"""How recipes end whose claims need epochs that early stopping cuts off."""
IN_LOSS = "0.01 in the loss"
AS_PRINTED_THERE = {
    "first_loss": "first_penalised",
    "loss_30": "penalised_30",
    "loss_fall_pct": "penalised_fall_pct",
}
"""Training losses, and what a loop prints of them where L2 is a term of the loss."""


def readings_of(claim: Claim) -> list[str]:
    """Name the admissible readings under which a claim can be read.

    What L2 does is asked of the readings that have it; what happens after early stopping would
    have stopped, of those that go on; when it stops, and with what, of the others.
    """
    if claim.recipe == "no_l2":
        return list(WITHOUT)
    if claim.recipe.endswith(LONG):
        return [name for name, change in ADMISSIBLE.items() if "patience" in change]
    if claim.id in OF_STOPPING:
        return [name for name, change in ADMISSIBLE.items() if "patience" not in change]
    return list(ADMISSIBLE)


def judge_number(claim: Claim) -> NumberAnswer | None:
    """Judge a printed number, with those of its row: one reading speaks for all of them.

    Returns:
        ``None`` while no reading has the results of all of the row.
    """
    claims = [claim]
    if claim.row:
        claims = [other for other in load_claims().values() if other.row == claim.row]
    cells = {other.id: lay_out(other) for other in claims}
    aligned = _aligned(claims, cells)
    ready = [row for row in aligned if all(row[name] in cells[name].runs for name in cells)]
    return judge_row(cells, ready)[claim.id] if ready else None


def lay_out(claim: Claim) -> Cell:
    """Lay out what one run would print of a number, under each reading.

    Readings are of the training and of the measure; one whose runs are not all stored, or of which
    fewer than two have the measure, is left out.
    """
    if claim.kind == "rate":
        return _rate(claim)
    if claim.kind == "p_value":
        return _p_values(claim)
    runs = {
        (reading, column): run
        for reading in _stored_readings(claim)
        for column in claim.columns
        if (run := _one_run(claim, reading, column))
    }
    asked = len(readings_of(claim)) * len(dict.fromkeys(claim.columns))
    stored = _stored_values(claim)
    is_cut = bool(claim.over) and claim.unit == "%"
    is_exact = claim.kind == "deterministic"
    return Cell(claim.printed, runs | stored, asked + len(stored), is_cut, is_exact)


def _aligned(claims: Sequence[Claim], cells: Mapping[str, Cell]) -> list[dict[str, Reading]]:
    """List the readings of a row: of each what it is called in each of its cells."""
    if len(claims) == 1:
        return [{claims[0].id: reading} for reading in cells[claims[0].id].runs]
    if claims[0].value:  # one in per cent, such as a MAPE, fits those of every unit
        lead = next(claim for claim in claims if claim.unit != "%")
        return [
            {
                claim.id: (FIRST, f"{how.rpartition(', ')[0]}, %" if claim.unit == "%" else how)
                for claim in claims
            }
            for _, how in cells[lead.id].runs
        ]
    return [
        {claim.id: (reading, claim.columns[place]) for claim in claims}
        for reading in readings_of(claims[0])
        for place in range(len(claims[0].columns))
    ]


def _stored_readings(claim: Claim) -> list[str]:
    if not claim.recipe:
        return []
    recipes = [of.removesuffix(LONG) for of in (claim.recipe, claim.over) if of]
    return [name for name in readings_of(claim) if all(has_all_seeds(name, of) for of in recipes)]


def values_of(claim: Claim, reading: str, column: str) -> pd.Series:
    """Return what each run under one reading has of a claim's measure; ratios, with ``over``."""
    column = AS_PRINTED_THERE.get(column, column) if reading == IN_LOSS else column
    values = sound_runs(reading, claim.recipe.removesuffix(LONG))[column]
    if claim.over:
        values = values / sound_runs(reading, claim.over.removesuffix(LONG))[column]
    return values.dropna()


def _one_run(claim: Claim, reading: str, column: str) -> Interval | None:
    """Return where one more run would fall; of a cut in per cent, where the cut would."""
    values = values_of(claim, reading, column)
    if len(values) < 2 or not np.isfinite(values).all():
        return None
    run = prediction_interval(values)
    if not claim.over or claim.unit != "%":
        return run
    return Interval(*(100 * (1 - x) for x in (run.estimate, run.high, run.low)))


def _p_values(claim: Claim) -> PValues:
    of_runs = {
        (reading, column): values.tolist()
        for reading in _stored_readings(claim)
        for column in claim.columns
        if len(values := values_of(claim, reading, column)) > 1
    }
    runs = {how: Interval(float(np.median(of)), min(of), max(of)) for how, of in of_runs.items()}
    asked = len(readings_of(claim)) * len(claim.columns)
    return PValues(claim.printed, runs, asked, of_runs=of_runs)


def _rate(claim: Claim) -> Cell:
    """Count the failed runs of a recipe, all readings together, with all seeds of the first."""
    first = select(load_measures(), dataset=PAPER_WINDOW, protocol="as_published")
    further = first[first["recipe"].eq(claim.recipe) & ~first["seed"].isin(SEEDS)]
    statuses = pd.concat([select(reading_runs(), recipe=claim.recipe), further])["status"]
    if not all(has_all_seeds(reading, claim.recipe) for reading in ADMISSIBLE):
        return Cell(claim.printed, {}, 1)
    failed = proportion(int((statuses == "failed").sum()), len(statuses))
    share = Interval(*(100 * x for x in failed))
    return Cell(claim.printed, {("all readings together", "failed runs, per cent"): share}, 1)


def _stored_values(claim: Claim) -> dict[Reading, Interval]:
    """Return the stored values of a claim's key, of which each row is a reading."""
    if not claim.value:
        return {}
    rows = select(load_values(), key=claim.value, dataset=PAPER_WINDOW)
    rows = rows[rows["protocol"].isna() | (rows["protocol"] == "as_published")]
    return {
        (FIRST, row.method): Interval(
            row.estimate, *((row.estimate,) * 2 if np.isnan(row.low) else (row.low, row.high))
        )
        for row in rows.itertuples()
    }
