"""The answers on distributions: of frozen networks, and of models estimated before what comes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import scoringrules
from arch import arch_model

from paperlib.after.distributions import ask_distributions, later_series
from paperlib.after.frozen import FROZEN
from paperlib.experiments.density_runs import windows_of
from paperlib.probabilistic.density_network import fit_density, forecast_density
from paperlib.probabilistic.features import NETWORK, DensityRecipe
from paperlib.probabilistic.student_t import combine
from paperlib.stats.seeds import proportion

RECIPE = DensityRecipe(network=replace(NETWORK, hidden=(4,), epochs=1))


@pytest.fixture(scope="module")
def prices(netflix, apple):
    return {"NFLX": netflix, "AAPL": apple}


@pytest.fixture(scope="module")
def frozen(netflix):
    """Two seeds, trained on what precedes March 2025."""
    windows = windows_of(RECIPE, later_series(netflix))
    return [fit_density(RECIPE, [windows], seed) for seed in range(2)]


@pytest.fixture(scope="module")
def answers(prices, frozen):
    return ask_distributions(prices, frozen)


def test_each_ticker_is_asked_of_each_model(answers):
    models = {"static_t", "static_t_calendar", "garch_t", "garch_t_calendar", FROZEN}
    for name in ("distributions", "backtests"):
        table = answers[name]
        assert set(table["dataset"]) == {"NFLX", "AAPL"}  # six there are not
        assert set(table["model"]) == models
    assert {FROZEN, "garch_t"} <= set(answers["tiers"]["model"])


def test_garch_is_estimated_before_and_scored_after(answers, netflix):
    """By hand, with arch and scoringrules."""
    returns = 100 * np.log(netflix["close"]).diff().dropna()
    before = int((returns.index <= "2025-03-31").sum())
    fitted = arch_model(returns, dist="t").fit(last_obs=before, disp="off", show_warning=False)
    spread = fitted.forecast(start=before - 1, reindex=False).variance["h.1"].to_numpy()[:-1] ** 0.5
    df = fitted.params["nu"]
    scale = spread * np.sqrt((df - 2) / df)
    crps = scoringrules.crps_t(returns[before:], df, fitted.params["mu"], scale).mean()
    table = answers["distributions"].set_index(["dataset", "model"])
    assert table["crps"]["NFLX", "garch_t"] == pytest.approx(crps, rel=1e-4)


def test_the_networks_say_it_together(answers, frozen, netflix):
    series = later_series(netflix)
    assert series.returns.index[series.train - 1].date().isoformat() == "2025-03-31"
    table = answers["backtests"].set_index(["dataset", "model", "tail"])
    assert table["sessions"]["NFLX", FROZEN, 0.05] == len(series.returns) - series.train
    assert table["run_violations_low"]["NFLX", FROZEN, 0.05] >= 0


def test_coverage_has_an_interval_by_blocks_of_sessions(answers):
    """On six tickers together it has one too; an exact one would take sessions to be unalike."""
    table = answers["distributions"].set_index(["dataset", "model"]).loc["NFLX", FROZEN]
    sessions = answers["backtests"]["sessions"].iloc[0]
    exact = proportion(round(table["coverage_90"] * sessions / 100), int(sessions))
    assert table["coverage_90"] == pytest.approx(100 * exact.estimate)
    assert table["coverage_90_low"] <= table["coverage_90"] <= table["coverage_90_high"]
    assert table["coverage_90_low"] != pytest.approx(100 * exact.low, abs=1e-6)


def test_what_is_stored_of_tiers_gives_no_return_away(answers):
    """Buy-and-hold's would be a close over another."""
    assert list(answers["tiers"]) == [
        "dataset", "model", "tier", "weight", "sharpe_gain", "sharpe_gain_low", "sharpe_gain_high"
    ]  # fmt: skip
    assert "buy_and_hold" not in set(answers["tiers"]["model"])


def test_tick_losses_are_compared_where_both_have_five_violations(answers):
    table = answers["backtests"].set_index(["dataset", "model", "tail"])
    for (ticker, _, tail), row in table.iterrows():
        few = min(row["violations"], table["violations"][ticker, "garch_t", tail]) < 5
        assert np.isnan(row["tick_ratio"]) == few


def test_a_session_is_forecast_from_those_before_it(answers, frozen, netflix):
    """By networks that are shown the returns up to the session before, and no more."""
    whole = later_series(netflix)
    later = range(whole.train, len(whole.returns))
    scores = []
    for k in later:
        known = replace(whole, returns=whole.returns[:k])
        made = [
            forecast_density(of, windows_of(RECIPE, known)).at(slice(-1, None)) for of in frozen
        ]
        scores.append(combine(made).crps(whole.returns.to_numpy()[k : k + 1])[0])
    table = answers["distributions"].set_index(["dataset", "model"])
    assert table["crps"]["NFLX", FROZEN] == pytest.approx(np.mean(scores), rel=1e-5)
