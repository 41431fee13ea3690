"""Words about training curves, each defined once before it is measured."""

from __future__ import annotations

import pandas as pd

from paperlib.store import ID


def summarise_training(histories: pd.DataFrame) -> pd.DataFrame:
    """Describe how each run trained.

    Args:
        histories: one row per run and epoch, as the results store holds them.

    Returns:
        One row per run, indexed by dataset, recipe, protocol and seed, with

        - ``epochs``: how many were trained; ``best_epoch``: that of the lowest validation loss;
        - ``converged_epoch``: the first whose validation loss is within 5 % of the run's lowest;
        - ``first_loss`` and ``loss_30``: training loss of epoch 1 and of epoch 30 (missing if the
          run stopped before);
        - ``first_cut``: the last epoch at the full learning rate (missing if it was never cut),
          ``cuts``: how often it was cut;
        - ``gain_after_cut``: by which share the best validation loss after the first cut lies
          below the best before it (0 if it never got lower);
        - ``grad_norm_max``: the largest norm of any step before clipping; ``clipped_steps``: the
          share of steps that clipping changed;
        - ``first_penalised``, ``penalised_30``: the losses with the L2 penalty added;
          ``best_penalty``: that penalty alone, in the best epoch.
    """
    ordered = histories.sort_values([*ID, "epoch"])
    return pd.DataFrame(
        {run: _summarise_run(rows.set_index("epoch")) for run, rows in ordered.groupby(ID)}
    ).T.rename_axis(ID)


def _summarise_run(history: pd.DataFrame) -> dict[str, float]:
    lr, loss = history["lr"], history["val_loss"]
    penalised = history["train_loss"] + history["penalty"]
    cut = lr.index[lr < lr.iloc[0]]
    first_cut = float(cut[0] - 1) if len(cut) else float("nan")
    before, after = loss[loss.index <= first_cut], loss[loss.index > first_cut]
    return {
        "epochs": len(history),
        "best_epoch": loss.idxmin(),
        "converged_epoch": loss.index[loss <= 1.05 * loss.min()][0],
        "first_loss": history["train_loss"].iloc[0],
        "loss_30": history["train_loss"].get(30, float("nan")),
        "first_cut": first_cut,
        "cuts": lr.nunique() - 1,
        "gain_after_cut": max(0.0, 1 - after.min() / before.min()) if len(cut) else float("nan"),
        "grad_norm_max": history["grad_norm_max"].max(),
        "clipped_steps": history["clipped_share"].mean(),
        "first_penalised": penalised.iloc[0],
        "penalised_30": penalised.get(30, float("nan")),
        "best_penalty": history["penalty"].loc[loss.idxmin()],
    }
