"""All results in small: complete, resumable, nothing twice, the same wherever they are computed."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
import tinyworld
from distributed import LocalCluster
from tinyworld import RECIPES, TINY, WALK, WINDOWS, results

from paperlib import __main__ as program
from paperlib.experiments import pieces, store, tasks
from paperlib.experiments.catalogue import BUNDLED_WINDOW
from paperlib.experiments.engine import compute
from paperlib.experiments.store import (
    load_histories,
    load_over_sessions,
    load_parts,
    load_runs,
    load_trials,
    select,
)
from paperlib.machine.files import one_at_a_time
from paperlib.paths import ROOT

LATER = ("readings.csv.gz", "elsewhere.csv.gz", "folds.csv")
PARTS = {"evaluation", "intervals", "sessions", "distributions"}


@pytest.fixture
def worked(monkeypatch):
    """How often each run is executed, by its arguments' names."""
    return tinyworld.count_work(monkeypatch)


def finish(paper_file: str | None = "paper.csv", jobs: int = 1, scheduler: str | None = None):
    """Make everything that is missing; the plan that it began with."""
    made = program.make_plan(paper_file)
    pending, parts = set(made.pending), {(part.name, part.dataset) for part in made.parts}
    assert program.complete(made, jobs, scheduler) == []
    return pending, parts


# --- everything, once ----------------------------------------------------------------------------


def test_every_table_is_there_for_every_window(world):
    assert len(load_runs()) == 2 * len(tinyworld.tiny_grid(BUNDLED_WINDOW))
    assert set(load_trials()["dataset"]) == {*WINDOWS, WALK}
    made = pd.read_csv(store.RESULTS / "parts.csv")
    assert set(map(tuple, made[["part", "dataset"]].to_numpy())) == {
        (part, window) for part in PARTS for window in WINDOWS
    }
    readings = pd.read_csv(store.RESULTS / "readings.csv.gz")
    assert list(readings["recipe"]) == ["published, zero biases"]  # the other one is in runs.csv
    elsewhere = pd.read_csv(store.RESULTS / "elsewhere.csv.gz")
    assert list(elsewhere["recipe"]) == ["arima", "arima_30", "arima_path", "published", "rnn"]
    for name in ("runs.csv", "trials.csv", "density_runs.csv", *LATER):
        rows = pd.read_csv(store.RESULTS / name)
        assert (rows["status"] == "ok").all()
        assert rows["arithmetic"].nunique() == 1


def test_comparisons_over_sessions_are_of_the_stored_runs(world):
    """Their points, from the runs' own errors; what each is held over, in either window."""
    runs = load_runs().assign(mse=lambda table: table["test_rmse_usd"] ** 2)
    mean = runs.groupby(["dataset", "recipe", "protocol"])["mse"].mean()
    found = load_over_sessions().set_index(["dataset", "reading", "recipe", "over"])
    assert len(found) == len(WINDOWS) * 3
    for window in WINDOWS:
        published, rnn = (mean[window, name, "as_published"] for name in ("published", "rnn"))
        arima = select(load_trials(), dataset=window, recipe="arima")["test_rmse_usd"].iloc[0] ** 2
        ratio = found.loc[window, "decay 0.01"]["ratio"]
        assert ratio["rnn", "published"] == pytest.approx(rnn / published, rel=1e-4)
        assert ratio["arima", "published"] == pytest.approx(arima / published, rel=1e-4)
        assert ratio["arima", "rnn"] == pytest.approx(arima / rnn, rel=1e-4)


def test_a_second_call_finds_everything_and_changes_no_byte(world):
    before = {path.name: path.read_bytes() for path in store.RESULTS.iterdir()}
    assert finish() == (set(), set())
    assert {path.name: path.read_bytes() for path in store.RESULTS.iterdir()} == before


def test_without_the_file_of_the_papers_window_its_rows_stay(world):
    before = {path.name: path.read_bytes() for path in store.RESULTS.iterdir()}
    assert finish(None) == (set(), set())
    assert {path.name: path.read_bytes() for path in store.RESULTS.iterdir()} == before


def test_a_run_is_trained_once_and_the_time_that_is_left_is_of_everything(finished):
    """Of one key are a run of the grid, a reading, a leak's arm, what is evaluated and drawn."""
    worked, keys = ((finished / name).read_text().splitlines() for name in ("worked", "keys"))
    assert len(set(worked)) == len(worked)
    assert len(set(keys)) == len(keys) > 30
    told, n = (finished / "told").read_bytes().decode(), len(worked)
    assert f"To make: {n} pieces, {2 * len(PARTS)} parts of the tables.\n" in told
    for part, dataset in product(PARTS, WINDOWS):
        assert told.count(f"\nWorking out the {part} of {dataset}.\n") == 1
    found = re.findall(rf"\r(\d+) of {n} pieces, [\d.]+ min, ([\d.]+) min left ", told)
    assert [int(done) for done, _ in found] == list(range(1, n + 1))
    assert found[-1][1] == "0.0"


def test_the_tables_are_the_same_to_the_byte_if_a_cluster_computes_them(finished, world):
    """A third of all runs are made again there, and a part, without any kept piece."""
    shutil.rmtree(world / "pieces")
    again = ("distributions", BUNDLED_WINDOW)
    made = load_parts()
    lost = [pair == again for pair in zip(made["part"], made["dataset"], strict=True)]
    made[~np.array(lost)].to_csv(store.RESULTS / "parts.csv", index=False)
    for name in ("runs.csv", "trials.csv", "density_runs.csv", *LATER):
        rows = pd.read_csv(store.RESULTS / name)
        gone = rows["key"].isin(rows["key"].unique()[::3])
        rows[~gone].to_csv(store.RESULTS / name, index=False)
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as cluster:
        pending, parts = finish(scheduler=cluster.scheduler_address)
    assert len(pending) > 20
    assert parts == {again}
    assert results(world) == results(finished)


# --- stopped and gone on with --------------------------------------------------------------------


def stop_after(monkeypatch, n: int) -> None:
    """Have the computation stopped when it has told of n pieces."""

    def stopped(*arguments):
        for done, finished in enumerate(compute(*arguments), start=1):
            yield finished
            if done == n:
                raise KeyboardInterrupt

    monkeypatch.setattr(program, "compute", stopped)


def test_stops_lose_nothing_and_the_tables_come_out_the_same(finished, empty, worked, monkeypatch):
    """The second one loses the pieces, too, as on a new machine: rows are committed, these not.

    What is left then is made in two processes, where nothing counts the work, but the bytes tell.
    """
    for n in (13, 20):
        with monkeypatch.context() as patched:
            stop_after(patched, n)
            with pytest.raises(KeyboardInterrupt):
                finish()
    assert sum(worked.values()) == 33
    assert set(worked.values()) == {1}
    (empty / "pieces").rename(empty / "lost")
    made = pd.read_csv(store.RESULTS / "parts.csv")
    assert len(load_runs()) + len(load_trials()) > 15
    pending, parts = finish(jobs=2)
    assert len(pending) < 72 - 5  # only what a part reads of pieces is made once more
    assert len(parts) == 2 * len(PARTS) - len(made)
    assert results(empty) == results(finished)


# --- what is out of date -------------------------------------------------------------------------


def test_only_what_hangs_on_a_change_is_made_again(world, monkeypatch):
    kept = select(load_runs(), recipe="rnn")
    monkeypatch.setitem(RECIPES, "lookback_60", replace(TINY, lookback=60, lr=0.002))
    pending, parts = finish()
    assert len(pending) == 4  # two seeds on two windows
    assert parts == {("evaluation", window) for window in WINDOWS}  # which looks at these rows
    assert len(load_runs()) == 20
    pd.testing.assert_frame_equal(select(load_runs(), recipe="rnn"), kept)


def test_a_program_that_trains_other_bits_makes_everything_again(world, monkeypatch):
    """Its reference fits tell: no key of a run does. Here the program was but told so."""
    before = results(world)
    monkeypatch.setattr(program, "hash_references", lambda: pd.Series({"a": "b"}))
    everything = set(program.make_plan(None).tasks)
    pending, parts = finish(None)
    assert (pending, len(parts)) == (everything, len(PARTS))
    assert select(load_runs(), dataset=BUNDLED_WINDOW)["arithmetic"].nunique() == 1
    assert load_runs()["arithmetic"].nunique() == 2  # the other window's prices were not at hand
    assert results(world)["evaluations.csv"] == before["evaluations.csv"]


def test_a_run_whose_history_is_not_whole_is_made_again(world):
    whole = load_histories()
    name = f"histories-{BUNDLED_WINDOW}.csv.gz"
    select(whole, dataset=BUNDLED_WINDOW)[1:].to_csv(store.RESULTS / name, index=False)
    pending, parts = finish()
    assert (pending, parts) == (set(), set())  # it is still kept as a piece, so folded again
    pd.testing.assert_frame_equal(load_histories(), whole)


def test_a_part_that_is_missing_is_worked_out_of_kept_pieces(world, worked, finished):
    table = load_parts()
    table[table["part"] != "evaluation"].to_csv(store.RESULTS / "parts.csv", index=False)
    (store.RESULTS / "tiers.csv").unlink()
    pending, parts = finish()
    assert (pending, not worked) == (set(), True)
    assert parts == {(part, w) for part in ("evaluation", "distributions") for w in WINDOWS}
    assert results(world) == results(finished)


def test_rows_without_a_place_in_the_grid_go_and_those_of_other_series_stay(world):
    stored = load_trials()
    stray = stored.iloc[:1].assign(recipe="gone", key="x")
    elsewhere = stored.iloc[:1].assign(dataset="two", key="y")
    pd.concat([stored, stray, elsewhere]).to_csv(store.RESULTS / "trials.csv", index=False)
    finish()
    assert set(load_trials()["dataset"]) == {*WINDOWS, WALK, "two"}
    assert "gone" not in set(load_trials()["recipe"])


# --- what fails ----------------------------------------------------------------------------------


def test_a_piece_that_fails_is_named_and_everything_else_is_made(world, monkeypatch):
    of = tasks.execute_arima

    def fail(run, prices):
        if run.dataset == WALK:
            raise RuntimeError("no such thing")
        return of(run, prices)

    stored = load_trials()
    lost = (stored["dataset"] == WALK) | (stored["recipe"] == "published")
    stored[~lost].to_csv(store.RESULTS / "trials.csv", index=False)
    shutil.rmtree(world / "pieces")
    with monkeypatch.context() as patched:
        patched.setattr(tasks, "execute_arima", fail)
        (problem,) = program.complete(program.make_plan("paper.csv"), 1, None)
    assert problem == f"ARIMA on {WALK}: RuntimeError: no such thing"
    assert len(load_trials()) == len(stored) - 3
    pending, parts = finish()
    assert (len(pending), parts) == (1, set())
    assert len(load_trials()) == len(stored)


def test_a_part_that_fails_is_named_and_the_others_are_made(world, monkeypatch):
    (store.RESULTS / "parts.csv").unlink()

    def fail(*_):
        raise KeyError("decay 0.01")

    with monkeypatch.context() as patched:
        patched.setattr("paperlib.claims.parts.compare_over_sessions", fail)
        problems = program.complete(program.make_plan(None), 1, None)
    assert problems == [f"sessions of {BUNDLED_WINDOW}: KeyError: 'decay 0.01'"]
    assert set(load_parts()["part"]) == PARTS - {"sessions"}
    assert finish(None) == (set(), {("sessions", BUNDLED_WINDOW)})


# --- the command ---------------------------------------------------------------------------------


def run_program(folder, **variables) -> subprocess.CompletedProcess[str]:
    """Call it as make results does, on a copy of the package with an empty store."""
    code = (
        "import sys, pathlib\n"
        "from paperlib import __main__ as program\n"
        f"program.PIECES = pathlib.Path({str(folder)!r})\n"
        "program.main()\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_second_make_results_is_sent_away(tmp_path):
    with one_at_a_time(tmp_path, "make results"):
        done = run_program(tmp_path)
    assert done.returncode == 1
    assert done.stderr == (
        "error: another make results is at work in this folder: wait until it has ended.\n"
    )


def test_a_file_of_other_prices_is_told_in_one_sentence(tmp_path):
    done = run_program(tmp_path, PRICES="AAPL")
    assert done.returncode == 1
    assert re.fullmatch(r"error: AAPL: not Netflix's closes to the cent .*\n", done.stderr)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "No space left on device. Free some space, and run it again: what had"),
        (errno.EROFS, "Read-only file system. Let this folder be written, and run it again"),
    ],
)
def test_a_disk_that_takes_no_more_is_told_in_one_sentence(number, sentence, world, monkeypatch):
    """Whether a piece is written or a table, and nothing that was there is lost."""
    shutil.rmtree(world / "pieces")
    table = load_trials()
    table[table["dataset"] != WALK].to_csv(store.RESULTS / "trials.csv", index=False)
    before = {path.name: path.read_bytes() for path in store.RESULTS.iterdir()}

    def refuse(path, content):
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(program.joblib, "cpu_count", lambda: 1)
    for module in (pieces, store):
        with monkeypatch.context() as patched, pytest.raises(SystemExit) as ended:
            patched.setattr(module, "write", refuse)
            program.main()
        assert ended.value.code.startswith("error: ")
        assert sentence in ended.value.code
        assert "\n" not in ended.value.code
        assert {path.name: path.read_bytes() for path in store.RESULTS.iterdir()} == before
    program.main()
    assert len(load_trials()) == len(table)
