"""A store of tiny runs to evaluate."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from paperlib.experiments import forecasts, store
from paperlib.prices.series import load_prices
from paperlib.recipe import PUBLISHED

PRICES = load_prices().iloc[:500]
TINY = replace(PUBLISHED, hidden=(4,), epochs=2)
RECIPES = {
    "published": TINY,
    "rnn": replace(TINY, cell="rnn"),
    "lookback_60": replace(TINY, lookback=60),
}


def shrink(patch: pytest.MonkeyPatch, results: Path) -> None:
    """Put a store elsewhere, and in it tiny recipes of two seeds."""
    patch.setattr(store, "RESULTS", results)
    patch.setattr(forecasts, "EVALUATED", {name: RECIPES[name] for name in ("published", "rnn")})
    patch.setattr(forecasts, "SEEDS", range(2))
    patch.setattr("paperlib.baselines.MAX_ORDER", 1)
