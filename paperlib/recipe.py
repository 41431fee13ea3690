"""Every choice of the paper, and every choice it leaves silent, on one screen.

A *recipe* says what is trained and how; a *protocol* says what training may look at. An ablation
is the published recipe with one field changed: ``replace(PUBLISHED, dropout=0.0)``.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Literal

PAPER_START = "2016-01-04"
"""The first session of the paper's window, which it gives as 2016."""
PAPER_END = "2025-03-31"
"""The last one. The paper prints none, but its figure 2 ends before mid-May 2025, and this day
closes the last full quarter before that."""
HORIZON = 30
"""How many sessions ahead the paper looks, which it calls 30 days."""
MIN_SESSIONS = 250
"""The shortest series that is windowed, about a year. The paper's has nine."""


@dataclass(frozen=True)
class Recipe:
    """A network and its training. The defaults are the paper's.

    Fields marked *silent* are not in the paper; the comment gives the reason for our pick.
    """

    # Data (sections 3.1 and 3.3)
    lookback: int = 30  # sessions in; the next session's close out
    train_share: float = 0.8  # silent on what is counted: windows, so that no target is lost
    train_windows: int | None = None  # train on the last so many alone; None, the paper's: on all
    # What goes in and comes out, scaled: the paper's closes, or, as remedies of ours, log returns,
    # or closes relative to the last one of their window.
    target: Literal["close", "log_return", "relative"] = "close"

    # Network (sections 2.2 and 3.3)
    cell: Literal["lstm", "rnn"] = "lstm"
    hidden: tuple[int, ...] = (64, 32)  # units per layer
    dropout: float = 0.1  # after each recurrent layer
    # The call the paper names, on the stacked gate matrices as PyTorch holds them.
    init: Literal["xavier_normal", "default"] = "xavier_normal"
    init_gain: float = 1.0  # factor on the weight matrices so drawn; the paper names none
    biases: Literal["default", "zero"] = "default"  # silent: the call is for weights

    # Loss and optimiser (section 3.3): MSE of the scaled close, Adam
    lr: float = 0.001
    batch_size: int = 64
    shuffle: bool = True  # silent: the usual choice; the last, smaller batch is trained on as well
    l2: float = 0.01  # silent: on all parameters, biases included, as weight decay does
    l2_form: Literal["weight_decay", "loss"] = "weight_decay"  # silent: how PyTorch users spell L2
    epochs: int = 100

    # The three devices that act while training (sections 2.2 and 3.3); None switches one off
    clip_norm: float | None = 1.0  # largest global gradient norm
    lr_factor: float | None = 0.5  # ReduceLROnPlateau on the validation loss
    lr_patience: int = 5
    lr_threshold: float = 0.01  # "stalled" is a move of less than 1 %, as far as it can be read
    patience: int | None = 10  # early stopping: epochs without a new best validation loss
    # Silent: those of the best epoch, without stopping too, as the epoch of lowest error is told.
    scored: Literal["best", "last"] = "best"

    def __post_init__(self) -> None:
        """Refuse values that no training run could honour."""
        if not self.hidden or min(self.hidden) < 1:
            raise ValueError(f"hidden must name at least one layer of one unit, got {self.hidden}.")
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout must be in [0, 1), got {self.dropout}.")
        if not 0 < self.train_share < 1:
            raise ValueError(f"train_share must be in (0, 1), got {self.train_share}.")
        counts = (self.lookback, self.batch_size, self.epochs, self.train_windows or 1)
        if min(counts) < 1:
            raise ValueError("lookback, batch_size, epochs and train_windows must be at least 1.")


ADDED_LATER = ("target", "biases", "scored")
"""Fields that came when runs were already stored. At its default such a field is in no key."""


def resolve(recipe: Recipe) -> dict[str, object]:
    """Name every choice of a recipe, for the key of what is stored."""
    choices = asdict(recipe)
    for field in ADDED_LATER:
        if choices[field] == getattr(Recipe, field):
            del choices[field]
    return choices


def digest(choices: object) -> str:
    """Return a key to what follows from choices: 16 digits of the SHA-256 of their JSON."""
    text = json.dumps(choices, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class EvalProtocol:
    """What scaling and model selection may look at."""

    name: str
    # Whose minimum and maximum eq. 9 uses. Two are controls of ours: "mirrored", the training
    # part's stretched as far as "all" would stretch it, but to the other side, so that it knows how
    # far prices go and not which way; and "stretched", the training part's and as much above it.
    scaler_sees: Literal["all", "train", "mirrored", "stretched"]
    # What early stopping and the schedule watch. With "test_only" the tail that could validate is
    # kept out of the training as well: a leak is then not paid for by a larger training part.
    validation: Literal["test", "train_tail", "test_only"]
    validation_share: float = 0.1  # of the training windows: their tail


PUBLISHED = Recipe()


@dataclass(frozen=True)
class Ablation:
    """The published recipe with one device switched off."""

    device: str  # as a sentence names it
    recipe: Recipe  # without it
    table: int | None  # of the paper; None for one that it does not have
    cut: str | None  # id of the paper's claim on how far the device cuts the test MSE


ABLATIONS: dict[str, Ablation] = {
    # Silent on the width: 64, the first layer of the pair.
    "single_layer": Ablation(
        "the second layer", replace(PUBLISHED, hidden=(64,)), 3, "cut_second_layer"
    ),
    "no_dropout": Ablation("dropout", replace(PUBLISHED, dropout=0.0), 4, "cut_dropout"),
    "default_init": Ablation(
        "Xavier initialisation", replace(PUBLISHED, init="default"), 5, "cut_init"
    ),
    "no_clipping": Ablation(
        "gradient clipping", replace(PUBLISHED, clip_norm=None), 6, "cut_clipping"
    ),
    "fixed_lr": Ablation(
        "the learning-rate schedule", replace(PUBLISHED, lr_factor=None), 7, "cut_schedule"
    ),
}
"""By name. The claims on the MSE without the device, and on its being larger, are ``<name>_mse``
and ``<name>_worse``."""

RNN = replace(PUBLISHED, cell="rnn", hidden=(64,))
"""The baseline of eq. 13. The paper is silent on its depth; one equation suggests one layer."""

AS_PUBLISHED = EvalProtocol("as_published", scaler_sees="all", validation="test")
"""The text scales before it splits, and figure 3 calls the validation loss "Test Loss"."""

LEAK_FREE = EvalProtocol("leak_free", scaler_sees="train", validation="train_tail")
"""The test part is read once, after training."""

LEAKS = {
    "leak_free": LEAK_FREE,
    "scaler_leak": EvalProtocol("scaler_leak", scaler_sees="all", validation="train_tail"),
    "validation_leak": EvalProtocol("validation_leak", scaler_sees="train", validation="test_only"),
    "both_leaks": EvalProtocol("both_leaks", scaler_sees="all", validation="test_only"),
}
"""The two leaks of the published protocol, each alone and together, on equal training windows."""

MIRRORED = EvalProtocol("mirrored", scaler_sees="mirrored", validation="train_tail")
"""A control of the scaler's leak, with its unit and the middle on the other side."""

STRETCHED = EvalProtocol("stretched", scaler_sees="stretched", validation="train_tail")
"""Another one, with the middle on the side of rising prices, and nothing known of the test part."""
