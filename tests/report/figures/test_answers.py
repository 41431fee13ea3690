"""The figure of a part's worth shows every answer, on the side that it is on."""

from __future__ import annotations

import numpy as np
import pytest

from paperlib.claims.comparisons import Answers
from paperlib.experiments.readings import ADMISSIBLE
from paperlib.recipe import PUBLISHED
from paperlib.report.figures.answers import (
    L2,
    SIDES,
    l2_of,
    plot_answers,
    plot_devices,
    side_of,
)
from paperlib.report.style import COLOURS
from paperlib.stats.interval import Interval

HELPS, HURTS, OPEN = (
    Interval(*np.log(ratio)) for ratio in ((1.2, 1.1, 1.3), (0.5, 0.4, 0.6), (1.0, 0.9, 1.1))
)
ANSWERS = Answers(
    {"decay 0.01": HELPS, "no L2": HURTS}, {"decay 0.01": OPEN}, {"decay 0.01": HELPS}
)


def rows(answers: Answers, **told: float) -> tuple[list[str], list[tuple[float, str, str]]]:
    """Return the labels from above, and of each drawn estimate place, colour and marker."""
    (ax,) = plot_answers(answers, **told).axes
    dots = [line for line in ax.lines if line.get_marker() in "><o" and len(line.get_xdata()) == 1]
    found = [(line.get_xdata()[0], line.get_color(), line.get_marker()) for line in dots]
    return [label.get_text() for label in ax.get_yticklabels()], found


def test_every_answer_is_a_ratio_in_the_colour_of_its_side():
    labels, found = rows(ANSWERS)
    assert labels == [
        "the paper's own period",
        "decay 0.01",
        "no L2",
        "over its sessions, too",
        "decay 0.01",
        "six stocks, eight periods",
        "decay 0.01",
    ]
    expected = [(1.2, "helps"), (0.5, "hurts"), (1.0, "open"), (1.2, "helps")]
    for (ratio, colour, marker), (told, side) in zip(found, expected, strict=True):
        assert ratio == pytest.approx(told)
        assert (colour, marker) == (COLOURS[SIDES[side][0]], SIDES[side][1])


def test_a_question_that_was_not_asked_has_no_row():
    labels, _ = rows(Answers({"decay 0.01": HELPS}))
    assert labels == ["the paper's own period", "decay 0.01"]


def test_the_paper_is_a_dotted_line_and_in_the_legend():
    figure = plot_answers(ANSWERS, printed=1.34)
    (line,) = (line for line in figure.axes[0].lines if line.get_label() == "the paper")
    assert set(line.get_xdata()) == {1.34}
    told = [text.get_text() for text in figure.legends[0].get_texts()]
    assert told == ["helps", "hurts", "open", "the paper"]


def test_an_interval_that_ends_at_one_is_open():
    assert side_of((1.1, 1.0, 1.2)) == "open"
    assert side_of((0.9, 0.8, 1.0)) == "open"


def test_every_part_has_a_row_and_every_question_a_column():
    figure = plot_devices({"one": ANSWERS, "other": Answers({"a": HURTS})}, {"one": 1.34})
    first, second, third = figure.axes
    assert [label.get_text() for label in first.get_yticklabels()] == ["one", "other"]

    def dots(ax, row: int) -> list[float]:
        """Return the estimates that are drawn in a row."""
        lines = (line for line in ax.lines if line.get_marker() in ("<", ">", "o"))
        return [
            round(float(line.get_xdata()[0]), 6)
            for line in lines
            if abs(line.get_ydata()[0] - row) < 0.5
        ]

    assert dots(first, 0) == [1.2, 0.5]
    assert dots(first, 1) == [0.5]
    assert dots(second, 0) == [1.0]
    assert dots(third, 0) == [1.2]
    assert dots(second, 1) == dots(third, 1) == []
    told = [text.get_text() for text in figure.legends[0].get_texts()]
    assert told == ["L2 of 0.01", "no L2", "the paper"]


def test_a_line_of_a_part_has_the_colour_of_its_l2_and_the_marker_of_its_side():
    first = plot_devices({"one": ANSWERS}, {}).axes[0]
    dots = [line for line in first.lines if line.get_marker() in ("<", ">", "o")]
    told = [(line.get_color(), line.get_marker()) for line in dots]
    assert told == [(COLOURS[L2["L2 of 0.01"]], ">"), (COLOURS[L2["no L2"]], "<")]


def test_every_reading_is_known_by_its_l2():
    found = {reading: PUBLISHED.l2 for reading in ADMISSIBLE}
    found |= {name: change["l2"] for name, change in ADMISSIBLE.items() if "l2" in change}
    names = {0.01: "L2 of 0.01", 1e-4: "L2 of 0.0001", 0.0: "no L2"}
    assert {name: names[l2] for name, l2 in found.items()} == {x: l2_of(x) for x in ADMISSIBLE}
