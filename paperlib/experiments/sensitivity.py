"""Which runs ask where a score comes from: leaks, a placebo, other tickers, readings, picks.

Such a sensitivity run is called a trial, for short.

All but :data:`SILENCES` were fixed before one of them was made; what changed later is in the
book's page on how claims are judged.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product

from paperlib.experiments.catalogue import (
    BUNDLED_WINDOW,
    PAPER_WINDOW,
    RECIPES,
    SEEDS,
    WITHOUT_L2,
    Run,
)
from paperlib.experiments.price_series import ENDS, OTHER_TICKERS, WALKS
from paperlib.experiments.readings import ADMISSIBLE, MODELS
from paperlib.recipe import (
    AS_PUBLISHED,
    LEAK_FREE,
    LEAKS,
    MIRRORED,
    PUBLISHED,
    RNN,
    STRETCHED,
    EvalProtocol,
    Recipe,
    digest,
)

TICKER_RECIPES = {name: RECIPES[name] for name in ("published", "rnn", "no_l2")}
LEAK_SEEDS = range(20)  # of the published recipe: the best of ten is then a mean over many tens
TICKER_SEEDS, READING_SEEDS = range(5), range(3)

RETURNS = {
    "returns": replace(PUBLISHED, target="log_return"),
    "returns_no_l2": replace(PUBLISHED, target="log_return", l2=0.0),
}
"""As published, but the scaled log return goes in and comes out."""

REMEDIES = {
    "relative": replace(PUBLISHED, target="relative"),
    "relative_no_l2": replace(PUBLISHED, target="relative", l2=0.0),
}
"""What would have worked, since such targets stay in the range trained on whatever prices do."""

AT_OTHER_ENDS = {name: of for name, of in ADMISSIBLE.items() if "100 epochs" not in name}
"""The admissible readings that are tried on other ends of the data as well."""

SILENCES = {
    "rnn_two_layers": replace(PUBLISHED, cell="rnn"),
    "unshuffled": replace(PUBLISHED, shuffle=False),
}
"""Other picks where the paper is silent. These were added when the rest was known."""


@dataclass(frozen=True)
class Arima:
    """The ARIMA of one series, its order chosen by AIC among those of the ledger."""

    dataset: str
    train_share: float = PUBLISHED.train_share

    def __str__(self) -> str:
        """Name it for people."""
        return f"ARIMA on {self.dataset}"

    def key(self, prices_sha256: str) -> str:
        """Digest of everything that decides the numbers."""
        split = [] if self.train_share == PUBLISHED.train_share else [self.train_share]
        return digest(["arima", prices_sha256, *split])


def trial_grid(dataset: str) -> list[Run | Arima]:
    """Name every trial on one series."""
    if dataset in WALKS:
        number = [WALKS[dataset]]
        without = {"no_l2": RECIPES["no_l2"], "rnn_no_l2": WITHOUT_L2["rnn_no_l2"]}
        networks = {"published": PUBLISHED, "rnn": RNN, **without}
        runs = _runs(dataset, networks, [AS_PUBLISHED], number)
        return [*runs, Arima(dataset)]
    if dataset in OTHER_TICKERS.values():
        runs = _runs(dataset, TICKER_RECIPES, [AS_PUBLISHED, LEAK_FREE], TICKER_SEEDS)
        return [*runs, Arima(dataset)]
    if dataset in ENDS:
        recipes = {
            f"{name}, {reading}": replace(recipe, **change)
            for reading, change in AT_OTHER_ENDS.items()
            for name, recipe in MODELS.items()
        }
        return [*_runs(dataset, recipes, [AS_PUBLISHED], READING_SEEDS), Arima(dataset)]
    protocols = list(LEAKS.values())
    # On the bundled series all extremes of the closes lie in the training part: the scaler has
    # nothing to leak, and nothing to be controlled for.
    if dataset == BUNDLED_WINDOW:
        protocols = [LEAKS["leak_free"], LEAKS["validation_leak"]]
    controls = [MIRRORED, STRETCHED] if dataset == PAPER_WINDOW else []
    closes = {"published": PUBLISHED, "no_l2": RECIPES["no_l2"]}
    return [
        Arima(dataset),
        *_runs(dataset, {"published": PUBLISHED}, protocols, LEAK_SEEDS),
        *_runs(dataset, {"no_l2": RECIPES["no_l2"]}, protocols, SEEDS),
        *_runs(dataset, closes, controls, SEEDS),
        *_runs(dataset, SILENCES, [AS_PUBLISHED], SEEDS),
        *_runs(dataset, RETURNS | REMEDIES, [LEAK_FREE], SEEDS),
    ]


def _runs(
    dataset: str,
    recipes: dict[str, Recipe],
    protocols: Iterable[EvalProtocol],
    seeds: Iterable[int],
) -> list[Run]:
    """Cross recipes, protocols and seeds."""
    return [
        Run(dataset, name, recipe, protocol, seed)
        for (name, recipe), protocol, seed in product(recipes.items(), protocols, seeds)
    ]
