"""The words about training curves, on a history written by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from paperlib.experiments import results, store
from paperlib.experiments.folding import fold
from paperlib.experiments.pieces import Piece
from paperlib.experiments.results import summarise_training
from paperlib.training_curves import converged_epoch


def _history(lr: list[float], val_loss: list[float]) -> pd.DataFrame:
    n = len(lr)
    return pd.DataFrame(
        {
            "dataset": "d", "recipe": "r", "protocol": "p", "seed": 0,
            "epoch": range(1, n + 1), "train_loss": np.arange(n, 0, -1.0), "val_loss": val_loss,
            "penalty": 0.5, "lr": lr, "grad_norm": [0.5] * (n - 1) + [2.5],
            "grad_norm_max": [1.0] * (n - 1) + [3.0],
            "clipped_share": [0.0] * (n - 1) + [0.5],
        }
    )  # fmt: skip


def test_a_run_with_two_cuts():
    history = _history([8.0, 8.0, 4.0, 2.0], [10.0, 20.0, 5.0, 6.0])
    run = summarise_training(history.sample(frac=1, random_state=0)).loc[("d", "r", "p", 0)]
    assert run["epochs"] == 4
    assert run["best_epoch"] == 3
    assert run["first_loss"] == 4
    assert run["last_loss"] == 6
    assert np.isnan(run["loss_30"])
    assert run["first_cut"] == 2
    assert run["cuts"] == 2
    assert run["gain_after_cut"] == 0.5
    assert run["grad_norm_max"] == 3
    assert run["grad_norm_mean"] == 1  # (3 * 0.5 + 2.5) / 4
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


def test_a_curve_without_a_number_never_converged():
    assert converged_epoch(pd.Series([np.nan, np.nan], index=[1, 2])) == 0


def test_early_wobble_is_the_largest_distance_from_the_running_median():
    """Flat at 10 but for one epoch at 12; what lies outside epochs 3 to 10 does not count."""
    loss = [50.0, 10, 10, 10, 12, 10, 10, 10, 10, 10, 10, 99, 10, 10]
    run = summarise_training(_history([1.0] * 14, loss)).iloc[0]
    assert run["early_wobble_pct"] == pytest.approx(20)


def test_a_curve_that_only_falls_hardly_wobbles():
    run = summarise_training(_history([1.0] * 30, list(0.9 ** np.arange(30)))).iloc[0]
    assert run["early_wobble_pct"] < 1e-9
    assert run["late_oscillation_pct"] < 1e-9


def test_late_oscillation_is_the_spread_of_the_last_twenty_changes():
    loss = [5.0] * 10 + [1.0, 1.1] * 11
    run = summarise_training(_history([1.0] * 32, loss)).iloc[0]
    up, down = 0.1, 1 / 1.1 - 1
    spread = np.std([up, down] * 10, ddof=1)
    assert run["late_oscillation_pct"] == pytest.approx(100 * spread)
    short = summarise_training(_history([1.0] * 19, [1.0] * 19)).iloc[0]
    assert np.isnan(short["late_oscillation_pct"])


def test_measures_join_runs_and_histories(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "RESULTS", tmp_path)
    history = _history([1.0] * 30, list(np.arange(30, 0, -1.0)))
    row = {"dataset": "d", "recipe": "r", "protocol": "p", "seed": 0, "epochs": 30, "key": "k"}
    scores = {"train_mse_scaled": 0.2, "test_mse_scaled": 0.5, "grad_norm_max": 3.0}
    piece = Piece([{**row, **scores}], {"history": history.drop(columns=store.ID)})
    fold("runs.csv", [piece], {"k"}, {"d"})
    (measured,) = results._measures.__wrapped__().to_dict(orient="records")
    assert measured["gap"] == pytest.approx(0.3)
    assert measured["test_rmse_scaled"] == pytest.approx(0.5**0.5)
    assert measured["gap_ratio"] == pytest.approx(2.5)
    assert measured["loss_fall_pct"] == pytest.approx(100 * (1 - 1 / 30))
    assert measured["penalised_fall_pct"] == pytest.approx(100 * (1 - 1.5 / 30.5))
    assert measured["best_epoch"] == 30
