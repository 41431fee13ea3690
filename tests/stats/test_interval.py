"""An interval is written by one format for its three numbers."""

import numpy as np
import pandas as pd
import pytest

from paperlib.stats.interval import Interval, interval_of, rounded, scientific, side

NAN = float("nan")


@pytest.mark.parametrize(
    ("numbers", "form", "text"),
    [
        ((0.361, 0.311, 0.42), ".2f", "0.36 (0.31 to 0.42)"),
        ((7.41, 6.29, 8.8), ".1f%", "7.4% (6.3 to 8.8%)"),
        ((0.12, 0.1, 0.14), ".0%", "12% (10% to 14%)"),
        ((0.5, -0.25, 1.0), "+.2f", "+0.50 (-0.25 to +1.00)"),
        ((1.25,), ".1f", "1.2"),
        ((1.25,), ".1f%", "1.2%"),
        ((1.0, 1.0, 1.0), ".2f", "1.00 (1.00 to 1.00)"),
        ((NAN, 1.0, 2.0), ".2f", "–"),
        ((1.0,), "ratio", "1.000"),
        ((1.0, 1.0, 1.0), "ratio", "1.000"),
        ((0.9962, 0.9891, 1.0032), "ratio", "0.996 (0.989 to 1.003)"),
        ((2.2, 1.695, 2.8), "ratio", "2.20 (1.70 to 2.80)"),
        ((1.9, 1.1, 2.8), "ratio", "1.90 (1.10 to 2.80)"),
        ((36.4, 11.41, 55.9), "ratio", "36.4 (11.4 to 55.9)"),
    ],
)
def test_one_format_writes_all_three_numbers(numbers, form, text):
    assert f"{Interval(*numbers):{form}}" == text


def test_without_a_format_it_is_the_tuple_that_it_is():
    assert f"{Interval(1.0, 0.5, 2.0)}" == "Interval(estimate=1.0, low=0.5, high=2.0)"
    assert Interval(1.0, 0.5, 2.0) == (1.0, 0.5, 2.0)


def test_an_interval_is_three_columns_and_may_lack_two():
    row = pd.Series({"x": 1, "x_low": 0, "x_high": 3, "y": 2.0})
    assert interval_of(row, "x") == (1.0, 0.0, 3.0)
    found = interval_of(row, "y")
    assert found.estimate == 2
    assert np.isnan(found[1:]).all()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (6.42e-7, "6 × 10⁻⁷"),
        (0.0099, "1 × 10⁻²"),
        (0.29, "0.29"),
        (2.44, "2.44"),
        (1e-12, "1 × 10⁻¹²"),
        (1e-120, "< 10⁻⁹⁹"),
        (0.0, "< 10⁻⁹⁹"),
        (float("nan"), "–"),
    ],
)
def test_small_numbers_are_powers_of_ten(value, text):
    assert scientific(value) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(454_321, 2, "450,000"), (2.4e7, 1, "20,000,000"), (0.8512, 2, "0.85"), (15.4, 2, "15")],
)
def test_a_large_number_is_rounded_and_written_out(value, digits, text):
    assert rounded(value, digits) == text


@pytest.mark.parametrize(
    ("effect", "none", "verdict"),
    [
        (Interval(0.1, 0.01, 0.2), 0.0, "holds"),
        (Interval(-0.1, -0.2, -0.01), 0.0, "contradicted"),
        (Interval(0.1, -0.01, 0.2), 0.0, "open"),
        (Interval(0.1, 0.0, 0.2), 0.0, "open"),
        (Interval(1.02, 1.01, 1.03), 1.0, "holds"),
        (Interval(0.9, 0.8, 0.99), 1.0, "contradicted"),
        (Interval(1.0, 1.0, 1.0), 1.0, "open"),
        (Interval(1.2), 1.0, "holds"),
    ],
)
def test_an_interval_lies_on_one_side_or_is_open(effect, none, verdict):
    assert side(effect, none) == verdict
