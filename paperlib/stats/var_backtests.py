"""What a forecast of the return's distribution says of risk, and whether it was right.

Returns are in per cent, and so is a value at risk (VaR): it is the *return* that the next session
falls below with probability ``tail``, hence negative. The expected shortfall is the mean return
given that it falls below the VaR, and is lower still. A session below its VaR is a violation.

All series are vectors (n,), one value a session, in time order; in ``hits`` it says whether the
session was a violation. ``tail`` is between 0 and 0.5. For anything else, series of different
length, none at all or a number that is not finite, every function raises ValueError.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from scipy.special import xlog1py, xlogy

from paperlib.stats.interval import Test
from paperlib.stats.seeds import proportion


def violations(returns: ArrayLike, var: ArrayLike) -> np.ndarray:
    """Return (n,) booleans, which sessions fell below the VaR forecast for them, both per cent."""
    y, v = _vectors(returns, var)
    return y < v


def kupiec(hits: ArrayLike, tail: float) -> Test:
    """Test whether violations are as frequent as they should be (Kupiec 1995).

    The statistic is the likelihood ratio of unconditional coverage, the p-value by chi-squared
    with one degree of freedom. It assumes that violations are independent of each other.
    """
    check_tail(tail)
    hit = _checked_hits(hits, at_least=1)
    return _chi_squared(coverage_ratio(hit.sum(), len(hit), tail), 1)


class Christoffersen(NamedTuple):
    """Whether violations come one by one, and whether they do so at the right rate."""

    independence: Test
    conditional: Test


def christoffersen(hits: ArrayLike, tail: float) -> Christoffersen:
    """Test whether a violation makes another likelier the next session (Christoffersen 1998).

    Independence is tested against a Markov chain, on the n - 1 transitions. Conditional coverage
    adds that statistic to :func:`kupiec`'s, which is of all n sessions, not of the n - 1 that have
    one before them, so that the two parts shown beside it are the ones it consists of. P-values
    are by chi-squared with one and two degrees of freedom.

    Returns:
        Both tests. Where all transitions start from the same state, as where no session is a
        violation, nothing speaks against independence: its statistic is 0, its p-value 1.

    Raises:
        ValueError: also for a single session, which has no transition.
    """
    check_tail(tail)
    hit = _checked_hits(hits, at_least=2)
    ratio = independence_ratio(hit)
    together = ratio + coverage_ratio(hit.sum(), len(hit), tail)
    return Christoffersen(_chi_squared(ratio, 1), _chi_squared(together, 2))


def tick_loss(returns: ArrayLike, var: ArrayLike, tail: float) -> np.ndarray:
    """Return the quantile's loss in each session, (n,) per cent (Koenker & Bassett 1978).

    That is ``tail`` of a return's distance above its VaR, or ``1 - tail`` of that below it.
    """
    check_tail(tail)
    y, v = _vectors(returns, var)
    return (tail - (y < v)) * (y - v)


def shortfall_loss(
    returns: ArrayLike, var: ArrayLike, shortfall: ArrayLike, tail: float
) -> np.ndarray:
    """Return the loss FZ0, (n,), of VaR and shortfall together (Patton, Ziegel & Chen 2019).

    No loss can rank forecasts of the shortfall alone; this one, in expectation, is least for the
    pair that is true. It may be negative; its differences have no unit.

    Args:
        returns: (n,) per cent.
        var: (n,) the VaR forecast for each, per cent.
        shortfall: (n,) the expected shortfall forecast for each, per cent.
        tail: the probability of both.

    Raises:
        ValueError: also for a shortfall that is not below zero, or is above its VaR.
    """
    check_tail(tail)
    y, v, e = _vectors(returns, var, shortfall)
    if (e >= 0).any() or (e > v).any():
        raise ValueError("a shortfall must be below zero and no higher than its VaR, in per cent.")
    return (y < v) * (y - v) / (tail * e) + v / e + np.log(-e) - 1


def backtest(
    returns: ArrayLike, var: ArrayLike, shortfall: ArrayLike, tail: float
) -> dict[str, float]:
    """Hold forecasts of risk against what happened; arguments as of :func:`shortfall_loss`.

    Returns:
        ``sessions``, ``violations`` and the ``expected`` number of them; their ``share`` with its
        exact 95 % interval ``share_low`` to ``share_high``; the p-values ``kupiec_p``,
        ``independence_p`` and ``conditional_p``; the means ``tick_loss`` (per cent) and
        ``fz0_loss`` (NaN where a shortfall is not below zero); and ``shortfall_ratio``, the mean
        return of violations over the mean shortfall forecast for them: above 1, they were worse
        than forecast; NaN if there is none, or the forecast saw a gain.

    Raises:
        ValueError: as :func:`christoffersen`, and for a shortfall above its VaR.
    """
    y, v, e = _vectors(returns, var, shortfall)
    if (e > v).any():
        raise ValueError("a shortfall must be no higher than its VaR, in per cent.")
    # A forecast that sees no loss even in its tail has no such loss; that is a result, no error.
    fz0_loss = shortfall_loss(y, v, e, tail) if (e < 0).all() else np.array([np.nan])
    hit = violations(y, v)
    share = proportion(int(hit.sum()), len(hit))
    clusters = christoffersen(hit, tail)
    return {
        "sessions": float(len(hit)),
        "violations": float(hit.sum()),
        "expected": tail * len(hit),
        "share": share.estimate,
        "share_low": share.low,
        "share_high": share.high,
        "kupiec_p": kupiec(hit, tail).p_value,
        "independence_p": clusters.independence.p_value,
        "conditional_p": clusters.conditional.p_value,
        "tick_loss": float(tick_loss(y, v, tail).mean()),
        "fz0_loss": float(fz0_loss.mean()),
        "shortfall_ratio": _mean_ratio(y[hit], e[hit]),
    }


def _mean_ratio(returns: np.ndarray, shortfall: np.ndarray) -> float:
    """Return the mean of violations over the mean shortfall, or NaN where that says nothing."""
    if not len(returns) or shortfall.mean() >= 0:
        return float("nan")
    return float(returns.mean() / shortfall.mean())


def check_tail(tail: float) -> None:
    """Raise ValueError for a probability that is not of a lower tail, in (0, 0.5)."""
    if not 0 < tail < 0.5:
        raise ValueError(f"the tail is a probability between 0 and 0.5, such as 0.05, got {tail}.")


def _vectors(*arrays: ArrayLike) -> list[np.ndarray]:
    found = [np.asarray(x, dtype=np.float64) for x in arrays]
    shapes = [x.shape for x in found]
    if found[0].ndim != 1 or not len(found[0]) or len(set(shapes)) > 1:
        raise ValueError(f"needs vectors of one length, one value a session, got {shapes}.")
    if not all(np.isfinite(x).all() for x in found):
        raise ValueError("returns and forecasts must be finite; drop the sessions that lack one.")
    return found


def _checked_hits(hits: ArrayLike, at_least: int) -> np.ndarray:
    found = np.asarray(hits)
    if found.ndim != 1 or len(found) < at_least or not np.isin(found, [0, 1]).all():
        raise ValueError(f"needs a vector of true or false, {at_least} sessions or more.")
    return found.astype(bool)


def _chi_squared(ratio: np.ndarray, degrees: int) -> Test:
    return Test(float(ratio), float(stats.chi2.sf(ratio, degrees)))


def _log_likelihood(count: ArrayLike, of: ArrayLike, probability: ArrayLike) -> np.ndarray:
    """Of some order of ``count`` violations; with none, and a probability of 0, it is 0."""
    return xlogy(count, probability) + xlog1py(np.subtract(of, count), np.negative(probability))


def _best_log_likelihood(count: ArrayLike, of: ArrayLike) -> np.ndarray:
    return _log_likelihood(count, of, np.divide(count, np.maximum(of, 1)))


def coverage_ratio(count: ArrayLike, of: int, tail: float) -> np.ndarray:
    """Kupiec's statistic of any number of counts at once."""
    ratio = 2 * (_best_log_likelihood(count, of) - _log_likelihood(count, of, tail))
    return np.maximum(ratio, 0)  # which rounding may leave below zero


def independence_ratio(hits: np.ndarray) -> np.ndarray:
    """Christoffersen's statistic of hits (n,), or (n, series) of many series at once."""
    before, after = hits[:-1], hits[1:]
    count, of = after.sum(axis=0), len(after)
    count_after_hit, of_after_hit = (before & after).sum(axis=0), before.sum(axis=0)
    apart = _best_log_likelihood(count_after_hit, of_after_hit) + _best_log_likelihood(
        count - count_after_hit, of - of_after_hit
    )
    return np.maximum(2 * (apart - _best_log_likelihood(count, of)), 0)
