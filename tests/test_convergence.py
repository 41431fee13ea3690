"""The words about training curves, on a history written by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from paperlib.convergence import summarise_training


def _history(lr: list[float], val_loss: list[float]) -> pd.DataFrame:
    n = len(lr)
    return pd.DataFrame(
        {
            "dataset": "d", "recipe": "r", "protocol": "p", "seed": 0,
            "epoch": range(1, n + 1), "train_loss": np.arange(n, 0, -1.0), "val_loss": val_loss,
            "penalty": 0.5, "lr": lr, "grad_norm_max": [1.0] * (n - 1) + [3.0],
            "clipped_share": [0.0] * (n - 1) + [0.5],
        }
    )  # fmt: skip


def test_a_run_with_two_cuts():
    history = _history([8.0, 8.0, 4.0, 2.0], [10.0, 20.0, 5.0, 6.0])
    run = summarise_training(history.sample(frac=1, random_state=0)).loc[("d", "r", "p", 0)]
    assert run["epochs"] == 4
    assert run["best_epoch"] == 3
    assert run["first_loss"] == 4
    assert np.isnan(run["loss_30"])
    assert run["first_cut"] == 2
    assert run["cuts"] == 2
    assert run["gain_after_cut"] == 0.5
    assert run["grad_norm_max"] == 3
    assert run["clipped_steps"] == 0.125
    assert run["first_penalised"] == 4.5
    assert np.isnan(run["penalised_30"])


def test_the_loss_at_30_is_of_training_and_the_best_penalty_of_the_best_epoch():
    history = _history([1.0] * 31, [*range(40, 11, -1), 5.0, 6.0])
    history["penalty"] = np.arange(31, 0, -1.0)
    run = summarise_training(history).iloc[0]
    assert run["loss_30"] == 2
    assert run["penalised_30"] == 4
    assert run["best_epoch"] == 30
    assert run["best_penalty"] == 2


def test_what_the_last_full_epoch_gains_is_not_the_cuts_gain():
    assert summarise_training(_history([8, 8, 4], [9.0, 5.0, 6.0])).iloc[0]["gain_after_cut"] == 0


def test_a_cut_that_brings_nothing_and_no_cut_at_all():
    useless = summarise_training(_history([8.0, 4.0], [1.0, 2.0])).iloc[0]
    assert useless["gain_after_cut"] == 0
    never = summarise_training(_history([8.0] * 30, [1.0] * 30)).iloc[0]
    assert np.isnan(never["first_cut"])
    assert np.isnan(never["gain_after_cut"])
    assert never["cuts"] == 0


def test_converged_is_the_first_epoch_within_five_per_cent_of_the_best():
    run = summarise_training(_history([1.0] * 5, [8.0, 2.09, 3.0, 2.0, 2.5])).iloc[0]
    assert run["converged_epoch"] == 2
    later = summarise_training(_history([1.0] * 4, [8.0, 2.11, 3.0, 2.0])).iloc[0]
    assert later["converged_epoch"] == 4
    assert run["best_epoch"] == 4
