"""Trials are made once, kept as they finish, and follow from the code."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from paperlib import metrics
from paperlib.baselines import choose_orders, compare_orders
from paperlib.experiments import price_series, sensitivity_runs, store
from paperlib.experiments.catalogue import Run
from paperlib.experiments.price_series import ENDS, load_late_series
from paperlib.experiments.sensitivity import Arima
from paperlib.experiments.sensitivity_runs import execute_arima, run_missing_trials
from paperlib.experiments.store import load_trials
from paperlib.prices.series import fingerprint, load_prices
from paperlib.recipe import AS_PUBLISHED, PUBLISHED
from paperlib.windows import make_windows

TINY = replace(PUBLISHED, hidden=(4,), epochs=2)
SERIES = {"one": load_prices().iloc[:300]}


@pytest.fixture
def results(tmp_path, monkeypatch):
    """An empty store, and three trials."""
    monkeypatch.setattr(store, "RESULTS", tmp_path)
    runs = [Run("one", "tiny", TINY, AS_PUBLISHED, seed) for seed in range(3)]
    monkeypatch.setattr(sensitivity_runs, "trial_grid", lambda dataset: runs)
    return tmp_path


def test_computes_what_is_missing_and_nothing_twice(results):
    assert list(run_missing_trials(SERIES, jobs=1)) == [(1, 3), (2, 3), (3, 3)]
    before = (results / "trials.csv").read_bytes()
    assert list(run_missing_trials(SERIES, jobs=1)) == []
    assert (results / "trials.csv").read_bytes() == before


def test_what_had_finished_survives_an_interruption(results):
    unfinished = run_missing_trials(SERIES, jobs=1)
    next(unfinished)
    unfinished.close()
    assert len(load_trials()) == 1
    assert [total for _, total in run_missing_trials(SERIES, jobs=1)] == [2, 2]


def test_a_run_of_the_store_is_not_made_again(results):
    key = Run("one", "tiny", TINY, AS_PUBLISHED, 1).key(fingerprint(SERIES["one"]).sha256)
    row = {"dataset": "one", "recipe": "other name", "protocol": "p", "seed": 1, "key": key}
    pd.DataFrame([row]).to_csv(results / "runs.csv", index=False)
    list(run_missing_trials(SERIES, jobs=1))
    assert sorted(load_trials()["seed"]) == [0, 2]


def test_what_no_longer_trains_as_stored_is_made_again(results):
    list(run_missing_trials(SERIES, jobs=1))
    stored = load_trials()
    store.save_trials(stored.assign(loss_epoch_1=stored["loss_epoch_1"] * 1.002))
    assert [total for _, total in run_missing_trials(SERIES, jobs=1)] == [3] * 3
    pd.testing.assert_series_equal(load_trials()["loss_epoch_1"], stored["loss_epoch_1"])


def test_rows_without_a_trial_go_and_those_of_other_series_stay(results):
    list(run_missing_trials(SERIES, jobs=1))
    stored = load_trials()
    stray = stored.iloc[:1].assign(recipe="gone", key="x")
    elsewhere = stored.iloc[:1].assign(dataset="two", key="y")
    store.save_trials(pd.concat([stored, stray, elsewhere]))
    list(run_missing_trials(SERIES, jobs=1))
    assert set(load_trials()["dataset"]) == {"one", "two"}
    assert "gone" not in set(load_trials()["recipe"])


def test_arima_is_read_in_three_ways_and_scored_like_the_networks():
    prices = load_prices().iloc[:300]
    rows = {row["recipe"]: row for row in execute_arima(Arima("one"), prices)}
    assert list(rows) == ["arima", "arima_30", "arima_path"]
    close = prices["close"].to_numpy()
    test = make_windows(prices["close"], PUBLISHED, AS_PUBLISHED).test
    first = len(close) - len(test.close)
    orders = compare_orders(close[:first], choose_orders(close[:first]).cut_off[1])
    order = orders["aic"].idxmin()
    assert rows["arima"]["order"] == "{} {} {}".format(*order)
    if order == (0, 1, 0):  # then it is persistence
        still = metrics.rmse(test.close, test.previous)
        assert rows["arima"]["test_rmse_usd"] == pytest.approx(still)
    last = np.full(len(test.close), close[first - 1])
    flat = metrics.rmse(test.close, last)
    assert rows["arima_path"]["test_rmse_usd"] == pytest.approx(flat, rel=0.2)
    assert rows["arima"]["test_rmse_usd"] < rows["arima_30"]["test_rmse_usd"]


def test_other_ends_are_taken_only_from_prices_that_fit(monkeypatch):
    assert load_late_series(None) == {}
    prices = load_prices()
    monkeypatch.setattr(price_series, "load_prices", lambda file: prices)
    assert load_late_series("file.csv") == {}
    digest = fingerprint(prices.loc[:"2020-02-28"]).sha256
    monkeypatch.setitem(ENDS, "early", ("2020-02-28", digest))
    assert load_late_series("file.csv")["early"].index[-1] == pd.Timestamp("2020-02-28")
