"""The two networks, on ``torch.nn``: a stacked LSTM and the Elman RNN of eq. 13."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from paperlib.recipe import Recipe


class SeededDropout(nn.Module):
    """Dropout that draws from a generator of its own.

    With ``nn.Dropout`` every draw would shift all later random numbers, and switching dropout off
    would change the initialisation's and the shuffling's draws too: not one change but three.
    A uniform mask is also quicker to draw than the Bernoulli one of ``nn.Dropout``.
    """

    def __init__(self, share: float, generator: torch.Generator) -> None:
        super().__init__()
        self.share = share
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        """Zero a random ``share`` of x and scale up the rest; the identity in evaluation."""
        if not self.training or self.share == 0:
            return x
        keep = torch.rand(x.shape, generator=self.generator) >= self.share
        return x * keep / (1 - self.share)


class StackedNetwork(nn.Module):
    """Recurrent layers, dropout after each, and a linear head on the last step."""

    layer_type: type[nn.LSTM] | type[nn.RNN]

    def __init__(
        self,
        hidden: tuple[int, ...],
        dropout: float,
        generator: torch.Generator,
        inputs: int,
        outputs: int,
    ) -> None:
        super().__init__()
        sizes = zip((inputs, *hidden), hidden, strict=False)
        self.layers = nn.ModuleList(self.layer_type(n_in, n_out) for n_in, n_out in sizes)
        self.dropout = SeededDropout(dropout, generator)
        self.head = nn.Linear(hidden[-1], outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Map windows (lookback, n, inputs), time first, to (n,), or (n, outputs) if several."""
        for layer in self.layers[:-1]:
            x = self.dropout(layer(x)[0])
        last = self.layers[-1](x)[0][-1]  # dropping steps nobody reads would be wasted work
        return self.head(self.dropout(last)).squeeze(1)


class StackedLSTM(StackedNetwork):
    """The paper's model: LSTM layers of 64 and 32 units (section 3.3)."""

    layer_type = nn.LSTM


class ElmanRNN(StackedNetwork):
    """The paper's baseline: tanh layers (eq. 13)."""

    layer_type = nn.RNN


def build_model(
    recipe: Recipe, init_seed: int, dropout_seed: int, inputs: int = 1, outputs: int = 1
) -> StackedNetwork:
    """Build and initialise the network of a recipe.

    The paper's has one input, the scaled close, and one output, the next.

    Weights start as the framework starts them; ``xavier_normal`` then redraws every weight
    matrix (Glorot & Bengio 2010) and leaves the biases, which may start at zero instead. Each layer
    draws from a stream of its own, so that the first layer starts alike whether or not a second
    follows. The global random state stays as it was.
    """
    generator = torch.Generator().manual_seed(dropout_seed)
    network = StackedLSTM if recipe.cell == "lstm" else ElmanRNN
    with torch.random.fork_rng(devices=[]):
        model = network(recipe.hidden, recipe.dropout, generator, inputs, outputs)
        parts = [*model.layers, model.head]
        seeds = np.random.SeedSequence(init_seed).generate_state(len(parts)).tolist()
        for part, seed in zip(parts, seeds, strict=True):
            torch.manual_seed(seed)
            part.reset_parameters()
            for name, values in part.named_parameters():
                if "weight" in name:
                    if recipe.init == "xavier_normal":
                        nn.init.xavier_normal_(values)
                    values.data.mul_(recipe.init_gain)
                elif recipe.biases == "zero":
                    nn.init.zeros_(values)
    return model
