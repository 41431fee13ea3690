"""The pieces that results are made of: each once, with what other parts read of it."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from paperlib.experiments import tasks
from paperlib.experiments.catalogue import BUNDLED_WINDOW, grid
from paperlib.experiments.density_runs import load_density_series
from paperlib.experiments.engine import Task
from paperlib.experiments.pieces import Piece
from paperlib.experiments.price_series import random_walk
from paperlib.experiments.tasks import (
    density_tasks,
    fold_tasks,
    on_same_arithmetic,
    products,
    reestimation_tasks,
    trial_tasks,
    window_tasks,
)
from paperlib.prices.series import fingerprint, load_prices

PRICES = load_prices()
SHA256 = fingerprint(PRICES).sha256


def test_a_window_has_the_grid_and_ten_networks_for_its_intervals():
    found = window_tasks(BUNDLED_WINDOW, PRICES, Path("pieces"))
    keys = [task.key for task in found]
    assert len(set(keys)) == len(keys)
    assert {t.key for t in found if t.table == "runs.csv"} == {
        run.key(SHA256) for run in grid(BUNDLED_WINDOW)
    }
    assert [task.name.split(",")[0] for task in found if not task.table] == ["calibrated"] * 10
    assert Counter(task.arrays for task in found) == {
        ("errors",): len(found) - 80,
        ("errors", "paths"): 70,
        ("errors", "paths", "drawn", "noisy", "ahead"): 10,
    }
    wanted = products(BUNDLED_WINDOW, SHA256)
    assert {task.key for task in found if "paths" in task.arrays} == set(wanted.evaluated.values())
    assert {task.key for task in found if "drawn" in task.arrays} == set(wanted.published)


def test_a_walk_has_four_networks_and_an_arima():
    found = trial_tasks("walk-003", random_walk(PRICES["close"], 3).to_frame())
    assert [task.name for task in found] == [
        "published, as_published, seed 3 on walk-003",
        "rnn, as_published, seed 3 on walk-003",
        "no_l2, as_published, seed 3 on walk-003",
        "rnn_no_l2, as_published, seed 3 on walk-003",
        "ARIMA on walk-003",
    ]


def test_pooled_networks_come_first_and_each_once():
    found = density_tasks(load_density_series({BUNDLED_WINDOW: PRICES}))
    assert len({task.key for task in found}) == len(found) == 100
    assert ["pooled" in task.name for task in found] == [True] * 20 + [False] * 80
    members = [set(task.make.args[1]) for task in found]  # no worker is sent more than it needs
    assert {len(names) for names in members[:20]} == {6}
    assert {len(names) for names in members[20:]} == {1}


def test_what_is_trained_anew_is_nothing_that_is_trained_once():
    series = load_density_series({BUNDLED_WINDOW: PRICES})
    once = {task.key for task in density_tasks(series)}
    found = [*reestimation_tasks(series), *fold_tasks(series)]
    keys = {task.key for task in found}
    assert len(keys) == len(found) == 2 * 10 + 2 * 5 * 3
    assert not keys & once
    assert Counter(task.table for task in found) == {"density_runs.csv": 20, "folds.csv": 30}


def test_a_worker_of_another_arithmetic_refuses(monkeypatch):
    task = Task("key", "name", partial(Piece, []), 1.0)
    monkeypatch.setattr(tasks, "own_arithmetic", lambda: "ours")
    assert on_same_arithmetic(task, "ours").make() == Piece([])
    with pytest.raises(RuntimeError, match="computes with arithmetic ours, not another"):
        on_same_arithmetic(task, "another").make()
