"""Words about training curves, each defined once before it is measured."""

from __future__ import annotations

import numpy as np
import pandas as pd


def converged_epoch(val_loss: pd.Series) -> int:
    """Return the first epoch whose validation loss is within 5 % of the lowest; 0 if none is."""
    near = val_loss.index[val_loss <= 1.05 * val_loss.min()]
    return int(near[0]) if len(near) else 0


def early_wobble(val_loss: pd.Series) -> float:
    """Return the largest distance from the running median of five, in epochs 3 to 10, in per cent.

    A falling curve is near its running median; one that jumps up and down is not.
    """
    if len(val_loss) < 5:
        return float("nan")
    values, epochs = val_loss.to_numpy(), val_loss.index.to_numpy()[2:-2]
    smooth = np.median(np.lib.stride_tricks.sliding_window_view(values, 5), axis=1)
    distances = np.abs(values[2:-2] / smooth - 1)[(epochs >= 3) & (epochs <= 10)]
    return 100 * float(pd.Series(distances).max())


def late_oscillation(val_loss: pd.Series) -> float:
    """Return the standard deviation of the change per epoch, in per cent, over the last twenty."""
    if len(val_loss) < 20:
        return float("nan")
    return 100 * float(val_loss.pct_change().iloc[-20:].std())


def summarise_run(history: pd.DataFrame) -> dict[str, float]:
    """Describe how one run trained.

    Args:
        history: a row per epoch, indexed by ``epoch``, as :class:`paperlib.training.Fit` has it.

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
    # As arrays, since a thousand histories are described whenever a chapter reads the store.
    epochs, missing = history.index.to_numpy(), float("nan")
    lr, loss, train, penalty = (
        history[name].to_numpy() for name in ("lr", "val_loss", "train_loss", "penalty")
    )
    best, thirty = int(np.nanargmin(loss)), np.flatnonzero(epochs == 30)
    cut = epochs[lr < lr[0]]
    first_cut = float(cut[0] - 1) if len(cut) else missing
    gain = missing
    if len(cut):
        before, after = loss[epochs <= first_cut], loss[epochs > first_cut]
        gain = max(0.0, 1 - np.nanmin(after) / np.nanmin(before))
    return {
        "epochs": len(history),
        "best_epoch": epochs[best],
        "converged_epoch": converged_epoch(history["val_loss"]),
        "early_wobble_pct": early_wobble(history["val_loss"]),
        "late_oscillation_pct": late_oscillation(history["val_loss"]),
        "last_loss": loss[-1],
        "first_loss": train[0],
        "loss_30": train[thirty[0]] if len(thirty) else missing,
        "first_cut": first_cut,
        "cuts": len(np.unique(lr)) - 1,
        "gain_after_cut": gain,
        "grad_norm_max": history["grad_norm_max"].max(),
        "grad_norm_mean": history["grad_norm"].mean(),
        "clipped_steps": history["clipped_share"].mean(),
        "first_penalised": train[0] + penalty[0],
        "penalised_30": train[thirty[0]] + penalty[thirty[0]] if len(thirty) else missing,
        "best_penalty": penalty[best],
    }
