"""What a forecast distribution was worth: scores session by session, and in sum."""

from __future__ import annotations

import numpy as np
import pandas as pd
import scoringrules
from scipy import stats

from paperlib.probabilistic.student_t import StudentMixture
from paperlib.stats.forecast_tests import loss_ratio
from paperlib.stats.interval import Interval
from paperlib.stats.seeds import proportion

LEVELS = (0.5, 0.8, 0.9, 0.95)
TAILS = (0.05, 0.01)
PROBABILITIES = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99)
LEVEL_BAND = 1.01
"""A model is *level* with another if its CRPS is shown to be less than 1 % above the other's;
fixed before the test part was scored."""
STANDINGS = ("ahead", "level", "behind", "not shown")
"""What :func:`standing` may say; of words that are true together, the first here is said."""
BY_CHANCE = 0.025
"""How often a 95 % interval of a ratio that is one lies wholly below one, and as often above."""


def quantile_name(probability: float) -> str:
    """Name the column of a quantile: ``q_0.05``."""
    return f"q_{probability:g}"


def score_sessions(forecast: StudentMixture, returns: np.ndarray) -> pd.DataFrame:
    """Score each session's forecast.

    Args:
        forecast: of n sessions, per cent.
        returns: (n,) what came, per cent.

    Returns:
        A row a session, in per cent, with ``return``; ``crps`` and ``log_score``; ``pit``, the
        forecast probability of a return no higher than the one that came; the quantiles
        ``q_...`` of ``PROBABILITIES``; and the expected shortfalls ``shortfall_...``.
    """
    columns = {
        "return": returns,
        "crps": forecast.crps(returns),
        "log_score": forecast.log_score(returns),
        "pit": forecast.cdf(returns),
        **{quantile_name(p): forecast.quantile(p) for p in PROBABILITIES},
        **{f"shortfall_{tail:g}": forecast.shortfall(tail) for tail in TAILS},
    }
    return pd.DataFrame(columns)


def score_draws(draws: np.ndarray, returns: np.ndarray) -> pd.DataFrame:
    """Score forecasts that are samples, (n, samples) per cent, as :func:`score_sessions` does.

    Samples have no density, so the log score is missing.
    """
    ordered = np.sort(draws, axis=1)
    worst = {tail: max(1, round(tail * draws.shape[1])) for tail in TAILS}
    columns = {
        "return": returns,
        "crps": scoringrules.crps_ensemble(returns, ordered),
        "log_score": np.nan,
        "pit": (ordered <= returns[:, None]).mean(axis=1),
        **{quantile_name(p): np.quantile(ordered, p, axis=1) for p in PROBABILITIES},
    }
    for tail, k in worst.items():  # the mean of equal draws may be rounded to above them
        mean = ordered[:, :k].mean(axis=1)
        columns[f"shortfall_{tail:g}"] = np.minimum(mean, columns[quantile_name(tail)])
    return pd.DataFrame(columns)


def ends(level: float) -> tuple[str, str]:
    """Name the columns of the two quantiles between which a central interval lies."""
    return quantile_name(round((1 - level) / 2, 6)), quantile_name(round((1 + level) / 2, 6))


def summarise_scores(sessions: pd.DataFrame) -> dict[str, float]:
    """Sum up what :func:`score_sessions` found.

    Returns:
        ``n`` sessions; mean ``crps``; mean ``log_score``; mean ``pinball`` loss over
        ``PROBABILITIES``; ``coverage_...`` in per cent of each central interval, with its
        exact 95 % interval; ``width_...`` in per cent of the price; the mean
        interval score ``winkler_90`` (Winkler 1972); and ``pit_p``, the p-value of a
        Kolmogorov-Smirnov test that the probability integral transforms are uniform.
    """
    y = sessions["return"].to_numpy()
    pinball = [
        scoringrules.quantile_score(y, sessions[quantile_name(p)].to_numpy(), p)
        for p in PROBABILITIES
    ]
    row = {
        "n": len(y),
        "crps": sessions["crps"].mean(),
        "log_score": sessions["log_score"].mean(),
        "pinball": float(np.mean(pinball)),
        "pit_p": stats.kstest(sessions["pit"], "uniform").pvalue,
    }
    for level in LEVELS:
        low, high = (sessions[name].to_numpy() for name in ends(level))
        inside = is_inside(sessions, level)
        found = proportion(int(inside.sum()), len(inside))
        name = f"coverage_{100 * level:g}"
        row |= {name: 100 * found.estimate, f"{name}_low": 100 * found.low}
        row |= {f"{name}_high": 100 * found.high, f"width_{100 * level:g}": (high - low).mean()}
        if level == 0.9:
            row["winkler_90"] = scoringrules.interval_score(y, low, high, 1 - level).mean()
    return row


def is_inside(sessions: pd.DataFrame, level: float) -> np.ndarray:
    """Tell for each session whether its return lies in the central interval, (n,) booleans."""
    low, high = (sessions[name] for name in ends(level))
    return sessions["return"].between(low, high).to_numpy()


def relative_loss(losses: list[np.ndarray], references: list[np.ndarray]) -> Interval:
    """Return the ratio of losses to a reference's over several series, each weighing the same.

    Args:
        losses: of each series (n,) losses of the same sessions.
        references: the reference's, likewise.

    Returns:
        The mean ratio with its 95 % interval; a session is resampled for all series at once.
    """
    units = [reference.mean() for reference in references]
    over, under = (
        np.mean([loss / unit for loss, unit in zip(of, units, strict=True)], axis=0)
        for of in (losses, references)
    )
    return loss_ratio(over, under)


def standing(ratio: Interval) -> str:
    """Say how a model stands to a reference: *ahead*, *level*, *behind*, or *not shown*.

    The first that is true of the interval of the ratio of their CRPS: ahead if it lies wholly
    below 1, level if it ends below 1.01 (wherever it begins), behind if it lies wholly above 1.
    """
    if ratio.high < 1:
        return "ahead"
    if ratio.high < LEVEL_BAND:
        return "level"
    return "behind" if ratio.low > 1 else "not shown"


def flat_band(sessions: int, bins: int = 10) -> tuple[float, float]:
    """Return where the share of each of ``bins`` equal bins lies in 95 % of flat histograms.

    By the normal approximation of a binomial count.

    Args:
        sessions: how many transforms the histogram counts.
        bins: of the histogram.
    """
    noise = 1.96 * np.sqrt((1 - 1 / bins) / bins / sessions)
    return 1 / bins - noise, 1 / bins + noise
