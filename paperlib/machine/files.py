"""Read settings; write files whole or not at all, one process at a time, and say what hinders."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from filelock import FileLock, Timeout

YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C, ten times as fast, if there

REMEDIES = {
    errno.ENOSPC: "Free some space",
    errno.EDQUOT: "Free some space",
    errno.EROFS: "Let this folder be written",
    errno.EACCES: "Allow access to it",
    errno.EPERM: "Allow access to it",
}


class Hindrance(Exception):
    """The work can't go on; the message is one sentence for the user."""


def read_yaml(path: Path) -> Any:
    """Read a YAML file of this project, as plain lists, tables and values."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=YAML_LOADER)


def write(path: Path, content: bytes) -> None:
    """Write a file; where that fails, as on a full disk, it stays as it was."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # else a power cut may leave the new name with nothing in it
        partial.replace(path)
    except OSError as problem:
        raise OSError(problem.errno, problem.strerror, str(path)) from problem
    finally:
        partial.unlink(missing_ok=True)


def remove_drafts(folder: Path) -> None:
    """Remove what :func:`write` had under way in a folder when its process was killed."""
    for path in folder.rglob(".*"):
        if path.is_file() and path.suffix[1:].isdigit():
            path.unlink()


def check_room(folder: Path) -> None:
    """Write 32 MB, about what all notebooks and a site need, and remove them again.

    Raises:
        OSError: if there is no room for them, which then need not show after long work.
    """
    room = folder / "room"
    try:
        write(room, bytes(2**25))
    finally:
        room.unlink(missing_ok=True)


@contextmanager
def hindrances() -> Iterator[None]:
    """Turn a disk that is full or read-only into one sentence.

    Raises:
        Hindrance: in place of an OSError of that kind.
    """
    try:
        yield
    except OSError as problem:
        if problem.errno not in REMEDIES:
            raise
        name = problem.filename2 or problem.filename  # of two, the one that is written
        place = f"{name}: " if name else ""
        raise Hindrance(
            f"{place}{problem.strerror}. {REMEDIES[problem.errno]}, and run it again: what had "
            "finished is kept."
        ) from problem


@contextmanager
def one_at_a_time(folder: Path, who: str = "make") -> Iterator[None]:
    """Keep a second process out of a folder; the system ends that when this process ends.

    Args:
        folder: where both would write; it is made if it is not there.
        who: works there.

    Raises:
        Hindrance: if another one is at work there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "lock")  # in _build the Makefile uses it, too
    try:
        lock.acquire(blocking=False)
    except Timeout:
        message = f"another {who} is at work in this folder: wait until it has ended."
        raise Hindrance(message) from None
    try:
        yield
    finally:
        lock.release()
