"""Whatever the store lacks is named, before a chapter trips over it."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest

from book import execution
from paperlib.experiments import store
from paperlib.experiments.completeness import missing_results
from paperlib.machine.files import Hindrance


@pytest.fixture
def results(tmp_path, monkeypatch):
    """A copy of the committed store."""
    shutil.copytree(store.RESULTS, tmp_path / "results")
    monkeypatch.setattr(store, "RESULTS", tmp_path / "results")
    return tmp_path / "results"


def test_the_committed_store_lacks_nothing():
    assert missing_results() == []


@pytest.mark.parametrize(
    ("table", "row", "named"),
    [
        ("runs.csv", {"recipe": "lr_0.3", "seed": 4}, "lr_0.3, as_published, seed 4 on nf"),
        ("runs.csv", {"recipe": "rnn_no_l2", "dataset": "nflx-2016-2025", "seed": 9}, "rnn_no_l2"),
        ("trials.csv", {"dataset": "walk-007", "recipe": "rnn"}, "rnn, as_published, seed 7 on w"),
        ("trials.csv", {"dataset": "nflx-2016-2025-04", "recipe": "arima"}, "ARIMA on nflx-2016"),
        ("density_runs.csv", {"recipe": "lstm_pooled", "seed": 0}, "lstm_pooled, seed 0 on aapl-"),
        ("folds.csv", {"recipe": "lstm_calendar", "seed": 2, "dataset": "nflx-2013-2022-03"},
         "lstm_calendar"),
        ("parts.csv", {"part": "intervals", "dataset": "nflx-2016-2025"}, "intervals of nflx-2"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(table, row, named, results):
    rows = pd.read_csv(results / table, dtype=str)
    gone = (rows[list(row)] == pd.Series(row).astype(str)).all(axis=1)
    if table == "trials.csv" and "arima" in row.values():
        gone = (rows["dataset"] == row["dataset"]) & rows["recipe"].str.startswith("arima")
    assert gone.any()
    rows[~gone].to_csv(results / table, index=False)
    (missing,) = missing_results()
    assert missing.startswith(named)


def test_a_table_that_is_gone_is_named(results):
    (results / "evaluations.csv").unlink()
    assert missing_results() == ["evaluation of nflx-2016-2023", "evaluation of nflx-2016-2025"]


def test_no_notebook_starts_on_a_store_that_lacks_results(results, monkeypatch):
    # So that there are chapters to execute.
    monkeypatch.setattr(execution, "notebook_key", lambda *_: "other cells")
    rows = pd.read_csv(results / "runs.csv")
    rows[rows["seed"] < 5].to_csv(results / "runs.csv", index=False)
    sentence = r"^data/results lacks \d+ results, the first: .* Finish make results, or take back"
    with pytest.raises(Hindrance, match=sentence):
        execution.execute()


def test_an_empty_folder_lacks_everything_and_stops_nothing(results):
    for path in results.iterdir():
        path.unlink()
    assert len(missing_results()) > 2000
