"""An estimate with its interval, a test with its p-value, and how numbers are written."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd


class Interval(NamedTuple):
    """An estimate with its 95 % interval, if it has one.

    One format writes all three numbers: ``f"{found:.2f}"`` is ``0.36 (0.31 to 0.42)``,
    ``f"{found:.1f%}"``, of numbers in per cent, ``7.4% (6.3 to 8.8%)``, and ``f"{found:ratio}"``
    gives as many decimals as a ratio of that size needs. No estimate is written as a dash.
    """

    estimate: float
    low: float = np.nan
    high: float = np.nan

    def __format__(self, form: str) -> str:
        """Write the estimate and, if there is one, its interval in brackets."""
        if not form:
            return str(self)
        if np.isnan(self.estimate):
            return "–"
        exact = form == "ratio" and self.low == self.high  # as persistence over itself
        if form == "ratio":
            largest = np.nanmax([self.estimate, self.high])
            form = ".3f" if largest < 2 else ".2f" if largest < 10 else ".1f"
        number, unit = (form[:-1], "%") if form.endswith("f%") else (form, "")
        estimate, low, high = (format(x, number) for x in self)
        if exact or np.isnan([self.low, self.high]).any():
            return f"{estimate}{unit}"
        return f"{estimate}{unit} ({low} to {high}{unit})"


HOLDS, CONTRADICTED, OPEN = "holds", "contradicted", "open"


def side(effect: Interval, none: float = 0.0) -> str:
    """Tell on which side of no effect an interval lies, of a claim that it lies above.

    Args:
        effect: without ends it is taken as exact.
        none: no effect: zero of a difference or a log ratio, one of a ratio.

    Returns:
        *holds*, *contradicted* or *open*.
    """
    low, high = (effect.estimate if np.isnan(end) else end for end in effect[1:])
    if low > none:
        return HOLDS
    return CONTRADICTED if high < none else OPEN


class Test(NamedTuple):
    """A test's statistic, above zero where the model is worse, and its p-value."""

    __test__ = False  # pytest takes the name for a test case

    statistic: float
    p_value: float


NO_DIFFERENCE = Test(0.0, 1.0)
"""Of forecasts that are the same, as ARIMA(0, 1, 0) and persistence are."""


def interval_of(row: pd.Series, name: str) -> Interval:
    """Return a stored number with its interval: columns ``name``, ``name_low``, ``name_high``."""
    ends = (row.get(f"{name}_{end}", np.nan) for end in ("low", "high"))
    return Interval(float(row[name]), *map(float, ends))


def scientific(value: float) -> str:
    """Write a positive number with two decimals, or below 0.01 as a power of ten: 6 × 10⁻⁷.

    What is below 10⁻⁹⁹, or zero because it was too small for the machine, is written as such, and
    a number that could not be computed as a dash.
    """
    if np.isnan(value):
        return "–"
    if value >= 0.01:
        return f"{value:.2f}"
    if value < 1e-99:
        return "< 10⁻⁹⁹"
    mantissa, exponent = f"{value:.0e}".split("e")
    raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{mantissa} × 10{raised}"


def rounded(value: float, digits: int) -> str:
    """Write a number to so many digits, however large, without a power of ten: 450,000 or 0.85."""
    return f"{float(f'{value:.{digits}g}'):,.12g}"
