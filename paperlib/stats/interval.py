"""An estimate with its interval, and how either is written."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd


class Interval(NamedTuple):
    """An estimate with its 95 % interval."""

    estimate: float
    low: float
    high: float


class Test(NamedTuple):
    """A test's statistic, above zero where the model is worse, and its p-value."""

    __test__ = False  # pytest takes the name for a test case

    statistic: float
    p_value: float


NO_DIFFERENCE = Test(0.0, 1.0)
"""Of forecasts that are the same, as ARIMA(0, 1, 0) and persistence are."""


def interval_of(row: pd.Series, name: str) -> Interval:
    """Return a stored number with its interval."""
    return Interval(*(float(row[column]) for column in (name, f"{name}_low", f"{name}_high")))


def with_interval(row: pd.Series, name: str, form: str) -> str:
    """Write a number of :func:`standings` with its interval, if it has one; a dash for none."""
    if np.isnan(row[name]):
        return "–"
    ends = [row.get(f"{name}_{end}", np.nan) for end in ("low", "high")]
    text = form.format(row[name])
    if np.isnan(ends).any():
        return text
    return f"{text} ({form.format(ends[0])} to {form.format(ends[1])})"


def ratio_text(ratio: float, low: float = np.nan, high: float = np.nan) -> str:
    """Write a ratio, with its interval if it has one, to the same number of decimals."""
    largest = np.nanmax([ratio, high])
    form = "{:.3f}" if largest < 2 else "{:.2f}" if largest < 10 else "{:.1f}"
    if np.isnan([low, high]).any() or low == high:
        return form.format(ratio)
    return f"{form.format(ratio)} ({form.format(low)} to {form.format(high)})"


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
