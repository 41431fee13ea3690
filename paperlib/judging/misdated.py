"""Forecasts that stand beside another date than the one that they are for, or too far apart."""

from __future__ import annotations

import numpy as np

from paperlib.judging.accuracy import LAGS, distances
from paperlib.judging.matching import Matched
from paperlib.stats.forecast_tests import fixed_smoothing_test

SURE = 0.005  # a p-value, so that an honest forecast is hardly ever said to know what came
NEAR = 1e-4  # relative: the same close, as rounded
DENSE = 0.9  # of the sessions between the first and the last date


def find_misdated(matched: Matched) -> list[str]:
    """List what looks wrong with the dates, each with what to do, empty where nothing does."""
    return [_dates(matched), _knows(matched), _apart(matched)]


def _dates(matched: Matched) -> str:
    away = distances(matched)
    nearest = int(away.mean().idxmin())
    both = away[[nearest, 1]].dropna()
    asked = nearest <= 0 or nearest == 2  # further back a model trails
    if not asked or fixed_smoothing_test(both[nearest], both[1]).p_value > SURE:
        return ""
    if nearest == 2:
        return (
            "The model trails, or its dates are a day late: the forecasts are nearest to the close "
            "two sessions before their date. Check that no row stands beside the session after the "
            "one that it is for."
        )
    after = f"{-nearest} session{'s' * (nearest < -1)} after" if nearest else "of"
    return (
        f"The forecasts are nearer to the close {after} their date than to that of the day before. "
        f"Either the dates are off by {1 - nearest}, or the forecasts knew what came. Check which "
        "day each row is for."
    )


def _knows(matched: Matched) -> str:
    same, by_chance = _hits(matched, 0), max(_hits(matched, lag) for lag in range(2, LAGS + 1))
    if same <= by_chance + 3 * np.sqrt(by_chance) + 3:  # three standard errors of a count
        return ""
    return (
        f"On {same} of {len(matched.rows)} sessions the forecast equals the close of its own date, "
        "to one in ten thousand. Either the dates are off by one, or it knew that close."
    )


def _hits(matched: Matched, lag: int) -> int:
    """Count the forecasts that equal the close ``lag`` sessions before, where the price moved."""
    rows = matched.rows
    moved = ~np.isclose(rows["actual"], rows["previous"], rtol=NEAR, atol=0)
    hits = np.isclose(rows["forecast"], matched.close_at(lag), rtol=NEAR, atol=0)
    return int((hits & moved).sum())


def _apart(matched: Matched) -> str:
    dates = matched.rows.index
    pairs = matched.close + matched.close.shift(1)  # where a forecast could be matched
    between = pairs.loc[dates[0] : dates[-1]].dropna()
    share = len(dates) / len(between)
    if share >= DENSE or "cutoff" in matched.rows:  # which tells when each was made
        return ""
    steps = np.diff(between.index.get_indexer(dates))
    low, step, high = np.quantile(steps, [0.1, 0.5, 0.9])
    if step > 1 and high - low <= step / 2:
        return (
            f"The forecasts stand about {step:.0f} sessions apart. Each is judged as one made the "
            "session before its date; one made a week or a month ahead is not that. Bring a "
            "forecast for each session."
        )
    return (
        f"Only {share:.0%} of the sessions from the first date to the last are forecast. If the "
        "split was shuffled, training sessions lie between the test sessions and tell of them: "
        "split by time."
    )
