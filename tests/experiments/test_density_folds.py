"""The folds that inputs were chosen on: where they lie, what is trained, and its scores."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tinyworld import AAPL

from paperlib.experiments import density_folds, store
from paperlib.experiments.catalogue import BUNDLED_WINDOW
from paperlib.experiments.density_folds import (
    execute_fold,
    fold_grid,
    fold_key,
    fold_ratios,
    fold_series,
)
from paperlib.experiments.density_runs import NFLX, load_density_series
from paperlib.experiments.density_scores import simple_forecasts
from paperlib.prices.series import load_prices
from paperlib.probabilistic.density_network import fit_density, forecast_density
from paperlib.probabilistic.features import make_return_windows

WHOLE = load_density_series({BUNDLED_WINDOW: load_prices()})
OF_NFLX, OF_AAPL = "nflx-2013-2016-12", "aapl-2013-2016-12"  # of the small world's only fold


@pytest.mark.parametrize(
    ("name", "first", "last", "sessions"),
    [
        ("nflx-2013-2020-06", "2019-01-02", "2020-06-30", 377),
        ("nflx-2013-2022-03", "2020-10-01", "2022-03-14", 365),
    ],
)
def test_a_fold_lies_before_the_test_part_and_is_trained_on_what_precedes_it(
    name, first, last, sessions
):
    found = fold_series(WHOLE)
    assert len(found) == 2 * 6
    of, whole = found[name], WHOLE[NFLX]
    fold = of.returns[of.train :]
    assert (str(fold.index[0].date()), str(fold.index[-1].date())) == (first, last)
    assert len(fold) == sessions
    assert fold.index[-1] < whole.returns.index[whole.train]
    pd.testing.assert_series_equal(of.returns, whole.returns[: len(of.returns)])


def test_five_recipes_are_trained_on_each_fold_with_three_seeds():
    runs = fold_grid()
    assert Counter((run.dataset, run.recipe_name, len(run.members)) for run in runs) == {
        (f"{ticker}-2013-{end}", recipe, members): 3
        for end in ("2020-06", "2022-03")
        for ticker, recipe, members in (
            ("nflx", "lstm_returns", 1),
            ("nflx", "lstm", 1),
            ("nflx", "lstm_calendar", 1),
            ("aapl", "lstm_pooled", 6),
            ("aapl", "lstm_pooled_calendar", 6),
        )
    }


def test_a_key_hangs_on_the_training_and_on_where_the_fold_ends():
    found, run = fold_series(WHOLE), fold_grid()[0]
    (name,) = run.members
    of = found[name]
    others = [
        (replace(run, seed=7), found),
        (run, {name: replace(of, train=of.train - 1)}),
        (run, {name: replace(of, returns=of.returns[:-1])}),
        (run, {name: replace(of, prices_sha256="another")}),
    ]
    keys = {fold_key(changed, series) for changed, series in others}
    assert len(keys | {fold_key(run, found)}) == len(others) + 1


def test_the_table_has_a_row_a_series_that_a_network_was_trained_on(world, series):
    table = pd.read_csv(store.RESULTS / "folds.csv", dtype={"key": str})
    assert list(table[["dataset", "recipe"]].itertuples(index=False, name=None)) == [
        (OF_AAPL, "lstm_pooled"),
        (OF_AAPL, "lstm_pooled_calendar"),
        *((OF_NFLX, name) for name in ("lstm", "lstm_calendar", "lstm_pooled")),
        *((OF_NFLX, name) for name in ("lstm_pooled_calendar", "lstm_returns")),
    ]
    cut = fold_series(series)
    assert set(table["key"]) == {fold_key(run, cut) for run in fold_grid()}
    assert not table.isna().any().any()
    np.testing.assert_allclose(table["ratio"], table["crps"] / table["garch_crps"], rtol=1e-5)


@pytest.mark.parametrize("recipe", ["lstm_returns", "lstm_pooled_calendar"])
def test_scores_are_those_of_a_network_that_saw_nothing_of_the_fold(world, series, recipe):
    (run,) = (run for run in fold_grid() if run.recipe_name == recipe)
    table = store.select(pd.read_csv(store.RESULTS / "folds.csv"), recipe=recipe)
    by_member = {OF_NFLX: series[NFLX].returns, OF_AAPL: series[AAPL].returns}
    before = {name: by_member[name][:"2016-06"] for name in run.members}
    laid = [make_return_windows(of, run.recipe, len(of)) for of in before.values()]
    fitted = fit_density(run.recipe, laid, run.seed)
    for name in run.members:
        known, fold = before[name], by_member[name]["2016-07":"2016-12"].to_numpy()
        until = by_member[name][:"2016-12"]
        windows = make_return_windows(until, run.recipe, len(known))
        made = forecast_density(fitted, windows).at(slice(windows.train, -1))
        garch = simple_forecasts(replace(series[NFLX], returns=until, train=len(known)))["garch_t"]
        (row,) = store.select(table, dataset=name).itertuples()
        assert row.n == len(fold)
        # By quadrature, which the small world does at few nodes.
        assert row.crps == pytest.approx(made.crps(fold).mean(), rel=1e-4)
        assert row.garch_crps == pytest.approx(garch.crps(fold).mean(), rel=1e-4)


def test_what_comes_in_a_fold_changes_no_network(series):
    cut = fold_series(series)
    (run,) = (run for run in fold_grid() if run.recipe_name == "lstm_calendar")
    changed = cut[OF_NFLX].returns.copy()
    changed.iloc[cut[OF_NFLX].train + 5 :] *= -3
    anew = {OF_NFLX: replace(cut[OF_NFLX], returns=changed)}
    before, after = (execute_fold(run, of) for of in (cut, anew))
    found, kept = after.arrays[OF_NFLX], before.arrays[OF_NFLX]
    np.testing.assert_array_equal(found[:, :6], kept[:, :6])
    assert (found[1, 6:] != kept[1, 6:]).all()
    assert after.rows[0]["val_loss"] == before.rows[0]["val_loss"]
    assert after.rows[0]["crps"] != before.rows[0]["crps"]


def test_the_summary_is_the_geometric_mean_of_seeds_and_of_tickers(monkeypatch):
    rows = [
        ("nflx-2013-2020-06", "lstm", 0, 0.9),
        ("nflx-2013-2020-06", "lstm", 1, 1.6),
        ("nflx-2013-2020-06", "lstm_pooled", 0, 1.0),
        ("aapl-2013-2020-06", "lstm_pooled", 0, 0.64),
        ("nflx-2013-2022-03", "lstm", 0, 0.5),
        ("nflx-2013-2022-03", "lstm_pooled", 0, 2.0),
        ("aapl-2013-2022-03", "lstm_pooled", 0, 2.0),
    ]
    table = pd.DataFrame(rows, columns=["dataset", "recipe", "seed", "ratio"])
    monkeypatch.setattr(density_folds, "load_folds", lambda: table)
    found = fold_ratios()
    assert found.loc["lstm", ("2020-06", "NFLX")] == pytest.approx(1.2)
    assert found.loc["lstm_pooled", ("2020-06", "six")] == pytest.approx(0.8)
    assert found.loc["lstm_pooled", ("2022-03", "six")] == pytest.approx(2.0)
    assert np.isnan(found.loc["lstm", ("2020-06", "six")])
