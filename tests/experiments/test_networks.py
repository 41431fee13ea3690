"""What is read of a trained network's inside equals what torch says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from paperlib.experiments.networks import mean_gates, weight_norm
from paperlib.models import build_model
from paperlib.recipe import PUBLISHED, RNN

WINDOWS = np.random.default_rng(0).normal(size=(20, 30)).astype(np.float32)


def test_the_norm_is_that_of_all_parameters_together():
    model = build_model(PUBLISHED, init_seed=0, dropout_seed=0)
    vector = torch.nn.utils.parameters_to_vector(model.parameters())
    assert weight_norm(model) == pytest.approx(vector.norm().item(), rel=1e-5)
    weights, biases = weight_norm(model, "weight"), weight_norm(model, "bias")
    assert np.hypot(weights, biases) == pytest.approx(weight_norm(model))
    for name, parameter in model.named_parameters():
        if "bias" in name:
            torch.nn.init.zeros_(parameter)
    assert weight_norm(model, "bias") == 0


@pytest.mark.parametrize(("gate", "block"), [("input", 0), ("forget", 1), ("output", 3)])
def test_a_gate_is_the_sigmoid_of_its_block_of_torchs_stacked_weights(gate, block):
    """One unit, no weights but the bias of one gate: it then stands at the sigmoid of that bias."""
    model = build_model(replace(PUBLISHED, hidden=(1,), biases="zero"), 0, 0)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        model.layers[0].bias_ih_l0[block] = 1.5
    expected = dict.fromkeys(("gate_input", "gate_forget", "gate_output"), 0.5)
    expected[f"gate_{gate}"] = torch.sigmoid(torch.tensor(1.5)).item()
    assert mean_gates(model, WINDOWS) == pytest.approx(expected)


def test_an_elman_network_has_no_gates():
    assert mean_gates(build_model(RNN, 0, 0), WINDOWS) == {}
