"""A small store that several tests look at, computed once."""

from __future__ import annotations

import contextlib
import io
import shutil
from functools import partial

import pytest
import tinyworld
from filelock import FileLock
from madeupnetworks import DRAWN, MEMBERS, ONE

from paperlib import __main__ as program
from paperlib.experiments.density_scores import score_dataset
from paperlib.experiments.pieces import load


@pytest.fixture(scope="session")
def finished(tmp_path_factory, testrun_uid):
    """The folder of a complete store with its pieces, made in one process without a stop.

    Once a run of the tests, by the process that asks first. Beside the store it notes which runs
    were executed, in ``worked``, the keys of networks among them, in ``keys``, and what was told.
    """
    folder = tmp_path_factory.getbasetemp().parent / f"finished-{testrun_uid}"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            made, told = tmp_path_factory.mktemp("finished"), io.StringIO()
            with pytest.MonkeyPatch.context() as patched, contextlib.redirect_stdout(told):
                tinyworld.shrink(patched, made)
                worked = tinyworld.count_work(patched)
                assert program.complete(program.make_plan("paper.csv"), 1, None) == []
            (made / "told").write_bytes(told.getvalue().encode())
            (made / "worked").write_text("\n".join(map(repr, worked.elements())))
            (made / "keys").write_text("\n".join(tinyworld.keys_of(worked)))
            made.rename(folder)
    return folder


@pytest.fixture
def world(finished, tmp_path, monkeypatch):
    """A copy of that store in place of the committed one."""
    shutil.copytree(finished, tmp_path, dirs_exist_ok=True)
    tinyworld.shrink(monkeypatch, tmp_path)
    return tmp_path


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """An empty store in place of the committed one."""
    tinyworld.shrink(monkeypatch, tmp_path)
    return tmp_path


@pytest.fixture
def get(world):
    """What reads the pieces of the small store, by key."""
    (folder,) = (world / "pieces").glob("[!l]*")  # beside it lies the lock
    return partial(load, folder)


@pytest.fixture
def series(world):
    """The series of its density networks."""
    return program.load_density_series(tinyworld.WINDOWS)


@pytest.fixture(scope="session")
def scored():
    """Every model's scores of the test part, session by session."""
    return score_dataset(ONE, MEMBERS, DRAWN)
