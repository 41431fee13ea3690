"""An ablation is the published recipe but for one field, and impossible values are refused."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from paperlib.experiments.catalogue import ABLATED
from paperlib.recipe import PUBLISHED, RNN, resolve


def test_an_ablation_changes_exactly_its_field():
    changed = {
        name: {
            field: value
            for field, value in asdict(recipe).items()
            if value != getattr(PUBLISHED, field)
        }
        for name, recipe in {**ABLATED, "rnn": RNN}.items()
    }
    assert changed == {
        "single_layer": {"hidden": (64,)},
        "no_dropout": {"dropout": 0.0},
        "default_init": {"init": "default"},
        "no_clipping": {"clip_norm": None},
        "fixed_lr": {"lr_factor": None},
        "rnn": {"cell": "rnn", "hidden": (64,)},
    }


def test_a_field_that_came_later_is_in_no_key_until_it_is_changed():
    """Else every stored run would become another. The digest is that of the first edition."""
    assert not {"target", "biases", "scored"} & set(resolve(PUBLISHED))
    assert len(resolve(PUBLISHED)) == len(asdict(PUBLISHED)) - 3
    for change in ({"target": "relative"}, {"biases": "zero"}, {"scored": "last"}):
        assert resolve(replace(PUBLISHED, **change)) == resolve(PUBLISHED) | change


@pytest.mark.parametrize(
    ("field", "value"), [("hidden", ()), ("dropout", 1.0), ("train_share", 1.0), ("epochs", 0)]
)
def test_impossible_recipes_are_refused(field, value):
    with pytest.raises(ValueError, match=field):
        replace(PUBLISHED, **{field: value})
