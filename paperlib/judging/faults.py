"""What goes wrong with forecasts that are shown in public, as far as the forecasts tell."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from paperlib.judging.accuracy import LAGS, distances
from paperlib.judging.matching import Matched
from paperlib.stats.forecast_tests import fixed_smoothing_test

UNIT = 10.0  # times the closes' median: beyond that, and below one over it, is another unit
STRETCH = 5  # sessions, a week, over which no honest forecast stays or moves along a line
DENSE = 0.9  # of the sessions between the first and the last date
DEALT = 999  # placebos
SURE = 0.005  # a p-value, so that an honest forecast is hardly ever accused
APART = 0.005  # relative, or of the sessions: beyond rounding
NEAR = 1e-4  # relative: the same close, as rounded


def has_other_unit(matched: Matched) -> bool:
    """Tell whether forecasts can't be dollars, as when they are still scaled."""
    rows = matched.rows
    ratio = rows["forecast"].median() / rows["actual"].median()
    return not 1 / UNIT < ratio < UNIT


def find_faults(matched: Matched) -> list[str]:
    """List what looks wrong, each with what to do, in sentences; none is a proof."""
    if has_other_unit(matched):
        made, came = (matched.rows[name].median() for name in ("forecast", "actual"))
        return [
            f"The forecasts are in another unit than the closes: their median is {made:,.4g}, that "
            f"of the closes {came:,.4g}. Bring scaled values back with the scaler's inverse."
        ]
    looks = [
        _another(matched),
        _bounds(matched),
        _dates(matched),
        _knows(matched),
        *_stretches(matched),
        _comoves(matched),
    ]
    return [said for said in [*looks, _scattered(matched)] if said]


def same_day_correlation(matched: Matched) -> tuple[float, float]:
    """Correlate the forecast change with the change that came, and with changes that it can't know.

    These are placebos of two kinds: the forecast changes shifted by two sessions or more, all
    around, and the changes that came dealt out anew, 999 times. The first keep what neighbouring
    days have in common; where nothing has, there may be too few of them.

    Returns:
        The correlation, and the largest of all placebos; NaN if no change was forecast.
    """
    rows = matched.rows
    made = (rows["forecast"] - rows["previous"]).to_numpy()
    came = (rows["actual"] - rows["previous"]).to_numpy()
    if np.ptp(made) <= 1e-9 * np.abs(rows["previous"]).max() or not np.ptp(came):
        return np.nan, np.nan
    a, b = ((x - x.mean()) / x.std() for x in (made, came))
    shifts = np.fft.irfft(np.fft.rfft(a) * np.conj(np.fft.rfft(b)), len(a)) / len(a)
    rng = np.random.default_rng(0)
    dealt = [rng.permutation(b) @ a / len(a) for _ in range(DEALT)]
    return float(shifts[0]), float(max(*shifts[2:-1], *dealt))


def _another(matched: Matched) -> str:
    if not matched.apart > APART:
        return ""
    return (
        f"The file's own actual values are not these closes: half of them differ by "
        f"{matched.apart:.1%} or more. It is another share, another adjustment, or another date."
    )


def _bounds(matched: Matched) -> str:
    rows = matched.rows
    if "lower" not in rows:
        return ""
    outside = (rows["forecast"] < rows["lower"]) | (rows["forecast"] > rows["upper"])
    if not outside.mean() > APART:
        return ""
    return (
        f"On {outside.sum()} of {len(rows)} sessions the forecast lies outside of its own bounds. "
        "Give them as prices, and of the same sessions."
    )


def _dates(matched: Matched) -> str:
    away = distances(matched)
    nearest = int(away.mean().idxmin())
    both = away[[nearest, 1]].dropna()
    if nearest > 0 or fixed_smoothing_test(both[nearest], both[1]).p_value > SURE:
        return ""
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


def _comoves(matched: Matched) -> str:
    found, by_chance = same_day_correlation(matched)
    if not found > by_chance or found < 0:
        return ""
    return (
        f"The forecast moves with the change of the same day (correlation {found:.2f}) more than "
        f"with changes that it can't know (at most {by_chance:.2f}). That is skill, or it saw "
        "something of that day. Run placebo() and look_ahead() on the code that made it."
    )


def _stretches(matched: Matched) -> list[str]:
    """Look for forecasts that stay, and for forecasts on a straight line."""
    made, dates = matched.rows["forecast"].to_numpy(), matched.rows.index
    steps = np.diff(made)
    tiny = 1e-9 * np.abs(made).max()
    still = np.abs(steps) <= tiny
    straight = np.append(np.abs(np.diff(steps)) <= tiny, False) & ~still
    said = []
    for flags, words, extra in ((still, "stay the same", 1), (straight, "lie on a line", 2)):
        length, start = _longest(flags)
        if length + extra > STRETCH:
            said.append(
                f"From {dates[start]:%Y-%m-%d} {length + extra} forecasts in a row {words}. Filled "
                "gaps, or one path far ahead, are no forecasts of the next session: leave them out."
            )
    return said


def _longest(flags: np.ndarray) -> tuple[int, int]:
    """Return the length and the start of the longest run of true ones."""
    best, at = (0, 0), 0
    for flag, group in groupby(flags):
        length = len(list(group))
        if flag and length > best[0]:
            best = (length, at)
        at += length
    return best


def _scattered(matched: Matched) -> str:
    dates = matched.rows.index
    pairs = matched.close + matched.close.shift(1)  # where a forecast could be matched
    between = pairs.loc[dates[0] : dates[-1]].dropna()
    share = len(dates) / len(between)
    if share >= DENSE:
        return ""
    return (
        f"Only {share:.0%} of the sessions from the first date to the last are forecast. If the "
        "split was shuffled, training sessions lie between the test sessions and tell of them: "
        "split by time."
    )
