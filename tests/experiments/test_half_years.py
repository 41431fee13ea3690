"""Models estimated anew each half year: when, on what, and what is put together of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tinyworld import AAPL

from paperlib.experiments.catalogue import BUNDLED_WINDOW
from paperlib.experiments.density_runs import (
    NFLX,
    NFLX_2025,
    TICKERS,
    Series,
    density_runs,
    execute_density,
    load_density_series,
    load_members,
)
from paperlib.experiments.half_years import (
    follow,
    half_year_starts,
    load_reestimated,
    networks_by_half_year,
    reestimations,
)
from paperlib.experiments.store import load_density_runs, select
from paperlib.prices.series import load_prices
from paperlib.probabilistic.density_network import fit_density, forecast_density
from paperlib.probabilistic.features import make_return_windows
from paperlib.probabilistic.student_t import StudentMixture

ARRAYS = ("location", "scale", "df")
START = 40  # sessions of the small test parts that precede their second half year


@pytest.mark.parametrize(
    ("sessions", "past"),
    [
        (30, [0]),
        (126, [0]),
        (188, [0]),  # 62 are no half year of their own
        (190, [0, 126]),
        (383, [0, 126, 252]),  # the bundled test part, whose last has 131
        (459, [0, 126, 252, 378]),  # the paper's, whose last has 81
    ],
)
def test_a_half_year_has_126_sessions_and_the_last_what_is_left(sessions, past):
    train = 400
    series = Series(pd.Series(np.zeros(train + sessions)), train, "")
    assert half_year_starts(series) == [train + of for of in past]


def test_forecasts_follow_until_the_next_model_is_estimated():
    made = [StudentMixture(*[np.full((1, n), k)] * 3) for k, n in enumerate((9, 7, 4), start=2)]
    found = follow(made, [100, 102, 105])
    assert found.scale.tolist() == [[2, 2, 3, 3, 3, 4, 4, 4, 4]]


def test_the_network_of_the_first_half_year_is_the_one_stored():
    """So it is not trained twice; and each ticker of the bundled end has the same networks."""
    series = load_density_series({BUNDLED_WINDOW: load_prices()})
    stored = select(load_density_runs(), recipe="lstm_pooled_calendar", dataset=AAPL)
    found = {
        dataset: [[one.key() for one in networks] for networks in of_seeds]
        for dataset in TICKERS.values()
        for of_seeds in [networks_by_half_year(dataset, series)]
    }
    assert [first for first, *_ in found[AAPL]] == stored.sort_values("seed")["key"].tolist()
    assert [len(networks) for networks in found[AAPL]] == [3] * 10
    assert all(keys == found[AAPL] for keys in found.values())
    anew = {key for networks in found[AAPL] for key in networks[1:]}
    assert anew == set(reestimations(series))
    assert not anew & set(density_runs(series))


def test_each_is_named_and_trained_on_what_precedes_its_half_year(series):
    for dataset, pool in ((AAPL, {AAPL, NFLX}), (NFLX_2025, {NFLX_2025, AAPL})):
        of = series[dataset]
        start = of.returns.index[of.train + START]
        for seed, (_, network) in enumerate(networks_by_half_year(dataset, series)):
            assert str(network.run) == f"lstm_pooled_calendar_half_1, seed {seed} on {dataset}"
            assert set(network.series) == set(network.run.members) == pool
            for stood in network.series.values():
                trained, after = stood.returns[: stood.train], stood.returns[stood.train :]
                assert trained.index[-1] < start
                assert not len(after) or after.index[0] == start


def test_put_together_are_each_networks_own_forecasts_of_its_half_year(series, get):
    of = series[NFLX]
    once = load_members(NFLX, series, get)["lstm_pooled_calendar"]
    found = load_reestimated(NFLX, series, get)["lstm_pooled_calendar_reestimated"]
    for seed, (_, network) in enumerate(networks_by_half_year(NFLX, series)):
        recipe = network.run.recipe
        # The pool as the recipe has it, without a return of the half year itself.
        laid = {
            name: make_return_windows(
                series[name].returns[: of.train + START], recipe, of.train + START
            )
            for name in (AAPL, NFLX)
        }
        fitted = fit_density(recipe, list(laid.values()), seed)
        windows = make_return_windows(of.returns, recipe, of.train + START)
        own = forecast_density(fitted, windows).at(slice(windows.train, -1))
        assert found[seed].scale.shape == (1, len(of.returns) - of.train)
        for array in ARRAYS:
            made = getattr(found[seed], array)
            np.testing.assert_array_equal(made[:, :START], getattr(once[seed], array)[:, :START])
            np.testing.assert_array_equal(made[:, START:], getattr(own, array))


@pytest.mark.parametrize("later", [0, 7])
def test_no_forecast_knows_the_return_it_is_of(series, get, later):
    network = networks_by_half_year(NFLX, series)[0][1]
    t = network.series[NFLX].train + later
    changed = {}
    for name, of in network.series.items():
        returns = of.returns.copy()
        returns.iloc[t:] *= -3
        changed[name] = replace(of, returns=returns)
    found = execute_density(network.run, changed).arrays[NFLX]
    kept = get(network.key()).arrays[NFLX]
    np.testing.assert_array_equal(found[:, : later + 1], kept[:, : later + 1])
    assert (found[1, later + 1 :] != kept[1, later + 1 :]).all()


def test_other_tickers_that_end_early_give_what_there_is(series):
    """On the paper's window they are trained on to their end, and of none is a session tested."""
    (_, network), *_ = networks_by_half_year(NFLX_2025, series)
    nflx, aapl = network.series[NFLX_2025], network.series[AAPL]
    assert aapl.returns.index[-1] < nflx.returns.index[-1]
    cut = aapl.returns.index[aapl.returns.index < nflx.returns.index[nflx.train]]
    assert aapl.train == len(cut)
    assert aapl.train > series[f"{AAPL} for 2025"].train
    pd.testing.assert_series_equal(aapl.returns, series[AAPL].returns)
