"""Is one forecast better than another, or did the test sessions just happen to suit it?

All tests look at the loss differential, the model's loss less the reference's, session by session.
Where neighbouring differentials are alike, a test that takes them for independent finds a
difference in nearly everything; each function says what it assumes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from paperlib.stats.interval import NO_DIFFERENCE, Interval, Test
from paperlib.stats.seeds import block_length

REPLICATIONS = 999


def diebold_mariano(losses: ArrayLike, reference: ArrayLike) -> Test:
    """Test equal accuracy one session ahead as the textbooks do (Diebold & Mariano 1995).

    With the small-sample correction and the t distribution of Harvey, Leybourne & Newbold (1997).
    It assumes that no two differentials are correlated.

    Args:
        losses: (n,) the model's losses, in time order.
        reference: (n,) the reference's.

    Raises:
        ValueError: for shapes that don't fit, fewer than ten losses, one that is not finite, or a
            differential that never changes.
    """
    d = _differential(losses, reference)
    if not d.any():
        return NO_DIFFERENCE
    zero = np.zeros(len(d))
    from statsmodels.tsa.stattools import diebold_mariano_test  # not before: it takes a second

    found = diebold_mariano_test(
        zero, d, zero, lags=0, criterion=lambda _, loss: loss, harvey_adj=True
    )
    return Test(float(found.statistic), float(found.pvalue))


def fixed_smoothing_test(losses: ArrayLike, reference: ArrayLike, waves: int | None = None) -> Test:
    """Test equal accuracy where differentials may be autocorrelated at any lag.

    The long-run variance is the mean of the periodogram over the lowest frequencies, and its own
    uncertainty is kept: with m of them the statistic follows t with 2m degrees of freedom, not the
    normal distribution (Coroneo & Iacone 2020). It assumes that the spectrum is flat over these.

    Args:
        losses: (n,) the model's losses, in time order.
        reference: (n,) the reference's.
        waves: m; by default the cube root of n, rounded down, as they advise.

    Raises:
        ValueError: for shapes that don't fit, fewer than ten losses, one that is not finite, a
            differential that never changes, or more waves than there are below half a cycle.
    """
    d = _differential(losses, reference)
    n = len(d)
    m = int(np.floor(np.cbrt(n))) if waves is None else waves
    if not 1 <= m <= (n - 1) // 2:
        raise ValueError(f"waves must be from 1 to {(n - 1) // 2} for {n} losses, got {m}.")
    if not d.any():
        return NO_DIFFERENCE
    statistic = float(d.mean() / np.sqrt(variance_of_mean(d, m)))
    return Test(statistic, float(2 * stats.t.sf(abs(statistic), 2 * m)))


def variance_of_mean(series: np.ndarray, waves: int) -> float:
    """Return the variance of a mean of autocorrelated values, with 2 ``waves`` degrees of freedom.

    Args:
        series: (n,) in time order.
        waves: the number of lowest frequencies over whose periodogram the mean is taken.
    """
    n = len(series)
    return float(np.mean(np.abs(np.fft.rfft(series)[1 : waves + 1]) ** 2) / n**2)


def bootstrap_test(losses: ArrayLike, reference: ArrayLike) -> Test:
    """Test equal accuracy by resampling blocks of sessions, with the differential's mean taken off.

    The statistic is the mean differential, the p-value the share of resampled means at least as
    far from zero. Blocks as in :func:`paperlib.stats.seeds.block_length`; it assumes that a
    differential hardly remembers what lies further back than a block.

    Raises:
        ValueError: for shapes that don't fit, fewer than ten losses, one that is not finite, or a
            differential that never changes.
    """
    d = _differential(losses, reference)
    if not d.any():
        return NO_DIFFERENCE
    from arch.bootstrap import CircularBlockBootstrap  # not before: it takes a second

    bootstrap = CircularBlockBootstrap(block_length(d), d - d.mean(), seed=0)
    means = bootstrap.apply(np.mean, REPLICATIONS)
    as_far = np.sum(np.abs(means) >= abs(d.mean()))
    return Test(float(d.mean()), float((1 + as_far) / (1 + REPLICATIONS)))


def loss_ratio(losses: ArrayLike, reference: ArrayLike, horizon: int = 1) -> Interval:
    """Return mean loss over mean loss of the reference, with its 95 % block-bootstrap interval.

    Both losses of a session are resampled together. This is the test sample's uncertainty. With few
    blocks, as at a long horizon, such intervals are too narrow.

    Args:
        losses: (n,) the model's losses, in time order; a mean over seeds, if there are several.
        reference: (n,) the reference's, not all zero.
        horizon: sessions ahead; a block is at least as long, since such errors overlap.

    Raises:
        ValueError: for shapes that don't fit, fewer than ten losses, one that is not finite, a
            differential that never changes, or a mean of zero.
    """
    d = _differential(losses, reference)
    a, b = np.asarray(losses, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    if 0 in (a.mean(), b.mean()):
        raise ValueError("forecasts that are never wrong leave no ratio of losses.")
    if not d.any():
        return Interval(1.0, 1.0, 1.0)
    # What a session adds to the ratio, to first order, may look like noise although the model's
    # losses hang together; so the block is the longest that any of the four asks for.
    influence = a / a.mean() - b / b.mean()
    block = max(horizon, *map(block_length, (influence, d, a, b)))
    from arch.bootstrap import CircularBlockBootstrap  # not before: it takes a second

    bootstrap = CircularBlockBootstrap(min(block, max(1, len(d) // 3)), a, b, seed=0)
    ends = bootstrap.conf_int(
        lambda x, y: np.array([x.mean() / y.mean()]), reps=REPLICATIONS, method="percentile"
    )
    return Interval(float(a.mean() / b.mean()), float(ends[0, 0]), float(ends[1, 0]))


def clark_west(actual: ArrayLike, small: ArrayLike, large: ArrayLike) -> Test:
    """Test whether a model beats a smaller one that it contains (Clark & West 2007).

    If the smaller is true, the larger's estimated parameters add noise to its forecasts, and its
    squared error is expected to be larger. That is taken off before the comparison. One-sided: a
    small p-value says that the larger model has something to add.

    Args:
        actual: (n,) observed values.
        small: (n,) one-step forecasts of the smaller model, such as persistence.
        large: (n,) those of the larger, such as an ARIMA.

    Returns:
        A statistic above zero where the *larger* model is better, and its p-value by the normal
        distribution; 1 for forecasts that are the same.

    Raises:
        ValueError: as :func:`bootstrap_test`, of squared errors.
    """
    y, f, g = (np.asarray(x, dtype=np.float64) for x in (actual, small, large))
    if not y.shape == f.shape == g.shape:
        raise ValueError(f"needs vectors of one length, got {y.shape}, {f.shape} and {g.shape}.")
    adjusted = -_differential((y - g) ** 2 - (f - g) ** 2, (y - f) ** 2)
    if not adjusted.any():
        return NO_DIFFERENCE
    statistic = float(adjusted.mean() / (adjusted.std(ddof=1) / np.sqrt(len(adjusted))))
    return Test(statistic, float(stats.norm.sf(statistic)))


def confidence_set(losses: pd.DataFrame, size: float = 0.05) -> pd.DataFrame:
    """Return which models may be the best (Hansen, Lunde & Nason 2011).

    Args:
        losses: (n, models) losses in time order. Of models that are alike up to rounding, the
            first is tested, and the others share its answer.
        size: one less the confidence.

    Returns:
        Indexed by model, best first, with ``mean_loss``, ``p_value`` and ``included``.

    Raises:
        ValueError: for fewer than thirty sessions, a loss that is not finite, or models that are
            all alike.
    """
    table = losses.astype(np.float64)
    if len(table) < 30 or not np.isfinite(table.to_numpy()).all():
        raise ValueError("a confidence set needs at least thirty finite losses of each model.")
    first = {
        name: next(other for other in table if not _differential(table[name], table[other]).any())
        for name in table
    }
    tested = table[list(dict.fromkeys(first.values()))]
    if tested.shape[1] < 2:
        raise ValueError("the models are all alike; there is nothing to choose from.")
    block = max(block_length((tested[name] - tested.mean(axis=1)).to_numpy()) for name in tested)
    from arch.bootstrap import MCS  # not before: it takes a second

    found = MCS(tested, size, block_size=block, bootstrap="circular", seed=0)
    found.compute()
    answers = pd.DataFrame(
        {
            "mean_loss": table.mean(),
            "p_value": [found.pvalues.loc[first[name], "Pvalue"] for name in table],
            "included": [first[name] in found.included for name in table],
        }
    )
    return answers.rename_axis("model").sort_values("mean_loss", kind="stable")


def _differential(losses: ArrayLike, reference: ArrayLike) -> np.ndarray:
    """Return losses less reference, exactly zero where they differ by rounding alone."""
    a, b = np.asarray(losses, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    if a.ndim != 1 or a.shape != b.shape or len(a) < 10:
        raise ValueError(f"needs two vectors of ten losses or more, got {a.shape} and {b.shape}.")
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise ValueError("losses must be finite; drop the sessions that lack one.")
    d = a - b
    rounding = 1e-9 * np.abs(b).mean()
    if np.allclose(a, b, rtol=1e-9, atol=rounding):
        return np.zeros(len(d))
    if np.ptp(d) <= max(rounding, 1e-9 * abs(d.mean())):
        raise ValueError("the differential never changes, so it has no variance to test by.")
    return d
