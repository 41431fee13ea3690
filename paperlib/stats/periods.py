"""What several test periods say of an effect: its mean with a t interval, and Holm's adjustment."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from paperlib.stats.interval import Interval

SIZE = 0.05  # one less the confidence


def mean_over_periods(effects: ArrayLike, size: float = SIZE) -> Interval:
    """Return the mean effect with its t interval over periods, as if each were a draw of its own.

    Args:
        effects: (periods,) one number a period, such as a mean log ratio over stocks.
        size: one less the confidence.

    Raises:
        ValueError: for fewer than two periods, or an effect that is not finite.
    """
    x = np.asarray(effects, dtype=np.float64)
    if x.ndim != 1 or len(x) < 2 or not np.isfinite(x).all():
        raise ValueError("needs at least two finite effects, one a period.")
    half = stats.t.ppf(1 - size / 2, len(x) - 1) * x.std(ddof=1) / np.sqrt(len(x))
    return Interval(float(x.mean()), float(x.mean() - half), float(x.mean() + half))


def holm_intervals(effects: Mapping[str, ArrayLike]) -> dict[str, Interval]:
    """Return the mean of each effect with an interval adjusted for their number (Holm 1979).

    In the order of their p-values the k-th of m has the confidence 1 - 0.05 / (m - k + 1), up to
    the first whose interval holds zero; that one's confidence serves all that follow. So an
    interval leaves out zero exactly where Holm's method rejects.

    Args:
        effects: by name, (periods,) each.

    Returns:
        By name, in the order given.

    Raises:
        ValueError: as :func:`mean_over_periods`.
    """
    p_values = {name: _p_value(of) for name, of in effects.items()}
    found: dict[str, Interval] = {}
    left, size = len(effects), SIZE
    open_already = False
    for name in sorted(effects, key=p_values.__getitem__):
        size = size if open_already else SIZE / left
        found[name] = mean_over_periods(effects[name], size)
        open_already = open_already or found[name].low <= 0 <= found[name].high
        left -= 1
    return {name: found[name] for name in effects}


def neighbours_correlation(effects: ArrayLike) -> float:
    """Return the correlation of each period's effect with the next one's; (periods,)."""
    x = np.asarray(effects, dtype=np.float64)
    return float(np.corrcoef(x[:-1], x[1:])[0, 1])


def _p_value(effects: ArrayLike) -> float:
    """Return the p-value of a mean of zero; zero where every period has the same effect."""
    x = np.asarray(effects, dtype=np.float64)
    return float(stats.ttest_1samp(x, 0).pvalue) if np.ptp(x) else float(x[0] == 0)
