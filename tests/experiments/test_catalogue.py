"""Which runs there are: the stored ones, and which of them start alike."""

from __future__ import annotations

from paperlib.experiments.catalogue import (
    ABLATED,
    BUNDLED_WINDOW,
    RECIPES,
    WITHOUT_L2,
    grid,
    share_initial_weights,
)
from paperlib.experiments.store import load_runs, select
from paperlib.prices.series import fingerprint, load_prices


def test_which_recipes_start_from_the_same_weights():
    full = RECIPES["published"]
    shared = {name for name, recipe in ABLATED.items() if share_initial_weights(recipe, full)}
    assert shared == {"no_dropout", "no_clipping", "fixed_lr"}
    assert share_initial_weights(full, RECIPES["no_l2"])
    assert not share_initial_weights(full, RECIPES["rnn"])
    assert share_initial_weights(RECIPES["rnn"], WITHOUT_L2["rnn_no_l2"])


def test_stored_keys_are_those_of_the_grid():
    digest = fingerprint(load_prices()).sha256
    keys = {run.key(digest) for run in grid(BUNDLED_WINDOW)}
    assert set(select(load_runs(), dataset=BUNDLED_WINDOW)["key"]) == keys
