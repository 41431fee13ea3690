"""Whatever the user has set, and whatever else runs: the same book, or one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the Makefile and a .venv whose Python says what it was called with."""
    folder = tmp_path / "check out"
    for name in (".venv/bin", "paperlib", "book", "tests", "data"):
        (folder / name).mkdir(parents=True)
    for name in ("Makefile", "requirements.txt", "requirements.lock", "pyproject.toml"):
        (folder / name).write_text((ROOT / name).read_text())
    python = folder / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\necho "$@"\necho "PRICES=$PRICES"\nenv\n')
    python.chmod(0o755)
    (folder / ".venv" / "ready").write_text(f"{folder.resolve()}\n")
    return folder


def make(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", "--no-print-directory", f"PYTHON={sys.executable}", *arguments],
        cwd=folder,
        env=given | variables,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", ["a$b.csv", "it's.csv", 'a"b.csv', "a`b`.csv", "a  b.csv", "$(b)"])
@pytest.mark.parametrize("command", ["book", "check", "results", "test"])
def test_a_price_file_may_have_any_name(checkout: Path, name: str, command: str) -> None:
    (checkout / name).write_text("")
    line = f"PRICES={checkout.resolve() / name}"
    assert line in make(checkout, command, PRICES=name).stdout.splitlines()
    assert line in make(checkout, command, f"PRICES={name}").stdout.splitlines()


def test_a_checkout_with_other_line_endings_has_the_same_bytes(tmp_path: Path) -> None:
    """As on a machine where git's core.autocrlf is true."""

    def git(*arguments: str) -> None:
        options = ["-c", "core.autocrlf=true", "-c", "user.name=a", "-c", "user.email=a@b.c"]
        subprocess.run(["git", *options, *arguments], cwd=tmp_path, check=True, capture_output=True)

    names = [".gitattributes", ".ci/run", "data/prices/NFLX.csv", "notebooks/01_prices.ipynb"]
    git("init")
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    git("add", ".")
    git("commit", "-m", "All")
    for name in names:
        (tmp_path / name).unlink()
    git("checkout", ".")
    for name in names:
        assert (tmp_path / name).read_bytes() == (ROOT / name).read_bytes(), name
