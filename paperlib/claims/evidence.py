"""What the stored runs answer to a claim, laid out for the rules of comparisons and of numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache

import numpy as np
import pandas as pd

from paperlib.claims.comparisons import Answers
from paperlib.claims.ledger import Claim
from paperlib.claims.printed_numbers import Cell, NumberAnswer, judge_row
from paperlib.experiments.catalogue import PAPER_WINDOW, SEEDS
from paperlib.experiments.elsewhere import DEVICES, PERIODS, Arm, cell_effects, load_cell_runs
from paperlib.experiments.over_sessions import READINGS_ASKED
from paperlib.experiments.readings import (
    ADMISSIBLE,
    WITHOUT,
    compare_under,
    load_reading_runs,
)
from paperlib.experiments.store import load_over_sessions, select
from paperlib.prices.series import BUNDLED
from paperlib.recipe import ABLATIONS
from paperlib.stats.interval import Interval
from paperlib.stats.periods import holm_intervals, mean_over_periods
from paperlib.stats.seeds import Comparison, prediction_interval

DECIDING = ("decay 0.01", "no L2")
"""The settings elsewhere that decide."""
MEASURED_ELSEWHERE = {
    "test_mse_scaled": "test_mse",
    "train_mse_scaled": "train_mse",
    **{
        name: name for name in ("gap_ratio", "converged_epoch", "early_wobble_pct", "grad_norm_max")
    },
}
"""Measures that the cells have too, and what they are called there."""
OF_STOPPING = ("stop_epoch", "stop_mape")
LONG = "_100"
"""How recipes end whose claims need epochs that early stopping cuts off."""


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


def comparison_answers(claim: Claim) -> Answers:
    """Ask the three questions of a comparison of two recipes."""
    worse, better = (name.removesuffix(LONG) for name in (claim.recipe, claim.over))
    (column,) = claim.columns
    found = {
        reading: compare_under(reading_runs(), reading, worse, better, column)
        for reading in readings_of(claim)
        if _has_runs(reading, worse, better, column)
    }
    sessions, beyond = None, None
    if column == "test_mse_scaled" and worse in DEVICES:
        rows = select(load_over_sessions(), dataset=PAPER_WINDOW, recipe=worse, over=better)
        sessions = {row.reading: _log(row.ratio, row.low, row.high) for row in rows.itertuples()}
    if not claim.recipe.endswith(LONG):
        beyond = elsewhere(worse, better, column)
    return Answers(
        {reading: _as_effect(of) for reading, of in found.items()},
        sessions,
        beyond,
        name_missing(readings_of(claim), found, sessions, beyond),
    )


def name_missing(
    asked: Collection[str],
    found: Collection[str],
    sessions: Collection[str] | None,
    beyond: Collection[str] | None,
) -> frozenset[str]:
    """Name the readings, and the answers to questions that can be asked, that are not stored."""
    missing = set(asked) - set(found)
    if sessions is not None:
        missing |= {f"{of}, over sessions" for of in set(READINGS_ASKED) - set(sessions)}
    if beyond is not None and not beyond:
        missing.add("elsewhere")
    return frozenset(missing)


def elsewhere(worse: str, better: str, column: str) -> dict[str, Interval] | None:
    """Return a comparison's effect over the periods, by deciding setting.

    That of the five devices' test MSE is adjusted for their number (Holm).

    Returns:
        ``None`` if it is not measured elsewhere; empty while cells are missing.
    """
    measure = MEASURED_ELSEWHERE.get(column)
    if measure is None or not {worse, better} <= {*DEVICES, "no_l2"}:
        return None
    if not has_all_cells():
        return {}
    if worse == "no_l2":
        arms = (("no L2", better), ("decay 0.01", better))
        return {"closes": mean_over_periods(period_effects(*arms, measure))}
    if worse in ABLATIONS and column == "test_mse_scaled":
        return {setting: adjusted_effects(setting)[worse] for setting in DECIDING}
    return {
        setting: mean_over_periods(period_effects((setting, worse), (setting, better), measure))
        for setting in DECIDING
    }


def adjusted_effects(setting: str) -> dict[str, Interval]:
    """Return what switching off each device does to the test MSE elsewhere, adjusted by Holm."""
    return holm_intervals(
        {
            name: period_effects((setting, name), (setting, "published"), "test_mse")
            for name in ABLATIONS
        }
    )


def period_effects(changed: Arm, baseline: Arm, column: str) -> pd.Series:
    """Return the mean effect over stocks in each period, of which none may lack a cell."""
    return cell_effects(cell_runs(), changed, baseline, column).mean(axis=1, skipna=False)


def has_all_cells() -> bool:
    """Tell whether every cell has a sound run of every recipe in the settings that decide."""
    runs = cell_runs()
    deciding = runs[runs["setting"].isin(DECIDING) & runs["recipe"].isin(list(DEVICES))]
    found = deciding[["setting", "recipe", "ticker", "period"]].drop_duplicates()
    return len(found) == len(DECIDING) * len(DEVICES) * len(BUNDLED) * PERIODS


def number_cell(claim: Claim) -> Cell:
    """Lay out what one run would print of a number from training, under each reading.

    Readings are of the training and of the measure; one whose runs are not all stored, or of which
    fewer than two have the measure, is left out.
    """
    name, over = claim.recipe.removesuffix(LONG), claim.over.removesuffix(LONG)
    is_cut = bool(over) and claim.unit == "%"
    runs = {}
    for reading in readings_of(claim):
        if not all(has_all_seeds(reading, of) for of in (name, over) if of):
            continue
        for column in claim.columns:
            values = _values(reading, name, column)
            if over:
                values = values / _values(reading, over, column)
            values = values.dropna()
            if len(values) > 1 and np.isfinite(values).all():
                runs[reading, column] = _one_run(values, is_cut)
    asked = len(readings_of(claim)) * len(dict.fromkeys(claim.columns))
    return Cell(claim.printed, runs, asked, is_cut)


def judge_numbers(claims: Sequence[Claim]) -> dict[str, NumberAnswer]:
    """Judge numbers from training that stand in one row, or one alone: one reading speaks for all.

    Args:
        claims: of kind *number*, of one row, whose measures have the same order in each.

    Returns:
        By claim id; empty while no reading has the runs of all of them.
    """
    cells = {claim.id: number_cell(claim) for claim in claims}
    aligned = [
        {claim.id: (reading, claim.columns[place]) for claim in claims}
        for reading in readings_of(claims[0])
        for place in range(len(claims[0].columns))
    ]
    ready = [row for row in aligned if all(row[name] in cells[name].runs for name in cells)]
    return judge_row(cells, ready) if ready else {}


def _one_run(values: pd.Series, is_cut: bool) -> Interval:
    """Return where one more run would fall; of a cut in per cent, where the cut would."""
    run = prediction_interval(values)
    return Interval(*(100 * (1 - x) for x in (run.estimate, run.high, run.low))) if is_cut else run


def _values(reading: str, recipe: str, column: str) -> pd.Series:
    rows = select(reading_runs(), reading=reading, recipe=recipe, status="ok")
    return rows[rows["seed"].isin(SEEDS)].set_index("seed")[column]


def _has_runs(reading: str, worse: str, better: str, column: str) -> bool:
    """Tell whether all seeds of both recipes are stored, and some have the measure."""
    pairs = [(reading, better), (reading, worse)]
    if worse == "no_l2":
        pairs[1] = (WITHOUT[reading], better)
    return all(has_all_seeds(*of) and _values(*of, column).count() > 1 for of in pairs)


def has_all_seeds(reading: str, recipe: str) -> bool:
    """Tell whether every run of a recipe under one reading is stored, those that failed too."""
    stored = select(reading_runs(), reading=reading, recipe=recipe)["seed"]
    return set(SEEDS) <= set(stored)


def _as_effect(found: Comparison) -> Interval:
    return found.interval if found.is_difference else _log(*found.interval)


def _log(*ratio: float) -> Interval:
    return Interval(*np.log(ratio).tolist())


@cache
def reading_runs() -> pd.DataFrame:
    """Return the runs of all readings, read once."""
    return load_reading_runs()


@cache
def cell_runs() -> pd.DataFrame:
    """Return the runs of all cells, read once."""
    return load_cell_runs()
