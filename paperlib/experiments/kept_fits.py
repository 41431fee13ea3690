"""Train once: what one chapter has trained, the next one reads.

Many chapters look at the same network, the published one of seed 0. Its weights are kept in
``_build/fits``, by all that they follow from: recipe, seed, windows, the code that trains, and what
it computes with. Nothing of it is committed; ``make clean`` removes it.
"""

from __future__ import annotations

import hashlib
import io
from functools import cache

import torch

from paperlib.machine.files import write
from paperlib.paths import BUILD, ROOT
from paperlib.recipe import Recipe, digest, resolve
from paperlib.training import Fit, fit, load_fit, save_fit
from paperlib.windows import Windows

FITS = BUILD / "fits"
TRAINS = ("machine/processor.py", "models.py", "recipe.py", "training.py")
"""The files of this package that decide what is trained."""


def fit_once(recipe: Recipe, windows: Windows, seed: int) -> Fit:
    """Train as :func:`paperlib.training.fit` does, or read what an earlier call has trained.

    Either way the result is the same, to the bit: what was just trained is read back, too.
    """
    path = FITS / f"{fit_key(recipe, windows, seed)}.pt"
    if not path.exists():
        file = io.BytesIO()
        save_fit(fit(recipe, windows, seed), file)
        FITS.mkdir(parents=True, exist_ok=True)
        write(path, file.getvalue())
    return load_fit(path)


def fit_key(recipe: Recipe, windows: Windows, seed: int) -> str:
    """Digest of everything that decides the weights."""
    data = hashlib.sha256()
    for part in (windows.train, windows.validation):
        data.update(part.inputs.tobytes() + part.targets.tobytes())
    processor = torch.backends.cpu.get_cpu_capability()
    about = [torch.__version__, processor, _code()]
    return digest([resolve(recipe), seed, data.hexdigest(), *about])


@cache
def _code() -> str:
    """Hash the files that decide what is trained."""
    files = [(ROOT / "paperlib" / name).read_bytes() for name in TRAINS]
    return hashlib.sha256(b"\0".join(files)).hexdigest()
