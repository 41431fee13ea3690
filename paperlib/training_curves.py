"""Words about training curves, each defined once before it is measured."""

from __future__ import annotations

import pandas as pd


def converged_epoch(val_loss: pd.Series) -> int:
    """Return the first epoch whose validation loss is within 5 % of the lowest; 0 if none is."""
    near = val_loss.index[val_loss <= 1.05 * val_loss.min()]
    return int(near[0]) if len(near) else 0


def early_wobble(val_loss: pd.Series) -> float:
    """Return the largest distance from the running median of five, in epochs 3 to 10, in per cent.

    A falling curve is near its running median; one that jumps up and down is not.
    """
    smooth = val_loss.rolling(5, center=True).median()
    return 100 * float((val_loss / smooth - 1).abs().loc[3:10].max())


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
    lr, loss = history["lr"], history["val_loss"]
    penalised = history["train_loss"] + history["penalty"]
    cut = lr.index[lr < lr.iloc[0]]
    first_cut = float(cut[0] - 1) if len(cut) else float("nan")
    before, after = loss[loss.index <= first_cut], loss[loss.index > first_cut]
    return {
        "epochs": len(history),
        "best_epoch": loss.idxmin(),
        "converged_epoch": converged_epoch(loss),
        "early_wobble_pct": early_wobble(loss),
        "late_oscillation_pct": late_oscillation(loss),
        "last_loss": loss.iloc[-1],
        "first_loss": history["train_loss"].iloc[0],
        "loss_30": history["train_loss"].get(30, float("nan")),
        "first_cut": first_cut,
        "cuts": lr.nunique() - 1,
        "gain_after_cut": max(0.0, 1 - after.min() / before.min()) if len(cut) else float("nan"),
        "grad_norm_max": history["grad_norm_max"].max(),
        "grad_norm_mean": history["grad_norm"].mean(),
        "clipped_steps": history["clipped_share"].mean(),
        "first_penalised": penalised.iloc[0],
        "penalised_30": penalised.get(30, float("nan")),
        "best_penalty": history["penalty"].loc[loss.idxmin()],
    }
