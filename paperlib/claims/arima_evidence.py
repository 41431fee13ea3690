"""What the stored runs answer where a network is held against ARIMA, or against its own horizon."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from paperlib.claims.comparison_evidence import (
    DECIDING,
    has_arima,
    has_cells,
    name_missing,
    period_effects,
)
from paperlib.claims.comparisons import Answers
from paperlib.claims.ledger import Claim
from paperlib.claims.stored_runs import has_all_seeds, sound_runs
from paperlib.experiments.catalogue import PAPER_WINDOW
from paperlib.experiments.readings import ADMISSIBLE
from paperlib.experiments.store import (
    load_horizons,
    load_over_sessions,
    load_trials,
    select,
)
from paperlib.recipe import HORIZON
from paperlib.stats.interval import Interval
from paperlib.stats.periods import mean_over_periods
from paperlib.stats.seeds import mean_ratio

STABLE = 1.05
"""An error that grows by less than this factor is stable, which is the band of the rules."""
OF_GROWTH = "lstm_growth_30_days_ratio"
"""The ``value`` of the claim that it does: ``STABLE`` over the growth."""
NETWORKS = {"arima_over_lstm_mse": "published", "arima_over_rnn_mse": "rnn"}
"""Whose one-step errors a claim holds against ARIMA's, by its value."""


def arima_answers(claim: Claim) -> Answers:
    """Ask the three questions of a comparison that is stored as a ratio, by its ``value``.

    ARIMA is that of the smallest AIC, one step ahead; it hangs on no reading. Growth of the error
    over thirty days is measured in no other period.
    """
    recipe = NETWORKS.get(claim.value, "published")
    found = {
        reading: _ratio(claim.value, reading, recipe)
        for reading in ADMISSIBLE
        if has_all_seeds(reading, recipe)
    }
    readings = {
        reading: Interval(*np.log(mean_ratio(ratio)).tolist())
        for reading, ratio in found.items()
        if len(ratio) > 1
    }
    if claim.value not in NETWORKS:
        return Answers(readings, missing=name_missing(ADMISSIBLE, readings, None, None))
    rows = select(load_over_sessions(), dataset=PAPER_WINDOW, recipe="arima", over=recipe)
    sessions = {
        row.reading: Interval(*np.log([row.ratio, row.low, row.high]).tolist())
        for row in rows.itertuples()
    }
    beyond = _elsewhere(recipe)
    missing = name_missing(ADMISSIBLE, readings, sessions, beyond)
    return Answers(readings, sessions, beyond, missing)


def _ratio(value: str, reading: str, recipe: str) -> pd.Series:
    """Return the ratio of the claim, worse over better, for each run under one reading."""
    return RATIOS[value](sound_runs(reading, recipe)).dropna()


def _over_arima(runs: pd.DataFrame) -> pd.Series:
    arima = select(load_trials(), dataset=PAPER_WINDOW, recipe="arima")
    return float(arima["test_mse_scaled"].iloc[0]) / runs["test_mse_scaled"]


def _growth(runs: pd.DataFrame) -> pd.Series:
    return runs["rmse_day_30"] / runs["rmse_day_1"]


def _arima_growth() -> float:
    rows = select(load_horizons(), dataset=PAPER_WINDOW, model="arima_aic").set_index("horizon")
    return float(rows.loc[HORIZON, "rmse_usd"] / rows.loc[1, "rmse_usd"])


RATIOS: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "arima_over_lstm_mse": _over_arima,
    "arima_over_rnn_mse": _over_arima,
    "arima_over_lstm_growth_30_days": lambda runs: _arima_growth() / _growth(runs),
    OF_GROWTH: lambda runs: STABLE / _growth(runs),
}
"""By the ``value`` of a claim, its ratio run by run."""


def _elsewhere(recipe: str) -> dict[str, Interval]:
    if not has_cells([recipe]) or not has_arima():
        return {}
    arima = ("arima", "arima")
    return {
        setting: mean_over_periods(period_effects(arima, (setting, recipe), "test_mse"))
        for setting in DECIDING
    }
