"""Train a recipe on windows: the loop, its record, and saving what came out."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Literal

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import ReduceLROnPlateau

from paperlib.models import StackedNetwork, build_model
from paperlib.recipe import Recipe
from paperlib.training_curves import COLUMNS
from paperlib.windows import Windows


@dataclass
class Fit:
    """A finished training run.

    ``history`` has a row per epoch, indexed by ``epoch`` from 1: ``train_loss`` (mean scaled MSE
    over the epoch's batches, dropout on, as a training loop prints it), ``val_loss`` (scaled MSE
    after the epoch, dropout off), ``penalty`` (l2 times the squared norm of all parameters, mean
    over the epoch's batches, whether or not it is part of the loss), ``lr`` (used in the epoch),
    ``grad_norm`` and ``grad_norm_max`` (mean and largest global norm *before* clipping) and
    ``clipped_share`` (of steps whose norm was above ``clip_norm``).
    """

    recipe: Recipe
    seed: int
    model: StackedNetwork  # with the weights that the recipe has scored
    best_epoch: int  # of the lowest validation loss; 0 (initial weights) if none was finite
    history: pd.DataFrame
    status: Literal["ok", "failed"]
    reason: str  # why it failed, with the epoch; empty if it did not


@contextmanager
def one_thread() -> Iterator[None]:
    """Train on one thread: sums then have one order, and runs go side by side instead."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def fit(recipe: Recipe, windows: Windows, seed: int) -> Fit:
    """Train ``recipe`` on ``windows.train``, watching ``windows.validation``.

    The seed spawns separate streams for initialisation, shuffling and dropout, so that two
    recipes which differ in one field share all the random numbers that they have in common.
    Same seed, same machine: same numbers, to the bit. A loss or gradient that is no longer
    finite ends the run with status ``failed``; it raises nothing.
    """
    init_seed, shuffle_seed, dropout_seed = spawn_seeds(seed)
    model = build_model(recipe, init_seed, dropout_seed)
    x_train, y_train = _time_first(windows.train.inputs), torch.tensor(windows.train.targets)

    def validate() -> float:
        """Return the scaled MSE on the validation part."""
        forecast = predict(model, windows.validation.inputs)
        return float(np.mean((forecast - windows.validation.targets) ** 2))

    found = train(recipe, model, (x_train, y_train), nn.functional.mse_loss, validate, shuffle_seed)
    return Fit(recipe, seed, model, *found)


def spawn_seeds(seed: int) -> list[int]:
    """Return the seeds of initialisation, shuffling and dropout that belong to one seed."""
    return np.random.SeedSequence(seed).generate_state(3).tolist()


def train(
    recipe: Recipe,
    model: nn.Module,
    data: tuple[Tensor, Tensor],
    loss: Callable[[Tensor, Tensor], Tensor],
    validate: Callable[[], float],
    shuffle_seed: int,
) -> tuple[int, pd.DataFrame, Literal["ok", "failed"], str]:
    """Train a network in place, whatever it forecasts.

    It ends with the weights of the best epoch, or of the last one where the recipe has these scored
    and they are finite.

    Args:
        recipe: optimiser, schedule, clipping and stopping.
        model: maps inputs (lookback, n, features), time first, to what ``loss`` compares.
        data: inputs and targets (n,) of the training part.
        loss: mean loss of outputs and targets.
        validate: the loss on the validation part of the model as it is.
        shuffle_seed: of the batches.

    Returns:
        The last four fields of :class:`Fit`.
    """
    shuffle = torch.Generator().manual_seed(shuffle_seed)
    optimiser, schedule = _make_optimiser(recipe, model)
    x_train, y_train = data
    best_loss, best_epoch, reason = math.inf, 0, ""
    best_weights = _copy_weights(model)
    rows = []
    with one_thread():
        for epoch in range(1, recipe.epochs + 1):
            lr = optimiser.param_groups[0]["lr"]
            order = torch.arange(len(y_train))
            if recipe.shuffle:
                order = torch.randperm(len(y_train), generator=shuffle)
            train_loss, penalty, norms = _train_epoch(
                recipe, model, optimiser, loss, (x_train[:, order], y_train[order])
            )
            val_loss = validate()
            clipped = np.mean(norms > recipe.clip_norm) if recipe.clip_norm else 0.0
            mean_norm, max_norm = float(norms.mean()), float(norms.max())
            rows.append((epoch, train_loss, val_loss, penalty, lr, mean_norm, max_norm, clipped))
            if not np.isfinite([train_loss, val_loss, max_norm]).all():
                reason = f"epoch {epoch}: {_what_diverged(train_loss, val_loss)} is not finite"
                break
            if val_loss < best_loss:
                best_loss, best_epoch, best_weights = val_loss, epoch, _copy_weights(model)
            if recipe.patience is not None and epoch - best_epoch >= recipe.patience:
                break
            if schedule is not None:
                schedule.step(val_loss)
    if recipe.scored == "best" or reason:
        model.load_state_dict(best_weights)
    history = pd.DataFrame(rows, columns=["epoch", *COLUMNS]).set_index("epoch")
    return best_epoch, history, "failed" if reason else "ok", reason


def _train_epoch(
    recipe: Recipe,
    model: nn.Module,
    optimiser: torch.optim.Optimizer,
    loss: Callable[[Tensor, Tensor], Tensor],
    data: tuple[Tensor, Tensor],
) -> tuple[float, float, np.ndarray]:
    """Pass over the windows once; return mean loss, mean penalty and each step's gradient norm."""
    model.train()
    x, y = data
    parameters = list(model.parameters())
    limit = math.inf if recipe.clip_norm is None else recipe.clip_norm
    sums, norms = torch.zeros(2), []
    for start in range(0, len(y), recipe.batch_size):
        batch = slice(start, start + recipe.batch_size)
        mean_loss = loss(model(x[:, batch]), y[batch])
        with torch.set_grad_enabled(recipe.l2_form == "loss"):
            penalty = recipe.l2 * torch.stack([p.square().sum() for p in parameters]).sum()
        optimised = mean_loss + penalty if recipe.l2_form == "loss" else mean_loss
        optimiser.zero_grad()
        optimised.backward()
        norms.append(nn.utils.clip_grad_norm_(parameters, limit, foreach=True))
        optimiser.step()
        sums += torch.stack([mean_loss.detach(), penalty.detach()]) * len(y[batch])
    train_loss, mean_penalty = (sums / len(y)).tolist()
    return train_loss, mean_penalty, torch.stack(norms).numpy()


def predict(model: StackedNetwork, inputs: np.ndarray) -> np.ndarray:
    """Forecast the scaled close after each window, dropout off. (n, lookback) -> (n,), float32."""
    model.eval()
    with torch.inference_mode():
        return model(_time_first(inputs)).numpy()


def save_fit(fitted: Fit, path: str | Path | IO[bytes]) -> None:
    """Write a fit's weights, and its recipe and history as text, into one file."""
    about = {
        "recipe": asdict(fitted.recipe),
        "seed": fitted.seed,
        "best_epoch": fitted.best_epoch,
        "history": fitted.history.reset_index().to_dict(orient="list"),
        "status": fitted.status,
        "reason": fitted.reason,
    }
    torch.save({"weights": fitted.model.state_dict(), "about": json.dumps(about)}, path)


def load_fit(path: str | Path) -> Fit:
    """Read what :func:`save_fit` wrote of a fit."""
    about, weights = read_fit(path)
    recipe = read_recipe(about.pop("recipe"))
    model = build_model(recipe, init_seed=0, dropout_seed=0)
    model.load_state_dict(weights)
    return Fit(recipe=recipe, model=model, **about)


def read_fit(path: str | Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Read a fit's fields but for its model, and the weights. Runs no code (``weights_only``)."""
    stored = torch.load(path, weights_only=True)
    about = json.loads(stored["about"])
    about["history"] = pd.DataFrame(about["history"]).set_index("epoch")
    return about, stored["weights"]


def read_recipe(choices: dict[str, Any]) -> Recipe:
    """Make a recipe of choices that were kept as JSON, which knows no tuples."""
    return Recipe(**choices | {"hidden": tuple(choices["hidden"])})


def _make_optimiser(
    recipe: Recipe, model: nn.Module
) -> tuple[torch.optim.Adam, ReduceLROnPlateau | None]:
    decay = recipe.l2 if recipe.l2_form == "weight_decay" else 0.0
    optimiser = torch.optim.Adam(model.parameters(), recipe.lr, weight_decay=decay, fused=True)
    if recipe.lr_factor is None:
        return optimiser, None
    return optimiser, ReduceLROnPlateau(
        optimiser,
        factor=recipe.lr_factor,
        patience=recipe.lr_patience,
        threshold=recipe.lr_threshold,
    )


def _time_first(inputs: np.ndarray) -> Tensor:
    """(n, lookback) -> (lookback, n, 1), the order in which recurrent kernels read."""
    return torch.tensor(inputs.T).unsqueeze(2)


def _copy_weights(model: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in model.state_dict().items()}


def _what_diverged(train_loss: float, val_loss: float) -> str:
    if not math.isfinite(train_loss):
        return "the training loss"
    return "the gradient norm" if math.isfinite(val_loss) else "the validation loss"
