"""The rules by which a printed number is held against ours, at their edges."""

from __future__ import annotations

from math import inf, nan

import pandas as pd
import pytest

from paperlib.claims.rules import judge_number, judge_p_values
from paperlib.stats.interval import Interval


@pytest.mark.parametrize(
    ("printed", "low", "high", "verdict"),
    [
        (1.0, 0.9, 1.1, "consistent"),
        (1.0, 1.0, 2.0, "consistent"),
        (1.0, 0.5, 1.01, "too imprecise to say"),
        (1.0, 1.04, 1.9, "consistent"),  # 1.0 stands for 0.95 to 1.05
        (1.0, 1.06, 1.9, "differs"),
        (1.0, 1.04, 9.0, "too imprecise to say"),
        (1.0, 1.06, 9.0, "differs"),
        (1.0, 0.5, 0.94, "differs"),
        (1.0, 0.5, 0.96, "consistent"),
        (60, 50.0, 59.4, "differs"),
        (60, 50.0, 59.6, "consistent"),
        (1.0, 2.0, 100.0, "differs"),
        ("80+", 70.0, 79.4, "differs"),
        ("80+", 70.0, 79.6, "consistent"),
        ("80+", 70.0, 81.0, "consistent"),
        ("80+", 90.0, 99.0, "consistent"),
        ("80+", 30.0, 81.0, "too imprecise to say"),
        (-1.0, -1.1, -0.9, "consistent"),
        (-1.0, -3.0, -0.9, "too imprecise to say"),
        (0.1, -0.2, 0.3, "too imprecise to say"),
        (0.0013, -0.0002, 0.001, "differs"),
        (5, 0.0, 9.0, "too imprecise to say"),
    ],
)
def test_a_number_is_judged_by_where_it_lies_and_by_the_width(printed, low, high, verdict):
    assert judge_number(printed, Interval((low + high) / 2, low, high)) == verdict


@pytest.mark.parametrize("end", [nan, inf])
def test_a_number_without_an_interval_is_not_judged(end):
    with pytest.raises(ValueError, match="has no ends"):
        judge_number(1.0, Interval(1.0, 0.9, end))


def test_a_p_value_printed_as_below_has_its_own_threshold():
    assert judge_p_values("< 0.01", pd.Series([0.009] * 10)) == "reproduced"
    assert judge_p_values("< 0.01", pd.Series([0.011] * 10)) == "differs"
