"""A network that is read is the one that was trained, and is read only for what it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch

from paperlib.experiments import kept_fits
from paperlib.experiments.kept_fits import fit_key, fit_once
from paperlib.prices.series import load_prices
from paperlib.recipe import AS_PUBLISHED, PUBLISHED
from paperlib.training import fit, predict
from paperlib.windows import make_windows

TINY = replace(PUBLISHED, hidden=(4,), epochs=2, dropout=0.2)
CLOSE = load_prices()["close"].iloc[:300]
WINDOWS = make_windows(CLOSE, TINY, AS_PUBLISHED)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(kept_fits, "FITS", tmp_path / "fits")
    return tmp_path / "fits"


@pytest.mark.parametrize("call", ["first", "second"])
def test_either_way_the_result_is_that_of_training(call, monkeypatch):
    if call == "second":
        fit_once(TINY, WINDOWS, 3)
        monkeypatch.setattr(kept_fits, "fit", None)  # would fail if it were called
    found, trained = fit_once(TINY, WINDOWS, 3), fit(TINY, WINDOWS, 3)
    np.testing.assert_array_equal(
        predict(found.model, WINDOWS.test.inputs), predict(trained.model, WINDOWS.test.inputs)
    )
    pd.testing.assert_frame_equal(found.history, trained.history)
    assert (found.recipe, found.seed, found.best_epoch, found.status, found.reason) == (
        trained.recipe, trained.seed, trained.best_epoch, trained.status, trained.reason
    )  # fmt: skip


def test_both_calls_leave_dropout_in_the_same_state():
    """Else what a chapter draws would hang on whether another one has trained before."""
    first, second = (fit_once(TINY, WINDOWS, 0).model.train() for _ in range(2))
    x = torch.tensor(WINDOWS.test.inputs.T).unsqueeze(2)
    assert torch.equal(first(x), second(x))


def test_whatever_decides_the_weights_is_in_the_key(monkeypatch):
    key = fit_key(TINY, WINDOWS, 0)
    assert key == fit_key(TINY, WINDOWS, 0)
    dearer = make_windows(CLOSE * np.linspace(1, 1.01, 300), TINY, AS_PUBLISHED)
    others = {fit_key(replace(TINY, l2=0.0), WINDOWS, 0), fit_key(TINY, WINDOWS, 1)}
    others.add(fit_key(TINY, dearer, 0))
    monkeypatch.setattr(kept_fits, "_code", lambda: "another loop")
    others.add(fit_key(TINY, WINDOWS, 0))
    assert len(others - {key}) == 4


def test_a_failed_training_is_kept_with_its_reason():
    broken = replace(TINY, lr=1e30, clip_norm=None)
    assert fit(broken, WINDOWS, 0).status == "failed"
    for _ in range(2):
        found = fit_once(broken, WINDOWS, 0)
        assert (found.status, found.reason) == ("failed", fit(broken, WINDOWS, 0).reason)
