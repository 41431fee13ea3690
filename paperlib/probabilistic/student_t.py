"""Forecasts that are distributions: mixtures of Student-t's, with their scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

NODES, WEIGHTS = np.polynomial.legendre.leggauss(200)
FAR = 9.0  # of sinh: 4,000 spreads from the centre
BISECTIONS = 60  # halve the bracket to below the resolution of a double


@dataclass(frozen=True)
class StudentMixture:
    """n forecasts of a return, each an equal mixture of Student-t's.

    An ensemble of networks is the mixture of what its members forecast; a single model is a
    mixture of one. All three arrays are (members, n), in the unit of the returns; ``df`` is above
    1, so that the mean exists.
    """

    location: np.ndarray
    scale: np.ndarray
    df: np.ndarray

    def __post_init__(self) -> None:
        """Refuse what is no distribution with a mean."""
        if not self.location.shape == self.scale.shape == self.df.shape or self.scale.ndim != 2:
            raise ValueError("location, scale and df must all be (members, n).")
        if not (np.isfinite(self.location).all() and np.isfinite(self.scale).all()):
            raise ValueError("location and scale must be finite.")
        if not ((self.scale > 0).all() and (self.df > 1).all()):
            raise ValueError("scale must be above 0 and df above 1.")

    def standardise(self, x: ArrayLike) -> np.ndarray:
        """Return ``(x - location) / scale`` of every member, for x that broadcasts to (n,)."""
        return (np.asarray(x, dtype=np.float64) - self.location) / self.scale

    def cdf(self, x: ArrayLike) -> np.ndarray:
        """Return the probability of a return of x or less, (n,)."""
        return special.stdtr(self.df, self.standardise(x)).mean(axis=0)

    def log_score(self, y: ArrayLike) -> np.ndarray:
        """Return the negative log density at what came, (n,); lower is better."""
        logs = stats.t.logpdf(self.standardise(y), self.df) - np.log(self.scale)
        return np.log(len(self.df)) - special.logsumexp(logs, axis=0)

    def quantile(self, probability: float) -> np.ndarray:
        """Return the return that is undercut with this probability, (n,), by bisection.

        Raises:
            ValueError: for a probability outside (0, 1).
        """
        if not 0 < probability < 1:
            raise ValueError(f"a probability lies between 0 and 1, got {probability}.")
        of_members = self.location + self.scale * special.stdtrit(self.df, probability)
        low, high = of_members.min(axis=0), of_members.max(axis=0)
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            below = self.cdf(middle) < probability
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return (low + high) / 2

    def shortfall(self, tail: float) -> np.ndarray:
        """Return the mean return among the worst ``tail`` of all, (n,): the expected shortfall.

        From the partial expectation of each member (McNeil, Frey & Embrechts 2015, section 2.3).

        Raises:
            ValueError: for a probability outside (0, 1).
        """
        z = self.standardise(self.quantile(tail))
        below = special.stdtr(self.df, z)
        partial = stats.t.pdf(z, self.df) * (self.df + z**2) / (self.df - 1)
        return (self.location * below - self.scale * partial).mean(axis=0) / tail

    def crps(self, y: ArrayLike) -> np.ndarray:
        """Return the continuous ranked probability score at what came, (n,); lower is better.

        The integral of the squared distance between the forecast's distribution function and the
        step at y (Gneiting & Raftery 2007). In the unit of the returns; of a point forecast it
        would be the absolute error. Summed at Gauss-Legendre nodes on either side of y, along
        ``x = centre + spread sinh(t)``: fine near the centre, coarse far out in the tails.
        """
        centre, spread = self.location.mean(axis=0), self.scale.mean(axis=0)
        at_y = np.arcsinh((np.asarray(y, dtype=np.float64) - centre) / spread)
        total = np.zeros(len(centre))
        for start, stop, above in ((-FAR - abs(at_y), at_y, 0), (at_y, FAR + abs(at_y), 1)):
            for node, weight in zip(NODES, WEIGHTS, strict=True):
                t = start + (stop - start) * (node + 1) / 2
                distance = self.cdf(centre + spread * np.sinh(t)) - above
                total += weight * (stop - start) / 2 * distance**2 * spread * np.cosh(t)
        return total

    def times(self, factor: ArrayLike) -> StudentMixture:
        """Return the distributions of the returns times a positive factor, (n,) or a number."""
        factor = np.asarray(factor, dtype=np.float64)
        return StudentMixture(self.location * factor, self.scale * factor, self.df)

    def at(self, sessions: slice) -> StudentMixture:
        """Return the forecasts of some sessions."""
        return StudentMixture(*(x[:, sessions] for x in (self.location, self.scale, self.df)))


def combine(members: list[StudentMixture]) -> StudentMixture:
    """Mix forecasts of the same sessions with equal weight: an ensemble."""
    return _concatenate(members, axis=0)


def join(parts: list[StudentMixture]) -> StudentMixture:
    """Put forecasts of sessions that follow each other into one, in this order."""
    return _concatenate(parts, axis=1)


def _concatenate(mixtures: list[StudentMixture], axis: int) -> StudentMixture:
    return StudentMixture(
        *(
            np.concatenate([getattr(m, x) for m in mixtures], axis=axis)
            for x in ("location", "scale", "df")
        )
    )
