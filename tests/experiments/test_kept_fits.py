"""A network that is read is the one that was trained, and is read only for what it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch

from paperlib.experiments import kept_fits
from paperlib.experiments.kept_fits import chapter_fits, fit_key, fit_once, store_fits
from paperlib.machine.processor import is_pinned
from paperlib.paths import BUILD, DATA
from paperlib.prices.series import load_prices
from paperlib.recipe import AS_PUBLISHED, PUBLISHED
from paperlib.training import fit, load_fit, predict
from paperlib.windows import make_windows

TINY = replace(PUBLISHED, hidden=(4,), epochs=2, dropout=0.2)
CLOSE = load_prices()["close"].iloc[:300]
WINDOWS = make_windows(CLOSE, TINY, AS_PUBLISHED)
ASKED = list(enumerate(chapter_fits()))


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(kept_fits, "FITS", tmp_path / "fits")
    monkeypatch.setattr(kept_fits, "STORED", tmp_path / "stored")
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


def test_a_stored_network_is_read(folder, monkeypatch):
    fit_once(TINY, WINDOWS, 0)
    folder.rename(kept_fits.STORED)
    monkeypatch.setattr(kept_fits, "fit", None)  # would fail if it were called
    assert fit_once(TINY, WINDOWS, 0).recipe == TINY
    assert [path.name for path in folder.iterdir()] == [f"{fit_key(TINY, WINDOWS, 0)}.pt"]


@pytest.mark.parametrize("pinned", [True, False])
def test_what_chapters_ask_for_is_stored_and_nothing_else(pinned, monkeypatch):
    kept_fits.STORED.mkdir()
    (kept_fits.STORED / "stale.pt").touch()
    (kept_fits.STORED / "README.md").touch()
    monkeypatch.setattr(kept_fits, "is_pinned", lambda: pinned)
    monkeypatch.setattr(kept_fits, "chapter_fits", lambda: [(TINY, WINDOWS)])
    for _ in range(2):
        store_fits()
        found = {path.name for path in kept_fits.STORED.iterdir()}
        name = f"{fit_key(TINY, WINDOWS, 0)}.pt" if pinned else "stale.pt"
        assert found == {"README.md", name}


@pytest.mark.skipif(not is_pinned(), reason="this processor computes other bits")
def test_the_networks_of_the_chapters_are_stored():
    stored = {path.name for path in (DATA / "fits").glob("*.pt")}
    assert stored == {f"{fit_key(*asked, seed=0)}.pt" for asked in chapter_fits()}


@pytest.mark.skipif(not is_pinned(), reason="this processor computes other bits")
@pytest.mark.usefixtures("site")  # for which every chapter was executed
def test_no_stored_network_is_of_a_recipe_that_no_chapter_asks_for():
    asked = {path.name for path in (BUILD / "fits").glob("*.pt")}
    assert {path.name for path in (DATA / "fits").glob("*.pt")} <= asked


@pytest.mark.skipif(not is_pinned(), reason="this processor computes other bits")
@pytest.mark.parametrize(
    "number",
    [n if of.cell == "rnn" else pytest.param(n, marks=pytest.mark.slow) for n, (of, _) in ASKED],
)
def test_a_network_of_the_chapters_comes_out_again(number):
    recipe, windows = chapter_fits()[number]
    stored = load_fit(DATA / "fits" / f"{fit_key(recipe, windows, 0)}.pt")
    trained = fit(recipe, windows, 0)
    pd.testing.assert_frame_equal(stored.history, trained.history, check_exact=True)
    for name, weights in trained.model.state_dict().items():
        assert torch.equal(weights, stored.model.state_dict()[name])
