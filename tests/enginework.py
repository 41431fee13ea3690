"""Tasks for the engine's tests: quick, and telling which process did what."""

from __future__ import annotations

import os
import signal
import time
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from paperlib.experiments.engine import Task
from paperlib.experiments.pieces import Piece


def work(number: int, log: Path, pause: float = 0.0) -> Piece:
    """Note that this process made a piece of this number, and make it."""
    with log.open("a") as file:
        file.write(f"{number} {os.getpid()}\n")
    time.sleep(pause)
    draws = np.random.default_rng(number).normal(size=5)
    history = pd.DataFrame({"epoch": [1, 2], "loss": draws[:2]})
    return Piece([{"seed": number, "x": float(draws[0])}], {"history": history}, {"draws": draws})


def fail(number: int, log: Path) -> Piece:
    """Be unable to make a piece."""
    raise ZeroDivisionError(f"number {number}")


def die(once: Path) -> Piece:
    """Kill the process that makes this piece, the first time."""
    if not once.exists():
        once.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return Piece([{"seed": -1}])


def tasks(n: int, log: Path, pause: float = 0.0) -> list[Task]:
    """List tasks of the numbers 0 to n - 1."""
    return [Task(f"k{i}", f"number {i}", partial(work, i, log, pause), 1.0) for i in range(n)]


def done_in(log: Path) -> list[int]:
    """Read which numbers were worked on, in order."""
    return [int(line.split()[0]) for line in log.read_text().splitlines()] if log.exists() else []


def workers_in(log: Path) -> set[int]:
    """Read which processes worked."""
    return {int(line.split()[1]) for line in log.read_text().splitlines()}
