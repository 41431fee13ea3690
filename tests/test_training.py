"""Each field of a recipe does what its name says, and a run can be trusted, repeated and stored."""

from __future__ import annotations

from dataclasses import replace

import nbformat
import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn
from torch.optim.lr_scheduler import ReduceLROnPlateau

from paperlib.models import build_model
from paperlib.paths import ROOT
from paperlib.prices.series import load_prices
from paperlib.recipe import AS_PUBLISHED, PUBLISHED, RNN
from paperlib.training import _what_diverged, fit, load_fit, one_thread, predict, save_fit, train
from paperlib.windows import make_windows

SMALL = replace(PUBLISHED, hidden=(8, 4), epochs=4)
CLOSE = load_prices()["close"].iloc[:420]
WINDOWS = make_windows(CLOSE, SMALL, AS_PUBLISHED)


def _weights(fitted) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in fitted.model.parameters()])


# --- the loop as a whole -------------------------------------------------------------------------


def test_equals_a_plain_pytorch_loop():
    """The published loop, spelled out with torch.nn, torch.optim and nothing of ours."""
    recipe = replace(SMALL, dropout=0.0, shuffle=False, clip_norm=0.05, l2=0.003)
    fitted = fit(recipe, WINDOWS, seed=3)

    start = build_model(recipe, int(np.random.SeedSequence(3).generate_state(3)[0]), 0).state_dict()
    first, second, head = (
        nn.LSTM(1, 8, batch_first=True),
        nn.LSTM(8, 4, batch_first=True),
        nn.Linear(4, 1),
    )
    for name, module in (("layers.0.", first), ("layers.1.", second), ("head.", head)):
        own = {key: start[name + key] for key in module.state_dict()}
        module.load_state_dict(own)
    parameters = [p for module in (first, second, head) for p in module.parameters()]
    adam = torch.optim.Adam(parameters, lr=0.001, weight_decay=0.003)
    x = torch.tensor(WINDOWS.train.inputs)[:, :, None]
    y = torch.tensor(WINDOWS.train.targets)
    losses = []
    for _ in range(recipe.epochs):
        total = 0.0
        for x_batch, y_batch in zip(x.split(64), y.split(64), strict=True):
            out = head(second(first(x_batch)[0])[0][:, -1])[:, 0]
            loss = ((out - y_batch) ** 2).mean()
            adam.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 0.05)
            adam.step()
            total += loss.item() * len(y_batch)
        losses.append(total / len(y))
    np.testing.assert_allclose(fitted.history["train_loss"], losses, rtol=1e-4)


def test_equals_the_loop_on_the_page():
    """The chapter on learning writes the loop out; a reader who copies it gets the same bits."""
    cells = nbformat.read(ROOT / "notebooks" / "learning.ipynb", 4).cells
    sources = {cell.id: cell.source for cell in cells}
    recipe = replace(SMALL, epochs=10, lr=0.02, clip_norm=0.05, lr_patience=1)
    page = {"recipe": recipe, "windows": WINDOWS}
    with one_thread():
        for cell in ("imports", "batch", "validation", "loop"):
            exec(sources[cell], page)
    assert len(sources["loop"].splitlines()) <= 25
    history = fit(recipe, WINDOWS, seed=0).history
    assert history["clipped_share"].max() > 0
    assert history["lr"].nunique() > 1
    np.testing.assert_array_equal(page["losses"], history[["train_loss", "val_loss"]])


def test_same_seed_same_bits_other_seed_other_run():
    one, two = fit(SMALL, WINDOWS, seed=1), fit(SMALL, WINDOWS, seed=1)
    pd.testing.assert_frame_equal(one.history, two.history, check_exact=True)
    assert torch.equal(_weights(one), _weights(two))
    assert not torch.equal(_weights(one), _weights(fit(SMALL, WINDOWS, seed=2)))
    assert one.seed == 1


def test_global_random_state_neither_matters_nor_changes():
    torch.manual_seed(7)
    state = torch.random.get_rng_state()
    one = fit(SMALL, WINDOWS, seed=1)
    assert torch.equal(torch.random.get_rng_state(), state)
    torch.manual_seed(8)
    assert torch.equal(_weights(one), _weights(fit(SMALL, WINDOWS, seed=1)))


def test_training_learns_a_pattern():
    """A sine is no random walk: a trained network must beat "tomorrow equals today" by far."""
    steps = np.arange(500)
    sine = pd.Series(100 + 50 * np.sin(steps / 3), pd.bdate_range("2016-01-04", periods=500))
    recipe = replace(PUBLISHED, hidden=(16,), epochs=40, l2=0.0, dropout=0.0, lr=0.01)
    windows = make_windows(sine, recipe, AS_PUBLISHED)
    forecast = windows.scaler.unscale(
        predict(fit(recipe, windows, seed=0).model, windows.test.inputs)
    )
    error = np.mean((forecast - windows.test.close) ** 2)
    persistence = np.mean((windows.test.previous - windows.test.close) ** 2)
    assert error < 0.05 * persistence


def test_history_records_every_epoch_and_the_best_weights_are_kept():
    recipe = replace(SMALL, epochs=30, lr=0.1, patience=None)
    fitted = fit(recipe, WINDOWS, seed=0)
    history = fitted.history
    assert list(history.index) == list(range(1, 31))
    assert fitted.best_epoch == history["val_loss"].idxmin()
    assert fitted.best_epoch < 30  # else "best" and "last" could not be told apart
    kept = np.mean((predict(fitted.model, WINDOWS.test.inputs) - WINDOWS.test.targets) ** 2)
    assert kept == history["val_loss"].min()
    assert (history["grad_norm_max"] >= history["grad_norm"]).all()
    assert (history["lr"].diff().dropna() <= 0).all()


def test_the_last_weights_may_be_scored():
    """Of the same run: its last validation loss, where the best would be the lowest."""
    recipe = replace(SMALL, lr=0.02, epochs=40, patience=None)
    best, last = (fit(replace(recipe, scored=which), WINDOWS, seed=0) for which in ("best", "last"))
    pd.testing.assert_frame_equal(best.history, last.history)
    assert last.best_epoch == best.best_epoch < 40
    kept = np.mean((predict(last.model, WINDOWS.test.inputs) - WINDOWS.test.targets) ** 2)
    assert kept == last.history["val_loss"].iloc[-1] > best.history["val_loss"].min()


def test_last_weights_that_are_not_finite_are_not_scored():
    recipe = replace(SMALL, scored="last", lr=1e38, clip_norm=None)
    fitted = fit(recipe, WINDOWS, seed=0)
    assert fitted.status == "failed"
    assert torch.isfinite(_weights(fitted)).all()


def test_penalty_is_l2_times_the_squared_norm_as_a_loop_would_print_it():
    """One batch an epoch, so the first penalty is that of the initial weights."""
    recipe = replace(SMALL, epochs=2, batch_size=1000)
    init_seed = int(np.random.SeedSequence(0).generate_state(3)[0])
    weights = build_model(recipe, init_seed, 0).parameters()
    expected = 0.01 * sum(p.square().sum().item() for p in weights)
    history = fit(recipe, WINDOWS, seed=0).history
    assert history["penalty"].iloc[0] == pytest.approx(expected)
    assert history["penalty"].iloc[1] < expected
    assert (fit(replace(recipe, l2=0.0), WINDOWS, seed=0).history["penalty"] == 0).all()


def test_threads_are_given_back():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        with one_thread():
            assert torch.get_num_threads() == 1
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


# --- one field, one effect -----------------------------------------------------------------------


def test_forecasts_are_made_with_dropout_off():
    fitted = fit(replace(SMALL, dropout=0.5, epochs=1), WINDOWS, seed=0)
    fitted.model.train()
    one, two = (predict(fitted.model, WINDOWS.test.inputs) for _ in range(2))
    np.testing.assert_array_equal(one, two)


def test_switching_dropout_off_leaves_initialisation_and_order_alone():
    """Else the ablation would compare two different runs, not two settings of one field."""
    first = [build_model(replace(SMALL, dropout=d), 0, 0).state_dict() for d in (0.0, 0.5)]
    assert all(torch.equal(first[0][name], first[1][name]) for name in first[0])
    # With the learning rate at nearly nothing, only dropout itself can tell the runs apart.
    still = replace(SMALL, lr=1e-12, dropout=0.0)
    tiny = replace(still, dropout=1e-9)
    histories = [fit(recipe, WINDOWS, seed=0).history for recipe in (still, tiny)]
    np.testing.assert_allclose(histories[0]["grad_norm"], histories[1]["grad_norm"], rtol=1e-5)


def test_clipping_bounds_what_reaches_the_optimiser(monkeypatch):
    seen = []

    class Spy(torch.optim.Adam):
        def step(self, closure=None):
            gradients = [p.grad for group in self.param_groups for p in group["params"]]
            seen.append(torch.stack([g.norm() for g in gradients]).norm().item())
            return super().step(closure)

    monkeypatch.setattr("paperlib.training.torch.optim.Adam", Spy)
    loose = fit(replace(SMALL, epochs=1, clip_norm=None), WINDOWS, seed=0).history
    unclipped, seen = max(seen), []
    tight = fit(replace(SMALL, epochs=1, clip_norm=unclipped / 4), WINDOWS, seed=0).history
    assert max(seen) <= unclipped / 4 * 1.001
    # The record is of the norm before clipping, so that one can see whether clipping acted.
    assert tight["grad_norm_max"].iloc[0] > unclipped / 4
    assert loose["grad_norm_max"].iloc[0] == pytest.approx(unclipped)
    assert loose["clipped_share"].iloc[0] == 0 < tight["clipped_share"].iloc[0]


def test_a_limit_that_is_never_reached_changes_nothing():
    """A run whose norm stays below the limit is the unclipped run: a chapter says so."""
    runs = [fit(replace(SMALL, clip_norm=limit), WINDOWS, seed=0) for limit in (1e6, None)]
    assert torch.equal(*map(_weights, runs))


def test_a_schedule_has_the_patience_and_the_factor_of_its_recipe():
    stuck = replace(SMALL, lr=1e-6, epochs=5, patience=None, lr_patience=2, lr_factor=0.1)
    lr = fit(stuck, WINDOWS, seed=0).history["lr"]
    np.testing.assert_allclose(lr, [1e-6] * 4 + [1e-7])


def test_the_schedule_is_told_every_choice_of_the_recipe(monkeypatch):
    told = {}
    original = ReduceLROnPlateau
    monkeypatch.setattr(
        "paperlib.training.ReduceLROnPlateau",
        lambda optimiser, **choices: told.update(choices) or original(optimiser, **choices),
    )
    choices = {"lr_factor": 0.3, "lr_patience": 7, "lr_threshold": 0.2}
    fit(replace(SMALL, epochs=1, **choices), WINDOWS, seed=0)
    assert told == {name.removeprefix("lr_"): value for name, value in choices.items()}


def test_plateau_schedule_halves_after_its_patience_and_not_without_it():
    # With so low a rate the validation loss never improves by 1 %. (Below 1e-8 PyTorch's
    # schedule ignores a cut.)
    stuck = replace(SMALL, lr=1e-6, epochs=15, patience=None)
    lr = fit(stuck, WINDOWS, seed=0).history["lr"]
    # The first epoch is the best; five more are waited for; the sixth triggers the cut.
    assert (lr.loc[:7] == 1e-6).all()
    assert (lr.loc[8:13] == 0.5e-6).all()
    assert lr.iloc[-1] == 0.25e-6
    assert (fit(replace(stuck, lr_factor=None), WINDOWS, seed=0).history["lr"] == 1e-6).all()


def test_schedule_and_stopping_watch_the_validation_loss():
    """Targets out of reach: training improves all the time, the validation loss never does."""
    far = replace(WINDOWS, validation=replace(WINDOWS.test, targets=WINDOWS.test.targets + 100))
    history = fit(replace(SMALL, epochs=9, patience=None), far, seed=0).history
    assert history["train_loss"].is_monotonic_decreasing
    assert history["lr"].iloc[-1] < history["lr"].iloc[0]


def test_clipped_means_above_the_limit():
    free = replace(SMALL, epochs=1, clip_norm=None)
    largest = fit(free, WINDOWS, seed=0).history["grad_norm_max"].iloc[0]
    just_reached = fit(replace(free, clip_norm=largest), WINDOWS, seed=0).history.iloc[0]
    assert (just_reached["grad_norm_max"], just_reached["clipped_share"]) == (largest, 0)


@pytest.mark.parametrize(
    ("losses", "best_epoch", "reason"),
    [
        ([0.3, 0.2, 0.2, 0.25], 2, ""),  # the first of equals
        ([0.3, np.nan], 1, "epoch 2: the validation loss is not finite"),
        ([np.nan], 0, "epoch 1: the validation loss is not finite"),
    ],
)
def test_the_best_epoch_is_the_first_with_the_lowest_validation_loss(losses, best_epoch, reason):
    watched = iter(losses)
    inputs = torch.tensor(WINDOWS.train.inputs.T).unsqueeze(2)
    found = train(
        SMALL,
        build_model(SMALL, init_seed=0, dropout_seed=0),
        (inputs, torch.tensor(WINDOWS.train.targets)),
        nn.functional.mse_loss,
        lambda: next(watched),
        shuffle_seed=0,
    )
    assert (found[0], found[2:]) == (best_epoch, ("failed" if reason else "ok", reason))
    assert found[1]["val_loss"].to_list() == pytest.approx(losses, nan_ok=True)


def test_a_run_that_diverges_late_has_failed_too(monkeypatch):
    original, calls = nn.functional.mse_loss, []
    steps = -(-len(WINDOWS.train.targets) // SMALL.batch_size)

    def breaks_in_epoch_two(*args):
        calls.append(1)
        return original(*args) * (float("nan") if len(calls) > steps else 1.0)

    monkeypatch.setattr(nn.functional, "mse_loss", breaks_in_epoch_two)
    fitted = fit(SMALL, WINDOWS, seed=0)
    assert (fitted.status, fitted.best_epoch) == ("failed", 1)
    assert fitted.reason == "epoch 2: the training loss is not finite"


def test_early_stopping_waits_its_patience_after_the_best_epoch():
    recipe = replace(SMALL, lr=0.02, epochs=200, patience=3)
    stopped = fit(recipe, WINDOWS, seed=0)
    assert len(stopped.history) == stopped.best_epoch + 3 < 200
    kept = np.mean((predict(stopped.model, WINDOWS.test.inputs) - WINDOWS.test.targets) ** 2)
    assert kept == stopped.history["val_loss"].min()  # the best weights, not the last
    longer = fit(replace(recipe, patience=None, epochs=len(stopped.history)), WINDOWS, seed=0)
    pd.testing.assert_frame_equal(stopped.history, longer.history)


def test_weight_decay_is_l2_in_the_gradient_and_l2_in_the_loss_is_twice_it():
    """d(λ‖θ‖²) = 2λθ, while weight decay adds λθ: λ in the loss equals decay of 2λ."""
    decayed = fit(replace(SMALL, l2=0.02, clip_norm=None), WINDOWS, seed=0)
    penalised = fit(replace(SMALL, l2=0.01, clip_norm=None, l2_form="loss"), WINDOWS, seed=0)
    np.testing.assert_allclose(
        decayed.history["train_loss"], penalised.history["train_loss"], rtol=1e-3
    )
    free = fit(replace(SMALL, l2=0.0, clip_norm=None), WINDOWS, seed=0)
    assert _weights(decayed).norm() < _weights(free).norm()
    # Clipping and its record see the penalty's gradient only where it is part of the loss.
    heavy = replace(SMALL, l2=0.5, clip_norm=None, epochs=1)
    norms = [
        fit(replace(heavy, l2_form=form), WINDOWS, seed=0).history["grad_norm_max"].iloc[0]
        for form in ("weight_decay", "loss")
    ]
    assert norms[0] == pytest.approx(free.history["grad_norm_max"].iloc[0], rel=0.05)
    assert norms[1] > 2 * norms[0]


def test_shuffling_changes_the_order_of_windows():
    runs = [fit(replace(SMALL, shuffle=s), WINDOWS, seed=0).history for s in (True, False)]
    assert not np.allclose(runs[0]["train_loss"], runs[1]["train_loss"], rtol=1e-6)


def test_batch_size_and_epochs_count_steps(monkeypatch):
    steps = []
    original = nn.utils.clip_grad_norm_
    monkeypatch.setattr(
        nn.utils, "clip_grad_norm_", lambda *a, **k: steps.append(1) or original(*a, **k)
    )
    fit(replace(SMALL, batch_size=100, epochs=2), WINDOWS, seed=0)
    assert len(WINDOWS.train.targets) == 312
    assert len(steps) == 2 * 4  # 312 windows are three batches of 100 and one of 12


def test_an_elman_network_trains_too():
    assert fit(replace(RNN, hidden=(8,), epochs=2), WINDOWS, seed=0).status == "ok"


# --- failure and storage -------------------------------------------------------------------------


def test_a_run_that_diverges_ends_failed_with_epoch_and_reason():
    diverging = replace(SMALL, lr=1e30, clip_norm=None, patience=None)
    fitted = fit(diverging, WINDOWS, seed=0)
    assert fitted.status == "failed"
    assert fitted.reason.startswith(f"epoch {len(fitted.history)}: ")
    assert fitted.reason.endswith("is not finite")
    assert np.isfinite(predict(fitted.model, WINDOWS.test.inputs)).all()  # the last good weights


def test_a_saved_fit_comes_back_whole(tmp_path):
    fitted = fit(SMALL, WINDOWS, seed=4)
    save_fit(fitted, tmp_path / "fit.pt")
    again = load_fit(tmp_path / "fit.pt")
    np.testing.assert_array_equal(
        predict(again.model, WINDOWS.test.inputs), predict(fitted.model, WINDOWS.test.inputs)
    )
    pd.testing.assert_frame_equal(again.history, fitted.history)
    assert (again.recipe, again.seed, again.best_epoch, again.status, again.reason) == (
        (fitted.recipe, fitted.seed, fitted.best_epoch, fitted.status, fitted.reason)
    )


def test_a_file_with_code_in_it_is_not_run(tmp_path):
    class Bomb:
        def __reduce__(self):
            return (pytest.fail, ("code from the file was run",))

    torch.save({"weights": Bomb(), "about": "{}"}, tmp_path / "fit.pt")
    with pytest.raises(Exception, match="[Ww]eights.only|Unsupported"):
        load_fit(tmp_path / "fit.pt")


@pytest.mark.parametrize(
    ("train_loss", "val_loss", "what"),
    [
        (np.nan, 1.0, "the training loss"),
        (np.inf, np.nan, "the training loss"),
        (1.0, np.nan, "the validation loss"),
        (1.0, 1.0, "the gradient norm"),
    ],
)
def test_what_diverged_first_is_named(train_loss, val_loss, what):
    assert _what_diverged(train_loss, val_loss) == what
