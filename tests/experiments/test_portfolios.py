"""What each tier would have earned on made-up forecasts, worked out again position by position."""

from __future__ import annotations

import numpy as np
import pytest
from madeupnetworks import CAME, ONE, TRAIN, N
from scipy import stats

from paperlib.experiments.portfolios import IN_TIERS, simple_per_cent, tier_portfolios, tier_rows
from paperlib.prices.series import load_prices
from paperlib.probabilistic.features import log_returns
from paperlib.probabilistic.positions import TIERS, describe_portfolio
from paperlib.probabilistic.volatility import ewma_volatility


def test_simple_returns_are_those_of_the_exponential():
    log = np.array([-60.0, -1.0, 0.0, 1e-7, 1.0, 60.0])
    np.testing.assert_allclose(simple_per_cent(log), 100 * (np.exp(log / 100) - 1), rtol=1e-7)
    closes = load_prices("NFLX")["close"]
    np.testing.assert_allclose(
        simple_per_cent(log_returns(load_prices("NFLX"))), 100 * closes.pct_change().iloc[1:]
    )


@pytest.fixture(scope="module")
def portfolios(scored):
    """By model and tier."""
    return tier_portfolios(scored, ONE)


def test_there_is_a_portfolio_a_model_and_tier(scored, portfolios):
    models = ["static_t", "garch_t", "lstm_pooled_calendar", "dropout"]
    models += ["volatility_target", "constant_mix"]
    tiers = ["conservative", "balanced", "aggressive"]
    expected = [("buy_and_hold", ""), *((model, tier) for model in models for tier in tiers)]
    assert list(portfolios) == expected
    assert set(models[:4]) == set(IN_TIERS) & set(scored)
    assert {len(table) for table in portfolios.values()} == {N}


def test_buy_and_hold_is_in_the_stock_from_the_second_session_on(portfolios):
    held = portfolios["buy_and_hold", ""]
    assert held["weight"].tolist() == [0] + [1] * (N - 1)
    earned = 100 * (np.exp(CAME[1:] / 100) - 1)
    np.testing.assert_allclose(held["return"][1:], earned)


def test_a_position_is_the_budget_over_the_var_and_holds_from_the_session_after(scored, portfolios):
    volatility = ewma_volatility(ONE.returns.to_numpy())
    of_normal = [stats.norm(0, volatility[t]).ppf(0.05) for t in range(TRAIN, TRAIN + N)]
    var = {name: scored[name]["q_0.05"].to_numpy() for name in ("garch_t", "dropout")}
    for name, of_model in {**var, "volatility_target": np.array(of_normal)}.items():
        loss = 100 * (1 - np.exp(of_model / 100))
        for tier in TIERS:
            expected = [min(1, tier.budget / x) for x in loss]
            weight = portfolios[name, tier.name]["weight"].to_numpy()
            np.testing.assert_allclose(weight[1:], expected[:-1], rtol=1e-6)
            assert weight[0] == 0


def test_a_higher_budget_never_holds_less(portfolios):
    for model in {model for model, _ in portfolios} - {"buy_and_hold"}:
        weights = [portfolios[model, tier.name]["weight"] for tier in TIERS]
        assert (weights[0] <= weights[1]).all()
        assert (weights[1] <= weights[2]).all()
        assert (weights[0] < weights[2]).any()


def test_a_constant_mix_holds_what_the_pooled_network_held_in_the_mean(portfolios):
    for tier in TIERS:
        held = portfolios["lstm_pooled_calendar", tier.name]["weight"].tolist()
        mean = sum(held[1:]) / (N - 1)
        weight = portfolios["constant_mix", tier.name]["weight"].tolist()
        assert weight == pytest.approx([0] + [mean] * (N - 1))


def test_a_forecast_that_sees_no_risk_is_all_in_the_stock(scored):
    found = tier_portfolios({**scored, "garch_t": scored["garch_t"].assign(**{"q_0.05": 0.3})}, ONE)
    for tier in TIERS:
        assert found["garch_t", tier.name]["weight"].tolist() == [0] + [1] * (N - 1)


def test_a_tier_is_described_by_what_its_portfolio_did(portfolios):
    chosen = {key: portfolios[key] for key in [("buy_and_hold", ""), ("garch_t", "balanced")]}
    table = tier_rows("one", chosen)
    described = describe_portfolio(chosen["garch_t", "balanced"]["return"])
    columns = ["dataset", "model", "tier", *described, "weight", "turnover"]
    for name in ("sharpe_gain", "beyond"):
        columns += [name, f"{name}_low", f"{name}_high"]
    assert list(table) == columns
    hold, row = table.iloc[0], table.iloc[1]
    portfolio = chosen["garch_t", "balanced"]
    assert (row["dataset"], row["model"], row["tier"]) == ("one", "garch_t", "balanced")
    assert row["weight"] == pytest.approx(portfolio["weight"].iloc[1:].mean())
    assert row["turnover"] == pytest.approx(252 * portfolio["turnover"].mean())
    assert {name: row[name] for name in described} == described
    assert row["sharpe_gain"] == pytest.approx(row["sharpe"] - hold["sharpe"])
    assert row["sharpe_gain_low"] < row["sharpe_gain"] < row["sharpe_gain_high"]
    assert row["beyond"] == sum(portfolio["return"] < -2) / N
    assert hold[["sharpe_gain", "beyond"]].isna().all()
    assert hold["weight"] == 1
