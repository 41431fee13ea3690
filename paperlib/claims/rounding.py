"""A printed number stands for all the numbers that are rounded to it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import product

Bounds = tuple[float, float]


def rounding_interval(printed: float | str) -> Bounds:
    """Return the least and the largest number printed so: 0.0125 stands for 0.01245 to 0.01255."""
    number = Decimal(str(printed))
    half = Decimal(10) ** int(number.as_tuple().exponent) / 2
    return float(number - half), float(number + half)


def as_number(printed: float | str) -> float:
    """Read the number in "80+" or "< 0.01", or one that is printed plainly."""
    return printed if isinstance(printed, int | float) else float(printed.strip("<+ "))


def stands_for(printed: float | str) -> Bounds:
    """Return the least and the largest number printed so; "80+" has no largest."""
    low, high = rounding_interval(str(printed).strip("<+ "))
    return low, float("inf") if str(printed).endswith("+") else high


def extremes(expression: Callable[..., float], *printed: float) -> Bounds:
    """Return the least and the largest value of an expression of printed numbers.

    Args:
        expression: of as many numbers as are given; it rises or falls throughout in each of them,
            so that its extremes lie where each number is at an end of its rounding interval.
        printed: the numbers.
    """
    values = [expression(*corner) for corner in product(*map(rounding_interval, printed))]
    return min(values), max(values)


def overlap(one: Bounds, other: Bounds) -> bool:
    """Tell whether two intervals have a number in common."""
    return one[0] <= other[1] and other[0] <= one[1]


def can_round_to(result: float, expression: Callable[..., float], *printed: float) -> bool:
    """Tell whether a printed result may be that of an expression of other printed numbers.

    Args:
        result: as printed.
        expression: see :func:`extremes`.
        printed: the numbers that it is worked out from.
    """
    return overlap(extremes(expression, *printed), rounding_interval(result))
