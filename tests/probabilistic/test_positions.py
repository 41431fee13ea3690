"""Positions and portfolios by hand, by plain loops and by what must not leak."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from arch.bootstrap import CircularBlockBootstrap
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats
from scipy.signal import lfilter

from paperlib.probabilistic.positions import (
    COST,
    TAIL,
    TIERS,
    backtest_positions,
    describe_portfolio,
    share_beyond,
    sharpe_difference,
    size_positions,
)
from paperlib.probabilistic.volatility import ewma_volatility
from paperlib.stats.seeds import block_length, proportion

FEW = settings(max_examples=40)
SEEDS = st.integers(0, 2**32 - 1)
RETURNS = hnp.arrays(np.float64, st.integers(1, 60), elements=st.floats(-30, 30))


def _returns(seed: int, n: int = 80) -> np.ndarray:
    """Returns with fat tails and no memory, (n,) per cent."""
    return 1.2 * np.random.default_rng(seed).standard_t(6, n).clip(-9, 9)


# --- tiers and positions -------------------------------------------------------------------------


def test_the_tiers():
    assert TAIL == 0.05
    assert [dataclasses.astuple(tier) for tier in TIERS] == [
        ("conservative", 1),
        ("balanced", 2),
        ("aggressive", 4),
    ]
    with pytest.raises(dataclasses.FrozenInstanceError):
        TIERS[0].budget = 3.0


def test_positions_by_hand():
    assert size_positions([-4.0, -2.0, -1.0, -8.0], budget=2).tolist() == [0.5, 1, 1, 0.25]


@FEW
@given(hnp.arrays(np.float64, 20, elements=st.floats(-50, -0.01)), st.floats(0.1, 10))
def test_the_portfolios_var_is_the_budget_or_the_whole_stocks(var, budget):
    found = size_positions(var, budget)
    assert ((found > 0) & (found <= 1)).all()
    np.testing.assert_allclose(found * var, np.maximum(-budget, var))


@pytest.mark.parametrize("var", [[-1.0, 0.0], [2.0], [np.nan], [-np.inf], [[-1.0]]])
def test_a_var_that_is_no_loss_is_refused(var):
    with pytest.raises(ValueError, match="VaRs below zero, as returns in per cent"):
        size_positions(var, 1)


@pytest.mark.parametrize("budget", [0, -1, np.nan])
def test_a_budget_of_nothing_is_refused(budget):
    with pytest.raises(ValueError, match="above zero"):
        size_positions([-1.0], budget)


# --- what a position earns -----------------------------------------------------------------------


def test_three_sessions_by_hand():
    """At 1 % for what is traded: buy half, let it drift, then sell part of it.

    Nothing is earned in the first session, and buying half costs 0.5 %. In the second the stock
    rises by 10 %: the portfolio has 1.05, of it 0.55 in the stock. To come to a quarter it sells
    0.55 - 0.2625 = 0.2875 and pays 0.002875, so 1.047125 is left. In the third the stock falls by
    20 %: of 0.95 then 0.2 is in the stock, and to come to 0.75 it buys 0.5125 and pays 0.005125.
    """
    found = backtest_positions([0.5, 0.25, 0.75], [4.0, 10.0, -20.0], cost=1)
    assert list(found) == ["return", "weight", "turnover"]
    assert found["weight"].tolist() == [0, 0.5, 0.25]
    assert found["turnover"].tolist() == pytest.approx([0.5, 0.2875 / 1.05, 0.5125 / 0.95])
    assert found["return"].tolist() == pytest.approx([-0.5, 4.7125, -5.5125])


@FEW
@given(RETURNS)
def test_always_in_the_stock_without_cost_is_to_buy_and_hold_from_the_second_session_on(returns):
    found = backtest_positions(np.ones(len(returns)), returns, cost=0)
    assert found["return"].iloc[0] == 0
    bought = np.prod(1 + returns[1:] / 100)
    assert np.prod(1 + found["return"] / 100) == pytest.approx(bought)
    assert found["turnover"].tolist() == pytest.approx([1] + [0] * (len(returns) - 1))


@FEW
@given(RETURNS)
def test_to_buy_and_hold_costs_its_purchase_once(returns):
    free, charged = (backtest_positions(np.ones(len(returns)), returns, c) for c in (0, COST))
    ratio = (1 + charged["return"] / 100) / (1 + free["return"] / 100)
    assert ratio.tolist() == pytest.approx([1 - COST / 100] + [1] * (len(returns) - 1))
    pd.testing.assert_frame_equal(
        charged, backtest_positions(np.ones(len(returns)), returns), check_exact=True
    )


@FEW
@given(RETURNS)
def test_all_in_cash_nothing_happens(returns):
    assert (backtest_positions(np.zeros(len(returns)), returns).to_numpy() == 0).all()


@FEW
@given(SEEDS)
def test_a_portfolio_is_a_number_of_shares_and_cash(seed):
    """The same accounts, kept in shares and money instead of weights."""
    rng = np.random.default_rng(seed)
    returns, weights = _returns(seed, 30), rng.uniform(size=30)
    price, shares, cash, values = 50.0, 0.0, 1000.0, [1000.0]
    for target, earned in zip(weights, returns, strict=True):
        price *= 1 + earned / 100
        value = cash + shares * price
        value -= 0.003 * abs(target * value - shares * price)
        shares, cash = target * value / price, (1 - target) * value
        values.append(value)
    found = backtest_positions(weights, returns, cost=0.3)["return"]
    assert found.to_numpy() == pytest.approx(100 * (np.divide(values[1:], values[:-1]) - 1))


@FEW
@given(SEEDS, st.integers(0, 39))
def test_a_weight_first_earns_the_return_after_the_session_that_it_was_decided_for(seed, i):
    rng = np.random.default_rng(seed)
    returns, weights = _returns(seed, 40), rng.uniform(0.1, 0.9, 40)
    assume(i < 39 and abs(returns[i + 1]) > 0.01)
    other = weights.copy()
    other[i] += 0.1
    before, after = (backtest_positions(w, returns, cost=0)["return"] for w in (weights, other))
    changed = np.flatnonzero(~np.isclose(before, after, rtol=1e-9, atol=1e-9))
    assert changed.tolist() == [i + 1]


@FEW
@given(SEEDS, st.integers(30, 79), st.sampled_from(TIERS))
def test_no_return_is_known_before_its_session(seed, j, tier):
    """Forecast, position and portfolio at once; without cost a return tells two sessions later."""

    def run(returns: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        var = stats.norm.ppf(TAIL) * ewma_volatility(returns)[30:-1]
        weights = size_positions(var, tier.budget)
        free, charged = (backtest_positions(weights, returns[30:], cost) for cost in (0, COST))
        return weights, free["return"].to_numpy(), charged["return"].to_numpy()

    returns = _returns(seed)
    other = returns.copy()
    other[j] = -20 if returns[j] > 0 else 20
    (weights, free, charged), (weights_then, free_then, charged_then) = run(returns), run(other)
    at = j - 30
    np.testing.assert_array_equal(weights_then[: at + 1], weights[: at + 1])
    np.testing.assert_array_equal(charged_then[:at], charged[:at])
    np.testing.assert_array_equal(free_then[:at], free[:at])
    np.testing.assert_array_equal(free_then[at + 1 : at + 2], free[at + 1 : at + 2])
    if at > 0:
        assert free_then[at] != free[at]
    if at + 1 < len(weights):
        assert (weights_then[at + 1] != weights[at + 1]) or weights[at + 1] == 1


@pytest.mark.parametrize(
    ("weights", "returns", "cost", "says"),
    [
        ([1.0, 1.0], [1.0], 0, "one weight from 0 to 1"),
        ([1.1], [1.0], 0, "nothing can be borrowed"),
        ([-0.1], [1.0], 0, "one weight from 0 to 1"),
        ([np.nan], [1.0], 0, "finite"),
        ([1.0], [np.inf], 0, "finite"),
        ([], [], 0, "finite numbers, one a session"),
        ([[1.0]], [[1.0]], 0, "finite numbers, one a session"),
        ([1.0], [-100.0], 0, "above -100 %"),
        ([1.0], [1.0], -0.1, "got -0.1"),
        ([1.0], [1.0], 100, "got 100"),
    ],
)
def test_positions_that_cannot_be_held_are_refused(weights, returns, cost, says):
    with pytest.raises(ValueError, match=says):
        backtest_positions(weights, returns, cost)


# --- how it is described -------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_a_description_by_plain_formulas(seed):
    returns = _returns(seed)
    value, peak, deepest = 1.0, 1.0, 0.0
    for earned in returns / 100:
        value *= 1 + earned
        peak = max(peak, value)
        deepest = min(deepest, value / peak - 1)
    found = describe_portfolio(returns)
    assert all(type(number) is float for number in found.values())
    assert list(found) == [
        "annual_return",
        "annual_volatility",
        "max_drawdown",
        "sharpe",
        "sharpe_low",
        "sharpe_high",
    ]
    assert (1 + found["annual_return"] / 100) ** (80 / 252) == pytest.approx(value)
    spread = np.sqrt(252 * np.sum((returns - returns.mean()) ** 2) / 79)
    assert found["annual_volatility"] == pytest.approx(spread)
    assert found["max_drawdown"] == pytest.approx(100 * deepest)
    assert found["sharpe"] == pytest.approx(252 * returns.mean() / spread)
    assert found["sharpe_low"] < found["sharpe"] < found["sharpe_high"]


def test_a_fall_from_the_start_is_a_drawdown():
    assert describe_portfolio(np.r_[-10.0, [0.2] * 30])["max_drawdown"] == pytest.approx(-10)
    assert describe_portfolio(np.linspace(0.1, 0.2, 30))["max_drawdown"] == 0


def test_the_interval_of_a_sharpe_ratio_is_near_the_one_of_theory():
    """Lo (2002): for independent normal returns its standard error is sqrt((1 + S² / 2) / n)."""
    returns = 0.1 + np.random.default_rng(1).normal(size=1000)
    found = describe_portfolio(returns)
    daily = returns.mean() / returns.std()
    half = 1.96 * np.sqrt(252 * (1 + daily**2 / 2) / 1000)
    assert found["sharpe_high"] - found["sharpe"] == pytest.approx(half, rel=0.2)
    assert found["sharpe"] - found["sharpe_low"] == pytest.approx(half, rel=0.2)


def _slow_returns(seed: int) -> np.ndarray:
    """Returns that remember those before them, (600,)."""
    return lfilter([1], [1, -0.8], np.random.default_rng(seed).normal(size=600)) + 0.5


def _restless_returns(seed: int) -> np.ndarray:
    """Returns whose size remembers and whose sign does not, (600,)."""
    rng = np.random.default_rng(seed)
    size = np.exp(lfilter([1], [1, -0.95], rng.normal(scale=0.3, size=600)))
    return size * rng.choice([-1, 1], size=600)


@pytest.mark.parametrize("make", [_slow_returns, _restless_returns])
def test_blocks_are_as_long_as_returns_or_their_squares_ask_for(make):
    returns = make(3)
    of_returns, of_squares = block_length(returns), block_length(returns**2)
    assert (of_squares > 2 * of_returns) == (make is _restless_returns)
    block = max(of_returns, of_squares)
    drawn = [
        x.mean() / x.std(ddof=1) * np.sqrt(252)
        for (x,), _ in CircularBlockBootstrap(block, returns, seed=0).bootstrap(999)
    ]
    found = describe_portfolio(returns)
    expected = np.percentile(drawn, [2.5, 97.5])
    assert [found["sharpe_low"], found["sharpe_high"]] == pytest.approx(expected.tolist())


@pytest.mark.parametrize("swap", [False, True])
def test_blocks_of_a_difference_are_as_long_as_either_portfolio_asks_for(swap):
    pair = [_returns(4, 600), _restless_returns(3)]
    assert block_length(pair[1] ** 2) > 2 * max(block_length(x) for x in (*pair, pair[0] ** 2))
    a, b = pair[::-1] if swap else pair
    drawn = [
        (x.mean() / x.std(ddof=1) - y.mean() / y.std(ddof=1)) * np.sqrt(252)
        for (x, y), _ in CircularBlockBootstrap(block_length(pair[1] ** 2), a, b, seed=0).bootstrap(
            999
        )
    ]
    expected = np.percentile(drawn, [2.5, 97.5])
    assert sharpe_difference(a, b)[1:] == pytest.approx(tuple(expected))


def test_the_share_of_sessions_that_lost_more_than_the_budget():
    found = share_beyond([-3.0, -2.0, -1.9, 5.0, -2.1], 2)
    assert found == proportion(2, 5)
    assert share_beyond([1.0] * 40, 2) == proportion(0, 40)
    with pytest.raises(ValueError, match="finite"):
        share_beyond([np.nan], 2)


# --- against another portfolio -------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_the_difference_is_one_of_sharpe_ratios_and_turns_its_sign(seed):
    a, b = _returns(seed) + 0.1, _returns(seed + 1)
    there, back = sharpe_difference(a, b), sharpe_difference(b, a)
    expected = describe_portfolio(a)["sharpe"] - describe_portfolio(b)["sharpe"]
    assert there.estimate == pytest.approx(expected)
    assert there.low < there.high
    assert (-back.estimate, -back.high, -back.low) == pytest.approx(tuple(there))


def test_sessions_are_drawn_together():
    """A portfolio of half the stock has its very ratio, in each resample; others have not."""
    returns = _returns(4, 300)
    assert sharpe_difference(returns / 2, returns) == pytest.approx((0, 0, 0), abs=1e-12)
    near = sharpe_difference(returns + 0.1 * _returns(5, 300), returns)
    apart = sharpe_difference(_returns(6, 300), returns)
    assert near.high - near.low < 0.3 * (apart.high - apart.low)


def test_the_interval_of_a_difference_is_near_the_one_of_theory():
    """Of two independent series the variances of the ratios add up."""
    rng = np.random.default_rng(7)
    a, b = rng.normal(size=(2, 1000))
    found = sharpe_difference(a, b)
    assert found.high - found.low == pytest.approx(2 * 1.96 * np.sqrt(2 * 252 / 1000), rel=0.2)


@pytest.mark.parametrize(
    ("returns", "says"),
    [
        (np.linspace(-1, 1, 29), "thirty returns or more"),
        (np.zeros(40), "not all the same"),
        (np.r_[np.nan, np.ones(40)], "finite"),
        (np.ones((40, 2)), "finite numbers, one a session"),
    ],
)
def test_returns_without_a_sharpe_ratio_are_refused(returns, says):
    for call in (describe_portfolio, lambda x: sharpe_difference(x, _returns(8, 40))):
        with pytest.raises(ValueError, match=says):
            call(returns)


def test_portfolios_of_other_sessions_are_not_compared():
    with pytest.raises(ValueError, match="one length"):
        sharpe_difference(_returns(9, 40), _returns(9, 41))
