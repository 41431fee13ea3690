"""The tables of distributions: whole, of one mind with each other, and ours to ship.

The real thing, made small: two tickers, two seeds, tiny networks and short series.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tinyworld import AAPL, BUNDLED, SPLIT, WINDOWS

from paperlib.experiments import store
from paperlib.experiments.catalogue import BUNDLED_WINDOW
from paperlib.experiments.density_runs import NFLX, NFLX_2025, density_runs
from paperlib.experiments.half_years import reestimations
from paperlib.experiments.tasks import products
from paperlib.prices.series import fingerprint


def test_every_table_has_every_series(world, series):
    datasets = {AAPL, NFLX, NFLX_2025}
    assert set(store.load_distributions()["dataset"]) == {*datasets, "six tickers"}
    assert set(store.load_backtests()["dataset"]) == datasets
    assert set(store.load_tiers()["dataset"]) == datasets
    assert set(store.load_coverage()["dataset"]) == set(WINDOWS)
    assert set(store.load_values()["dataset"]) == set(WINDOWS)
    runs = store.load_density_runs()
    assert set(runs["key"]) == set(density_runs(series)) | set(reestimations(series))
    assert not runs["key"].duplicated().any()
    assert not runs.isna().any().any()


def test_no_column_gets_lost_where_one_table_holds_several_kinds_of_rows(world):
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


def test_no_table_by_session_is_of_any_series_but_the_bundled_netflix(world):
    """Forecasts session by session give closes away; those of the longer window are not ours."""
    names = {path.name for path in store.RESULTS.iterdir()}
    by_session = {f"sessions-{NFLX}.csv.gz", f"forecasts-{BUNDLED_WINDOW}.csv.gz"}
    named = {name for name in names if "session" in name or "forecasts" in name}
    assert named == by_session | {"over_sessions.csv"}  # ratios, held to the last line below
    came = 100 * np.diff(np.log(BUNDLED["close"].iloc[SPLIT - 1 :]))
    for table in store.load_sessions().values():
        assert list(table.index) == list(BUNDLED.index[SPLIT:])
        np.testing.assert_allclose(table["return"], came, rtol=1e-5)
    for name in names - by_session:
        assert not {"session", "date", "return", "close"} & set(pd.read_csv(store.RESULTS / name))


def test_the_tables_agree_with_the_sessions(world):
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


def test_dropout_is_scored_over_the_draws_of_all_seeds(world, get):
    keys = products(BUNDLED_WINDOW, fingerprint(BUNDLED).sha256).published
    for name, field in {"dropout": "drawn", "noisy_dropout": "noisy"}.items():
        draws = np.concatenate([get(key).arrays[field] for key in keys], axis=1)
        assert draws.shape == (78, 200)
        found = store.load_sessions()[name]
        below = (draws <= found["return"].to_numpy()[:, None]).mean(axis=1)
        np.testing.assert_allclose(found["pit"], below, rtol=1e-5)


def test_values_of_other_keys_stay(world):
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
