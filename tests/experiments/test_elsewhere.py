"""Cells of other stocks and periods: disjoint, whole, and trained on what came before."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlib.experiments.elsewhere import (
    PERIODS,
    SETTINGS,
    TRAINED,
    cell_grid,
    load_cells,
    split_periods,
)
from paperlib.experiments.sensitivity import Arima
from paperlib.prices.series import BUNDLED, load_prices
from paperlib.recipe import AS_PUBLISHED, LEAK_FREE
from paperlib.windows import make_windows

CELLS = load_cells()


@given(st.integers(1100, 4000))
def test_periods_cover_what_follows_the_first_thousand_once(sessions):
    periods = split_periods(sessions)
    covered = [at for first, stop in periods for at in range(first, stop)]
    assert covered == list(range(TRAINED, sessions))
    lengths = [stop - first for first, stop in periods]
    assert len(periods) == PERIODS
    assert max(lengths) - min(lengths) <= 1


def test_a_cell_tests_its_period_and_trains_on_the_thousand_sessions_before():
    sessions = load_prices("NFLX").index
    for number, (first, stop) in enumerate(split_periods(len(sessions)), start=1):
        prices = CELLS[f"nflx-period-{number}"]
        runs = cell_grid("cell", len(prices))
        for run in (runs[0], runs[-1]):
            recipe = runs[0].recipe
            if isinstance(run, Arima):
                assert run.train_share == recipe.train_share
            windows = make_windows(prices["close"], recipe, LEAK_FREE)
            assert windows.test.sessions.equals(sessions[first:stop])
            assert windows.validation.sessions[-1] == sessions[first - 1]
            assert windows.scaler_sessions.equals(sessions[first - TRAINED : first])
            assert len(windows.validation.targets) == 97
            assert len(windows.train.targets) == 873
            of_arima = make_windows(prices["close"], recipe, AS_PUBLISHED).test
            assert of_arima.sessions.equals(sessions[first:stop])


def test_forty_eight_cells_and_what_is_trained_in_each():
    assert len(CELLS) == 48
    assert {name.split("-")[0].upper() for name in CELLS} == set(BUNDLED)
    runs = [(name, run) for name, prices in CELLS.items() for run in cell_grid(name, len(prices))]
    assert {run.dataset for name, run in runs if run.dataset == name} == set(CELLS)
    recipes = Counter(run.recipe_name for _, run in runs if not isinstance(run, Arima))
    assert set(recipes.values()) == {2 * 48}
    assert len(recipes) == 7 + 7 + 7 + 2
    assert {name.split(", ", 1)[1] for name in recipes} == set(SETTINGS)


@pytest.mark.parametrize("setting", ["decay 0.01", "no L2", "log returns", "relative"])
def test_a_setting_says_its_penalty_and_target(setting):
    recipes = [
        run.recipe
        for run in cell_grid("cell", 1212)
        if not isinstance(run, Arima) and run.recipe_name.endswith(setting)
    ]
    assert {recipe.l2 for recipe in recipes} == {
        0.0 if setting in ("no L2", "log returns") else 0.01
    }
    target = {"log returns": "log_return", "relative": "relative"}.get(setting, "close")
    assert {recipe.target for recipe in recipes} == {target}


def test_prices_of_a_cell_are_the_bundled_ones():
    for ticker in BUNDLED:
        whole = load_prices(ticker)
        cells = [CELLS[f"{ticker.lower()}-period-{number}"] for number in range(1, 9)]
        pd.testing.assert_frame_equal(pd.concat(c.iloc[TRAINED:] for c in cells), whole[TRAINED:])
        assert np.all([len(c) in (TRAINED + 212, TRAINED + 213) for c in cells])
