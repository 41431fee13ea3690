"""What the stored results answer to a printed number, laid out for the rule of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd

from paperlib.claims.ledger import Claim, load_claims
from paperlib.claims.printed_numbers import Cell, NumberAnswer, PValues, Reading, judge_row
from paperlib.claims.stored_runs import has_all_seeds, reading_runs, sound_runs
from paperlib.experiments.catalogue import PAPER_WINDOW, SEEDS, share_initial_weights
from paperlib.experiments.readings import ADMISSIBLE, READ, WITHOUT
from paperlib.experiments.results import load_measures
from paperlib.experiments.store import load_values, select
from paperlib.stats.interval import Interval
from paperlib.stats.seeds import prediction_interval, prediction_of_ratio, proportion

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
FAILED = "failed runs, per cent"
BOUNDED = {
    **dict.fromkeys(
        (
            "willmott_systematic_pct",
            "theil_systematic_pct",
            "bias_pct",
            "willmott_random_pct",
            "disturbance_pct",
            "unbiased_pct",
        ),
        (0, 100),
    ),
    **dict.fromkeys(
        (
            "size_and_price",
            "size_and_volatility",
            "size_and_volatility_now",
            "size_and_volatility_week",
            "error_and_price",
            "error_and_volatility",
        ),
        (-1, 1),
    ),
}
"""Shares in per cent and correlations, with their bounds; their intervals are of log odds."""


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

    Readings are of the training and of the measure; under one of which fewer than two runs have the
    measure it can't be printed, and one with a ratio to zero says nothing and is not asked.
    """
    if claim.kind == "p_value":
        return _p_values(claim)
    if not claim.recipe:
        stored = _stored_values(claim)
        # What is worked out of a network is known of the first reading alone.
        missing = 0 if claim.kind == "deterministic" else len(readings_of(claim)) - 1
        is_exact = claim.kind == "deterministic"
        return Cell(claim.printed, stored, len(stored) + missing, missing, is_exact=is_exact)
    runs: dict[Reading, Interval] = {}
    asked = 0
    stored_readings = _stored_readings(claim)
    columns = list(dict.fromkeys(claim.columns)) or [FAILED]
    for reading, column in product(stored_readings, columns):
        found = (
            {FAILED: _failed(claim, reading)}
            if column == FAILED
            else _one_run(claim, reading, column)
        )
        runs |= {(reading, how): run for how, run in found.items() if run is not None}
        asked += len(found)
    ways = 2 if claim.over and _start_alike(claim) else 1
    missing = (len(readings_of(claim)) - len(stored_readings)) * len(columns) * ways
    is_cut = bool(claim.over) and claim.unit == "%"
    return Cell(claim.printed, runs, asked + missing, missing, is_cut)


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


def values_of(recipe: str, reading: str, column: str) -> pd.Series:
    """Return what each run of a recipe under one reading has of a measure, by seed."""
    column = AS_PRINTED_THERE.get(column, column) if reading == IN_LOSS else column
    return sound_runs(reading, recipe.removesuffix(LONG))[column].dropna()


def _one_run(claim: Claim, reading: str, column: str) -> dict[str, Interval | None]:
    """Return where one more run would fall, by how it is told; none where it can't be printed.

    The paper does not say whether the two runs behind a cut had one seed. Where equal seeds start
    two recipes alike, both are readings; else every seed starts anew.
    """
    values = values_of(claim.recipe, reading, column)
    if not claim.over:
        if not np.isfinite(values).all():
            return {}
        return {column: _predict(values, column) if len(values) > 1 else None}
    others = values_of(claim.over, reading, column)
    if min(len(values), len(others)) < 2:
        return {column: None}
    if (others <= 0).any() or (values <= 0).any() or not np.isfinite([*values, *others]).all():
        return {}
    found = {f"{column}, own seeds": prediction_of_ratio(values, others)}
    if _start_alike(claim):
        found[f"{column}, one seed"] = prediction_interval((values / others).dropna())
    if claim.unit != "%":
        return found
    return {
        how: Interval(*(100 * (1 - x) for x in (run.estimate, run.high, run.low)))
        for how, run in found.items()
    }


def _start_alike(claim: Claim) -> bool:
    recipes = [READ[of.removesuffix(LONG)] for of in (claim.recipe, claim.over)]
    return share_initial_weights(*recipes)


def _predict(values: pd.Series, column: str) -> Interval:
    """Return the prediction interval of one run; of a share or a correlation within its bounds."""
    if column not in BOUNDED:
        return prediction_interval(values)
    low, high = BOUNDED[column]
    odds = prediction_interval((values - low) / (high - values))
    return Interval(*(low + (high - low) * x / (1 + x) for x in odds))


def _p_values(claim: Claim) -> PValues:
    stored = _stored_readings(claim)
    of_runs = {
        (reading, column): values.tolist()
        for reading in stored
        for column in claim.columns
        if len(values := values_of(claim.recipe, reading, column)) > 1
    }
    runs = {how: Interval(float(np.median(of)), min(of), max(of)) for how, of in of_runs.items()}
    asked, missing = (len(of) * len(claim.columns) for of in (readings_of(claim), stored))
    return PValues(claim.printed, runs, asked, asked - missing, of_runs=of_runs)


def _failed(claim: Claim, reading: str) -> Interval:
    """Return the share of failed runs, in per cent; of the first reading with all its seeds."""
    statuses = select(reading_runs(), reading=reading, recipe=claim.recipe)["status"]
    if reading == FIRST:
        grid = select(load_measures(), dataset=PAPER_WINDOW, protocol="as_published")
        further = select(grid, recipe=claim.recipe)
        statuses = pd.concat([statuses, further.loc[~further["seed"].isin(SEEDS), "status"]])
    failed = proportion(int((statuses == "failed").sum()), len(statuses))
    return Interval(*(100 * x for x in failed))


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
