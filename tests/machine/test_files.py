"""Files are whole or as they were, one process works at a time, and what hinders it is told."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from paperlib.machine import files
from paperlib.machine.files import Hindrance
from paperlib.paths import ROOT

HOLD = """
import sys
from pathlib import Path
from paperlib.machine.files import one_at_a_time
with one_at_a_time(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_yaml_is_read_as_plain_values_and_builds_no_objects(tmp_path: Path) -> None:
    path = tmp_path / "settings.yaml"
    path.write_text("names: [é, '0', 0]\nshare: 0.5\n", "utf-8")
    assert files.read_yaml(path) == {"names": ["é", "0", 0], "share": 0.5}
    assert files.read_yaml(path) == yaml.safe_load(path.read_text("utf-8"))
    path.write_text("!!python/object/apply:os.getcwd []\n", "utf-8")
    with pytest.raises(yaml.constructor.ConstructorError):
        files.read_yaml(path)


def test_a_second_make_is_sent_away_until_the_first_has_died(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as first:
        assert first.stdout.readline() == "held\n"
        busy = pytest.raises(Hindrance, match="another make is at work")
        with busy, files.one_at_a_time(tmp_path):
            pass
        first.kill()
    with files.one_at_a_time(tmp_path):
        pass


def test_a_file_that_can_not_be_written_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.txt"
    files.write(target, b"before")

    def fill(number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fill)  # by then it is written, as far as there was room
    full = pytest.raises(Hindrance, match=r"a\.txt: No space left on device\. Free some space")
    with full, files.hindrances():
        files.write(target, b"after")
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_drafts_of_a_killed_process_are_removed_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "in" / ".hidden").mkdir(parents=True)
    stays = [".gitignore", "in/.DS_Store", "in/a.123", "in/.hidden/b.csv", "a.json"]
    for name in (*stays, ".a.json.4711", "in/.b.csv.gz.12"):
        (tmp_path / name).write_text(name)
    files.remove_drafts(tmp_path)
    found = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert found == set(stays)


def test_of_a_copy_that_failed_the_new_file_is_named() -> None:
    problem = OSError(errno.EROFS, "Read-only file system", "here", None, "there")
    refused = pytest.raises(Hindrance, match="^there: Read-only file system. Let this folder be")
    with refused, files.hindrances():
        raise problem


def test_other_errors_of_the_system_are_not_called_a_full_disk() -> None:
    problem = FileNotFoundError(errno.ENOENT, "No such file or directory", "x")
    with pytest.raises(FileNotFoundError), files.hindrances():
        raise problem
