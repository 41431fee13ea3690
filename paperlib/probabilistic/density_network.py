"""A network that forecasts a distribution: the two-layer LSTM with a Student-t head.

Same layers, dropout, initialisation, clipping, schedule and stopping as the paper's, trained by
likelihood on log returns in per cent. What it reads of the returns is one of two things: the
returns as they are, or returns over their recent volatility with that volatility beside them, so
that what is left to learn is where the volatility's simple average is wrong.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import torch
from torch import Tensor
from torch.nn import functional

from paperlib.models import StackedNetwork, build_model
from paperlib.prices.calendar import next_sessions
from paperlib.probabilistic.features import DensityRecipe, ReturnWindows, describe_sessions
from paperlib.probabilistic.student_t import StudentMixture
from paperlib.probabilistic.volatility import DECAY, ewma_volatility
from paperlib.recipe import Recipe
from paperlib.training import one_thread, spawn_seeds, train

LEAST_SCALE, LEAST_DF = 1e-3, 2.0


def student_t(outputs: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Turn three outputs, (n, 3), into location, scale (above 0) and df (above 2)."""
    location, scale, df = outputs.unbind(1)
    return location, LEAST_SCALE + functional.softplus(scale), LEAST_DF + functional.softplus(df)


def negative_log_likelihood(outputs: Tensor, targets: Tensor) -> Tensor:
    """Return the mean negative log density of a Student-t at the targets (n,).

    NaN if an output is not finite: the run has diverged, which the training loop reports.
    """
    if not torch.isfinite(outputs).all():
        return outputs.sum() * torch.nan
    location, scale, df = student_t(outputs)
    return -torch.distributions.StudentT(df, location, scale).log_prob(targets).mean()


@dataclass
class DensityFit:
    """A trained density network: as :class:`paperlib.training.Fit`, its loss a likelihood."""

    recipe: DensityRecipe
    seed: int
    model: StackedNetwork
    best_epoch: int
    history: pd.DataFrame
    status: Literal["ok", "failed"]
    reason: str


def fit_density(recipe: DensityRecipe, series: list[ReturnWindows], seed: int) -> DensityFit:
    """Train a density network on the training parts of one series or several.

    The last tenth of each training part validates; the test parts are not looked at.
    """
    init_seed, shuffle_seed, dropout_seed = spawn_seeds(seed)
    model = build_model(recipe.network, init_seed, dropout_seed, recipe.features, outputs=3)
    data = _gather([(s.inputs[: s.fitted], s.targets[: s.fitted]) for s in series])
    held_out = [slice(s.fitted, s.train) for s in series]
    x, y = _gather([(s.inputs[k], s.targets[k]) for s, k in zip(series, held_out, strict=True)])

    def validate() -> float:
        """Return the negative log-likelihood of the validation parts."""
        model.eval()
        with torch.inference_mode():
            return float(negative_log_likelihood(model(x), y))

    found = train(recipe.network, model, data, negative_log_likelihood, validate, shuffle_seed)
    return DensityFit(recipe, seed, model, *found)


def forecast_density(fitted: DensityFit, windows: ReturnWindows) -> StudentMixture:
    """Forecast every session of a series, each from the sessions before it; per cent."""
    location, scale, df = _outputs(fitted.model, windows.inputs)
    forecast = StudentMixture(location[None], scale[None], df[None])
    return forecast.times(windows.base)


def simulate_density(
    fitted: DensityFit, returns: pd.Series, windows: ReturnWindows, horizon: int, seed: int, n: int
) -> np.ndarray:
    """Draw n paths of returns after the data, each session from the forecast given those before.

    Args:
        fitted: the network.
        returns: (sessions,) per cent, indexed by session, as the windows were made from.
        windows: of these returns.
        horizon: sessions ahead.
        seed: of the draws.
        n: paths.

    Returns:
        (n, horizon) log returns, per cent.
    """
    rng = np.random.default_rng(seed)
    ahead = windows.window.contains(next_sessions(returns.index[-1], horizon + 1))
    volatility = np.full(n, ewma_volatility(returns.to_numpy())[-1])
    inputs = np.repeat(windows.inputs[-1:], n, axis=0)
    drawn = []
    for step in range(horizon):
        standardised = fitted.recipe.inputs == "standardised"
        base = volatility if standardised else np.full(n, windows.typical)
        location, scale, df = _outputs(fitted.model, inputs)
        drawn.append(base * (location + scale * rng.standard_t(df)))
        volatility = np.sqrt(DECAY * volatility**2 + (1 - DECAY) * drawn[-1] ** 2)
        inside = np.full(n, ahead[step + 1])
        relative = volatility / windows.typical
        latest = describe_sessions(fitted.recipe, drawn[-1], base, relative, inside)
        inputs = np.concatenate([inputs[:, 1:], latest[:, None]], axis=1)
    return np.column_stack(drawn)


def save_density(fitted: DensityFit, path: str | Path) -> None:
    """Write a network's weights, and all else of the fit as text, into one file."""
    about = {
        "recipe": asdict(fitted.recipe),
        "seed": fitted.seed,
        "best_epoch": fitted.best_epoch,
        "history": fitted.history.reset_index().to_dict(orient="list"),
        "status": fitted.status,
        "reason": fitted.reason,
    }
    torch.save({"weights": fitted.model.state_dict(), "about": json.dumps(about)}, path)


def load_density(path: str | Path) -> DensityFit:
    """Read what :func:`save_density` wrote. Runs no code from the file (``weights_only``)."""
    stored = torch.load(path, weights_only=True)
    about = json.loads(stored["about"])
    network = about["recipe"].pop("network")
    recipe = DensityRecipe(
        **about["recipe"], network=Recipe(**{**network, "hidden": tuple(network["hidden"])})
    )
    model = build_model(recipe.network, 0, 0, recipe.features, outputs=3)
    model.load_state_dict(stored["weights"])
    history = pd.DataFrame(about["history"]).set_index("epoch")
    rest = (about[name] for name in ("status", "reason"))
    return DensityFit(recipe, about["seed"], model, about["best_epoch"], history, *rest)


def _outputs(model: StackedNetwork, inputs: np.ndarray) -> tuple[np.ndarray, ...]:
    """(n, lookback, features) -> location, scale and df, (n,) each, in units of the base."""
    model.eval()
    with torch.inference_mode(), one_thread():
        found = student_t(model(torch.tensor(np.ascontiguousarray(inputs.transpose(1, 0, 2)))))
    return tuple(x.double().numpy() for x in found)


def _gather(parts: list[tuple[np.ndarray, np.ndarray]]) -> tuple[Tensor, Tensor]:
    """Join windows of several series, time first: (lookback, n, features) and (n,)."""
    inputs, targets = (np.concatenate(x) for x in zip(*parts, strict=True))
    return torch.tensor(np.ascontiguousarray(inputs.transpose(1, 0, 2))), torch.tensor(targets)
