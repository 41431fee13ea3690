"""The store keeps the later of two entries, and the committed one is whole."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from paperlib.experiments import store
from paperlib.experiments.catalogue import BUNDLED_WINDOW, PAPER_WINDOW, grid
from paperlib.experiments.pieces import Piece
from paperlib.experiments.results import summarise_training
from paperlib.experiments.store import (
    fold,
    is_made,
    known_keys,
    load_evaluations,
    load_histories,
    load_horizons,
    load_runs,
    load_values,
    note_made,
)


def piece(seed: int, mape: float, losses: tuple[float, ...] = (0.5,)) -> Piece:
    """A run of as many epochs as there are losses."""
    row = {"dataset": "d", "recipe": "r", "protocol": "p", "seed": seed, "epochs": len(losses)}
    history = pd.DataFrame({"epoch": range(1, len(losses) + 1), "val_loss": losses})
    about = {"key": f"k{seed}", "test_mape_pct": mape, "arithmetic": "ours"}
    return Piece([row | about], {"history": history})


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty store."""
    monkeypatch.setattr(store, "RESULTS", tmp_path)
    return tmp_path


WANTED, OF = {"k0", "k1"}, {"d"}


def test_the_store_keeps_six_digits_and_the_later_of_two_pieces(folder):
    fold("runs.csv", [piece(0, 9.0, (0.1, 0.2))], WANTED, OF)
    fold("runs.csv", [piece(0, 1.23456789, (1 / 3,))], WANTED, OF)
    assert load_runs()["test_mape_pct"].tolist() == [1.23457]
    assert load_histories()["val_loss"].tolist() == [0.333333]  # no row of the longer run is left


def test_pieces_come_in_whatever_order_and_give_the_same_bytes(folder):
    one, two = piece(0, 1.0), piece(1, 2.0)
    two.rows[0]["order"] = "1 1 0"  # what only some kinds of runs have
    fold("runs.csv", [two, one], WANTED, OF)
    together = (folder / "runs.csv").read_bytes()
    for order in ([one, two], [two, one]):
        (folder / "runs.csv").unlink()
        for each in order:
            fold("runs.csv", [each], WANTED, OF)
        assert (folder / "runs.csv").read_bytes() == together
    assert sorted(path.name for path in folder.iterdir()) == ["histories-d.csv.gz", "runs.csv"]


def test_a_row_counts_if_its_arithmetic_and_its_history_do(folder):
    fold("runs.csv", [piece(0, 1.0, (0.3, 0.2)), piece(1, 2.0)], WANTED, OF)
    assert known_keys("runs.csv", "ours") == WANTED
    assert known_keys("runs.csv", "another") == set()
    rows = load_runs()
    rows.assign(arithmetic=[None, "ours"]).to_csv(folder / "runs.csv", index=False)
    assert known_keys("runs.csv", "ours") == WANTED  # from before it was noted
    assert known_keys("runs.csv", "another") == {"k0"}
    whole = load_histories()
    whole[1:].to_csv(folder / "histories-d.csv.gz", index=False)
    assert known_keys("runs.csv", "ours") == {"k1"}


def test_a_key_of_digits_alone_stays_text(folder):
    """Read as numbers, ``00123`` and ``12e3`` would be other keys."""
    for seed, key in enumerate(["0012345678901234", "12e4567890123456"]):
        made = piece(seed, 1.0)
        made.rows[0]["key"] = key
        made.rows[0]["arithmetic"] = "0123456789"
        fold("runs.csv", [made], {key, "0012345678901234"}, OF)
    assert known_keys("runs.csv", "0123456789") == {"0012345678901234", "12e4567890123456"}


def test_a_part_is_there_if_it_was_worked_out_of_the_same(folder):
    assert not is_made("scores", "d", "source", "ours")
    note_made("scores", "d", "source", "ours")
    note_made("scores", "e", "source", "ours")
    assert is_made("scores", "d", "source", "ours")
    for other in (("x", "d", "source", "ours"), ("scores", "f", "source", "ours"),
                  ("scores", "d", "x", "ours"), ("scores", "d", "source", "x")):  # fmt: skip
        assert not is_made(*other)
    note_made("scores", "d", "later", "ours")
    assert not is_made("scores", "d", "source", "ours")
    assert is_made("scores", "d", "later", "ours")
    assert is_made("scores", "e", "source", "ours")


def test_the_store_is_whole():
    stored = {tuple(row) for row in load_runs()[store.ID].itertuples(index=False)}
    assert stored == {
        (run.dataset, run.recipe_name, run.protocol.name, run.seed)
        for dataset in (BUNDLED_WINDOW, PAPER_WINDOW)
        for run in grid(dataset)
    }
    epochs = load_histories().groupby(store.ID).size()
    assert (epochs == load_runs().set_index(store.ID)["epochs"]).all()


def test_stored_runs_and_histories_agree():
    runs = load_runs().set_index(store.ID)
    summary = summarise_training(load_histories())
    for column in ("epochs", "grad_norm_max"):
        np.testing.assert_allclose(summary[column].astype(float), runs[column], rtol=1e-5)
    clipped = summary["clipped_steps"].astype(float)
    np.testing.assert_allclose(clipped, runs["clipped_share"], atol=1e-6)
    last = load_histories().groupby(store.ID)["lr"].last()
    np.testing.assert_allclose(last, runs["lr_final"], rtol=1e-5)
    # The store keeps six digits, in which two epochs may share the lowest loss.
    losses = load_histories().set_index([*store.ID, "epoch"])["val_loss"]
    best = runs.set_index("best_epoch", append=True).index
    lowest = losses.groupby(store.ID).min()
    np.testing.assert_array_equal(losses.loc[best], lowest.loc[runs.index])


def test_the_papers_window_gives_no_session_away():
    assert not list(store.RESULTS.glob(f"forecasts-{PAPER_WINDOW}*"))
    for table in (load_evaluations(), load_horizons(), load_values()):
        assert not {"session", "date"} & set(table)
