"""What a trained network looks like inside: how large its weights are, how far its gates open."""

from __future__ import annotations

import numpy as np
import torch

from paperlib.cells import LSTMParameters, run_lstm
from paperlib.models import ElmanRNN, StackedNetwork


def weight_norm(model: StackedNetwork, kind: str = "") -> float:
    """Return the Euclidean norm of all parameters, biases included, as L2 penalises them.

    Args:
        model: a network.
        kind: of those whose names hold this alone, such as ``bias``.
    """
    squares = [
        parameter.detach().double().square().sum()
        for name, parameter in model.named_parameters()
        if kind in name
    ]
    return float(torch.stack(squares).sum().sqrt())


def mean_gates(model: StackedNetwork, inputs: np.ndarray) -> dict[str, float]:
    """Return how far the first layer's gates stand open, from 0 to 1, over windows and sessions.

    Args:
        model: a trained network.
        inputs: (n, lookback) scaled windows.

    Returns:
        ``gate_input``, ``gate_forget`` and ``gate_output`` (eqs. 3 to 5); nothing for an RNN.
    """
    if isinstance(model, ElmanRNN):
        return {}
    x = torch.tensor(inputs.T).unsqueeze(2)
    with torch.inference_mode():
        steps = run_lstm(x, LSTMParameters.from_torch(model.layers[0]))
    return {
        f"gate_{gate}": float(torch.stack([getattr(step, gate[0]) for step in steps]).mean())
        for gate in ("input", "forget", "output")
    }
