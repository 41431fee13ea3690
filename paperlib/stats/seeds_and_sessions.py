"""One recipe against another where both the seeds and the test sessions are a sample."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from paperlib.stats.interval import Interval
from paperlib.stats.seeds import block_length

REPLICATIONS = 999


def ratio_of_mean_losses(changed: ArrayLike, baseline: ArrayLike, paired: bool) -> Interval:
    """Return mean loss over mean loss, with a 95 % interval over seeds and sessions together.

    Each replication draws seeds with replacement, and circular blocks of sessions, the same for
    both recipes, whose losses of one session hang together. The interval is the percentile one. The
    blocks are the longest that the losses of either recipe, or what a session adds to the ratio,
    ask for (:func:`paperlib.stats.seeds.block_length`).

    Args:
        changed: (seeds, n) losses of one recipe, sessions in time order; a model without seeds has
            one row.
        baseline: (seeds, n) those of the other, whose number of seeds may differ if not paired.
        paired: whether equal seeds share their initial weights, and are drawn together.

    Raises:
        ValueError: for other shapes, fewer than thirty sessions, a loss that is not finite, or a
            recipe that never errs.
    """
    a, b = np.asarray(changed, dtype=np.float64), np.asarray(baseline, dtype=np.float64)
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1] or (paired and len(a) != len(b)):
        raise ValueError(f"needs (seeds, n) losses of the same sessions, got {a.shape}, {b.shape}.")
    if a.shape[1] < 30:
        raise ValueError("needs at least thirty sessions.")
    if not (np.isfinite(a).all() and np.isfinite(b).all()) or 0 in (a.mean(), b.mean()):
        raise ValueError("losses must be finite, and some of each recipe above zero.")
    rng = np.random.default_rng(0)
    sessions = _draw_sessions(_block(a.mean(axis=0), b.mean(axis=0)), a.shape[1], rng)
    seeds_a = _draw_seeds(len(a), rng)
    seeds_b = seeds_a if paired else _draw_seeds(len(b), rng)
    ratios = _weighted(seeds_a, a, sessions) / _weighted(seeds_b, b, sessions)
    low, high = np.quantile(ratios, [0.025, 0.975]).tolist()
    return Interval(float(a.mean() / b.mean()), low, high)


def _block(a: np.ndarray, b: np.ndarray) -> int:
    """Return the length of the blocks of sessions, at most a third of them."""
    series = (a, b, a / a.mean() - b / b.mean())
    return min(max(map(block_length, series)), len(a) // 3)


def _draw_sessions(block: int, n: int, rng: np.random.Generator) -> np.ndarray:
    """Draw circular blocks; how often each replication has each session, (REPLICATIONS, n)."""
    starts = rng.integers(n, size=(REPLICATIONS, -(-n // block)))
    drawn = (starts[:, :, None] + np.arange(block)).reshape(REPLICATIONS, -1)[:, :n] % n
    return np.stack([np.bincount(of, minlength=n) for of in drawn])


def _draw_seeds(n: int, rng: np.random.Generator) -> np.ndarray:
    """Draw seeds; how often each replication has each, (REPLICATIONS, n)."""
    return rng.multinomial(n, np.full(n, 1 / n), size=REPLICATIONS)


def _weighted(seeds: np.ndarray, losses: np.ndarray, sessions: np.ndarray) -> np.ndarray:
    """Return the mean loss of each replication, (REPLICATIONS,)."""
    return ((seeds @ losses) * sessions).sum(axis=1) / losses.size
