"""What the stored runs answer to a comparison of two recipes, by the three questions."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

import numpy as np
import pandas as pd

from paperlib.claims.comparisons import Answers
from paperlib.claims.ledger import Claim
from paperlib.claims.number_evidence import LONG, readings_of
from paperlib.claims.stored_runs import cell_runs, has_all_seeds, reading_runs, sound_runs
from paperlib.experiments.catalogue import PAPER_WINDOW
from paperlib.experiments.elsewhere import PERIODS, SEEDS_OF_A_CELL, Arm, cell_effects
from paperlib.experiments.leakage import arms, price_leaks
from paperlib.experiments.over_sessions import READINGS_ASKED
from paperlib.experiments.readings import MODELS, WITHOUT, compare_under
from paperlib.experiments.store import load_over_sessions, select
from paperlib.prices.series import BUNDLED
from paperlib.recipe import ABLATIONS
from paperlib.stats.interval import Interval
from paperlib.stats.periods import holm_intervals, mean_over_periods
from paperlib.stats.seeds import Comparison

LEAKED = {"decay 0.01": "published", "no L2": "no_l2"}
"""Readings whose leaks are priced, and their recipes."""
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
    if column == "test_mse_scaled" and worse in MODELS:
        rows = select(load_over_sessions(), dataset=PAPER_WINDOW, recipe=worse, over=better)
        sessions = {row.reading: _log(row.ratio, row.low, row.high) for row in rows.itertuples()}
    if not claim.recipe.endswith(LONG):
        beyond = elsewhere(worse, better, column)
    return Answers(
        {reading: _as_effect(of) for reading, of in found.items()},
        sessions,
        beyond,
        name_missing(readings_of(claim), found, sessions, beyond),
        any(of.is_difference for of in list(found.values())[:1]),
    )


def leak_answers(claim: Claim) -> Answers:
    """Ask whether a leak flatters, with the paper's L2 and without; it is trained nowhere else."""
    arm = claim.value.removesuffix("_mse_ratio")
    found = {
        reading: price_leaks(PAPER_WINDOW, recipe)["mse"]
        for reading, recipe in LEAKED.items()
        if arm in arms(PAPER_WINDOW, recipe)
    }
    readings = {reading: _log(*of[arm]) for reading, of in found.items()}
    return Answers(readings, missing=name_missing(LEAKED, readings, None, None))


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
    if measure is None or not {worse, better} <= {*MODELS, "no_l2"}:
        return None
    adjusted = worse in ABLATIONS and column == "test_mse_scaled"
    if not has_cells(["published", *ABLATIONS] if adjusted else {worse, better} - {"no_l2"}):
        return {}
    if worse == "no_l2":
        arms = (("no L2", better), ("decay 0.01", better))
        return {"closes": mean_over_periods(period_effects(*arms, measure))}
    if adjusted:
        return {setting: adjusted_effects(setting)[worse] for setting in DECIDING}
    return {
        setting: mean_over_periods(period_effects((setting, worse), (setting, better), measure))
        for setting in DECIDING
    }


@cache
def adjusted_effects(setting: str) -> dict[str, Interval]:
    """Return what switching off each device does to the test MSE elsewhere, adjusted by Holm."""
    return holm_intervals(
        {
            name: period_effects((setting, name), (setting, "published"), "test_mse")
            for name in ABLATIONS
        }
    )


@cache
def period_effects(changed: Arm, baseline: Arm, column: str) -> pd.Series:
    """Return the mean effect over stocks in each period, without cells where all seeds failed."""
    return cell_effects(cell_runs(), changed, baseline, column).mean(axis=1)


def has_cells(recipes: Collection[str]) -> bool:
    """Tell whether both seeds of some recipes are stored in every cell, those that failed too."""
    runs = cell_runs()
    runs = runs[runs["setting"].isin(DECIDING) & runs["recipe"].isin(list(recipes))]
    return len(runs) == len(DECIDING) * len(recipes) * len(BUNDLED) * PERIODS * SEEDS_OF_A_CELL


def has_arima() -> bool:
    """Tell whether ARIMA was fitted in every cell, or is known not to be."""
    return len(select(cell_runs(), setting="arima", recipe="arima")) == len(BUNDLED) * PERIODS


def _has_runs(reading: str, worse: str, better: str, column: str) -> bool:
    """Tell whether all seeds of both recipes are stored, and some have the measure."""
    pairs = [(reading, better), (reading, worse)]
    if worse == "no_l2":
        pairs[1] = (WITHOUT[reading], better)
    return all(has_all_seeds(*of) and sound_runs(*of)[column].count() > 1 for of in pairs)


def _as_effect(found: Comparison) -> Interval:
    return found.interval if found.is_difference else _log(*found.interval)


def _log(*ratio: float) -> Interval:
    return Interval(*np.log(ratio).tolist())
