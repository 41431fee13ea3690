"""Comparisons over sessions: of which runs, and equal to their ratios of mean losses."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import mean_squared_error

from paperlib.experiments.catalogue import BUNDLED_WINDOW, PAPER_WINDOW, grid
from paperlib.experiments.over_sessions import compare_over_sessions, session_runs
from paperlib.experiments.price_series import PAPER_SHA256
from paperlib.stats.seeds_and_sessions import ratio_of_mean_losses


def test_its_runs_are_those_of_the_grid():
    assert session_runs(BUNDLED_WINDOW) == {}  # the question is about the paper's period
    runs = session_runs(PAPER_WINDOW)
    assert len(runs) == 2 * 7
    wanted = {run.key(PAPER_SHA256) for of in runs.values() for run in of}
    assert len(wanted) == 140
    assert wanted <= {run.key(PAPER_SHA256) for run in grid(PAPER_WINDOW)}


def test_each_recipe_is_held_against_the_published_one():
    rng = np.random.default_rng(0)
    actual, forecasts = rng.normal(size=100), rng.normal(size=(3, 10, 100))
    names = ("published", "no_dropout", "rnn")
    losses = {
        ("no L2", name): (of - actual) ** 2 for name, of in zip(names, forecasts, strict=True)
    }
    table = compare_over_sessions("one", losses).set_index("recipe")
    assert list(table.index) == ["no_dropout", "rnn"]
    assert set(table["reading"]) == {"no L2"}
    errors = [np.mean([mean_squared_error(actual, f) for f in of]) for of in forecasts]
    assert table["ratio"].to_list() == pytest.approx([errors[1] / errors[0], errors[2] / errors[0]])
    published, dropped, rnn = losses.values()
    assert set(table["over"]) == {"published"}
    pairs = ratio_of_mean_losses(
        dropped, published, paired=True
    )  # both start from the same weights
    assert tuple(table.loc["no_dropout", ["ratio", "low", "high"]]) == pairs
    apart = ratio_of_mean_losses(rnn, published, paired=False)
    assert tuple(table.loc["rnn", ["ratio", "low", "high"]]) == apart


def test_arima_is_held_against_both_networks():
    rng = np.random.default_rng(1)
    losses = {
        ("no L2", name): rng.gamma(2, size=(seeds, 80))
        for name, seeds in (("published", 5), ("rnn", 5), ("arima", 1))
    }
    table = compare_over_sessions("one", losses).set_index(["recipe", "over"])
    assert set(table.index) == {("rnn", "published"), ("arima", "published"), ("arima", "rnn")}
    arima, rnn = losses["no L2", "arima"], losses["no L2", "rnn"]
    assert table.loc[("arima", "rnn"), "ratio"] == pytest.approx(arima.mean() / rnn.mean())
