"""Words about training curves, each defined once before it is measured."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

COLUMNS = ["train_loss", "val_loss", "penalty", "lr"]
COLUMNS += ["grad_norm", "grad_norm_max", "clipped_share"]
"""Of a history of training, which has a row an epoch."""


def converged_epoch(val_loss: ArrayLike) -> int:
    """Return the first epoch whose validation loss is within 5 % of the lowest; 0 if none is."""
    loss = np.asarray(val_loss, dtype=np.float64)
    near = np.flatnonzero(loss <= 1.05 * np.fmin.reduce(loss))
    return int(near[0]) + 1 if len(near) else 0


def early_wobble(val_loss: ArrayLike) -> float:
    """Return the largest distance from the running median of five, in epochs 3 to 10, in per cent.

    A falling curve is near its running median; one that jumps up and down is not.
    """
    loss = np.asarray(val_loss, dtype=np.float64)
    if len(loss) < 5:
        return float("nan")
    smooth = np.median(np.lib.stride_tricks.sliding_window_view(loss[:12], 5), axis=1)
    return 100 * float(np.fmax.reduce(np.abs(loss[2:10][: len(smooth)] / smooth - 1)))


def late_oscillation(val_loss: ArrayLike) -> float:
    """Return the standard deviation of the change per epoch, in per cent, over the last twenty."""
    loss = np.asarray(val_loss, dtype=np.float64)
    if len(loss) < 20:
        return float("nan")
    return 100 * float(np.nanstd((loss[1:] / loss[:-1] - 1)[-20:], ddof=1))


def summarise_run(history: Mapping[str, ArrayLike]) -> dict[str, float]:
    """Describe how one run trained.

    Args:
        history: by column (those of ``COLUMNS``) a value an epoch from 1 on, such as the table that
            :class:`paperlib.training.Fit` has.

    Returns:
        By name

        - ``epochs``: how many were trained; ``best_epoch``: that of the lowest validation loss;
        - ``converged_epoch``: the first whose validation loss is within 5 % of the run's lowest;
        - ``early_wobble_pct``: the largest distance, in the epochs 3 to 10, between validation
          loss and its running median of five epochs; ``late_oscillation_pct``: the standard
          deviation of the validation loss's change from epoch to epoch, over the last twenty
          (missing if the run was shorter); both in per cent;
        - ``last_loss``: the validation loss after the last epoch, whose weights are not kept;
        - ``first_loss`` and ``loss_30``: training loss of epoch 1 and of epoch 30 (missing if the
          run stopped before);
        - ``first_cut``: the last epoch at the full learning rate (missing if it was never cut),
          ``cuts``: how often it was cut;
        - ``gain_after_cut``: by which share the best validation loss after the first cut lies
          below the best before it (0 if it never got lower);
        - ``grad_norm_max``: the largest norm of any step before clipping; ``grad_norm_mean``: the
          mean over the epochs of the mean norm of an epoch's steps, before clipping;
          ``clipped_steps``: the share of steps that clipping changed;
        - ``first_penalised``, ``penalised_30``: the losses with the L2 penalty added;
          ``best_penalty``: that penalty alone, in the best epoch.
    """
    of = {name: np.asarray(history[name], dtype=np.float64) for name in COLUMNS}
    lr, loss, train, penalty = (of[name] for name in ("lr", "val_loss", "train_loss", "penalty"))
    epochs, missing = np.arange(1, len(loss) + 1), float("nan")
    best, has_thirty = int(np.nanargmin(loss)), len(loss) >= 30
    cut = epochs[lr < lr[0]]
    first_cut = gain = missing
    if len(cut):
        first_cut = float(cut[0] - 1)
        before, after = loss[epochs <= first_cut], loss[epochs > first_cut]
        gain = max(0.0, 1 - np.nanmin(after) / np.nanmin(before))
    return {
        "epochs": len(loss),
        "best_epoch": epochs[best],
        "converged_epoch": converged_epoch(loss),
        "early_wobble_pct": early_wobble(loss),
        "late_oscillation_pct": late_oscillation(loss),
        "last_loss": loss[-1],
        "first_loss": train[0],
        "loss_30": train[29] if has_thirty else missing,
        "first_cut": first_cut,
        "cuts": len(np.unique(lr)) - 1,
        "gain_after_cut": gain,
        "grad_norm_max": np.fmax.reduce(of["grad_norm_max"]),
        "grad_norm_mean": np.nanmean(of["grad_norm"]),
        "clipped_steps": np.nanmean(of["clipped_share"]),
        "first_penalised": train[0] + penalty[0],
        "penalised_30": train[29] + penalty[29] if has_thirty else missing,
        "best_penalty": penalty[best],
    }
