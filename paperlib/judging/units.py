"""Forecasts, or closes, in another unit than dollars."""

from __future__ import annotations

from paperlib.judging.matching import Matched

UNIT = 8.0  # times the closes' median: beyond that, and below one over it, is another unit
TEN = (8.0, 12.5)  # as that of shares that were split ten to one, as Netflix's in 2025
SCALED = 2.0  # a scaler brings prices to 0 to 1, and later ones not far beyond


def has_other_unit(matched: Matched) -> bool:
    """Tell whether forecasts can't be dollars, as when they are still scaled."""
    rows = matched.rows
    ratio = rows["forecast"].median() / rows["actual"].median()
    return not 1 / UNIT < ratio < UNIT


def name_unit(matched: Matched) -> str:
    """Say in which unit forecasts seem to be that can't be dollars, and what to do."""
    made, came = (matched.rows[name].median() for name in ("forecast", "actual"))
    said = (
        f"The forecasts are in another unit than the closes: their median is {made:,.4g}, that of "
        f"the closes {came:,.4g}. "
    )
    if any(TEN[0] <= ratio <= TEN[1] for ratio in (made / came, came / made) if ratio > 0):
        return (
            f"{said}So are prices before and after a split of ten to one, such as Netflix's of "
            "2025-11-17: bring both to one side of it."
        )
    return (
        f"{said}Bring scaled values back with the scaler's inverse, changes and logarithms to "
        "prices."
    )


def scaled(matched: Matched) -> str:
    """Say that the closes look as a scaler leaves them; empty if they do not."""
    highest = matched.close.max()
    if highest > SCALED:
        return ""
    return (
        f"The highest close is {highest:.3g}. Unless the share is as cheap as that, the closes are "
        "scaled, and so is the forecast: errors in per cent then mean nothing. Bring both back "
        "with the scaler's inverse."
    )
