"""Networks as built: how weights start, where dropout acts, and what a recipe decides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from paperlib.models import ElmanRNN, SeededDropout, StackedLSTM, build_model
from paperlib.recipe import ABLATIONS, PUBLISHED, RNN


def test_xavier_normal_draws_weights_of_its_spread_and_leaves_biases():
    xavier = build_model(PUBLISHED, init_seed=0, dropout_seed=0)
    default = build_model(ABLATIONS["default_init"].recipe, init_seed=0, dropout_seed=0)
    for (name, ours), theirs in zip(xavier.named_parameters(), default.parameters(), strict=True):
        if "weight" in name:
            rows, columns = ours.shape
            expected = (2 / (rows + columns)) ** 0.5  # Glorot & Bengio 2010, eq. 12, normal
            assert ours.std().item() == pytest.approx(expected, rel=0.25)
        else:
            assert torch.equal(ours, theirs)


@pytest.mark.parametrize("name", ["xavier_normal", "default"])
def test_biases_may_start_at_zero_and_the_weights_stay(name):
    recipe = replace(PUBLISHED, init=name)
    ours, zero = (
        build_model(r, init_seed=1, dropout_seed=0)
        for r in (recipe, replace(recipe, biases="zero"))
    )
    for (part, a), b in zip(ours.named_parameters(), zero.parameters(), strict=True):
        assert torch.equal(b, torch.zeros_like(b) if "bias" in part else a)
    assert sum(p.numel() for n, p in zero.named_parameters() if "bias" in n) == 8 * 64 + 8 * 32 + 1


def test_default_initialisation_is_the_frameworks():
    model = build_model(ABLATIONS["default_init"].recipe, init_seed=5, dropout_seed=0)
    seeds = np.random.SeedSequence(5).generate_state(3).tolist()
    makers = [lambda: nn.LSTM(1, 64), lambda: nn.LSTM(64, 32), lambda: nn.Linear(32, 1)]
    for ours, make, seed in zip([*model.layers, model.head], makers, seeds, strict=True):
        torch.manual_seed(seed)
        for mine, theirs in zip(ours.parameters(), make().parameters(), strict=True):
            assert torch.equal(mine, theirs)


def test_the_first_layer_starts_alike_with_and_without_a_second():
    one, two = (build_model(r, 3, 0) for r in (ABLATIONS["single_layer"].recipe, PUBLISHED))
    for a, b in zip(one.layers[0].parameters(), two.layers[0].parameters(), strict=True):
        assert torch.equal(a, b)


def test_dropout_zeroes_its_share_keeps_the_mean_and_is_off_in_evaluation():
    dropout = SeededDropout(0.1, torch.Generator().manual_seed(0))
    x = torch.ones(200, 500)
    dropped = dropout.train()(x)
    assert (dropped == 0).float().mean().item() == pytest.approx(0.1, abs=0.005)
    assert dropped.mean().item() == pytest.approx(1, abs=0.005)
    assert torch.equal(dropout.eval()(x), x)


def test_dropout_follows_each_recurrent_layer():
    model = build_model(replace(PUBLISHED, dropout=0.5), init_seed=0, dropout_seed=0)
    calls = []
    model.dropout.register_forward_hook(lambda module, inputs, output: calls.append(output.shape))
    model(torch.zeros(30, 2, 1))
    # After the first layer every step is dropped on; of the second only the last is ever read.
    assert [tuple(shape) for shape in calls] == [(30, 2, 64), (2, 32)]


@pytest.mark.parametrize(("recipe", "kind"), [(PUBLISHED, StackedLSTM), (RNN, ElmanRNN)])
def test_a_recipe_builds_its_network(recipe, kind):
    model = build_model(recipe, init_seed=0, dropout_seed=0)
    assert isinstance(model, kind)
    assert tuple(layer.hidden_size for layer in model.layers) == recipe.hidden
    assert model(torch.zeros(30, 5, 1)).shape == (5,)


def test_the_gain_scales_the_weight_matrices_and_leaves_the_biases():
    for init in ("xavier_normal", "default"):
        plain, larger = (
            build_model(replace(PUBLISHED, init=init, init_gain=gain), init_seed=2, dropout_seed=0)
            for gain in (1.0, 3.0)
        )
        for (name, before), after in zip(
            plain.named_parameters(), larger.parameters(), strict=True
        ):
            factor = 3 if "weight" in name else 1
            assert torch.equal(after, factor * before), name
