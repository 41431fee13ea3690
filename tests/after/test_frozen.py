"""The weights that are part of the book are those of the recipe, trained on the bundled tickers."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from paperlib.after import frozen
from paperlib.after.frozen import (
    FROZEN,
    bundled_series,
    frozen_tasks,
    keep_frozen,
    load_frozen,
    weights_file,
)
from paperlib.experiments.catalogue import SEEDS
from paperlib.experiments.density_runs import POOLED, windows_of
from paperlib.machine.files import Hindrance
from paperlib.prices.series import BUNDLED, load_prices
from paperlib.probabilistic.density_network import fit_density, negative_log_likelihood


@pytest.fixture(scope="module")
def networks():
    return load_frozen()


def test_all_seeds_are_there(networks):
    assert [network.seed for network in networks] == list(SEEDS)
    assert {network.recipe for network in networks} == {POOLED[FROZEN]}
    assert {network.status for network in networks} == {"ok"}
    assert frozen_tasks() == []


def test_every_bundled_session_trains():
    series = bundled_series()
    assert len(series) == len(BUNDLED)
    for ticker, of in zip(BUNDLED, series.values(), strict=True):
        assert of.train == len(of.returns) == len(load_prices(ticker)) - 1


def test_on_the_sessions_held_out_the_weights_have_the_loss_that_training_noted(networks):
    """So they were trained on these prices, and are those of the best epoch."""
    series = bundled_series().values()
    for network in networks[:3]:
        windows = [windows_of(network.recipe, of) for of in series]
        parts = [slice(of.fitted, of.train) for of in windows]
        x = np.concatenate([of.inputs[k] for of, k in zip(windows, parts, strict=True)])
        y = np.concatenate([of.targets[k] for of, k in zip(windows, parts, strict=True)])
        network.model.eval()
        with torch.inference_mode():
            outputs = network.model(torch.tensor(x.transpose(1, 0, 2).copy()))
            loss = float(negative_log_likelihood(outputs, torch.tensor(y)))
        noted = network.history["val_loss"]
        assert loss == pytest.approx(noted.min(), rel=1e-4)
        assert noted.idxmin() == network.best_epoch


@pytest.mark.slow
def test_one_network_is_trained_again_to_the_same_forecasts(networks):
    windows = [windows_of(POOLED[FROZEN], of) for of in bundled_series().values()]
    again = fit_density(POOLED[FROZEN], windows, seed=0)
    inputs = torch.tensor(windows[0].inputs[-50:].transpose(1, 0, 2).copy())
    with torch.inference_mode():
        made = [of.model.eval()(inputs) for of in (again, networks[0])]
    torch.testing.assert_close(*made, rtol=1e-4, atol=1e-4)


def test_weights_that_are_missing_are_trained_and_kept(monkeypatch, tmp_path):
    monkeypatch.setattr(frozen, "WEIGHTS", tmp_path / "weights")
    monkeypatch.setattr(frozen, "SEEDS", range(2))
    tasks = frozen_tasks()
    for task, content in zip(tasks, (b"zero", b"one"), strict=True):
        (tmp_path / f"{task.key}.pt").write_bytes(content)
    keep_frozen(tmp_path, tasks)
    assert [weights_file(seed).read_bytes() for seed in range(2)] == [b"zero", b"one"]
    assert frozen_tasks() == []


def test_without_the_files_it_says_how_to_get_them(monkeypatch, tmp_path):
    monkeypatch.setattr(frozen, "WEIGHTS", tmp_path)
    with pytest.raises(Hindrance, match=r"calendar-0\.pt is not there: git checkout data/weights"):
        load_frozen()
