"""What many seeds say, with the uncertainty of each statement."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from paperlib.stats.interval import Interval, side
from paperlib.stats.permutation import paired_p, unpaired_p


class Summary(NamedTuple):
    """What the seeds of one recipe say about a quantity."""

    mean: float
    sd: float
    mean_low: float  # 95 % t interval of the mean: where the average over all seeds may lie
    mean_high: float
    run_low: float  # 95 % prediction interval: where one more run may fall
    run_high: float


def summarise_seeds(values: ArrayLike) -> Summary:
    """Return mean, standard deviation, t interval of the mean and prediction interval of a run.

    Args:
        values: (n,) one number a seed, n at least 2.

    Raises:
        ValueError: for fewer than two values, or one that is not finite.
    """
    x = _finite(values)
    half = stats.t.ppf(0.975, len(x) - 1) * x.std(ddof=1) / np.sqrt(len(x))
    run = prediction_interval(x)
    mean = float(x.mean())
    return Summary(mean, float(x.std(ddof=1)), mean - half, mean + half, run.low, run.high)


def prediction_of_ratio(over: ArrayLike, under: ArrayLike) -> Interval:
    """Return a typical ratio of two runs that share no seed, with its 95 % prediction interval.

    Of the difference of logarithms of one further run each, by Welch and Satterthwaite.

    Args:
        over: (n,) positive values of the one recipe.
        under: (m,) those of the other.

    Raises:
        ValueError: for fewer than two values of either, or one that is not positive and finite.
    """
    a, b = np.log(_finite(over)), np.log(_finite(under))
    if not np.isfinite([*a, *b]).all():
        raise ValueError("a ratio of runs needs positive values.")
    parts = [(x.var(ddof=1) * (1 + 1 / len(x)), len(x) - 1) for x in (a, b)]
    variance = sum(part for part, _ in parts)
    middle = float(a.mean() - b.mean())
    if variance == 0:
        return Interval(*(float(np.exp(middle)),) * 3)
    freedom = variance**2 / sum(part**2 / of for part, of in parts)
    half = stats.t.ppf(0.975, freedom) * np.sqrt(variance)
    return Interval(*np.exp([middle, middle - half, middle + half]).tolist())


def mean_ratio(ratios: ArrayLike) -> Interval:
    """Return the geometric mean of ratios over seeds, with its 95 % t interval.

    Args:
        ratios: (n,) above zero, one a seed, n at least 2.

    Raises:
        ValueError: for fewer than two ratios, or one that is not finite.
    """
    found = summarise_seeds(np.log(np.asarray(ratios, dtype=np.float64)))
    return Interval(*np.exp([found.mean, found.mean_low, found.mean_high]).tolist())


def prediction_interval(values: ArrayLike, level: float = 0.95) -> Interval:
    """Return a typical run and where *one new run* would fall.

    The paper shows one run, so this, not the much narrower interval of the mean, is what its
    number is held against. Losses, errors, norms and epochs are positive and spread by factors,
    so the t interval for a further draw, ``mean ± t s sqrt(1 + 1/n)``, is taken of their
    logarithms: it can't reach below zero, and the typical run is the geometric mean. Where a
    value is zero or negative, as a difference of errors may be, it is taken of the values; if none
    is negative, as with a wobble, the interval ends at zero.

    Args:
        values: (n,) one number a seed, n at least 2.
        level: the interval's probability.

    Raises:
        ValueError: for fewer than two values, or one that is not finite.
    """
    x = _finite(values)
    if (x > 0).all():
        return Interval(*np.exp(_predict(np.log(x), level)).tolist())
    estimate, low, high = _predict(x, level).tolist()
    return Interval(estimate, low if (x < 0).any() else max(low, 0.0), high)


def _predict(x: np.ndarray, level: float) -> np.ndarray:
    half = stats.t.ppf((1 + level) / 2, len(x) - 1) * x.std(ddof=1) * np.sqrt(1 + 1 / len(x))
    return x.mean() + np.array([0, -half, half])


def proportion(count: int, of: int) -> Interval:
    """Return a share, such as that of failed runs, with its exact 95 % interval.

    Always two-sided (Clopper & Pearson 1934). With none of n it is ``[0, 1 - 0.025 ** (1 / n)]``.

    Args:
        count: how many failed, say.
        of: how many there were, each independent of the others.
    """
    exact = stats.binomtest(count, of).proportion_ci(0.95, method="exact")
    return Interval(count / of, float(exact.low), float(exact.high))


def block_bootstrap_interval(losses: ArrayLike, level: float = 0.95) -> Interval:
    """Return a mean loss over the test sessions and how far another such period might move it.

    Neighbouring losses are alike, so whole blocks of sessions are resampled (circular block
    bootstrap), of the length that Politis & White (2004) choose from the losses' own correlation.
    This is the test sample's uncertainty; the seed's is another.

    Args:
        losses: (n,) one loss a session, in time order.
        level: the interval's probability.

    Raises:
        ValueError: for fewer than thirty losses, or one that is not finite.
    """
    x = np.asarray(losses, dtype=np.float64)
    if x.ndim != 1 or len(x) < 30 or not np.isfinite(x).all():
        raise ValueError("a block bootstrap needs at least thirty finite losses, in time order.")
    from arch.bootstrap import CircularBlockBootstrap  # not before: it takes a second

    bootstrap = CircularBlockBootstrap(block_length(x), x, seed=0)
    low, high = bootstrap.conf_int(np.mean, reps=1000, method="percentile", size=level)[:, 0]
    return Interval(float(x.mean()), float(low), float(high))


def block_length(series: np.ndarray) -> int:
    """Return the length of block that Politis & White (2004) choose, at most a third of all."""
    if np.ptp(series) == 0:
        return 1
    from arch.bootstrap import optimal_block_length  # not before: it takes a second

    chosen = int(np.ceil(optimal_block_length(series)["circular"].iloc[0]))
    return max(1, min(chosen, len(series) // 3))


class Comparison(NamedTuple):
    """Recipe B against recipe A over seeds: the ratio of their losses, B over A."""

    ratio: float
    low: float
    high: float
    p_value: float
    is_difference: bool = False  # B minus A, where a value of zero leaves no ratio

    @property
    def interval(self) -> Interval:
        """The ratio, or the difference, with its interval."""
        return Interval(self.ratio, self.low, self.high)

    @property
    def verdict(self) -> str:
        """On which side of no effect it lies, of a claim that B is worse."""
        return side(self.interval, 0.0 if self.is_difference else 1.0)

    def __str__(self) -> str:
        """Show the ratio with its interval: 0.36 (0.31 to 0.42)."""
        numbers = f"{self.interval:.2f}"
        return f"a difference of {numbers}" if self.is_difference else numbers


def compare_losses(
    baseline: ArrayLike, changed: ArrayLike, paired: bool, differences: bool = False
) -> Comparison:
    """Compare the losses of two recipes over seeds, as the ledger's comparisons do.

    The 95 % t interval is of the difference of log losses: of the pairs' where both start from
    the same weights, else Welch's. The p-value is that of the exact permutation test of the same
    difference; no verdict uses it. Where a value is zero, as a wobble may be, values themselves are
    compared.

    Args:
        baseline: (n,) losses, one a seed.
        changed: (m,) the same of the other recipe; n seeds in the same order if paired.
        paired: whether equal seeds share their initial weights.
        differences: whether values themselves are compared, though none is zero.

    Raises:
        ValueError: for fewer than two seeds, a value that is not finite, unequal pairs, or more
            seeds than the permutation test can enumerate.
    """
    a, b = _finite(baseline), _finite(changed)
    if paired and len(a) != len(b):
        raise ValueError(f"paired losses need equal seeds, got {len(a)} and {len(b)}.")
    if paired and (a == b).all():
        none = 0.0 if differences else 1.0
        return Comparison(none, none, none, 1.0, differences)
    in_logs = not differences and bool((a > 0).all() and (b > 0).all())
    if in_logs:
        a, b = np.log(a), np.log(b)
    test = stats.ttest_rel(b, a) if paired else stats.ttest_ind(b, a, equal_var=False)
    low, high = map(float, test.confidence_interval(0.95))
    p_value = paired_p(b - a) if paired else unpaired_p(b, a)
    numbers = np.array([b.mean() - a.mean(), low, high])
    shown = (np.exp(numbers) if in_logs else numbers).tolist()
    return Comparison(*shown, p_value, not in_logs)


def _finite(values: ArrayLike) -> np.ndarray:
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 1 or len(x) < 2 or not np.isfinite(x).all():
        raise ValueError("needs at least two finite values, one a run.")
    return x
