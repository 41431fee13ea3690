"""Runs of networks that forecast distributions: where series are split, keys, and what is kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
from tinyworld import AAPL, BUNDLED, LONGER, SPLIT

from paperlib.experiments.density_runs import (
    NFLX,
    NFLX_2025,
    density_grid,
    density_runs,
    load_members,
    windows_of,
)
from paperlib.prices.series import load_prices
from paperlib.probabilistic.density_network import fit_density, forecast_density, load_density


def test_every_series_is_split_where_the_books_window_is(series):
    others = [f"{AAPL} for 2025", f"{NFLX} for 2025"]
    assert set(series) == {AAPL, NFLX, NFLX_2025, *others}
    for name in (AAPL, NFLX):
        assert series[name].returns.index[series[name].train] == BUNDLED.index[SPLIT]
        assert series[name].returns.index[-1] == BUNDLED.index[-1]
        assert series[name].returns.index[0] == pd.Timestamp("2014-06-03")
    later = LONGER.index[30 + int(0.8 * (len(LONGER) - 30))]
    assert series[NFLX_2025].returns.index[series[NFLX_2025].train] == later
    for name in others:  # of a pool's other series, nothing of the test part is read
        assert series[name].train == len(series[name].returns)
        assert series[name].returns.index[-1] == LONGER.index[LONGER.index < later][-1]
    closes = pd.concat([load_prices("NFLX")["close"].loc["2014-06":"2015-12"], LONGER["close"]])
    np.testing.assert_allclose(series[NFLX_2025].returns, 100 * np.diff(np.log(closes)))


def test_a_key_hangs_on_all_that_decides_the_numbers_and_on_nothing_else(series):
    run = density_grid(NFLX)[0]
    network = replace(run.recipe.network, lr=0.002)
    of = series[NFLX]
    others = [
        (replace(run, seed=7), series),
        (replace(run, recipe=replace(run.recipe, calendar=True)), series),
        (replace(run, recipe=replace(run.recipe, network=network)), series),
        (replace(run, members=(AAPL,)), series),
        (replace(run, members=(NFLX, AAPL)), series),
        (run, {NFLX: replace(of, train=of.train - 1)}),
        (run, {NFLX: replace(of, prices_sha256="another")}),
    ]
    keys = {changed.key(of_all) for changed, of_all in others}
    assert len(keys | {run.key(series)}) == len(others) + 1
    assert replace(run, dataset="renamed", recipe_name="too").key(series) == run.key(series)


def test_a_pooled_run_comes_once_and_forecasts_every_ticker(series):
    runs = density_runs(series)
    assert len(runs) == 12 + 6  # of both ends
    pooled = [run for run in runs.values() if len(run.members) > 1]
    assert Counter((run.recipe_name, run.members) for run in pooled) == {
        ("lstm_pooled", (AAPL, NFLX)): 2,
        ("lstm_pooled_calendar", (AAPL, NFLX)): 2,
        ("lstm_pooled_calendar", (NFLX_2025, f"{AAPL} for 2025")): 2,
    }
    for name in (AAPL, NFLX):
        assert "lstm_pooled" in {run.recipe_name for run in density_grid(name)}


def test_a_run_forecasts_the_test_part_as_its_network_does(series, get):
    for run in [density_grid(NFLX)[0], density_grid(NFLX_2025)[-1]]:
        windows = {name: windows_of(run.recipe, series[name]) for name in run.members}
        fitted = fit_density(run.recipe, list(windows.values()), run.seed)
        of = series[run.dataset]
        made = forecast_density(fitted, windows[run.dataset])
        until = slice(len(windows[run.dataset].targets) - 1 - (len(of.returns) - of.train), -1)
        found = load_members(run.dataset, series, get)[run.recipe_name][run.seed]
        for array in ("location", "scale", "df"):
            np.testing.assert_array_equal(getattr(found, array), getattr(made.at(until), array))
        piece = get(run.key(series))
        pd.testing.assert_frame_equal(piece.tables["history"], fitted.history.reset_index())
        (row,) = piece.rows
        assert row["val_loss"] == fitted.history["val_loss"].min()
        assert (row["status"], row["epochs"], row["best_epoch"]) == ("ok", 2, fitted.best_epoch)


def test_its_kept_weights_are_those_of_its_network(series, world):
    run = density_grid(NFLX)[0]
    (path,) = (world / "pieces").rglob(f"{run.key(series)}.pt")
    windows = windows_of(run.recipe, series[NFLX])
    anew = fit_density(run.recipe, [windows], run.seed)
    for kept, trained in zip(
        load_density(path).model.parameters(), anew.model.parameters(), strict=True
    ):
        assert kept.equal(trained)


def test_members_are_grouped_by_recipe(series, get):
    found = load_members(AAPL, series, get)
    assert {name: len(seeds) for name, seeds in found.items()} == {
        "lstm_calendar": 2,
        "lstm_pooled": 2,
        "lstm_pooled_calendar": 2,
    }
    n = len(series[AAPL].returns) - series[AAPL].train
    assert {seed.scale.shape for seeds in found.values() for seed in seeds} == {(1, n)}
