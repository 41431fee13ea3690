"""The admissible readings: eight, each another training, and each for every recipe."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from paperlib.experiments.catalogue import PAPER_WINDOW, grid
from paperlib.experiments.price_series import PAPER_SHA256
from paperlib.experiments.readings import (
    ADMISSIBLE,
    READ,
    WITHOUT,
    compare_under,
    dose_grid,
    load_reading_runs,
    reading_grid,
)
from paperlib.experiments.results import compare_recipes
from paperlib.recipe import PUBLISHED


def test_eight_readings_of_eight_recipes_with_ten_seeds():
    runs = reading_grid()
    assert (len(ADMISSIBLE), len(READ), len(runs)) == (8, 8, 640)
    assert {run.dataset for run in runs} == {PAPER_WINDOW}
    assert {run.protocol.name for run in runs} == {"as_published"}
    assert set(Counter(run.recipe_name for run in runs).values()) == {10}


def test_a_further_dose_of_l2_is_the_full_models():
    assert [(run.recipe, run.seed) for run in dose_grid()] == [
        (replace(PUBLISHED, l2=1e-3), seed) for seed in range(10)
    ]


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


def test_under_the_first_reading_a_comparison_is_that_of_the_primary_cell():
    runs = load_reading_runs()
    for changed, column in (("no_dropout", "test_mse_scaled"), ("rnn", "converged_epoch")):
        ours = compare_under(runs, "decay 0.01", changed, "published", column)
        assert ours == compare_recipes(changed, "published", PAPER_WINDOW, column=column)
    without = compare_under(runs, "no L2", "rnn", "published", "test_mse_scaled")
    assert without == compare_recipes("rnn_no_l2", "no_l2", PAPER_WINDOW)


def test_without_l2_means_the_like_reading():
    runs = load_reading_runs()
    ours = compare_under(runs, "decay 0.01", "no_l2", "published", "gap_ratio")
    assert ours == compare_recipes("no_l2", "published", PAPER_WINDOW, column="gap_ratio")
    for reading, other in WITHOUT.items():
        dropped = ADMISSIBLE[reading] | {"l2": 0.0}
        dropped.pop("l2_form", None)
        assert dropped == ADMISSIBLE[other]


def test_every_stored_run_of_a_reading_is_found_once():
    runs = load_reading_runs()
    assert not runs.duplicated(["reading", "recipe", "seed"]).any()
    whole = runs.groupby("reading").size()
    assert (whole[["decay 0.01", "no L2"]] >= 70).all()
