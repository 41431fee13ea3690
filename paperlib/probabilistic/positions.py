"""From a forecast of risk to a position, and what it would have earned.

All returns are simple, in per cent, and so is a value at risk (VaR): the return that the session
falls below with a given probability, hence negative. All series are vectors (n,), one value a
session, in time order. What is not in the stock is in cash, which earns nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from paperlib.stats.forecast_tests import REPLICATIONS
from paperlib.stats.interval import Interval
from paperlib.stats.seeds import block_length, proportion

TAIL = 0.05
"""Probability of the VaR that a position is made from."""


@dataclass(frozen=True)
class Tier:
    """An investor's taste: what one session may cost, except with probability ``TAIL``."""

    name: str
    budget: float  # per cent of the portfolio's value


# The paper names the three tiers and gives no rule for any, so the budgets are ours; fixed before
# any position was computed.
TIERS = (Tier("conservative", 1.0), Tier("balanced", 2.0), Tier("aggressive", 4.0))

COST = 0.1
"""Of buying or selling, per cent of what is traded; ours, to stand for fees and half the spread."""

SESSIONS_A_YEAR = 252


def size_positions(var: ArrayLike, budget: float) -> np.ndarray:
    """Return the weight of the stock with which the VaR of the portfolio is the budget.

    At most 1, since nothing is borrowed; so the portfolio's VaR may also be smaller.

    Args:
        var: (n,) the VaR forecast for each session.
        budget: the largest loss, per cent of the portfolio's value.

    Returns:
        (n,) from 0 to 1.

    Raises:
        ValueError: for another shape, a VaR that is not finite and below zero, or no budget.
    """
    v = np.asarray(var, dtype=np.float64)
    if v.ndim != 1 or not np.isfinite(v).all() or (v >= 0).any():
        raise ValueError("needs a vector of VaRs below zero, as returns in per cent.")
    if not budget > 0:
        raise ValueError(f"the budget must be above zero, in per cent, got {budget}.")
    return np.minimum(1, budget / -v)


def backtest_positions(weights: ArrayLike, returns: ArrayLike, cost: float = COST) -> pd.DataFrame:
    """Return what a portfolio earns that trades towards ``weights`` a session after deciding them.

    ``weights[i]`` is decided before session i opens, from what was known when session i - 1 closed.
    It is traded at the close of session i, and so first earns ``returns[i + 1]``. Until the next
    trade it drifts with the price. The portfolio starts as cash; its first purchase costs as well.

    Args:
        weights: (n,) of the stock, from 0 to 1.
        returns: (n,) of the stock in the same sessions, simple, per cent.
        cost: per cent of what is traded, taken off in the session of the trade.

    Returns:
        A row a session, with the portfolio's ``return`` in per cent after costs, the stock's
        ``weight`` when the session opens, and the ``turnover`` at its close, as a share of the
        portfolio's value there.

    Raises:
        ValueError: for vectors that don't fit, a weight outside [0, 1], a return of -100 % or
            below, or a cost outside [0, 100).
    """
    w, y = _series(weights), _series(returns)
    if w.shape != y.shape or (w < 0).any() or (w > 1).any():
        raise ValueError("needs one weight from 0 to 1 for each return; nothing can be borrowed.")
    if (y <= -100).any():
        raise ValueError("a return must be above -100 %; give simple returns in per cent.")
    if not 0 <= cost < 100:
        raise ValueError(f"the cost is in per cent of what is traded, from 0, got {cost}.")
    rows, held = [], 0.0
    for target, earned in zip(w, y / 100, strict=True):
        growth = 1 + held * earned
        drifted = held * (1 + earned) / growth
        turnover = abs(target - drifted)
        # The cost is of the value before it is paid, the target of the value after.
        rows.append((100 * (growth * (1 - cost / 100 * turnover) - 1), held, turnover))
        held = target
    return pd.DataFrame(rows, columns=["return", "weight", "turnover"])


def describe_portfolio(portfolio_returns: ArrayLike) -> dict[str, float]:
    """Describe what a portfolio earned and how it got there.

    Returns:
        ``annual_return`` (geometric), ``annual_volatility`` and ``max_drawdown`` (the deepest fall
        from a peak, the start included), all per cent and losses negative; and the annualised
        ``sharpe`` ratio with its 95 % percentile interval ``sharpe_low`` to ``sharpe_high`` by
        circular block bootstrap.

    Raises:
        ValueError: for fewer than thirty returns, one that is not finite, or returns that never
            change, which have no Sharpe ratio.
    """
    y = _moving(portfolio_returns)
    value = np.cumprod(np.r_[1, 1 + y / 100])
    drawdown = value / np.maximum.accumulate(value) - 1
    sharpe = _interval(_sharpe, y)
    return {
        "annual_return": float(100 * (value[-1] ** (SESSIONS_A_YEAR / len(y)) - 1)),
        "annual_volatility": float(y.std(ddof=1) * np.sqrt(SESSIONS_A_YEAR)),
        "max_drawdown": float(100 * drawdown.min()),
        "sharpe": sharpe.estimate,
        "sharpe_low": sharpe.low,
        "sharpe_high": sharpe.high,
    }


def share_beyond(portfolio_returns: ArrayLike, budget: float) -> Interval:
    """Return which share of sessions lost more than the budget, with its exact 95 % interval.

    The interval takes such sessions for independent; where they come in clusters it is too narrow.

    Args:
        portfolio_returns: (n,) per cent.
        budget: per cent of the portfolio's value.
    """
    y = _series(portfolio_returns)
    return proportion(int((y < -budget).sum()), len(y))


def sharpe_difference(portfolio: ArrayLike, reference: ArrayLike) -> Interval:
    """Return the difference of annualised Sharpe ratios, with its 95 % block-bootstrap interval.

    Both returns of a session are resampled together, in the spirit of Ledoit & Wolf (2008). They
    studentise the difference; this is a percentile interval.

    Args:
        portfolio: (n,) returns of the portfolio, per cent.
        reference: (n,) those of another in the same sessions.

    Raises:
        ValueError: as :func:`describe_portfolio`, and for vectors that don't fit.
    """
    a, b = _moving(portfolio), _moving(reference)
    if a.shape != b.shape:
        raise ValueError(f"needs two vectors of one length, got {a.shape} and {b.shape}.")
    return _interval(lambda x, y: _sharpe(x) - _sharpe(y), a, b)


def _series(values: ArrayLike) -> np.ndarray:
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 1 or not len(x) or not np.isfinite(x).all():
        raise ValueError("needs a vector of finite numbers, one a session, in time order.")
    return x


def _moving(returns: ArrayLike) -> np.ndarray:
    y = _series(returns)
    if len(y) < 30 or np.ptp(y) == 0:
        raise ValueError("a Sharpe ratio needs thirty returns or more that are not all the same.")
    return y


def _sharpe(returns: np.ndarray) -> float:
    return float(np.sqrt(SESSIONS_A_YEAR) * returns.mean() / returns.std(ddof=1))


def _interval(statistic: Callable[..., float], *series: np.ndarray) -> Interval:
    """Return a statistic of series that are resampled together, with its percentile interval."""
    # Returns hardly remember each other, but their size does, and both move a Sharpe ratio.
    block = max(block_length(x) for y in series for x in (y, y**2))
    from arch.bootstrap import CircularBlockBootstrap  # not before: it takes a second

    bootstrap = CircularBlockBootstrap(block, *series, seed=0)
    low, high = bootstrap.conf_int(
        lambda *drawn: np.array([statistic(*drawn)]), reps=REPLICATIONS, method="percentile"
    )[:, 0]
    return Interval(statistic(*series), float(low), float(high))
