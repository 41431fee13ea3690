"""The command, in small: what it stores, what a second call makes again, how it refuses."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest

from paperlib import baselines
from paperlib.after import __main__ as program
from paperlib.after import closes
from paperlib.after.distributions import later_series
from paperlib.after.tables import load_answers
from paperlib.experiments import store
from paperlib.experiments.density_runs import windows_of
from paperlib.machine.files import Hindrance
from paperlib.paths import ROOT
from paperlib.probabilistic.density_network import fit_density
from paperlib.probabilistic.features import NETWORK, DensityRecipe

RECIPE = DensityRecipe(network=replace(NETWORK, hidden=(4,), epochs=1))


def tiny_runs():
    """Two seeds of each network, tiny."""
    return [
        replace(run, recipe=replace(run.recipe, hidden=(4,), epochs=1, patience=None))
        for run in closes.later_runs()
        if (run.seed < 2 and "," not in run.recipe_name) or run.recipe_name == closes.LSTM
    ]


@pytest.fixture
def small(tmp_path, monkeypatch, netflix):
    """An empty store, and all that is trained tiny."""
    runs = tiny_runs()
    windows = windows_of(RECIPE, later_series(netflix))
    frozen = [fit_density(RECIPE, [windows], seed) for seed in range(2)]
    monkeypatch.setattr(store, "RESULTS", tmp_path / "results")
    (tmp_path / "results").mkdir()
    monkeypatch.setattr(program, "PIECES", tmp_path / "pieces")
    monkeypatch.setattr(program, "own_arithmetic", lambda: "00aa")
    monkeypatch.setattr(program, "frozen_tasks", list)
    monkeypatch.setattr(program, "keep_frozen", lambda folder, tasks: None)
    monkeypatch.setattr(program, "load_frozen", lambda: frozen)
    for module in (program, closes):
        monkeypatch.setattr(module, "later_runs", lambda: runs)
    monkeypatch.setattr(baselines, "MAX_ORDER", 0)
    return tmp_path


def test_all_tables_are_stored_and_a_second_call_trains_nothing(small, netflix, monkeypatch):
    assert program.ask({"NFLX": netflix}, jobs=1) == "2025-07-31"
    found = load_answers("closes").set_index("model")
    assert set(found.index) == {closes.LSTM, "rnn", "returns", "relative", "arima", "persistence"}
    assert found["seeds"].to_dict()["rnn"] == 2
    assert set(found["arithmetic"]) == {"00aa"}
    assert set(load_answers("tiers")["ticker"]) == {"NFLX"}
    before = {path.name: path.read_bytes() for path in (small / "results").iterdir()}
    assert len(before) == 4
    monkeypatch.setattr(closes, "fit", None)  # would fail if it were called
    program.ask({"NFLX": netflix}, jobs=1)
    assert {path.name: path.read_bytes() for path in (small / "results").iterdir()} == before


def test_a_training_that_fails_is_named(small, netflix, monkeypatch):
    monkeypatch.setattr(closes, "fit", None)
    with pytest.raises(Hindrance, match="rnn, seed 0, after the paper: TypeError"):
        program.ask({"NFLX": netflix}, jobs=1)
    assert load_answers("closes").empty


@pytest.mark.parametrize(
    ("folder", "sentence"),
    [
        (
            None,
            "error: name a folder of later prices, such as NFLX.csv: AFTER=my_folder make after",
        ),
        ("no_such", "error: no_such: no such folder. Name one that holds NFLX.csv."),
    ],
)
def test_the_command_refuses_in_one_sentence(folder, sentence):
    variables = os.environ | ({"AFTER": folder} if folder else {})
    done = subprocess.run(
        [sys.executable, "-m", "paperlib.after"],
        cwd=ROOT, env=variables, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, f"{sentence}\n")


def test_what_is_shipped_is_of_one_end_date_and_complete():
    found = load_answers("closes")
    assert pd.to_datetime(found["end"]).min() > pd.Timestamp("2025-06-30")
    for end, rows in found.groupby("end"):
        names = {run.recipe_name for run in closes.later_runs()} | {"arima", "persistence"}
        assert set(rows["model"]) == names, end
        assert rows["sessions"].nunique() == 1
