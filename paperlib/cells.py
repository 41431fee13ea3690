"""One step of an LSTM (eqs. 1-8) and of a plain RNN (eq. 13), written as the paper writes them.

Slow and readable: :mod:`paperlib.models` trains on ``torch.nn``; the tests prove both equal, in
value and in gradient. Shapes: B sequences side by side, D inputs, H hidden units.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn


def sigmoid(x: Tensor) -> Tensor:
    """Eq. 1, between 0 and 1: how far a gate stands open."""
    return 1 / (1 + torch.exp(-x))


def tanh(x: Tensor) -> Tensor:
    """Eq. 2, between -1 and 1, in a form that can't overflow: tanh(x) = 2 sigmoid(2x) - 1."""
    return 2 * sigmoid(2 * x) - 1


@dataclass(frozen=True)
class LSTMParameters:
    """One weight matrix (H, H + D) and one bias (H,) for each gate and for the candidate."""

    W_f: Tensor
    W_i: Tensor
    W_o: Tensor
    W_c: Tensor
    b_f: Tensor
    b_i: Tensor
    b_o: Tensor
    b_c: Tensor

    @classmethod
    def from_torch(cls, module: nn.LSTMCell | nn.LSTM, layer: int = 0) -> LSTMParameters:
        """Read a ``torch.nn`` cell or a layer of a network, keeping the gradient's path.

        PyTorch stacks the gates in the order i, f, candidate, o, keeps the weights of
        ``h_{t-1}`` and of ``x_t`` apart, and has two biases, of which only the sum matters.
        """
        suffix = "" if isinstance(module, nn.LSTMCell) else f"_l{layer}"
        weight_h, weight_x, bias_h, bias_x = (
            getattr(module, f"{name}{suffix}")
            for name in ("weight_hh", "weight_ih", "bias_hh", "bias_ih")
        )
        W_i, W_f, W_c, W_o = torch.cat([weight_h, weight_x], dim=1).chunk(4)
        b_i, b_f, b_c, b_o = (bias_h + bias_x).chunk(4)
        return cls(W_f, W_i, W_o, W_c, b_f, b_i, b_o, b_c)


class LSTMStep(NamedTuple):
    """Everything that one step computes, each (B, H)."""

    f: Tensor  # forget gate
    i: Tensor  # input gate
    o: Tensor  # output gate
    candidate: Tensor  # what could be written to the cell
    c: Tensor  # cell state
    h: Tensor  # hidden state, the step's output


def lstm_step(x: Tensor, h: Tensor, c: Tensor, p: LSTMParameters) -> LSTMStep:
    """Advance an LSTM by one session.

    Args:
        x: input x_t, (B, D).
        h: previous hidden state h_{t-1}, (B, H).
        c: previous cell state C_{t-1}, (B, H).
        p: weights and biases.
    """
    hx = torch.cat([h, x], dim=1)  # [h_{t-1}, x_t], (B, H + D)
    # eq. 3: f_t = σ(W_f·[h_{t-1}, x_t] + b_f)
    f = sigmoid(hx @ p.W_f.T + p.b_f)
    # eq. 4: i_t = σ(W_i·[h_{t-1}, x_t] + b_i)
    i = sigmoid(hx @ p.W_i.T + p.b_i)
    # eq. 5: o_t = σ(W_o·[h_{t-1}, x_t] + b_o)
    o = sigmoid(hx @ p.W_o.T + p.b_o)
    # eq. 6: C~_t = tanh(W_c·[h_{t-1}, x_t] + b_c)
    candidate = tanh(hx @ p.W_c.T + p.b_c)
    # eq. 7: C_t = f_t ⊙ C_{t-1} + i_t ⊙ C~_t
    c_new = f * c + i * candidate
    # eq. 8: h_t = o_t ⊙ tanh(C_t)
    h_new = o * tanh(c_new)
    return LSTMStep(f, i, o, candidate, c_new, h_new)


def rnn_step(x: Tensor, h: Tensor, W_xh: Tensor, W_hh: Tensor, b_h: Tensor) -> Tensor:
    """Advance a plain RNN by one session (eq. 13): h_t = tanh(W_xh x_t + W_hh h_{t-1} + b_h).

    Shapes: x (B, D), h (B, H), W_xh (H, D), W_hh (H, H), b_h (H,); returns (B, H).
    """
    return tanh(x @ W_xh.T + h @ W_hh.T + b_h)


def run_lstm(x: Tensor, p: LSTMParameters) -> list[LSTMStep]:
    """Run a cell over a sequence from a zero state. x is (T, B, D); returns T steps."""
    h = c = torch.zeros(x.shape[1], p.b_f.shape[0], dtype=x.dtype)
    steps = []
    for x_t in x:
        steps.append(lstm_step(x_t, h, c, p))
        h, c = steps[-1].h, steps[-1].c
    return steps


Step = Callable[[Tensor, Tensor], Tensor]


def as_step(layer: nn.LSTM | nn.RNN) -> tuple[Step, int]:
    """Turn a one-layer network into ``step(x_t, state) -> state`` and the state's size.

    An LSTM's state is h and C side by side. The weights are held constant.
    """
    if isinstance(layer, nn.RNN):
        W_xh, W_hh = layer.weight_ih_l0.detach(), layer.weight_hh_l0.detach()
        b_h = (layer.bias_ih_l0 + layer.bias_hh_l0).detach()
        return lambda x, h: rnn_step(x, h, W_xh, W_hh, b_h), layer.hidden_size

    with torch.no_grad():
        p = LSTMParameters.from_torch(layer)

    def step(x: Tensor, state: Tensor) -> Tensor:
        """Advance h and C, side by side in ``state``, by one session."""
        h, c = state.chunk(2, dim=1)
        after = lstm_step(x, h, c, p)
        return torch.cat([after.h, after.c], dim=1)

    return step, 2 * layer.hidden_size


def gradient_by_lag(step: Step, x: Tensor, state: Tensor) -> Tensor:
    """Measure how much of the last state's gradient reaches each earlier state.

    Args:
        step: one step, as :func:`as_step` makes it.
        x: inputs, (T, B, D).
        state: the state before the first input, (B, S).

    Returns:
        (T + 1,) Frobenius norms of d state_T / d state_{T-lag} over the batch, for lag 0, 1, … T,
        divided by the norm at lag 0: 1 means that nothing was lost.
    """
    states = [state]
    for x_t in x:
        states.append(step(x_t, states[-1]))
    jacobian = torch.eye(state.shape[1], dtype=x.dtype).expand(state.shape[0], -1, -1)
    norms = [jacobian.norm()]
    for x_t, before in zip(reversed(x), reversed(states[:-1]), strict=True):
        # Sequences don't mix, so summing over the batch gives each one's own Jacobian.
        local = torch.autograd.functional.jacobian(
            lambda s, x_t=x_t: step(x_t, s).sum(0), before, vectorize=True
        )
        jacobian = jacobian @ local.transpose(0, 1)  # (B, S, S)
        norms.append(jacobian.norm())
    return torch.stack(norms) / norms[0]
