"""The runs of the grid are complete, can be resumed, and follow from the code."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from sklearn import metrics as reference

from paperlib.experiments import price_series, runner, store
from paperlib.experiments.catalogue import BUNDLED_WINDOW, CHAOTIC, PAPER_WINDOW, Run, grid
from paperlib.experiments.price_series import load_series
from paperlib.experiments.runner import execute, find_stale, probe, run_missing
from paperlib.experiments.store import load_histories, load_runs, select
from paperlib.paths import ROOT
from paperlib.prices.calendar import trading_sessions
from paperlib.prices.series import fingerprint, load_prices
from paperlib.recipe import AS_PUBLISHED, PUBLISHED
from paperlib.training import fit, predict
from paperlib.windows import make_windows

TINY = replace(PUBLISHED, hidden=(4,), epochs=2)
SERIES = {"one": load_prices().iloc[:300]}


def tiny_grid(lr: float = 0.01) -> Callable[[str], list[Run]]:
    """Two tiny recipes, three seeds."""
    recipes = {"a": TINY, "b": replace(TINY, lr=lr)}
    return lambda dataset: [
        Run(dataset, name, recipe, AS_PUBLISHED, seed)
        for name, recipe in recipes.items()
        for seed in range(3)
    ]


@pytest.fixture
def results(tmp_path, monkeypatch):
    """An empty store and a tiny grid."""
    monkeypatch.setattr(store, "RESULTS", tmp_path)
    monkeypatch.setattr(runner, "grid", tiny_grid())
    return tmp_path


def test_computes_what_is_missing_and_nothing_twice(results):
    assert list(run_missing(SERIES, jobs=1)) == [(n, 6) for n in range(1, 7)]
    runs, histories = load_runs(), load_histories()
    assert len(runs) == 6
    assert len(histories) == 6 * TINY.epochs
    assert (runs["status"] == "ok").all()
    before = (results / "runs.csv").read_bytes()
    assert list(run_missing(SERIES, jobs=1)) == []
    assert (results / "runs.csv").read_bytes() == before
    assert not list(results.glob(".*"))  # neither a journal nor a draft is left


def test_what_had_finished_survives_an_interruption(results):
    unfinished = run_missing(SERIES, jobs=1)
    assert next(unfinished) == (1, 6)
    assert next(unfinished) == (2, 6)
    unfinished.close()
    assert len(load_runs()) == 2
    assert [total for _, total in run_missing(SERIES, jobs=1)] == [4] * 4
    assert len(load_runs()) == 6


KILLED = """
import os, sys
from pathlib import Path
sys.path.insert(0, "tests/experiments")
import test_runner as t
t.store.RESULTS = Path(sys.argv[1])
t.runner.grid = t.tiny_grid()
for done, _ in t.run_missing(t.SERIES, jobs=1):
    if done == 3:
        with (t.store.RESULTS / ".journal.jsonl").open("a") as journal:
            journal.write('{"row": {"dataset": "one", "rec')  # the fourth, half written
        os.kill(os.getpid(), 9)
"""


def test_what_had_finished_survives_a_kill(results):
    """SIGKILL leaves no time to tidy up, and may cut a line short."""
    ended = subprocess.run([sys.executable, "-c", KILLED, str(results)], cwd=ROOT, check=False)
    assert abs(ended.returncode) == 9  # Windows knows no signals and says the number itself
    assert load_runs().empty  # all is in the journal
    assert [total for _, total in run_missing(SERIES, jobs=1)] == [3] * 3
    assert len(load_runs()) == 6
    assert len(load_histories()) == 6 * TINY.epochs


def test_only_what_changed_is_computed_again(results, monkeypatch):
    list(run_missing(SERIES, jobs=1))
    kept = select(load_runs(), recipe="a")
    monkeypatch.setattr(runner, "grid", tiny_grid(lr=0.02))
    assert [total for _, total in run_missing(SERIES, jobs=1)] == [3] * 3
    pd.testing.assert_frame_equal(select(load_runs(), recipe="a"), kept, check_dtype=False)
    assert len(load_runs()) == 6

    other_prices = {"one": SERIES["one"] * 2}
    assert len(list(run_missing(other_prices, jobs=1))) == 6


def test_a_recipe_that_no_longer_trains_as_stored_is_computed_again(results):
    list(run_missing(SERIES, jobs=1))
    honest = load_runs()
    forged = load_histories()
    first = forged.index[(forged["recipe"] == "b") & (forged["seed"] == 0)][0]
    forged.loc[first, "val_loss"] *= 1.002
    forged.to_csv(results / "histories-one.csv.gz", index=False)
    assert [total for _, total in run_missing(SERIES, jobs=1)] == [3] * 3
    pd.testing.assert_frame_equal(
        load_runs().drop(columns="seconds"), honest.drop(columns="seconds"), check_dtype=False
    )


def test_a_chaotic_recipe_is_stale_with_the_published_one(results, monkeypatch):
    rates = {"a": 0.01, "b": 0.02, "published": 0.001}
    runs = [Run("one", name, replace(TINY, lr=lr), AS_PUBLISHED, 0) for name, lr in rates.items()]
    monkeypatch.setattr(runner, "grid", lambda dataset: runs)
    monkeypatch.setattr(runner, "CHAOTIC", {"b"})
    list(run_missing(SERIES, jobs=1))
    honest = load_histories()

    def stale_after_forging(*forged: str) -> set[str]:
        """Move the stored losses of some recipes."""
        moved = honest["val_loss"] * (1 + 0.1 * honest["recipe"].isin(forged))
        honest.assign(val_loss=moved).to_csv(results / "histories-one.csv.gz", index=False)
        return {name.split()[1] for name in find_stale(runs, SERIES, jobs=1)}

    assert stale_after_forging("b") == set()
    assert stale_after_forging("a") == {"a"}
    assert stale_after_forging("published") == {"published", "b"}


def test_rows_of_a_series_that_is_not_at_hand_stay(results):
    list(run_missing({**SERIES, "two": load_prices("AAPL").iloc[:300]}, jobs=1))
    before = select(load_runs(), dataset="two")
    list(run_missing({"one": SERIES["one"] * 2}, jobs=1))
    after = select(load_runs(), dataset="two").reset_index(drop=True)
    # A column of whole seconds may be read back as integers.
    pd.testing.assert_frame_equal(after, before.reset_index(drop=True), check_dtype=False)


def test_a_run_repeats_to_the_bit():
    run = tiny_grid()("one")[0]
    row, history = execute(run, SERIES["one"])
    again, history_again = execute(run, SERIES["one"])
    del row["seconds"], again["seconds"]
    assert row == again
    pd.testing.assert_frame_equal(history, history_again)


def test_a_runs_scores_are_those_of_its_network_on_each_part():
    """Worked out again from a fit of the same recipe and seed, with scikit-learn."""
    recipe = replace(TINY, epochs=5)
    row, history = execute(Run("one", "a", recipe, AS_PUBLISHED, 1), SERIES["one"])
    windows = make_windows(SERIES["one"]["close"], recipe, AS_PUBLISHED)
    fitted = fit(recipe, windows, seed=1)
    low, high = SERIES["one"]["close"].min(), SERIES["one"]["close"].max()
    for name, part in (("train", windows.train), ("test", windows.test)):
        scaled = predict(fitted.model, part.inputs).astype(float)
        dollars = (scaled + 1) / 2 * (high - low) + low
        expected = {
            "mse_scaled": reference.mean_squared_error(part.targets, scaled),
            "mae_scaled": reference.mean_absolute_error(part.targets, scaled),
            "mae_usd": reference.mean_absolute_error(part.close, dollars),
            "rmse_usd": reference.root_mean_squared_error(part.close, dollars),
            "mape_pct": 100 * reference.mean_absolute_percentage_error(part.close, dollars),
        }
        for metric, value in expected.items():
            assert row[f"{name}_{metric}"] == pytest.approx(value), metric
    naive = np.abs(windows.test.close - windows.test.previous).mean()
    assert row["persistence_mae_usd"] == pytest.approx(naive, rel=1e-5)
    assert row["test_mse_scaled_low"] < row["test_mse_scaled"] < row["test_mse_scaled_high"]
    assert (row["epochs"], row["best_epoch"]) == (len(history), fitted.best_epoch)


def test_a_run_whose_history_is_not_whole_is_computed_again(results):
    list(run_missing(SERIES, jobs=1))
    whole = load_histories()
    whole.drop(index=3).to_csv(results / "histories-one.csv.gz", index=False)
    assert list(run_missing(SERIES, jobs=1)) == [(1, 1)]
    pd.testing.assert_frame_equal(load_histories(), whole)


def test_a_shorter_run_leaves_no_rows_of_the_longer_one(results, monkeypatch):
    list(run_missing(SERIES, jobs=1))
    run = tiny_grid()("one")[0]
    shorter = replace(run, recipe=replace(run.recipe, epochs=1))
    monkeypatch.setattr(runner, "grid", lambda dataset: [shorter])
    list(run_missing(SERIES, jobs=1))
    assert load_histories()["epoch"].tolist() == [1]
    assert list(run_missing(SERIES, jobs=1)) == []


def test_the_paper_window_needs_netflix_to_the_cent_and_to_its_end(tmp_path, monkeypatch):
    """The later closes are made up; what counts is that the digest of all of them is asked for."""
    bundled = load_prices()[["close"]]
    later = trading_sessions(pd.Timestamp("2023-09-22"), pd.Timestamp("2025-03-31"))
    whole = pd.concat([bundled, pd.DataFrame({"close": 400.25}, index=later)])
    monkeypatch.setattr(price_series, "PAPER_SHA256", fingerprint(whole).sha256)
    path = tmp_path / "prices.csv"
    whole.rename_axis("date").to_csv(path)
    assert list(load_series(str(path))) == [BUNDLED_WINDOW, PAPER_WINDOW]
    refused = {
        "another share": load_prices("AAPL"),
        "ends too early": bundled,
        "a cent off": whole.assign(close=whole["close"] + 0.01 * (whole.index == later[5])),
        "lacks a session": whole.drop(later[7]),
        "rounded after the split": (whole / 10).round(1),
        "before the window": load_prices()
        .loc[:"2016-01-01"]
        .reindex(trading_sessions(pd.Timestamp("2010-01-04"), pd.Timestamp("2011-01-31")))
        .assign(close=9.0),
    }
    for prices in refused.values():
        prices.rename_axis("date").to_csv(path)
        with pytest.raises(ValueError, match=r"prices\.csv: not Netflix.*Leave PRICES out"):
            load_series(str(path))
    assert list(load_series(None)) == [BUNDLED_WINDOW]


# --- the committed store -------------------------------------------------------------------------


def test_a_whole_stored_run_comes_out_again():
    """Seed 1 as published: stopping, schedule and choice of the best epoch, to the last epoch."""
    stored = select(load_runs(), dataset=BUNDLED_WINDOW, recipe="published", seed=1)
    stored = select(stored, protocol="as_published").iloc[0]
    if stored["processor"].split()[-1] != torch.backends.cpu.get_cpu_capability():
        pytest.skip("on another type of processor a run may stop at another epoch")
    run = next(r for r in grid(BUNDLED_WINDOW) if (r.recipe_name, r.seed) == ("published", 1))
    row, _ = execute(run, load_prices())
    for column in ("epochs", "best_epoch", "lr_final", "test_mse_scaled", "test_mape_pct"):
        assert row[column] == pytest.approx(stored[column], rel=1e-5), column


def test_the_store_follows_from_the_code():
    """Two epochs of each recipe, trained now, are those of the stored history."""
    histories = select(load_histories(), dataset=BUNDLED_WINDOW, seed=0)
    runs = [run for run in grid(BUNDLED_WINDOW) if run.seed == 0 and run.recipe_name not in CHAOTIC]
    for run in runs:
        name = run.recipe_name
        now = probe(run, load_prices())
        stored = select(histories, recipe=name, protocol=run.protocol.name).head(2)
        for column in ("train_loss", "val_loss", "penalty", "grad_norm_max"):
            np.testing.assert_allclose(now[column], stored[column], rtol=1e-4, err_msg=name)


@pytest.mark.parametrize("name", ["published", "rnn_no_l2", "lr_0.03", "gain_3", *sorted(CHAOTIC)])
def test_a_chaotic_recipe_is_one_that_no_tolerance_fits(name):
    """Prices moved in the last digit of float32 are to training as another processor's sums."""
    run = next(r for r in grid(BUNDLED_WINDOW) if (r.recipe_name, r.seed) == (name, 0))
    prices = load_prices()
    last_digit = 1e-7 * np.random.default_rng(0).standard_normal(len(prices))
    one, other = probe(run, prices), probe(run, prices.mul(1 + last_digit, axis=0))
    apart = np.abs(one["val_loss"] / other["val_loss"] - 1).max()
    assert (apart > 1e-3) if name in CHAOTIC else (apart < 1e-4)


def test_stored_persistence_is_what_the_prices_say():
    """On the paper's window it was measured before this book: MAPE 1.43 %, scaled MSE 0.00076."""
    row = select(load_runs(), dataset=PAPER_WINDOW, protocol="as_published").iloc[0]
    assert round(row["persistence_mape_pct"], 2) == 1.43
    assert round(row["persistence_mse_scaled"], 5) == 0.00076
