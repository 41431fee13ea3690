"""Cells of other stocks and periods: disjoint, whole, and trained on what came before."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlib.experiments import store
from paperlib.experiments.elsewhere import (
    PERIODS,
    SETTINGS,
    TRAINED,
    cell_effects,
    cell_grid,
    load_cell_runs,
    load_cells,
    name_periods,
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


def test_every_share_has_a_periods_first_test_session_in_the_month_that_names_it():
    names = name_periods()
    assert list(names) == list(range(1, PERIODS + 1))
    for dataset, prices in CELLS.items():
        first = prices.index[TRAINED]
        assert names[int(dataset[-1])] == f"{first:%Y-%m}", dataset


def test_a_cell_tests_its_period_and_trains_on_the_thousand_sessions_before():
    sessions = load_prices("NFLX").index
    for number, (first, stop) in enumerate(split_periods(len(sessions)), start=1):
        prices = CELLS[f"nflx-period-{number}"]
        runs = cell_grid(f"nflx-period-{number}", len(prices))
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
    seeds = Counter((run.recipe_name, run.seed) for _, run in runs if not isinstance(run, Arima))
    assert set(seeds.values()) == {1}  # no two cells start alike, else periods share an error
    assert {seed for _, seed in seeds} == set(range(96))
    assert len(recipes) == 7 + 7 + 7 + 2
    assert {name.split(", ", 1)[1] for name in recipes} == set(SETTINGS)


@pytest.mark.parametrize("setting", ["decay 0.01", "no L2", "log returns", "relative"])
def test_a_setting_says_its_penalty_and_target(setting):
    recipes = [
        run.recipe
        for run in cell_grid("meta-period-3", 1212)
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


@pytest.fixture
def made_up(tmp_path, monkeypatch):
    """A store of two cells: the ablated recipe errs 1.5 and 2 times as far, seed by seed."""
    monkeypatch.setattr(store, "RESULTS", tmp_path)
    rows = []
    for cell, factor in (("nflx-period-1", 1.5), ("aapl-period-1", 2.0)):
        for seed in (0, 1):
            for name, rmse in (("published", 4.0 + seed), ("no_dropout", factor * (4.0 + seed))):
                row = {"dataset": cell, "recipe": f"{name}, no L2", "protocol": "leak_free"}
                row |= {"seed": seed, "status": "ok", "key": f"{cell}{name}{seed}"}
                rows.append(
                    row | {"test_rmse_usd": rmse, "train_rmse_usd": 2.0, "early_wobble_pct": seed}
                )
        row = {"dataset": cell, "recipe": "arima", "protocol": "as_published", "seed": 0}
        rows.append(row | {"status": "ok", "key": cell, "test_rmse_usd": 3.0})
    failed = rows[0] | {"seed": 2, "status": "failed", "test_rmse_usd": 1e9}
    pd.DataFrame([*rows, failed]).to_csv(tmp_path / "elsewhere.csv.gz", index=False)


def test_runs_are_found_by_stock_period_and_setting(made_up):
    runs = load_cell_runs()
    assert len(runs) == 11
    assert runs.loc[runs["status"] == "failed", "test_mse"].isna().all()
    assert set(runs["ticker"]) == {"NFLX", "AAPL"}
    assert set(runs["period"]) == {1}
    assert Counter(runs["setting"]) == {"no L2": 9, "arima": 2}
    assert runs["gap_ratio"].iloc[0] == 4.0


def test_an_effect_is_the_mean_log_ratio_of_mse(made_up):
    """By hand: ln 1.5² and ln 2² in either seed."""
    found = cell_effects(load_cell_runs(), ("no L2", "no_dropout"), ("no L2", "published"))
    assert found.loc[1].to_dict() == pytest.approx({"AAPL": np.log(4), "NFLX": np.log(2.25)})


def test_of_a_measure_that_may_be_zero_the_effect_is_a_difference(made_up):
    arms = ("no L2", "no_dropout"), ("no L2", "published")
    found = cell_effects(load_cell_runs(), *arms, "early_wobble_pct")
    assert found.loc[1].to_dict() == {"AAPL": 0.0, "NFLX": 0.0}


def test_arima_without_seeds_is_held_against_the_mean_over_seeds(made_up):
    """By hand: ln 3² less the mean of ln 4² and ln 5²."""
    found = cell_effects(load_cell_runs(), ("arima", "arima"), ("no L2", "published"))
    expected = 2 * np.log(3) - np.log(4) - np.log(5)
    assert found.loc[1].to_dict() == pytest.approx({"AAPL": expected, "NFLX": expected})
