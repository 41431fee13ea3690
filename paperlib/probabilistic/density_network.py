"""A network that forecasts a distribution: the two-layer LSTM with a Student-t head.

Same layers, dropout, initialisation, clipping, schedule and stopping as the paper's, trained by
likelihood on log returns in per cent. What it reads of the returns is one of two things: the
returns as they are, or returns over their recent volatility with that volatility beside them, so
that what is left to learn is where the volatility's simple average is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

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
from paperlib.training import Fit, one_thread, read_fit, read_recipe, spawn_seeds, train

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
class DensityFit(Fit):
    """A trained density network: as a fit of the paper's, its loss a likelihood."""

    recipe: DensityRecipe


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


def load_density(path: str | Path) -> DensityFit:
    """Read what :func:`paperlib.training.save_fit` wrote of a density network."""
    about, weights = read_fit(path)
    kept = about.pop("recipe")
    recipe = DensityRecipe(**kept | {"network": read_recipe(kept["network"])})
    model = build_model(recipe.network, 0, 0, recipe.features, outputs=3)
    model.load_state_dict(weights)
    return DensityFit(recipe=recipe, model=model, **about)


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
