"""Forecasts of a test part are those of the run trained anew, seed by seed."""

from __future__ import annotations

import numpy as np
import pytest
from tinyworld import BUNDLED

from paperlib.experiments.catalogue import BUNDLED_WINDOW
from paperlib.experiments.evaluation import describe_path
from paperlib.experiments.forecasts import evaluated_runs
from paperlib.experiments.reference_fits import arithmetic, load_hashes
from paperlib.experiments.runner import execute
from paperlib.experiments.store import load_evaluations, load_forecasts, load_runs, select
from paperlib.prices.series import load_prices
from paperlib.windows import make_windows


def test_stored_forecasts_are_those_of_each_seed(world):
    table = select(load_forecasts(), recipe="rnn", protocol="leak_free")
    run = next(
        run
        for run in evaluated_runs(BUNDLED_WINDOW)
        if (run.recipe_name, run.protocol.name, run.seed) == ("rnn", "leak_free", 1)
    )
    path = execute(run, BUNDLED, ("paths",)).arrays["paths"]
    np.testing.assert_allclose(table["1"], path[:, 0], rtol=1e-5)
    assert table["session"].is_monotonic_increasing


def test_a_stored_path_comes_out_again():
    run = next(r for r in evaluated_runs(BUNDLED_WINDOW) if r.recipe_name == "rnn")
    stored = select(load_runs(), dataset=BUNDLED_WINDOW)
    if stored["arithmetic"].iloc[0] != arithmetic(load_hashes()):
        pytest.skip("the stored run is from before its arithmetic was noted")
    prices = load_prices()
    test = make_windows(prices["close"], run.recipe, run.protocol).test
    found = describe_path(execute(run, prices, ("paths",)).arrays["paths"], test)
    row = select(load_evaluations(), dataset=BUNDLED_WINDOW, recipe="rnn", seed=run.seed)
    row = select(row, protocol=run.protocol.name).iloc[0]
    for name, value in found.items():
        assert row[name] == pytest.approx(value, rel=1e-4), name
