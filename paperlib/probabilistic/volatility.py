"""Simple forecasts of a return's distribution: what a network has to beat.

All take log returns in per cent and the number of sessions to estimate on; all forecast every
session from the one before it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from paperlib.probabilistic.student_t import StudentMixture

DECAY = 0.94  # RiskMetrics' for daily returns
FIRST = 30  # returns whose variance starts the average


def ewma_volatility(returns: np.ndarray) -> np.ndarray:
    """Return the volatility known before each session: an exponentially weighted average.

    ``v[t] = 0.94 v[t-1] + 0.06 r[t-1]²`` (J.P. Morgan 1996), with mean zero. It starts from the
    variance of the first thirty returns, so the first thirty volatilities are not yet forecasts.

    Args:
        returns: (n,) per cent, in time order.

    Returns:
        (n + 1,) per cent; the last is for the session after the data.

    Raises:
        ValueError: for fewer than thirty returns, or thirty that never move.
    """
    r = np.asarray(returns, dtype=np.float64)
    if len(r) < FIRST or not np.isfinite(r).all() or not r[:FIRST].any():
        raise ValueError(f"needs {FIRST} finite returns to start from, not all of them zero.")
    squares = pd.Series(np.append(np.mean(r[:FIRST] ** 2), r**2))
    return np.sqrt(squares.ewm(alpha=1 - DECAY, adjust=False).mean().to_numpy())


def static_student_t(returns: np.ndarray, train: int) -> StudentMixture:
    """Forecast the same Student-t every session: the one that fits the training part best.

    Args:
        returns: (n,) per cent, in time order.
        train: how many of the first to estimate on.

    Returns:
        n + 1 forecasts; the last is for the session after the data.
    """
    df, location, scale = stats.t.fit(returns[:train])
    return _each_session(location, scale, max(df, 1.01), len(returns) + 1)


def garch_student_t(returns: np.ndarray, train: int) -> StudentMixture:
    """Forecast with GARCH(1,1) and Student-t errors around a constant mean (Bollerslev 1987).

    Estimated once, on the training part; each session's variance then follows from the returns
    before it.

    Args:
        returns: (n,) per cent, in time order.
        train: how many of the first to estimate on.

    Returns:
        n + 1 forecasts; the last is for the session after the data.

    Raises:
        ValueError: if the likelihood finds no maximum.
    """
    from arch import arch_model  # not before: it takes a second

    fitted = arch_model(returns, dist="t").fit(last_obs=train, disp="off", show_warning=False)
    if fitted.convergence_flag != 0:
        raise ValueError("GARCH did not converge on these returns; bring a longer series.")
    within = fitted.conditional_volatility[:train] ** 2
    after = fitted.forecast(start=train - 1).variance["h.1"]  # each from the session before
    variance, p = np.append(within, after), fitted.params
    df = float(p["nu"])
    scale = np.sqrt(variance * (df - 2) / df)  # arch's Student-t has variance one
    return _each_session(p["mu"], scale, df, len(variance))


def _each_session(
    location: float, scale: float | np.ndarray, df: float, sessions: int
) -> StudentMixture:
    """Make one Student-t a session of numbers that are the same for all, or one for each."""
    return StudentMixture(*(np.full((1, sessions), x) for x in (location, scale, df)))
