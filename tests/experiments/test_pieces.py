"""A piece is read as it was written, whole or not at all."""

from __future__ import annotations

import errno
import io

import numpy as np
import pandas as pd
import pytest

from paperlib.experiments import pieces
from paperlib.experiments.pieces import Piece, failed, is_kept, keep, load
from paperlib.recipe import AS_PUBLISHED, PUBLISHED
from paperlib.training import fit, load_fit, save_fit
from paperlib.windows import make_windows

THIRD = 1 / 3  # has no short decimal


def test_what_is_read_is_what_was_written_to_the_bit(tmp_path):
    row = {"dataset": "d", "seed": 3, "x": THIRD, "nothing": np.nan, "big": np.inf, "text": "é"}
    history = pd.DataFrame({"epoch": [1, 2], "loss": [THIRD, np.nan]})
    arrays = {"paths": np.array([[THIRD]], np.float32), "for 2025": np.array([THIRD])}
    keep(tmp_path / "new", "key", Piece([row], {"history": history}, arrays))
    found = load(tmp_path / "new", "key")
    assert str(found.rows) == str([row])  # NaN is not equal to itself
    pd.testing.assert_frame_equal(found.tables["history"], history, check_exact=True)
    for name, array in arrays.items():
        np.testing.assert_array_equal(found.arrays[name], array)
        assert found.arrays[name].dtype == array.dtype


def test_its_weights_are_read_by_the_core(tmp_path):
    recipe = PUBLISHED.__class__(hidden=(4,), epochs=1, batch_size=256)
    close = pd.Series(np.linspace(90.0, 110.0, 300), pd.bdate_range("2016-01-04", periods=300))
    fitted = fit(recipe, make_windows(close, recipe, AS_PUBLISHED), seed=0)
    file = io.BytesIO()
    save_fit(fitted, file)
    keep(tmp_path, "key", Piece([], weights=file.getvalue()))
    found = load_fit(tmp_path / "key.pt")
    for name, tensor in fitted.model.state_dict().items():
        assert found.model.state_dict()[name].equal(tensor)


def test_it_counts_only_with_the_arrays_that_are_asked_for(tmp_path):
    assert not is_kept(tmp_path, "key")
    keep(tmp_path, "key", Piece([], arrays={"a": np.ones(1), "b": np.ones(1)}))
    assert is_kept(tmp_path, "key")
    assert is_kept(tmp_path, "key", ("b", "a"))
    assert not is_kept(tmp_path, "key", ("a", "c"))


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_one_whose_writing_was_cut_short_does_not_count(fails_at, tmp_path, monkeypatch):
    """On a full disk, whichever of its three files is the first without room."""
    calls, write = [], pieces.write

    def fill(path, content):
        calls.append(path)
        if len(calls) == fails_at:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        write(path, content)

    monkeypatch.setattr(pieces, "write", fill)
    with pytest.raises(OSError, match="No space left"):
        keep(tmp_path, "key", Piece([], arrays={"a": np.ones(1)}, weights=b"w"))
    assert not is_kept(tmp_path, "key")


def test_what_failed_is_a_row_that_says_why():
    (row,) = failed({"dataset": "d", "status": "ok"}, "no maximum").rows
    assert row == {"dataset": "d", "status": "failed", "reason": "no maximum"}
