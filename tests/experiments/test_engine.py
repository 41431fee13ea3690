"""Pieces are made once, on processes or a cluster, whatever is killed on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from distributed import LocalCluster
from enginework import die, done_in, fail, tasks, work, workers_in

from paperlib.experiments import engine
from paperlib.experiments.engine import Task, compute
from paperlib.experiments.pieces import is_kept, load
from paperlib.machine.files import Hindrance
from paperlib.paths import ROOT


@pytest.fixture(scope="module")
def cluster():
    """Two Dask workers, each a process, behind a scheduler on this machine alone."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as made:
        yield made.scheduler_address


@pytest.fixture(params=["here", "processes", "cluster"])
def place(request):
    """Where it is computed: the arguments of compute."""
    if request.param == "cluster":
        return {"jobs": 1, "scheduler": request.getfixturevalue("cluster")}
    return {"jobs": 2 if request.param == "processes" else 1}


def keys(finished) -> set[str]:
    return {done.task.key for done in finished}


def is_alive(pid: int) -> bool:
    """Tell whether a process is at work; one that has ended and was not asked for is not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"


def wait_until_gone(pids: set[int]) -> set[int]:
    """Give processes a minute to end; who is alive then."""
    for _ in range(600):
        if not any(map(is_alive, pids)):
            return set()
        time.sleep(0.1)
    return {pid for pid in pids if is_alive(pid)}


# --- what is made --------------------------------------------------------------------------------


def test_every_piece_is_made_and_none_twice(place, tmp_path):
    log, folder = tmp_path / "log", tmp_path / "pieces"
    assert keys(compute(tasks(5, log), folder, **place)) == {f"k{i}" for i in range(5)}
    assert keys(compute(tasks(6, log), folder, **place)) == {"k5"}
    assert sorted(done_in(log)) == [0, 1, 2, 3, 4, 5]
    for number in range(6):
        found, expected = load(folder, f"k{number}"), work(number, tmp_path / "other log")
        assert found.rows == expected.rows
        np.testing.assert_array_equal(found.arrays["draws"], expected.arrays["draws"])


def test_a_piece_is_kept_before_it_is_told_of(place, tmp_path):
    finished = compute(tasks(5, tmp_path / "log"), tmp_path, **place)
    first = next(finished)
    assert is_kept(tmp_path, first.task.key)
    finished.close()  # as when the caller is stopped
    assert first.task.key not in keys(compute(tasks(5, tmp_path / "log"), tmp_path, **place))


@pytest.mark.parametrize("stop", ["closed", "killed"])
def test_what_is_finished_is_kept_while_the_caller_is_busy(stop, tmp_path):
    """As when it works out a part of the tables for minutes, and is stopped then."""
    log = tmp_path / "log"
    if stop == "closed":
        finished = compute(tasks(6, log), tmp_path, jobs=2)
        next(finished)
        wait_until_kept(tmp_path, 6)
        finished.close()
    else:
        busy = PROGRAM.replace("print(done.task.key, flush=True)", "__import__('time').sleep(600)")
        with start(tmp_path, 12, busy) as program:
            wait_until_kept(tmp_path, 12)
            program.kill()
    assert len(set(done_in(log))) == len(done_in(log))


def wait_until_kept(folder: Path, n: int) -> None:
    """Wait, a minute at most, until so many pieces are kept."""
    for _ in range(600):
        if len(list(folder.glob("*.json"))) == n:
            return
        time.sleep(0.1)
    pytest.fail("pieces were worked on and not kept")


def test_a_piece_that_lacks_an_array_is_made_again(tmp_path):
    log = tmp_path / "log"
    list(compute(tasks(1, log), tmp_path, jobs=1))
    wanted = tasks(1, log)[0]._replace(arrays=("draws",))
    assert list(compute([wanted], tmp_path, jobs=1)) == []
    assert keys(compute([wanted._replace(arrays=("other",))], tmp_path, jobs=1)) == {"k0"}


def test_an_error_is_told_and_stops_no_other_task(place, tmp_path):
    bad = Task("bad", "bad", partial(fail, 7, tmp_path / "log"), 1.0)
    finished = list(compute([bad, *tasks(3, tmp_path / "log")], tmp_path, **place))
    problems = {done.task.key: done.problem for done in finished}
    assert problems == {"bad": "ZeroDivisionError: number 7", "k0": "", "k1": "", "k2": ""}
    assert not is_kept(tmp_path, "bad")


# --- what is killed ------------------------------------------------------------------------------


def test_a_killed_process_loses_nothing_that_had_finished(tmp_path):
    killer = Task("killer", "killer", partial(die, tmp_path / "once"), 1.0)
    log = tmp_path / "log"
    first, rest = tasks(1, log), tasks(4, log)[1:]
    with pytest.raises(Hindrance, match="killed, as when memory is full. What had finished is"):
        list(compute([*first, killer, *rest], tmp_path, jobs=2))
    kept = {key for key in ("k0", "k1", "k2", "k3", "killer") if is_kept(tmp_path, key)}
    assert keys(compute([*first, killer, *rest], tmp_path, jobs=2)) == (
        {"k0", "k1", "k2", "k3", "killer"} - kept
    )


def test_a_cluster_gives_the_work_of_a_killed_worker_to_another(cluster, tmp_path):
    killer = Task("killer", "killer", partial(die, tmp_path / "once"), 1.0)
    finished = list(compute([killer, *tasks(3, tmp_path / "log")], tmp_path, 1, cluster))
    assert {done.task.key: done.problem for done in finished} == dict.fromkeys(
        ["killer", "k0", "k1", "k2"], ""
    )


PROGRAM = """
import sys
sys.path.insert(0, "tests")
from pathlib import Path
from enginework import tasks
from paperlib.experiments.engine import compute
folder, quick = Path(sys.argv[1]), int(sys.argv[2])
wanted = [*tasks(quick, folder / "log"), *tasks(12, folder / "log", pause=600)[quick:]]
for done in compute(wanted, folder, jobs=2):
    print(done.task.key, flush=True)
"""


def start(folder: Path, quick: int, code: str = PROGRAM) -> subprocess.Popen[str]:
    """Compute twelve pieces in a program of its own: it sleeps for long over all but the first."""
    command = [sys.executable, "-c", code, str(folder), str(quick)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True)


def test_kills_lose_nothing_and_leave_nobody(tmp_path):
    """SIGKILL after one, and after five more are told of, while others are worked on."""
    for before, after in pairwise([0, 1, 6]):
        with start(tmp_path, after) as program:
            told = {program.stdout.readline().strip() for _ in range(before, after)}
            program.kill()
        assert told == {f"k{i}" for i in range(before, after)}
        assert all(is_kept(tmp_path, f"k{i}") for i in range(after))
    log = tmp_path / "log"
    assert wait_until_gone(workers_in(log)) == set()
    log.unlink()
    with start(tmp_path, 12) as program:
        told = set(program.stdout.read().split())
    assert told == {f"k{i}" for i in range(6, 12)}
    assert {f"k{i}" for i in done_in(log)} == told  # what was kept was not worked on again


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_leaves_no_process_behind(how, tmp_path):
    with start(tmp_path, 3) as program:
        first = program.stdout.readline().strip()
        os.kill(program.pid, how)
    assert is_kept(tmp_path, first)
    assert wait_until_gone(workers_in(tmp_path / "log")) == set()


# --- a cluster that is not there -----------------------------------------------------------------

SCHEDULER = """
import sys
sys.path.insert(0, "tests")
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as made:
        print(made.scheduler_address, flush=True)
        sys.stdin.read()
"""


def test_a_scheduler_that_goes_away_is_told_in_one_sentence(tmp_path):
    script = tmp_path / "scheduler.py"
    script.write_text(SCHEDULER)
    pipe = subprocess.PIPE
    command = [sys.executable, str(script)]
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as scheduler:
        address = scheduler.stdout.readline().strip()
        finished = compute(tasks(50, tmp_path / "log", pause=2), tmp_path, 1, address)
        first = next(finished)
        scheduler.kill()
        with pytest.raises(Hindrance, match=rf"^{address}: no Dask scheduler with workers answers"):
            list(finished)
    assert is_kept(tmp_path, first.task.key)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "no address", "http://127.0.0.1:9"])
def test_no_scheduler_is_told_in_one_sentence(address, tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "PATIENCE", 1)
    with pytest.raises(Hindrance, match=rf"^{address}: no Dask scheduler with workers answers"):
        list(compute(tasks(1, tmp_path / "log"), tmp_path, 1, address))
