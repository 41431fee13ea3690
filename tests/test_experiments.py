"""The results store: complete, resumable, and following from the code."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from paperlib import experiments
from paperlib.data import load_prices, make_windows
from paperlib.experiments import (
    BUNDLED_WINDOW,
    PAPER_WINDOW,
    RECIPES,
    SEEDS,
    load_histories,
    load_runs,
    load_series,
    run_missing,
    select,
)
from paperlib.recipe import AS_PUBLISHED, PUBLISHED
from paperlib.training import fit

TINY = replace(PUBLISHED, hidden=(4,), epochs=2)


@pytest.fixture
def store(tmp_path, monkeypatch):
    """An empty store, two tiny recipes, three seeds."""
    monkeypatch.setattr(experiments, "RESULTS", tmp_path)
    monkeypatch.setattr(experiments, "RECIPES", {"a": TINY, "b": replace(TINY, lr=0.01)})
    monkeypatch.setattr(experiments, "SEEDS", range(3))
    return tmp_path


SERIES = {"one": load_prices().iloc[:300]}


def test_computes_what_is_missing_and_nothing_twice(store):
    assert list(run_missing(SERIES, jobs=1)) == [(n, 6) for n in range(1, 7)]
    runs, histories = load_runs(), load_histories()
    assert len(runs) == 6
    assert len(histories) == 6 * TINY.epochs
    assert (runs["status"] == "ok").all()
    before = (store / "runs.csv").read_bytes()
    assert list(run_missing(SERIES, jobs=1)) == []
    assert (store / "runs.csv").read_bytes() == before


def test_what_had_finished_survives_an_end_at_any_moment(store):
    unfinished = run_missing(SERIES, jobs=1)
    assert next(unfinished) == (1, 6)
    assert next(unfinished) == (2, 6)
    unfinished.close()
    assert len(load_runs()) == 2
    assert [total for _, total in run_missing(SERIES, jobs=1)] == [4] * 4
    assert len(load_runs()) == 6
    assert not list(store.glob(".*"))  # no half-written file is left


def test_a_history_without_its_run_is_computed_again(store):
    """The last write may end between the two files: a run counts once its row is there."""
    list(run_missing(SERIES, jobs=1))
    whole = load_histories()
    load_runs().iloc[:5].to_csv(store / "runs.csv", index=False)
    assert list(run_missing(SERIES, jobs=1)) == [(1, 1)]
    pd.testing.assert_frame_equal(load_histories(), whole)


def test_only_what_changed_is_computed_again(store, monkeypatch):
    list(run_missing(SERIES, jobs=1))
    kept = select(load_runs(), recipe="a")
    monkeypatch.setattr(experiments, "RECIPES", {"a": TINY, "b": replace(TINY, lr=0.02)})
    assert [total for _, total in run_missing(SERIES, jobs=1)] == [3] * 3
    pd.testing.assert_frame_equal(select(load_runs(), recipe="a"), kept)
    assert len(load_runs()) == 6

    other_prices = {"one": SERIES["one"] * 2}
    assert len(list(run_missing(other_prices, jobs=1))) == 6


def test_rows_of_a_series_that_is_not_at_hand_stay(store):
    list(run_missing({**SERIES, "two": load_prices("AAPL").iloc[:300]}, jobs=1))
    before = select(load_runs(), dataset="two")
    list(run_missing({"one": SERIES["one"] * 2}, jobs=1))
    after = select(load_runs(), dataset="two").reset_index(drop=True)
    # A column of whole seconds may be read back as integers.
    pd.testing.assert_frame_equal(after, before.reset_index(drop=True), check_dtype=False)


def test_a_run_repeats_to_the_bit(store):
    run = experiments.Run("one", "a", AS_PUBLISHED, 0)
    row, history = experiments.execute(run, SERIES["one"])
    again, history_again = experiments.execute(run, SERIES["one"])
    del row["seconds"], again["seconds"]
    assert row == again
    pd.testing.assert_frame_equal(history, history_again)


def test_the_paper_window_needs_netflix_to_its_end(tmp_path):
    path = tmp_path / "prices.csv"
    for prices in (load_prices("AAPL"), load_prices("NFLX")):  # other prices; ends too early
        prices.to_csv(path)
        with pytest.raises(ValueError, match=r"prices\.csv: not Netflix.*Leave PRICES out"):
            load_series(str(path))
    assert list(load_series(None)) == [BUNDLED_WINDOW]


# --- the committed store -------------------------------------------------------------------------


def test_the_store_is_whole():
    runs = load_runs()
    expected = {(d, r, s) for d in (BUNDLED_WINDOW, PAPER_WINDOW) for r in RECIPES for s in SEEDS}
    assert set(zip(runs["dataset"], runs["recipe"], runs["seed"], strict=True)) == expected
    epochs = load_histories().groupby(experiments.ID).size()
    assert (epochs == runs.set_index(experiments.ID)["epochs"]).all()


def test_the_store_follows_from_the_code():
    """Two epochs of each recipe, trained now, are those of the stored history."""
    close = load_prices()["close"]
    for name, recipe in RECIPES.items():
        windows = make_windows(close, recipe, AS_PUBLISHED)
        now = fit(replace(recipe, epochs=2), windows, seed=0).history
        stored = select(load_histories(), dataset=BUNDLED_WINDOW, recipe=name, seed=0).head(2)
        for column in ("train_loss", "val_loss", "penalty", "grad_norm_max"):
            np.testing.assert_allclose(now[column], stored[column], rtol=1e-3, err_msg=name)


def test_stored_keys_are_those_of_the_grid():
    digest = experiments.fingerprint(load_prices()).sha256
    grid = {run.key(digest) for run in experiments.grid([BUNDLED_WINDOW])}
    assert set(select(load_runs(), dataset=BUNDLED_WINDOW)["key"]) == grid


def test_stored_persistence_is_what_the_prices_say():
    """On the paper's window it was measured before this book: MAPE 1.43 %, scaled MSE 0.00076."""
    row = select(load_runs(), dataset=PAPER_WINDOW).iloc[0]
    assert round(row["persistence_mape_pct"], 2) == 1.43
    assert round(row["persistence_mse_scaled"], 5) == 0.00076
