"""The admissible readings: eight, each another training, and each for every recipe."""

from __future__ import annotations

from collections import Counter

from paperlib.experiments.catalogue import PAPER_WINDOW, grid
from paperlib.experiments.price_series import PAPER_SHA256
from paperlib.experiments.readings import ADMISSIBLE, READ, reading_grid
from paperlib.recipe import PUBLISHED


def test_eight_readings_of_eight_recipes_with_ten_seeds():
    runs = reading_grid()
    assert (len(ADMISSIBLE), len(READ), len(runs)) == (8, 8, 640)
    assert {run.dataset for run in runs} == {PAPER_WINDOW}
    assert {run.protocol.name for run in runs} == {"as_published"}
    assert set(Counter(run.recipe_name for run in runs).values()) == {10}


def test_no_two_readings_are_one():
    keys = {run.key(PAPER_SHA256) for run in reading_grid()}
    assert len(keys) == 640


def test_a_reading_changes_what_it_says():
    changed = {
        run.recipe_name.removeprefix("published, "): {
            field: getattr(run.recipe, field)
            for field in ("l2", "l2_form", "biases", "patience", "scored", "epochs")
            if getattr(run.recipe, field) != getattr(PUBLISHED, field)
        }
        for run in reading_grid()
        if run.recipe_name.startswith("published, ")
    }
    assert changed == ADMISSIBLE


def test_the_first_reading_is_the_one_of_the_primary_cell():
    """So its runs are those of the window's grid, under the same key; none is trained twice."""
    of_grid = {run.key(PAPER_SHA256) for run in grid(PAPER_WINDOW)}
    keys = [run.key(PAPER_SHA256) for run in reading_grid() if ", decay 0.01" in run.recipe_name]
    assert set(keys[:80]) <= of_grid
