"""The cells written from the paper's equations equal ``torch.nn``, in value and in gradient."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from paperlib.cells import (
    LSTMParameters,
    as_step,
    gradient_by_lag,
    lstm_step,
    rnn_step,
    run_lstm,
    sigmoid,
    tanh,
)

SIZES = st.integers(1, 7)


def _random(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, requires_grad=True)


@settings(max_examples=30)
@given(batch=SIZES, n_in=SIZES, hidden=SIZES, seed=st.integers(0, 2**31))
def test_lstm_step_equals_torch_in_value_and_gradient(batch, n_in, hidden, seed):
    torch.manual_seed(seed)
    cell = nn.LSTMCell(n_in, hidden, dtype=torch.float64)
    x, h, c = _random(batch, n_in), _random(batch, hidden), _random(batch, hidden)
    step = lstm_step(x, h, c, LSTMParameters.from_torch(cell))
    h_torch, c_torch = cell(x, (h, c))
    torch.testing.assert_close((step.h, step.c), (h_torch, c_torch))

    weights = torch.randn_like(step.h)  # an arbitrary scalar of both outputs
    leaves = [x, h, c, *cell.parameters()]
    ours = torch.autograd.grad((step.h * weights + step.c).sum(), leaves)
    theirs = torch.autograd.grad((h_torch * weights + c_torch).sum(), leaves)
    torch.testing.assert_close(ours, theirs)


@settings(max_examples=30)
@given(batch=SIZES, n_in=SIZES, hidden=SIZES, seed=st.integers(0, 2**31))
def test_rnn_step_equals_torch_in_value_and_gradient(batch, n_in, hidden, seed):
    torch.manual_seed(seed)
    cell = nn.RNNCell(n_in, hidden, dtype=torch.float64)
    x, h = _random(batch, n_in), _random(batch, hidden)
    ours = rnn_step(x, h, cell.weight_ih, cell.weight_hh, cell.bias_ih + cell.bias_hh)
    theirs = cell(x, h)
    torch.testing.assert_close(ours, theirs)
    weights = torch.randn_like(ours)
    leaves = [x, h, *cell.parameters()]
    torch.testing.assert_close(
        torch.autograd.grad((ours * weights).sum(), leaves),
        torch.autograd.grad((theirs * weights).sum(), leaves),
    )


def test_run_lstm_equals_a_torch_layer_over_thirty_steps():
    torch.manual_seed(0)
    layers = nn.LSTM(1, 5, num_layers=2, dtype=torch.float64)
    x = torch.randn(30, 4, 1, dtype=torch.float64)
    first = run_lstm(x, LSTMParameters.from_torch(layers, layer=0))
    second = run_lstm(
        torch.stack([step.h for step in first]), LSTMParameters.from_torch(layers, layer=1)
    )
    output, (_, c_last) = layers(x)
    torch.testing.assert_close(torch.stack([step.h for step in second]), output)
    torch.testing.assert_close(torch.stack([first[-1].c, second[-1].c]), c_last)


def test_one_step_by_hand():
    """One unit, all weights and biases zero but the forget gate's bias, worked out on paper."""
    one, zero = torch.zeros(1, 2, dtype=torch.float64), torch.zeros(1, dtype=torch.float64)
    open_bias = torch.log(torch.tensor([3.0], dtype=torch.float64))  # sigmoid(ln 3) = 3/4
    p = LSTMParameters(one, one, one, one, open_bias, zero, zero, zero)
    state = torch.tensor([[2.0]], dtype=torch.float64)
    step = lstm_step(torch.zeros(1, 1, dtype=torch.float64), state, state, p)
    assert step.f.item() == pytest.approx(0.75)
    assert step.i.item() == step.o.item() == 0.5
    assert step.candidate.item() == 0
    assert step.c.item() == pytest.approx(1.5)  # 3/4 of 2, nothing written
    assert step.h.item() == pytest.approx(0.5 * 0.9051482536448664)  # half of tanh(1.5)


@given(st.floats(-1000, 1000))
def test_activations_stay_in_range_and_equal_torch(value):
    x = torch.tensor(value, dtype=torch.float64)
    torch.testing.assert_close(sigmoid(x), torch.sigmoid(x))
    torch.testing.assert_close(tanh(x), torch.tanh(x))


def test_gradient_by_lag_of_a_linear_map_is_its_power():
    """For s -> a s the gradient over k steps is a to the k."""
    norms = gradient_by_lag(lambda x, s: 0.5 * s + x, torch.randn(4, 3, 2), torch.randn(3, 2))
    torch.testing.assert_close(norms, torch.tensor([1, 0.5, 0.25, 0.125, 0.0625]))


@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM])
def test_gradient_by_lag_equals_autograd_through_all_steps(kind):
    """The product of our one-step Jacobians is torch's gradient through the whole sequence."""
    torch.manual_seed(1)
    layer = kind(1, 3, dtype=torch.float64)
    x = torch.randn(5, 1, 1, dtype=torch.float64)

    def last(state: torch.Tensor) -> torch.Tensor:
        if kind is nn.RNN:
            return layer(x, state[None])[1][0]
        h, c = state.chunk(2, dim=1)
        return torch.cat(layer(x, (h[None].contiguous(), c[None].contiguous()))[1], dim=2)[0]

    step, size = as_step(layer)
    start = torch.zeros(1, size, dtype=torch.float64)
    whole = torch.autograd.functional.jacobian(last, start).squeeze()
    norms = gradient_by_lag(step, x, start)
    torch.testing.assert_close(norms[-1], whole.norm() / size**0.5)
