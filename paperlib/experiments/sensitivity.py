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
from paperlib.experiments.readings import ADMISSIBLE, READ
from paperlib.recipe import (
    ABLATIONS,
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
    "rnn_relative": replace(RNN, target="relative"),
    "rnn_returns_no_l2": replace(RNN, target="log_return", l2=0.0),
}
"""What would have worked, since such targets stay in the range trained on whatever prices do."""

STOPPED = {name: change for name, change in ADMISSIBLE.items() if "patience" not in change}
"""The admissible readings that stop early, tried on other ends of the data as well."""

SILENCES = {
    "rnn_two_layers": replace(PUBLISHED, cell="rnn"),
    "unshuffled": replace(PUBLISHED, shuffle=False),
}
"""Other picks where the paper is silent. These were added when the rest was known."""

PENALTIES: dict[str, dict[str, object]] = {
    "weight decay 0.01": {},
    "weight decay 1e-4": {"l2": 1e-4},
    "0.01 in the loss": {"l2_form": "loss"},
    "none": {"l2": 0.0},
}
"""Readings of the L2 of 0.01."""


@dataclass(frozen=True)
class Reading:
    """One combination of the choices that the paper leaves open."""

    penalty: str  # of PENALTIES
    stopping: bool  # early, or 100 epochs; the weights of the best epoch either way
    dataset: str = PAPER_WINDOW  # by its end
    arima: str = "arima"  # "arima", one step ahead, or "arima_30", paths of thirty sessions

    def recipes(self) -> dict[str, Recipe]:
        """Return the networks of tables 1 to 7 under this reading, by name."""
        changed = dict(PENALTIES[self.penalty])
        if not self.stopping:
            changed["patience"] = None
        ablated = {name: of.recipe for name, of in ABLATIONS.items() if of.table}
        of_tables = {"published": PUBLISHED, "rnn": RNN, **ablated}
        return {name: replace(recipe, **changed) for name, recipe in of_tables.items()}


READINGS = [
    *(
        Reading(*of, arima=way)
        for of in product(PENALTIES, (True, False))
        for way in ("arima", "arima_30")
    ),
    *(Reading(penalty, True, end) for penalty in ("weight decay 0.01", "none") for end in ENDS),
]
"""The 22 combinations that are tried."""


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
        runs = _runs(dataset, {"published": PUBLISHED, "rnn": RNN}, [AS_PUBLISHED], number)
        return [*runs, Arima(dataset)]
    if dataset in OTHER_TICKERS.values():
        runs = _runs(dataset, TICKER_RECIPES, [AS_PUBLISHED, LEAK_FREE], TICKER_SEEDS)
        return [*runs, Arima(dataset)]
    tried = dict.fromkeys(replace(r, arima="arima") for r in READINGS if r.dataset == dataset)
    readings = [run for reading in tried for run in reading_runs(reading)]
    if dataset in ENDS:
        return [*readings, Arima(dataset)]
    silences = _runs(dataset, SILENCES, [AS_PUBLISHED], SEEDS)
    of_returns = _runs(dataset, RETURNS, LEAKS.values(), SEEDS)
    protocols = list(LEAKS.values())
    if dataset == BUNDLED_WINDOW:
        # All extremes of the closes lie in the training part: the scaler has nothing to leak.
        protocols = [LEAKS["leak_free"], LEAKS["validation_leak"]]
    of_closes = _runs(dataset, {"published": PUBLISHED}, protocols, LEAK_SEEDS)
    without_l2 = _runs(dataset, {"no_l2": RECIPES["no_l2"]}, protocols, SEEDS)
    return [Arima(dataset), *of_closes, *of_returns, *readings, *without_l2, *silences]


def later_trials(dataset: str) -> list[Run]:
    """Name the trials on one series that the second edition adds; no chapter shows them yet."""
    if dataset in WALKS:
        without = {"no_l2": RECIPES["no_l2"], "rnn_no_l2": WITHOUT_L2["rnn_no_l2"]}
        return _runs(dataset, without, [AS_PUBLISHED], [WALKS[dataset]])
    if dataset in ENDS:
        recipes = {
            f"{name}, {reading}": replace(READ[name], **change)
            for reading, change in STOPPED.items()
            for name in Reading("none", stopping=True).recipes()
        }
        return _runs(dataset, recipes, [AS_PUBLISHED], READING_SEEDS)
    if dataset not in (BUNDLED_WINDOW, PAPER_WINDOW):
        return []
    remedies = _runs(dataset, REMEDIES, [LEAK_FREE], SEEDS)
    if dataset == BUNDLED_WINDOW:
        return remedies
    controls = _runs(dataset, {"published": PUBLISHED}, [MIRRORED, STRETCHED], LEAK_SEEDS)
    without_l2 = _runs(dataset, {"no_l2": RECIPES["no_l2"]}, [MIRRORED, STRETCHED], SEEDS)
    return [*remedies, *controls, *without_l2]


def reading_runs(reading: Reading) -> list[Run]:
    """Name the runs of one reading: those of the store's grid, and trials."""
    ending = "" if reading.stopping else ", 100 epochs"
    recipes = {
        f"{name}, L2: {reading.penalty}{ending}": recipe
        for name, recipe in reading.recipes().items()
    }
    return _runs(reading.dataset, recipes, [AS_PUBLISHED], READING_SEEDS)


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
