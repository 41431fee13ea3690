"""Whatever the user has set, and whatever else runs: the same book, or one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from book import environment
from paperlib.machine import files
from paperlib.paths import ROOT

LEAKS = """
MPLBACKEND MATPLOTLIBRC PYTHONWARNINGS PYTHONDEVMODE PYTHONSTARTUP JUPYTER_PATH IPYTHONDIR
XDG_CONFIG_HOME LC_ALL NO_COLOR TORCH_LOGS OMP_WAIT_POLICY KMP_AFFINITY PYTEST_ADDOPTS
"""


@pytest.mark.parametrize("name", LEAKS.split())
def test_what_could_change_a_notebook_is_not_passed_on(name: str, tmp_path: Path) -> None:
    assert name not in environment.fixed_environment(tmp_path, {name: "value"})


def test_what_a_machine_needs_is_passed_on(tmp_path: Path) -> None:
    needed = {"PATH": "/bin", "LD_LIBRARY_PATH": "/lib", "OPENBLAS_CORETYPE": "Haswell"}
    assert environment.fixed_environment(tmp_path, needed).items() >= needed.items()


def test_home_path_and_threads_are_our_own(tmp_path: Path) -> None:
    given = {"HOME": "/dev/null", "PYTHONPATH": "/elsewhere", "OMP_NUM_THREADS": "8", "TZ": "Asia"}
    found = environment.fixed_environment(tmp_path, given)
    assert found["HOME"] == str(tmp_path)
    assert found["PYTHONPATH"] == str(ROOT)
    assert found["OMP_NUM_THREADS"] == "1"
    assert found["TZ"] == "UTC"


def test_a_price_file_is_found_from_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my prices.csv").write_text("")
    monkeypatch.chdir(tmp_path)
    found = environment.fixed_environment(tmp_path, {"PRICES": "my prices.csv"})
    assert found["PRICES"] == str(tmp_path / "my prices.csv")
    assert environment.fixed_environment(tmp_path, {"PRICES": "NVDA"})["PRICES"] == "NVDA"


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


def test_a_price_file_is_kept_where_its_path_can_not_be_looked_up(checkout: Path) -> None:
    assert "PRICES=NVDA" in make(checkout, "check", "PYTHON=nowhere", PRICES="NVDA").stdout


def test_make_passes_on_no_setting_that_changes_the_code_that_runs(checkout: Path) -> None:
    given = {"PYTHONWARNINGS": "error", "PYTHONPATH": "/elsewhere", "PYTEST_ADDOPTS": "-x"}
    given |= {"MPLBACKEND": "Agg", "JUPYTER_PATH": "/elsewhere", "MPLCONFIGDIR": "/elsewhere"}
    lines = make(checkout, "test", **given).stdout.splitlines()
    found = dict(line.partition("=")[::2] for line in lines)
    assert found["PYTHONPATH"] == str(checkout.resolve())
    assert found["MPLCONFIGDIR"] == str(checkout.resolve() / "_build" / "matplotlib")
    assert not {"PYTHONWARNINGS", "PYTEST_ADDOPTS", "MPLBACKEND", "JUPYTER_PATH"} & set(found)


def test_a_scheduler_reaches_the_program(checkout: Path) -> None:
    lines = make(checkout, "results", "SCHEDULER=tcp://host:8786").stdout.splitlines()
    assert "SCHEDULER=tcp://host:8786" in lines


def test_a_moved_checkout_is_set_up_anew(checkout: Path) -> None:
    assert "venv" not in make(checkout, "-n", "book").stdout.replace(".venv/bin", "")
    moved = checkout.rename(checkout.with_name("moved"))
    assert "-m venv --clear .venv" in make(moved, "-n", "book").stdout


def test_a_changed_list_of_packages_is_installed_into_the_same_environment(checkout: Path) -> None:
    os.utime(checkout / ".venv" / "ready", (0, 0))
    told = make(checkout, "-n", "book").stdout
    assert "-m venv  .venv" in told
    assert "--no-user --target= -r requirements.txt" in told


def test_no_set_up_and_no_cleaning_while_another_make_is_at_work(checkout: Path) -> None:
    with files.one_at_a_time(checkout / "_build"):
        os.utime(checkout / ".venv" / "ready", (0, 0))
        for command in ("book", "clean"):
            done = make(checkout, command)
            assert done.returncode
            assert done.stderr.startswith("error: another make is at work in this folder")
    assert make(checkout, "clean").returncode == 0
    assert not (checkout / "_build").exists()


def test_a_checkout_with_other_line_endings_has_the_same_bytes(tmp_path: Path) -> None:
    """As on a machine where git's core.autocrlf is true."""

    def git(*arguments: str) -> None:
        options = ["-c", "core.autocrlf=true", "-c", "user.name=a", "-c", "user.email=a@b.c"]
        subprocess.run(["git", *options, *arguments], cwd=tmp_path, check=True, capture_output=True)

    names = [".gitattributes", ".ci/run", "data/prices/NFLX.csv", "notebooks/prices.ipynb"]
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
