"""The eight admissible readings of the paper, and the runs that tell what hangs on them.

Fixed, with what is made of them, in the book's page on how claims are judged.
"""

from __future__ import annotations

from dataclasses import replace

from paperlib.experiments.catalogue import ABLATED, COMBINED, PAPER_WINDOW, SEEDS, Run
from paperlib.recipe import AS_PUBLISHED, PUBLISHED, RNN, Recipe

ADMISSIBLE: dict[str, dict[str, object]] = {
    "decay 0.01": {},
    "decay 0.01, zero biases": {"biases": "zero"},
    "0.01 in the loss": {"l2_form": "loss"},
    "decay 0.0001": {"l2": 1e-4},
    "no L2": {"l2": 0.0},
    "no L2, zero biases": {"l2": 0.0, "biases": "zero"},
    # The paper's ablations run 100 epochs, and name no early stopping.
    "decay 0.01, 100 epochs": {"patience": None, "scored": "last"},
    "no L2, 100 epochs": {"l2": 0.0, "patience": None, "scored": "last"},
}
"""What each reading changes of the recipe as we take it."""

READ: dict[str, Recipe] = {"published": PUBLISHED, "rnn": RNN, **ABLATED, **COMBINED}
"""The recipes that the paper's claims are about."""


def reading_grid() -> list[Run]:
    """Name every recipe under every reading, on the paper's window as published."""
    return [
        Run(PAPER_WINDOW, f"{name}, {reading}", replace(recipe, **changes), AS_PUBLISHED, seed)
        for reading, changes in ADMISSIBLE.items()
        for name, recipe in READ.items()
        for seed in SEEDS
    ]
