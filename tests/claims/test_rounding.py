"""What a printed number stands for."""

from __future__ import annotations

import pytest

from paperlib.claims.rounding import (
    as_number,
    can_round_to,
    extremes,
    overlap,
    rounding_interval,
    stands_for,
)


@pytest.mark.parametrize(
    ("printed", "low", "high"),
    [
        (0.0125, 0.01245, 0.01255),
        (12.0, 11.95, 12.05),
        (30, 29.5, 30.5),
        (-3.21, -3.215, -3.205),
        (0, -0.5, 0.5),
        (0.0, -0.05, 0.05),
        ("80", 79.5, 80.5),
    ],
)
def test_half_a_unit_of_the_last_place_either_way(printed, low, high):
    assert rounding_interval(printed) == pytest.approx((low, high), rel=1e-12)


def test_an_expression_is_as_wide_as_its_numbers_let_it_be():
    assert extremes(lambda a, b: a - b, 2.0, 1.0) == pytest.approx((0.9, 1.1))
    assert extremes(lambda a, b: a / b, 10, 5) == pytest.approx((9.5 / 5.5, 10.5 / 4.5))


def test_intervals_that_touch_overlap():
    assert overlap((0, 1), (1, 2))
    assert overlap((0, 9), (4, 5))
    assert not overlap((0, 1), (1.01, 2))
    assert not overlap((1.01, 2), (0, 1))


def test_a_result_holds_if_the_rounding_of_its_parts_allows_it():
    def cut(full: float, ablated: float) -> float:
        return 100 * (1 - full / ablated)

    # 1 - 0.0125/0.0158 = 20.89 %; at the ends of the rounding 20.3 to 21.5 %.
    assert can_round_to(20.9, cut, 0.0125, 0.0158)
    assert can_round_to(21.4, cut, 0.0125, 0.0158)
    assert not can_round_to(21.6, cut, 0.0125, 0.0158)
    assert not can_round_to(20.2, cut, 0.0125, 0.0158)


@pytest.mark.parametrize(
    ("printed", "number", "bounds"),
    [
        (0.0125, 0.0125, (0.01245, 0.01255)),
        ("80+", 80, (79.5, float("inf"))),
        ("< 0.01", 0.01, (0.005, 0.015)),
    ],
)
def test_a_printed_text_is_read_as_a_number(printed, number, bounds):
    assert as_number(printed) == number
    assert stands_for(printed) == pytest.approx(bounds)
