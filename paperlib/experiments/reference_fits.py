"""A few short fits, whose weights and losses to the bit stand for the arithmetic of all results.

What training gives follows from the program, torch, and the instructions that the processor was
told to use. Each may change without any key of a run changing; then these fits change, too. What is
worked out of a network afterwards (forecasts, intervals, scores) and ARIMA they don't see: who
changes what these give adds one to ``PROGRAM``, and everything is made again.
"""

from __future__ import annotations

import hashlib
import platform
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from paperlib.experiments.catalogue import COMBINED, DOSES, RECIPES
from paperlib.experiments.store import RESULTS
from paperlib.machine.processor import CPUINFO
from paperlib.prices.series import load_prices
from paperlib.probabilistic.density_network import fit_density
from paperlib.probabilistic.features import DensityRecipe, log_returns, make_return_windows
from paperlib.recipe import AS_PUBLISHED, LEAK_FREE, PUBLISHED, Recipe, digest
from paperlib.training import Fit, fit
from paperlib.windows import make_windows

PROGRAM = 1
EPOCHS = 2
FITS: dict[str, Recipe | DensityRecipe] = {
    "published": PUBLISHED,
    "rnn": RECIPES["rnn"],
    "l2_in_loss": RECIPES["l2_in_loss"],
    "no_clipping_default_init": COMBINED["no_clipping_default_init"],
    "returns": replace(PUBLISHED, target="log_return"),
    "lr_0.3": DOSES["lr_0.3"],  # where the last digit of a sum soon becomes another run
    "density": DensityRecipe(),
}
"""Every kind of network, loss and target, and every way to start, penalise and clip."""

SMALL = replace(PUBLISHED, hidden=(8, 4), train_windows=400, lr=0.01)
TO_THE_END = replace(SMALL, lr_patience=1, patience=3)
"""Trained leak-free; its schedule acts, and it stops before its last epoch."""


def fit_reference(recipe: Recipe | DensityRecipe) -> Fit:
    """Train a recipe for two epochs on the bundled prices, seed 0."""
    prices = load_prices()
    if isinstance(recipe, DensityRecipe):
        short = replace(recipe, network=replace(recipe.network, epochs=EPOCHS))
        returns = log_returns(prices)
        return fit_density(short, [make_return_windows(returns, short, len(returns))], seed=0)
    short = replace(recipe, epochs=EPOCHS)
    return fit(short, make_windows(prices["close"], short, AS_PUBLISHED), seed=0)


def fit_to_the_end() -> Fit:
    """Train a small network until it stops."""
    windows = make_windows(load_prices()["close"], TO_THE_END, LEAK_FREE)
    return fit(TO_THE_END, windows, seed=0)


def hash_fit(fitted: Fit) -> str:
    """Return 16 digits of the SHA-256 of a fit's history and weights, bit by bit."""
    found = hashlib.sha256(np.ascontiguousarray(fitted.history.to_numpy("<f8")).tobytes())
    for tensor in fitted.model.state_dict().values():
        found.update(tensor.numpy().astype("<f4").tobytes())
    return found.hexdigest()[:16]


def hash_references() -> pd.Series:
    """Train every reference fit; its hash by its name. Some seconds."""
    found = {name: hash_fit(fit_reference(recipe)) for name, recipe in FITS.items()}
    return pd.Series(found | {"to_the_end": hash_fit(fit_to_the_end())})


def arithmetic(hashes: pd.Series) -> str:
    """Name the arithmetic that gives these hashes, in ten digits."""
    return digest([PROGRAM, hashes.to_dict()])[:10]


@cache
def own_arithmetic() -> str:
    """Name the arithmetic of this process."""
    return arithmetic(hash_references())


def load_hashes() -> pd.Series:
    """Read the hashes of the machines that ``processors.csv`` lists; hash by fit."""
    return pd.read_csv(RESULTS / "reference_fits.csv", index_col="fit", dtype=str)["hash"]


def kind_of_processor() -> str:
    """Name this processor's maker, family, model and widest vectors, as the system tells them."""
    text = CPUINFO.read_text(encoding="utf-8", errors="replace") if CPUINFO.exists() else ""
    told = [
        re.search(rf"^{of}\s*: (\S+)", text, re.M) for of in ("vendor_id", "cpu family", "model")
    ]
    if not all(told):
        return platform.machine()
    maker, family, model = (found[1] for found in told)
    widest = "AVX-512" if " avx512f " in text else "AVX2" if " avx2 " in text else "no AVX2"
    return f"{maker} {family}.{model} {widest}"
