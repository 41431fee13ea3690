"""Time training against a plain PyTorch loop, and two processes against one.

By hand, on an idle machine: .venv/bin/python tests/benchmark.py

For the first, both train the same network on the same windows, on one thread, in turn, in this
process; the ratio is taken pair by pair, so that a machine whose speed drifts does not decide it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import joblib
import numpy as np
import torch
from torch import nn

from paperlib.prices.series import load_prices
from paperlib.recipe import AS_PUBLISHED, PUBLISHED
from paperlib.training import fit, one_thread
from paperlib.windows import Windows, make_windows

EPOCHS, PAIRS = 3, 7
RECIPE = replace(PUBLISHED, epochs=EPOCHS, patience=None)


class PlainLSTM(nn.Module):
    """The paper's network, the way most tutorials write it."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.LSTM(1, 64, batch_first=True)
        self.second = nn.LSTM(64, 32, batch_first=True)
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(32, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Map windows (n, lookback, 1) to forecasts (n, 1)."""
        x = self.dropout(self.first(x)[0])
        x = self.dropout(self.second(x)[0])
        return self.head(x[:, -1])


def plain_loop(windows: Windows) -> None:
    """Train for a few epochs with what PyTorch offers off the shelf."""
    model = PlainLSTM()
    adam = torch.optim.Adam(model.parameters(), lr=0.001, weight_decay=0.01)
    x, y = torch.tensor(windows.train.inputs)[:, :, None], torch.tensor(windows.train.targets)
    x_val = torch.tensor(windows.validation.inputs)[:, :, None]
    y_val = torch.tensor(windows.validation.targets)
    for _ in range(EPOCHS):
        model.train()
        for batch in torch.randperm(len(y)).split(64):
            adam.zero_grad()
            loss = nn.functional.mse_loss(model(x[batch])[:, 0], y[batch])
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            adam.step()
        model.eval()
        with torch.no_grad():
            nn.functional.mse_loss(model(x_val)[:, 0], y_val).item()


def seconds_per_epoch(train: Callable[[], object]) -> float:
    """Time one call."""
    start = time.perf_counter()
    train()
    return (time.perf_counter() - start) / EPOCHS


def train_once(seed: int) -> None:
    """Train one short run, as each process of ``make results`` does."""
    fit(RECIPE, make_windows(load_prices()["close"], RECIPE, AS_PUBLISHED), seed)


def seconds_for_runs(jobs: int) -> float:
    """Time sixteen runs on so many processes, which have started before."""
    with joblib.Parallel(n_jobs=jobs) as parallel:
        parallel(joblib.delayed(train_once)(0) for _ in range(2 * jobs))
        start = time.perf_counter()
        parallel(joblib.delayed(train_once)(seed) for seed in range(16))
        return time.perf_counter() - start


def main() -> None:
    """Print the medians and the ratios."""
    windows = make_windows(load_prices()["close"], RECIPE, AS_PUBLISHED)
    with one_thread():
        for warm_up in (lambda: fit(RECIPE, windows, 0), lambda: plain_loop(windows)):
            warm_up()
        ours, plain = np.array(
            [
                (
                    seconds_per_epoch(lambda: fit(RECIPE, windows, 0)),
                    seconds_per_epoch(lambda: plain_loop(windows)),
                )
                for _ in range(PAIRS)
            ]
        ).T
    ratio = ours / plain
    print(f"paperlib    {np.median(ours):.3f} s per epoch")
    print(f"plain loop  {np.median(plain):.3f} s per epoch")
    print(f"ratio       {np.median(ratio):.2f} ({ratio.min():.2f} to {ratio.max():.2f})")
    one, two = np.array([(seconds_for_runs(1), seconds_for_runs(2)) for _ in range(3)]).T
    print(f"16 runs     {np.median(one):.1f} s with one process, {np.median(two):.1f} s with two")
    gain = one / two
    print(f"throughput  {np.median(gain):.2f} times ({gain.min():.2f} to {gain.max():.2f})")


if __name__ == "__main__":
    main()
