"""What is known of distributions: complete, resumable, following from the code, and ours to ship.

The real thing, made small: two tickers, two seeds, tiny networks and short series.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tinydensities import AAPL, BUNDLED, LONGER_SERIES, OUR_SERIES, SPLIT, WINDOWS, shrink

from paperlib.claims.risk_values import store_risk_values
from paperlib.experiments import density_study, store
from paperlib.experiments.catalogue import BUNDLED_WINDOW, PAPER_WINDOW
from paperlib.experiments.density_runs import (
    NFLX,
    NFLX_2025,
    OWN,
    DensityRun,
    Series,
    density_grid,
    load_density_series,
    run_path,
)
from paperlib.experiments.density_study import (
    are_current,
    drop_stale_work,
    load_seed_coverage,
    runs_of,
    store_scores,
    train_missing,
)
from paperlib.experiments.interval_coverage import seed_coverage
from paperlib.prices.series import fingerprint
from paperlib.probabilistic import density_network

TABLES = ["coverage.csv", "values.csv", "distributions.csv", "backtests.csv", "tiers.csv"]
TABLES += ["density_runs.csv", "sessions-nflx-2013-2023.csv.gz"]


@pytest.fixture
def probed(finished, monkeypatch):
    """What a probe finds, without training again: a program that has not changed."""
    monkeypatch.setattr(density_study, "probe_densities", lambda series, jobs: finished.probed)


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """The series of the bundled window, with nothing computed yet."""
    shrink(monkeypatch, tmp_path)
    return load_density_series({BUNDLED_WINDOW: BUNDLED})


# --- which runs there are ------------------------------------------------------------------------


def test_a_pooled_run_comes_once_and_forecasts_every_ticker(series):
    runs = runs_of(series)
    assert len(runs) == OUR_SERIES + LONGER_SERIES
    pooled = [run for run in runs.values() if len(run.members) > 1]
    assert Counter((run.recipe_name, run.members) for run in pooled) == {
        ("lstm_pooled", (AAPL, NFLX)): 2,
        ("lstm_pooled_calendar", (AAPL, NFLX)): 2,
        ("lstm_pooled_calendar", (NFLX_2025, f"{AAPL} for 2025")): 2,
    }
    for name in (AAPL, NFLX):
        assert "lstm_pooled" in {run.recipe_name for run in density_grid(name)}


# --- training ------------------------------------------------------------------------------------


def test_a_stop_loses_nothing_that_had_finished_and_nothing_is_computed_twice(finished):
    assert len(finished.kept_by_then) == 1
    total = OUR_SERIES + LONGER_SERIES + 4
    assert finished.progress == [(1, total), *((n, total - 1) for n in range(1, total))]
    assert set(finished.trained) - {(len(p), s) for p in WINDOWS.values() for s in range(2)} == (
        finished.wanted
    )
    assert set(finished.trained.values()) == {1}
    assert finished.again == []


def test_kept_intervals_are_those_that_were_scored(series):
    made, kept = seed_coverage(BUNDLED["close"], 1), load_seed_coverage(BUNDLED, 1)
    for array in ("drawn", "noisy", "ahead"):
        np.testing.assert_array_equal(getattr(kept, array), getattr(made, array))
    pd.testing.assert_frame_equal(kept.table, made.table.reset_index(drop=True), rtol=1e-12)


# --- the tables ----------------------------------------------------------------------------------


def test_every_table_is_written_for_every_series(finished, series):
    assert sorted(path.name for path in store.RESULTS.iterdir()) == sorted(TABLES)
    datasets = {AAPL, NFLX, NFLX_2025}
    assert set(store.load_distributions()["dataset"]) == {*datasets, "six tickers"}
    assert set(store.load_backtests()["dataset"]) == datasets
    assert set(store.load_tiers()["dataset"]) == datasets
    assert set(store.load_coverage()["dataset"]) == set(WINDOWS)
    assert set(store.load_values()["dataset"]) == set(WINDOWS)
    runs = store.load_density_runs()
    assert set(runs["key"]) == finished.wanted
    assert len(runs) == len(finished.wanted)
    assert not runs.isna().any().any()


def test_no_column_gets_lost_where_one_table_holds_several_kinds_of_rows(series):
    table = store.load_distributions().set_index(["dataset", "model"])
    for column in ("run_ratio", "pit_p", "coverage_90", "ratio", "equal_ratio"):
        assert np.isfinite(table.loc[(NFLX, "lstm_calendar"), column])
    assert np.isnan(table.loc[("six tickers", "lstm_calendar"), "pit_p"])
    assert set(table.loc[NFLX].index) - set(table.loc["six tickers"].index) == {
        "lstm",
        "lstm_returns",
        "dropout",
        "noisy_dropout",
    }


def test_no_table_by_session_is_of_any_series_but_the_bundled_netflix(series):
    """Forecasts session by session give closes away; those of the longer window are not ours."""
    by_session = [path.name for path in store.RESULTS.iterdir() if "session" in path.name]
    assert by_session == [f"sessions-{NFLX}.csv.gz"]
    came = 100 * np.diff(np.log(BUNDLED["close"].iloc[SPLIT - 1 :]))
    for table in store.load_sessions().values():
        assert list(table.index) == list(BUNDLED.index[SPLIT:])
        np.testing.assert_allclose(table["return"], came, rtol=1e-5)
    for name in set(TABLES) - set(by_session):
        assert not {"session", "date", "return", "close"} & set(pd.read_csv(store.RESULTS / name))


def test_the_tables_agree_with_the_sessions(series):
    distributions = store.load_distributions().set_index(["dataset", "model"])
    backtests = store.load_backtests().set_index(["dataset", "model", "tail"])
    sessions = store.load_sessions()
    assert set(sessions) == set(distributions.loc[NFLX].index)
    for name, table in sessions.items():
        row = distributions.loc[(NFLX, name)]
        assert row["crps"] == pytest.approx(table["crps"].mean(), rel=1e-4)
        assert row["n"] == len(table)
        inside = table["return"].between(table["q_0.05"], table["q_0.95"])
        assert row["coverage_90"] == pytest.approx(100 * inside.mean(), rel=1e-4)
        for tail in (0.05, 0.01):
            violations = (table["return"] < table[f"q_{tail:g}"]).sum()
            assert backtests.loc[(NFLX, name, tail), "violations"] == violations


def test_dropout_is_scored_over_the_draws_of_all_seeds(series):
    seeds = [load_seed_coverage(BUNDLED, seed) for seed in range(2)]
    for name, field in {"dropout": "drawn", "noisy_dropout": "noisy"}.items():
        draws = np.concatenate([getattr(seed, field) for seed in seeds], axis=1)
        assert draws.shape == (78, 12)
        found = store.load_sessions()[name]
        below = (draws <= found["return"].to_numpy()[:, None]).mean(axis=1)
        np.testing.assert_allclose(found["pit"], below, rtol=1e-5)


def test_scoring_again_writes_the_same_bytes_and_keeps_the_rows_of_a_series_not_at_hand(series):
    """As when PRICES is left out: the longer window's rows stay as they were."""
    before = {name: (store.RESULTS / name).read_bytes() for name in TABLES}
    ours = load_density_series({BUNDLED_WINDOW: BUNDLED})
    assert NFLX_2025 not in ours
    store_risk_values({BUNDLED_WINDOW: BUNDLED})
    store_scores({BUNDLED_WINDOW: BUNDLED}, ours)
    for name in TABLES:
        assert (store.RESULTS / name).read_bytes() == before[name], name
    assert are_current(ours, jobs=1)


def test_values_of_other_keys_stay(series):
    mine = pd.DataFrame(
        [{"key": "mine", "dataset": BUNDLED_WINDOW, "method": "m", "estimate": 1.5}]
    )
    store.save_values(mine)
    before = store.load_values()
    var = before[(before["key"] == "var_pct") & (before["dataset"] == BUNDLED_WINDOW)]
    assert len(var) == 18
    store.save_values(var.assign(estimate=-9.0)[:4])
    after = store.load_values()
    assert after.loc[after["key"] == "mine", "estimate"].tolist() == [1.5]
    assert len(after) == len(before) - 14
    replaced = after[(after["key"] == "var_pct") & (after["dataset"] == BUNDLED_WINDOW)]
    assert replaced["estimate"].tolist() == [-9.0] * 4


# --- is what is stored current? ------------------------------------------------------------------


def test_an_empty_store_is_not_current_and_a_finished_one_is(finished, series):
    assert not finished.current_before
    assert are_current(series, jobs=1)


def _alter_runs(change) -> None:
    table = store.load_density_runs()
    change(table).to_csv(store.RESULTS / "density_runs.csv", index=False)


def _with_loss(table: pd.DataFrame, column: str, factor: float) -> pd.DataFrame:
    row = (table["dataset"] == NFLX) & (table["recipe"] == "lstm") & (table["seed"] == 0)
    assert row.sum() == 1
    return table.assign(**{column: table[column].where(~row, table[column] * factor)})


@pytest.mark.parametrize("column", ["loss_epoch_1", "loss_epoch_2"])
def test_a_loss_that_the_program_no_longer_finds_is_not_current(series, probed, column):
    _alter_runs(lambda table: _with_loss(table, column, 1.001))
    assert not are_current(series, jobs=1)


def test_a_loss_that_differs_by_rounding_is(series, probed):
    _alter_runs(lambda table: _with_loss(table, "loss_epoch_1", 1 + 1e-5))
    assert are_current(series, jobs=1)


def test_a_run_too_few_or_of_another_recipe_is_not_current(series, probed, monkeypatch):
    _alter_runs(lambda table: table[:-1])
    assert not are_current(series, jobs=1)
    monkeypatch.setitem(OWN, "lstm_returns", replace(OWN["lstm_returns"], calendar=True))
    assert not are_current(series, jobs=1)


def test_values_that_were_replaced_by_those_of_another_chapter_are_not_current(series, probed):
    """Evaluating a window anew replaces all its values, those of the value at risk as well."""
    values = store.load_values()
    gone = (values["dataset"] == PAPER_WINDOW) & (values["key"] == "var_pct")
    values[~gone].to_csv(store.RESULTS / "values.csv", index=False)
    assert not are_current(series, jobs=1)


def test_other_prices_are_not_current(series, probed):
    of = series[NFLX]
    moved = Series(of.returns, of.train, "another")
    assert not are_current({**series, NFLX: moved}, jobs=1)


# --- what was kept by a program that has changed since -------------------------------------------


def _forge(run: DensityRun, series: dict[str, Series], factor: float) -> None:
    """Alter a kept run's first loss."""
    path = run_path(run, series)
    with np.load(path) as kept:
        arrays = dict(kept)
    row = json.loads(str(arrays["row"]))
    row["loss_epoch_1"] *= factor
    np.savez(path, **{**arrays, "row": np.array(json.dumps(row))})


def test_what_agrees_with_the_program_is_kept(series, probed):
    before = sorted(density_study.WORK.iterdir())
    _forge(density_grid(NFLX)[0], series, 1 + 1e-6)
    drop_stale_work(series, jobs=1)
    assert sorted(density_study.WORK.iterdir()) == before
    assert len(before) == OUR_SERIES + LONGER_SERIES + 4


@pytest.mark.parametrize("number", [0, 2, 4, 6, 8])
def test_what_disagrees_with_the_program_is_deleted_with_all_else(series, probed, number):
    run = density_grid(NFLX)[number]  # seed 0 of each recipe
    assert run.seed == 0
    _forge(run, series, 1.001)
    drop_stale_work(series, jobs=1)
    assert not list(density_study.WORK.glob("*.npz"))


def test_a_changed_program_shows_although_no_key_changes(series, monkeypatch):
    monkeypatch.setattr(density_network, "LEAST_SCALE", 0.1)
    assert not are_current(series, jobs=1)
    drop_stale_work(series, jobs=1)
    assert not list(density_study.WORK.glob("*.npz"))


def test_training_starts_with_a_look_at_what_was_kept(series, probed):
    _forge(density_grid(NFLX)[0], series, 1.001)
    first = train_missing({BUNDLED_WINDOW: BUNDLED}, series, jobs=1)
    assert next(first) == (1, OUR_SERIES + LONGER_SERIES + 2)
    first.close()


def test_where_nothing_was_kept_nothing_is_probed(empty, monkeypatch):
    monkeypatch.setattr(density_study, "probe_density", lambda *_: pytest.fail("probed"))
    drop_stale_work(empty, jobs=1)


def test_prices_told_apart_by_a_cent_have_intervals_of_their_own(series):
    changed = BUNDLED.copy()
    changed.loc[changed.index[5], "close"] += 0.01
    assert fingerprint(changed) != fingerprint(BUNDLED)
    assert load_seed_coverage(BUNDLED, 0).drawn.shape == (78, 6)
    with pytest.raises(FileNotFoundError):
        load_seed_coverage(changed, 0)
