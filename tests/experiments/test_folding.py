"""Finished pieces come into the tables, in whatever order, and rows tell whether they count."""

from __future__ import annotations

import pandas as pd
import pytest

from paperlib.experiments import store
from paperlib.experiments.folding import fold, is_made, note_made, stored_arithmetics
from paperlib.experiments.pieces import Piece
from paperlib.experiments.store import load_histories, load_runs


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


def test_a_table_keeps_six_digits_and_the_later_of_two_pieces(folder):
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


def test_a_row_tells_its_arithmetic_and_counts_if_its_history_is_whole(folder):
    fold("runs.csv", [piece(0, 1.0, (0.3, 0.2)), piece(1, 2.0)], WANTED, OF)
    assert stored_arithmetics("runs.csv") == {"k0": "ours", "k1": "ours"}
    whole = load_histories()
    whole[1:].to_csv(folder / "histories-d.csv.gz", index=False)
    assert stored_arithmetics("runs.csv") == {"k1": "ours"}


def test_a_key_of_digits_alone_stays_text(folder):
    """Read as numbers, ``00123`` and ``12e3`` would be other keys."""
    for seed, key in enumerate(["0012345678901234", "12e4567890123456"]):
        made = piece(seed, 1.0)
        made.rows[0]["key"] = key
        made.rows[0]["arithmetic"] = "0123456789"
        fold("runs.csv", [made], {key, "0012345678901234"}, OF)
    assert stored_arithmetics("runs.csv") == dict.fromkeys(
        ["0012345678901234", "12e4567890123456"], "0123456789"
    )


def test_a_part_is_there_if_it_was_worked_out_of_the_same_and_its_files_are(folder):
    assert not is_made("sessions", "d", "source", "ours")
    note_made("sessions", "d", "source", "ours")
    assert not is_made("sessions", "d", "source", "ours")
    (folder / "over_sessions.csv").touch()
    note_made("sessions", "e", "source", "ours")
    assert is_made("sessions", "d", "source", "ours")
    for other in (("intervals", "d", "source", "ours"), ("sessions", "f", "source", "ours"),
                  ("sessions", "d", "x", "ours"), ("sessions", "d", "source", "x")):  # fmt: skip
        assert not is_made(*other)
    note_made("sessions", "d", "later", "ours")
    assert not is_made("sessions", "d", "source", "ours")
    assert is_made("sessions", "d", "later", "ours")
    assert is_made("sessions", "e", "source", "ours")
