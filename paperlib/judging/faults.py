"""What goes wrong with forecasts that are shown in public, as far as the forecasts tell."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pandas as pd

from paperlib.judging.matching import Matched
from paperlib.judging.misdated import find_misdated
from paperlib.judging.units import has_other_unit, name_unit, scaled

STRETCH = 5  # sessions, a week, over which no honest forecast stays or moves along a line
DEALT = 999  # placebos
APART = 0.005  # relative, or of the sessions: beyond rounding
FAR = 0.25  # from the close of the day before, relative
HEARD = (1, 5, 20)  # sessions over which a forecast may follow the closes
ENOUGH = 250  # sessions that show whether it does; of fewer, honest long means look alike


def find_faults(matched: Matched) -> list[str]:
    """List what looks wrong, each with what to do, in sentences; none is a proof."""
    if has_other_unit(matched):
        return [name_unit(matched)]
    misdated = find_misdated(matched)
    looks = [
        scaled(matched),
        _another(matched),
        _no_price(matched),
        _level(matched),
        _bounds(matched),
        *misdated,
        *_stretches(matched),
        _comoves(matched),
        "" if any(misdated) else _hears_nothing(matched),
    ]
    return [said for said in looks if said]


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


def _no_price(matched: Matched) -> str:
    below = matched.rows["forecast"] <= 0
    if not below.any():
        return ""
    first = f"{below.idxmax():%Y-%m-%d}"
    return (
        f"On {below.sum()} of {len(below)} sessions, first on {first}, the forecast is zero or "
        "below, as no price is. Correct these, or leave them out."
    )


def _level(matched: Matched) -> str:
    ratio = matched.rows["forecast"] / matched.rows["previous"]
    if not (ratio - 1).abs().median() > FAR:
        return ""
    return (
        f"Half of the forecasts are {FAR:.0%} or more away from the close of the day before; in "
        f"the median they are {ratio.median():.2f} times it. If the model is not off by so much, "
        "they are of another share, or of prices adjusted for other splits and dividends."
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


def _comoves(matched: Matched) -> str:
    found, by_chance = same_day_correlation(matched)
    if not found > by_chance or found < 0:
        return ""
    return (
        f"The forecast moves with the change of the same day (correlation {found:.2f}) more than "
        f"with changes that it can't know (at most {by_chance:.2f}). That is skill, or it saw "
        "something of that day, or each row stands beside the day on which it was made. Check the "
        "dates, and run placebo() and look_ahead() on the code."
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


def _hears_nothing(matched: Matched) -> str:
    """Look for forecasts that no close has moved, as those drawn once for a whole test part."""
    made = matched.rows["forecast"].reindex(matched.close.index).diff()
    known = matched.close.shift(1)
    table = pd.DataFrame({h: known - known.shift(h) for h in HEARD}).assign(made=made).dropna()
    if len(table) < ENOUGH - 1 or np.ptp(table["made"]) <= 1e-9 * table["made"].abs().max():
        return ""
    table = table.rank()  # so that no single wild value decides
    standard = ((table - table.mean()) / table.std(ddof=0)).to_numpy()
    waves = np.fft.rfft(standard, axis=0)
    shifts = np.fft.irfft(waves[:, :-1] * np.conj(waves[:, -1:]), len(table), axis=0) / len(table)
    heard = shifts.max(axis=1)
    by_chance = heard[max(HEARD) : len(table) // 2].max()  # of changes that came later
    if heard[0] > by_chance:
        return ""
    return (
        "The forecast takes hardly any notice of the closes: its changes follow those of the last "
        f"1, 5 or 20 sessions no more (correlation {heard[0]:.2f}) than those still to come (up to "
        f"{by_chance:.2f}). So looks a path drawn once for the whole test part, as by Prophet, a "
        "mean over many months, or a forecast of another share. Judged are forecasts made anew "
        "each session."
    )
