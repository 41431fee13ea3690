"""The one loop that all results are made in: on the cores of this machine, or on a Dask cluster.

A task is anything with a key and a function that makes its piece. A process of this machine writes
its piece itself, as soon as that is finished, whatever the caller is busy with; a cluster's comes
back to the caller, who writes it. So a stop at any moment loses only what was under way.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import joblib
from joblib.externals.loky import get_reusable_executor
from joblib.externals.loky.process_executor import TerminatedWorkerError
from threadpoolctl import threadpool_limits

from paperlib.experiments.pieces import Piece, is_kept, keep
from paperlib.machine.files import Hindrance
from paperlib.training import one_thread

PATIENCE = 10  # seconds until a scheduler must answer


class Task(NamedTuple):
    """One piece to make."""

    key: str
    name: str  # for people
    make: Callable[[], Piece]
    seconds: float  # about what it takes on one core
    table: str = ""  # of the store, for its rows; none if empty
    arrays: tuple[str, ...] = ()  # that its piece must hold


class Done(NamedTuple):
    """A task that has ended, well or not."""

    task: Task
    problem: str  # empty if its piece is kept


def compute(
    tasks: Iterable[Task], folder: Path, jobs: int, scheduler: str | None = None
) -> Iterator[Done]:
    """Make the pieces that a folder lacks; each is kept before it is told of.

    Args:
        tasks: no two of one key.
        folder: of the pieces, which are not made again.
        jobs: processes on this machine.
        scheduler: address of a Dask scheduler, whose workers take the place of these processes.

    Raises:
        Hindrance: if no scheduler answers, it goes away, or a process of this machine is killed.
    """
    missing = {t.key: t for t in tasks if not is_kept(folder, t.key, t.arrays)}
    if not missing:
        return
    with _workers(jobs, scheduler):
        parallel = joblib.Parallel(return_as="generator_unordered", batch_size=1)
        at = None if scheduler else (folder, os.getpid())
        calls = (joblib.delayed(_work)(t.key, t.make, at) for t in missing.values())
        with closing(parallel(calls)) as finished:
            for key, piece, problem in finished:
                if piece is not None:
                    keep(folder, key, piece)
                yield Done(missing[key], problem)


def _workers(jobs: int, scheduler: str | None) -> AbstractContextManager[None]:
    """Say where joblib computes."""
    return _processes(jobs) if scheduler is None else _cluster(scheduler)


@contextmanager
def _processes(jobs: int) -> Iterator[None]:
    """Have joblib compute in processes of this machine, and end them afterwards."""
    try:
        with joblib.parallel_config("loky", n_jobs=jobs):
            yield
    except TerminatedWorkerError as problem:
        raise Hindrance(
            "a process that computed was killed, as when memory is full. What had finished is "
            "kept: run it again."
        ) from problem
    finally:
        get_reusable_executor().shutdown(wait=True, kill_workers=True)


@contextmanager
def _cluster(scheduler: str) -> Iterator[None]:
    """Have joblib compute on the workers of a Dask scheduler."""
    from distributed import Client, KilledWorker  # not before: few have a cluster

    # What goes wrong is told in one sentence, not in its tracebacks.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    gone = f"{scheduler}: no Dask scheduler with workers answers there. What had finished is kept."
    try:
        _knock(scheduler)
        client = Client(scheduler, timeout=PATIENCE)
    except (OSError, ValueError) as problem:
        raise Hindrance(gone) from problem
    try:
        with client, joblib.parallel_config("dask"):
            yield
    except (CancelledError, TimeoutError) as problem:
        raise Hindrance(gone) from problem
    except KilledWorker as problem:
        raise Hindrance(
            f"{scheduler}: a task killed its workers time and again, as when memory is full. What "
            "had finished is kept: run it again."
        ) from problem


def _knock(scheduler: str) -> None:
    """See that something listens: a client's own loop may fail to start on a busy machine.

    Raises:
        OSError: if nothing does.
        ValueError: if the address has no port or no scheme.
    """
    from distributed.comm import parse_address, parse_host_port

    address = parse_host_port(parse_address(scheduler, strict=True)[1])
    socket.create_connection(address, PATIENCE).close()


@contextmanager
def on_one_thread() -> Iterator[None]:
    """Compute on one thread, also in what numpy and scipy call: sums then have one order."""
    with threadpool_limits(1), one_thread():
        yield


def _work(
    key: str, make: Callable[[], Piece], at: tuple[Path, int] | None
) -> tuple[str, Piece | None, str]:
    """Make a piece in a process of its own; an error is told, and stops no other task.

    Args:
        key: of the piece.
        make: makes it.
        at: where to keep it, and the process that called; ``None`` on a cluster, which returns it.
    """
    if at is not None and at[1] != os.getpid():  # with one job, the caller itself works
        _end_with(at[1])
    try:
        with on_one_thread():
            piece = make()
    except Exception as problem:  # whatever it is: hours of other work must not hang on it
        return key, None, f"{type(problem).__name__}: {problem}"
    if at is None:
        return key, piece, ""
    keep(at[0], key, piece)
    return key, None, ""


def _end_with(caller: int) -> None:
    """End this process when its caller has: one that was killed could not end it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the caller ends the rest
    if "watch" in (thread.name for thread in threading.enumerate()):
        return

    def watch() -> None:
        """Look once a second."""
        while os.getppid() == caller:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, name="watch", daemon=True).start()
