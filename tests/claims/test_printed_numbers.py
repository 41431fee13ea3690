"""Printed numbers: refuted only under every reading, and one reading for a whole row."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlib.claims import printed_numbers
from paperlib.claims.printed_numbers import NumberAnswer, Reading
from paperlib.stats.interval import Interval


def cell_of(printed: float | str, runs: dict[Reading, Interval], is_cut: bool = False):
    """Make a cell all of whose readings have an interval."""
    return printed_numbers.Cell(printed, runs, len(runs), is_cut=is_cut)


def judge_row(cells: dict[str, printed_numbers.Cell]) -> dict[str, NumberAnswer]:
    """Judge cells whose readings have the same names."""
    names = dict.fromkeys(reading for cell in cells.values() for reading in cell.runs)
    return printed_numbers.judge_row(cells, [dict.fromkeys(cells, name) for name in names])


NARROW, WIDE, FAR = Interval(3.5, 3.0, 4.0), Interval(3.5, 0.5, 20.0), Interval(7.0, 6.0, 8.0)


def test_a_number_is_refuted_only_if_every_reading_says_so():
    (found,) = judge_row({"mape": cell_of(3.21, {"a": FAR, "b": FAR})}).values()
    assert (found.verdict, found.compatible, found.of) == ("refuted", 0, 2)
    (found,) = judge_row({"mape": cell_of(3.21, {"a": FAR, "b": NARROW, "c": FAR})}).values()
    assert (found.verdict, found.compatible, found.of) == ("compatible", 1, 3)
    assert (found.reading, found.ours) == ("b", NARROW)
    assert found.width == pytest.approx(4 / 3)


def test_a_wide_interval_is_shown_as_such():
    (found,) = judge_row({"mape": cell_of(3.21, {"a": WIDE})}).values()
    assert (found.verdict, found.width) == ("compatible", pytest.approx(40))
    (from_zero,) = judge_row({"wobble": cell_of(0.2, {"a": Interval(0.2, 0.0, 1.0)})}).values()
    assert from_zero.width == np.inf


def test_a_printed_number_stands_for_its_rounding_interval():
    ends = Interval(3.3, 3.2149, 3.4)
    assert judge_row({"m": cell_of(3.21, {"a": ends})})["m"].verdict == "compatible"
    beyond = Interval(3.3, 3.2151, 3.4)
    assert judge_row({"m": cell_of(3.21, {"a": beyond})})["m"].verdict == "refuted"
    assert (
        judge_row({"e": cell_of("80+", {"a": Interval(95, 90, 99)})})["e"].verdict == "compatible"
    )


def test_a_reading_without_an_interval_counts_and_is_not_compatible():
    cell = printed_numbers.Cell(3.21, {"a": NARROW}, asked=8)
    found = judge_row({"mape": cell})["mape"]
    assert (found.compatible, found.of) == (1, 8)


def test_while_readings_are_missing_a_number_is_open_or_compatible():
    cell = printed_numbers.Cell(3.21, {"a": FAR}, asked=8, missing=7)
    assert judge_row({"mape": cell})["mape"].verdict == "open"
    cell = printed_numbers.Cell(3.21, {"a": NARROW}, asked=8, missing=7)
    assert judge_row({"mape": cell})["mape"].verdict == "compatible"


def test_of_a_number_alone_the_nearest_reading_that_could_print_it_is_shown():
    """One reading comes nearer with its typical run, but could not have printed it."""
    near, wide = Interval(3.2, 3.19, 3.2), Interval(2.5, 2.0, 4.0)
    found = judge_row({"mape": cell_of(3.21, {"near": near, "wide": wide})})["mape"]
    assert (found.reading, found.ours, found.width) == ("wide", wide, 2)
    row = judge_row(
        {"a": cell_of(3.21, {"x": near, "y": wide}), "b": cell_of(9.0, {"x": FAR, "y": FAR})}
    )
    assert row["a"].reading == "x"
    assert row["a"].width == 2  # of the reading that could
    assert row["a"].whole_row == 0


def test_what_stands_for_a_number_is_no_way_from_it():
    cell = cell_of("80+", {"a": Interval(95, 30, 200), "b": Interval(78, 70, 90)})
    assert cell.distance("a") == (0, 0)
    assert cell.distance("b")[0] == pytest.approx(np.log(80 / 78))


def test_one_reading_speaks_for_the_row():
    """By hand: dollars are nearer for the first cell, scaled for the two together."""
    near = Interval(1.0, 0.9, 1.1)
    cells = {
        "mae": cell_of(1.0, {"dollars": near, "scaled": Interval(1.2, 1.1, 1.3)}),
        "rmse": cell_of(1.0, {"dollars": Interval(9.0, 8.0, 10.0), "scaled": near}),
    }
    found = judge_row(cells)
    assert {of.reading for of in found.values()} == {"scaled"}
    assert found["mae"].ours == Interval(1.2, 1.1, 1.3)
    assert found["mae"].verdict == "compatible"  # under dollars it could have been printed


def test_only_a_reading_of_all_cells_can_speak_for_them():
    cells = {
        "mae": cell_of(1.0, {"a": NARROW, "b": FAR}),
        "mape": cell_of(1.0, {"b": FAR}),
    }
    assert {of.reading for of in judge_row(cells).values()} == {"b"}
    with pytest.raises(ValueError, match="no reading speaks for all of x, y"):
        judge_row({"x": cell_of(1.0, {"a": NARROW}), "y": cell_of(1.0, {"b": NARROW})})


def test_a_reading_may_be_called_otherwise_in_each_cell():
    """MAE in dollars or scaled, MAPE in per cent only: counted once there."""
    cells = {
        "mae": cell_of(1.0, {"usd": Interval(1.1, 0.9, 1.2), "scaled": FAR}),
        "mape": cell_of(3.21, {"pct": NARROW}),
    }
    aligned = [{"mae": "usd", "mape": "pct"}, {"mae": "scaled", "mape": "pct"}]
    found = printed_numbers.judge_row(cells, aligned)
    assert {name: (of.reading, of.of) for name, of in found.items()} == {
        "mae": ("usd", 2),
        "mape": ("pct", 1),
    }


def test_a_cut_is_as_far_as_the_ratio_it_leaves():
    """20 % printed, 60 % and -20 % ours: ratios 0.8, 0.4, 1.2, so the second is nearer."""
    cell = cell_of(20.0, {"a": Interval(60, 50, 70), "b": Interval(-20, -30, -10)}, is_cut=True)
    assert judge_row({"cut": cell})["cut"].reading == "b"
    assert cell.distance("a")[0] == pytest.approx(np.log(2))
    assert cell.distance("b")[0] == pytest.approx(np.log(1.5))
    assert cell.width("a") == pytest.approx(0.5 / 0.3)


def exact(printed: float | str, **ours: float) -> printed_numbers.Cell:
    """Make a cell whose readings hang on no seed."""
    runs = {name: Interval(x, x, x) for name, x in ours.items()}
    return printed_numbers.Cell(printed, runs, len(runs), is_exact=True)


@pytest.mark.parametrize(
    ("printed", "ours", "verdict"),
    [
        (0.687, 0.6874, "reproduced"),
        (0.687, 0.6876, "refuted"),
        (-3.21, -3.208, "reproduced"),
        (12.0, 12.04, "reproduced"),
        (12.0, 12.06, "refuted"),
        (0, 0.0, "reproduced"),
        ("80+", 79.6, "reproduced"),
    ],
)
def test_a_number_without_a_seed_is_equal_as_printed(printed, ours, verdict):
    found = judge_row({"n": exact(printed, how=ours)})["n"]
    assert found.verdict == verdict
    assert np.isnan(found.width)


def test_where_no_ratio_parts_readings_their_difference_does():
    """Of a printed zero, and of readings on the other side of zero; of two below it the ratio."""
    assert judge_row({"n": exact(0.0, far=0.5, near=0.25)})["n"].reading == "near"
    assert judge_row({"n": exact(-3.2, far=-5.0, near=-3.0)})["n"].reading == "near"
    assert judge_row({"n": exact(1.0, far=90.0, near=-0.1)})["n"].reading == "far"


@pytest.mark.parametrize(
    ("printed", "below", "above", "verdict"),
    [
        (0.158, 0, 10, "compatible"),
        (0.158, 8, 2, "compatible"),
        (0.158, 9, 1, "refuted"),
        (0.013, 2, 8, "compatible"),
        (0.013, 1, 9, "refuted"),
        ("< 0.01", 10, 0, "refuted"),  # 0.049 is not below 0.01
    ],
)
def test_a_p_value_needs_two_runs_on_its_side(printed, below, above, verdict):
    p_values = [0.049] * below + [0.051] * above
    runs = {"a": Interval(float(np.median(p_values)), min(p_values), max(p_values))}
    cell = printed_numbers.PValues(printed, runs, 1, of_runs={"a": p_values})
    found = judge_row({"p": cell})["p"]
    assert found.verdict == verdict
    assert np.isnan(found.width)


def test_the_number_chooses_the_reading_of_a_p_value_printed_as_below():
    p_values = {"a": [0.001] * 10, "b": [0.5] * 10}
    runs = {name: Interval(of[0], of[0], of[0]) for name, of in p_values.items()}
    cells = {
        "r": cell_of(0.67, {"a": Interval(0.1, 0, 0.2), "b": Interval(0.66, 0.6, 0.7)}),
        "p": printed_numbers.PValues("< 0.01", runs, 2, of_runs=p_values),
    }
    found = judge_row(cells)
    assert {of.reading for of in found.values()} == {"b"}
    assert (found["p"].verdict, found["p"].compatible) == ("compatible", 1)


@given(
    st.floats(0.1, 10),
    st.dictionaries(
        st.sampled_from("abcdefgh"),
        st.tuples(st.floats(0.1, 10), st.floats(1, 3)).map(
            lambda of: Interval(of[0], of[0] / of[1], of[0] * of[1])
        ),
        min_size=2,
    ),
)
def test_one_more_reading_can_only_help_a_number(printed, runs):
    whole = judge_row({"n": cell_of(printed, runs)})["n"]
    fewer = judge_row({"n": cell_of(printed, dict(list(runs.items())[1:]))})["n"]
    assert whole.compatible >= fewer.compatible
    assert not (fewer.verdict == "compatible" and whole.verdict == "refuted")
    assert whole.of == len(runs)
