"""Runs of networks that forecast distributions: where series are split, keys, and what is kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tinydensities import AAPL, BUNDLED, LONGER, SPLIT

from paperlib.experiments import density_runs
from paperlib.experiments.density_runs import (
    NFLX,
    NFLX_2025,
    density_grid,
    load_forecast,
    load_members,
    load_row,
    windows_of,
)
from paperlib.prices.series import load_prices
from paperlib.probabilistic.density_network import fit_density, forecast_density


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


def test_a_stop_while_a_file_is_written_leaves_none_that_looks_finished(tmp_path, monkeypatch):
    def stop(file, **arrays):
        file.write(b"half of it")
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", stop)
    with pytest.raises(KeyboardInterrupt):
        density_runs.keep(tmp_path / "new" / "run.npz", scale=np.ones(3))
    assert not list(tmp_path.rglob("*.npz"))


def test_a_kept_run_forecasts_the_test_part_as_its_network_does(series):
    for run in [density_grid(NFLX)[0], density_grid(NFLX_2025)[-1]]:
        windows = {name: windows_of(run.recipe, series[name]) for name in run.members}
        fitted = fit_density(run.recipe, list(windows.values()), run.seed)
        of = series[run.dataset]
        made = forecast_density(fitted, windows[run.dataset])
        until = slice(len(windows[run.dataset].targets) - 1 - (len(of.returns) - of.train), -1)
        found = load_forecast(run, series, run.dataset)
        for array in ("location", "scale", "df"):
            np.testing.assert_array_equal(getattr(found, array), getattr(made.at(until), array))
        row = load_row(run, series)
        assert row["loss_epoch_1"] == fitted.history["train_loss"].loc[1]
        assert row["loss_epoch_2"] == fitted.history["train_loss"].loc[2]
        assert row["val_loss"] == fitted.history["val_loss"].min()
        assert (row["status"], row["epochs"], row["best_epoch"]) == ("ok", 2, fitted.best_epoch)


def test_members_are_grouped_by_recipe(series):
    found = load_members(AAPL, series)
    assert {name: len(seeds) for name, seeds in found.items()} == {
        "lstm_calendar": 2,
        "lstm_pooled": 2,
        "lstm_pooled_calendar": 2,
    }
    n = len(series[AAPL].returns) - series[AAPL].train
    assert {seed.scale.shape for seeds in found.values() for seed in seeds} == {(1, n)}
