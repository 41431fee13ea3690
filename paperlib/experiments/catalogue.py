"""Which experiments the book rests on: every recipe, protocol, series and seed, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace

from paperlib.recipe import (
    ABLATIONS,
    AS_PUBLISHED,
    LEAK_FREE,
    PUBLISHED,
    RNN,
    EvalProtocol,
    Recipe,
    digest,
    resolve,
)

SEEDS = range(10)
FAILURE_SEEDS = range(100)  # a failure rate of 3 % needs more than ten runs to be seen
BUNDLED_WINDOW, PAPER_WINDOW = "nflx-2016-2023", "nflx-2016-2025"
WINDOW_TITLES = {
    PAPER_WINDOW: "2016 to 2025-03 (the paper's)",
    BUNDLED_WINDOW: "2016 to 2023-09 (bundled)",
}
PROTOCOL_TITLES = {"as_published": "as published", "leak_free": "leak-free"}

ABLATED = {name: ablation.recipe for name, ablation in ABLATIONS.items()}

RECIPES: dict[str, Recipe] = {
    "published": PUBLISHED,
    **ABLATED,
    "rnn": RNN,
    # What the paper leaves open about its L2 term: where it enters, how strong, whether at all.
    "l2_in_loss": replace(PUBLISHED, l2_form="loss"),
    "l2_1e-4": replace(PUBLISHED, l2=1e-4),
    "no_l2": replace(PUBLISHED, l2=0.0),
}
"""Trained under both protocols."""

WITHOUT_L2: dict[str, Recipe] = {
    f"{name}_no_l2": replace(recipe, l2=0.0) for name, recipe in {**ABLATED, "rnn": RNN}.items()
}
"""The same tricks where no penalty hides them."""

FULL_LENGTH: dict[str, Recipe] = {
    f"{name}_100": replace(RECIPES[name], patience=None)
    for name in ("published", "fixed_lr", "l2_in_loss", "no_l2")
}
"""All 100 epochs, as figure 3 is drawn, although stopping is said to fire before."""

COMBINED = {"no_clipping_default_init": replace(PUBLISHED, clip_norm=None, init="default")}
"""The paper credits clipping and initialisation together with a stability of 2.3 times."""

LONGER = {"lookback_60": replace(PUBLISHED, lookback=60)}
"""The paper sees errors grow "past 30 days", which may be meant of the window."""

EVALUATED = {name: RECIPES[name] for name in ("published", "single_layer", "rnn", "no_l2")}
"""Whose forecasts of the test part are looked at one by one."""

# Where does a trick matter? These doses were fixed before a run was made.
LEARNING_RATES = (0.003, 0.01, 0.03, 0.1)
INIT_GAINS = (0.1, 0.3, 3.0, 10.0)
SMALL = replace(PUBLISHED, l2=0.0, train_windows=300, epochs=200, patience=None)
DROPOUT_RATES = (0.0, 0.1, 0.3)
# These were added when the first had shown no clear effect; TINY's settings come from trials with
# seed 0, which looked for a network that learns its windows by heart.
HIGHEST_RATES = (0.3, 1.0)
TINY = replace(SMALL, train_windows=50, epochs=600, lr=0.01, lr_factor=None)

DOSES: dict[str, Recipe] = {
    "wide_layer": replace(PUBLISHED, hidden=(84,)),  # as many parameters as 64 and 32
    "three_layers": replace(PUBLISHED, hidden=(64, 32, 16)),
    **{f"lr_{lr:g}": replace(PUBLISHED, lr=lr) for lr in LEARNING_RATES + HIGHEST_RATES},
    **{f"gain_{gain:g}": replace(PUBLISHED, init_gain=gain) for gain in INIT_GAINS},
    **{f"small_dropout_{rate:g}": replace(SMALL, dropout=rate) for rate in DROPOUT_RATES},
    **{f"tiny_dropout_{rate:g}": replace(TINY, dropout=rate) for rate in DROPOUT_RATES},
}
"""Trained on the bundled series alone, as published but for what the name says."""

DOSES |= {
    f"{name}_no_clipping": replace(recipe, clip_norm=None)
    for name, recipe in DOSES.items()
    if name.startswith("lr_") or name in ("gain_3", "gain_10")
}

CHAOTIC = {name for name, recipe in DOSES.items() if recipe.lr >= 0.1 or recipe.init_gain >= 10}
"""Doses so wild that two epochs turn the last digit of a sum, which is another on another
processor, into another run. What ten seeds of them say should hold elsewhere, but that was not
measured; no single number does."""


@dataclass(frozen=True)
class Run:
    """One training run to make."""

    dataset: str
    recipe_name: str
    recipe: Recipe
    protocol: EvalProtocol
    seed: int

    def __str__(self) -> str:
        """Name it for people."""
        return f"{self.recipe_name}, {self.protocol.name}, seed {self.seed} on {self.dataset}"

    def key(self, prices_sha256: str) -> str:
        """Digest of everything that decides the numbers."""
        return digest([resolve(self.recipe), asdict(self.protocol), prices_sha256, self.seed])


def grid(dataset: str) -> list[Run]:
    """Every run of the book on one series."""

    def runs(
        recipes: Mapping[str, Recipe], protocol: EvalProtocol, seeds: Iterable[int] = SEEDS
    ) -> list[Run]:
        """Cross recipes with seeds under one protocol."""
        return [
            Run(dataset, name, recipe, protocol, seed)
            for name, recipe in recipes.items()
            for seed in seeds
        ]

    return [
        *runs(RECIPES, AS_PUBLISHED),
        *runs(RECIPES, LEAK_FREE),
        *runs(WITHOUT_L2, AS_PUBLISHED),
        *runs(FULL_LENGTH, AS_PUBLISHED),
        *runs({**COMBINED, **LONGER}, AS_PUBLISHED),
        *runs({"no_clipping": ABLATED["no_clipping"]}, AS_PUBLISHED, FAILURE_SEEDS[10:]),
        *(runs(DOSES, AS_PUBLISHED) if dataset == BUNDLED_WINDOW else []),
    ]


def all_recipes() -> dict[str, Recipe]:
    """Return every recipe of the store by name."""
    return {**RECIPES, **WITHOUT_L2, **FULL_LENGTH, **COMBINED, **LONGER, **DOSES}


def share_initial_weights(one: Recipe, other: Recipe) -> bool:
    """Tell whether equal seeds start two recipes from the same weights, so that they pair up."""
    fields = ("cell", "hidden", "init", "init_gain")
    return all(getattr(one, field) == getattr(other, field) for field in fields)
