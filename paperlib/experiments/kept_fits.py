"""Train once: what one chapter has trained, the next one reads.

Many chapters look at the same network, the published one of seed 0. Its weights are kept in
``_build/fits``, by all that they follow from: recipe, seed, windows, the code that trains, and what
it computes with; ``make clean`` removes it. Those that chapters ask for on the bundled prices are
committed, in ``data/fits``, where ``make results`` puts them.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import torch

from paperlib.experiments.price_series import random_walk
from paperlib.machine.files import write
from paperlib.machine.processor import is_pinned
from paperlib.paths import BUILD, DATA, ROOT
from paperlib.prices.series import load_prices
from paperlib.recipe import AS_PUBLISHED, LEAK_FREE, PUBLISHED, RNN, Recipe, digest, resolve
from paperlib.training import Fit, fit, load_fit, save_fit
from paperlib.windows import Windows, make_windows

FITS, STORED = BUILD / "fits", DATA / "fits"
TRAINS = ("machine/processor.py", "models.py", "recipe.py", "training.py")
"""The files of this package that decide what is trained."""


def fit_once(recipe: Recipe, windows: Windows, seed: int) -> Fit:
    """Train as :func:`paperlib.training.fit` does, or read what an earlier call has trained.

    Either way the result is the same, to the bit: what was just trained is read back, too.
    """
    name = f"{fit_key(recipe, windows, seed)}.pt"
    path, stored = FITS / name, STORED / name
    if not path.exists():
        FITS.mkdir(parents=True, exist_ok=True)
        write(path, stored.read_bytes() if stored.exists() else _train(recipe, windows, seed))
    return load_fit(path)


def _train(recipe: Recipe, windows: Windows, seed: int) -> bytes:
    file = io.BytesIO()
    save_fit(fit(recipe, windows, seed), file)
    return file.getvalue()


def fit_key(recipe: Recipe, windows: Windows, seed: int) -> str:
    """Digest of everything that decides the weights.

    What torch was built for besides (``+cpu``, ``+cu130``) is not of these.
    """
    data = hashlib.sha256()
    for part in (windows.train, windows.validation):
        data.update(part.inputs.tobytes() + part.targets.tobytes())
    processor = [is_pinned(), torch.backends.cpu.get_cpu_capability()]
    about = [torch.__version__.partition("+")[0], *processor, _code()]
    return digest([resolve(recipe), seed, data.hexdigest(), *about])


def chapter_fits() -> list[tuple[Recipe, Windows]]:
    """List the networks, all of seed 0, that chapters read on the bundled prices."""
    close = load_prices()["close"]
    long = replace(PUBLISHED, epochs=30, patience=None, scored="last")
    relative = replace(PUBLISHED, target="relative")
    short: list[dict[str, Any]] = [
        {"epochs": 10},
        {"epochs": 10, "dropout": 0.0},
        {"epochs": 10, "hidden": (64,)},
        *({"epochs": 12, "patience": None, "init": init} for init in ("xavier_normal", "default")),
        *(
            {"epochs": 5, "l2": l2, "clip_norm": limit}
            for l2, limit in product((PUBLISHED.l2, 0.0), (None, 0.01))
        ),
    ]
    asked = [
        *((replace(PUBLISHED, **changed), close, AS_PUBLISHED) for changed in short),
        (PUBLISHED, close, AS_PUBLISHED),
        (replace(PUBLISHED, l2=0.0, epochs=20), close, AS_PUBLISHED),
        (replace(PUBLISHED, lr_factor=None), close, AS_PUBLISHED),
        (replace(relative, epochs=10), close, AS_PUBLISHED),
        (RNN, close, AS_PUBLISHED),
        (PUBLISHED, random_walk(close, 0), AS_PUBLISHED),
        (PUBLISHED, close, LEAK_FREE),
        (RNN, close, LEAK_FREE),
        (relative, close, LEAK_FREE),
        (long, close, LEAK_FREE),
        (replace(long, l2=0.0), close, LEAK_FREE),
    ]
    return [(recipe, make_windows(of, recipe, protocol)) for recipe, of, protocol in asked]


def store_fits() -> None:
    """Make ``data/fits`` hold the chapters' networks, unless this processor has other bits."""
    if not is_pinned():
        return
    wanted = {f"{fit_key(*asked, seed=0)}.pt": asked for asked in chapter_fits()}
    for name, asked in wanted.items():
        if not (STORED / name).exists():
            write(STORED / name, _train(*asked, seed=0))
    for path in STORED.glob("*.pt"):
        if path.name not in wanted:
            path.unlink()


@cache
def _code() -> str:
    """Hash the files that decide what is trained."""
    files = [(ROOT / "paperlib" / name).read_bytes() for name in TRAINS]
    return hashlib.sha256(b"\0".join(files)).hexdigest()
