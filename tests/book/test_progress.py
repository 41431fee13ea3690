"""Notebooks under way: each counts, and is told of, as soon as it is done."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from book import execution, progress

# A cell that runs until another notebook is kept; the limit is nbmake's, which is generous.
WAIT = """
import time
from pathlib import Path
while not Path({key!r}).exists():
    time.sleep(0.05)
"""
# A cell whose output comes later than its end, as on a busy machine.
LATE = """
import sys, time
sys.stdout.flush_timeout = sys.stderr.flush_timeout = 0.1
get_ipython().kernel.iopub_thread.schedule(lambda: time.sleep(6))
display("late")
"""
# A cell that works only in the environment that the book fixes.
CLEAN = """
import sys
import matplotlib, matplotlib.pyplot as plt
assert sys.path[0] == {root!r}
assert matplotlib.matplotlib_fname().endswith("mpl-data/matplotlibrc")
plt.plot([1, 2]);
"""
FIGURE = {"image": {"alt": "A line."}}


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Return what writes a notebook of one cell into a project, given its name and that cell."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "requirements.lock").write_text("")
    monkeypatch.setattr(execution, "ROOT", tmp_path)
    monkeypatch.delenv("PRICES", raising=False)

    listed: list[str] = []

    def write_notebook(name: str, source: str, **about: object) -> Path:
        metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        cell = new_code_cell(source, id="a", metadata=about)
        path = tmp_path / "notebooks" / name
        nbformat.write(new_notebook(cells=[cell], metadata=metadata), path)
        listed.append(f"  - file: notebooks/{path.stem}\n")
        head = "format: jb-book\nroot: index\nchapters:\n"
        (tmp_path / "_toc.yml").write_text(head + "".join(listed))
        return path

    return write_notebook


def test_notebooks_that_fail_or_have_a_blemish_are_named_and_spare_the_others(
    write: Callable[..., Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write("bad.ipynb", "1 / 0")
    write("good.ipynb", "1 + 1")
    write("loud.ipynb", "import sys; print('careful', file=sys.stderr)")
    write("plain.ipynb", "1 + 1", mystnb=FIGURE)
    with pytest.raises(execution.Hindrance) as problem:
        execution.execute()
    assert str(problem.value) == (
        "notebooks/bad.ipynb failed in cell 1 with ZeroDivisionError: division by zero; "
        "notebooks/loud.ipynb wrote a warning in cell 1: careful; "
        "notebooks/plain.ipynb shows no picture in cell 1, which is a figure"
    )
    done = tmp_path / "_build" / "executed"
    assert {path.name for path in done.iterdir()} == {"good.ipynb", "good.ipynb.key"}
    lines = capfd.readouterr().out.splitlines()
    told = sorted(re.sub(r"\d+", "N", line) for line in lines if "ipynb" in line)
    failed = [f"{name}.ipynb: N s, failed" for name in ("bad", "loud", "plain")]
    assert told == sorted([*failed, "good.ipynb: N s"])


def test_the_users_settings_reach_no_notebook_and_each_counts_as_soon_as_it_is_done(
    write: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The second one ends only once the first is kept, and its last output comes late."""
    kernel = tmp_path / "kernels" / "python3"
    kernel.mkdir(parents=True)
    about = {"argv": ["false"], "display_name": "Foreign", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(about))
    (tmp_path / "matplotlibrc").write_text("lines.marker: o\n")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path))
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.setenv("HOME", "/dev/null")
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    write("a.ipynb", CLEAN.format(root=str(Path(execution.__file__).parent.parent)), mystnb=FIGURE)
    write("b.ipynb", WAIT.format(key=str(tmp_path / "_build/executed/a.ipynb.key")) + LATE)
    (tmp_path / "notebooks" / "scratch.ipynb").write_text("the user's own")
    execution.execute()
    done = tmp_path / "_build" / "executed"
    assert {path.name for path in done.glob("*.ipynb")} == {"a.ipynb", "b.ipynb"}
    assert nbformat.read(done / "b.ipynb", 4).cells[0].outputs[0].data["text/plain"] == "'late'"
    capfd.readouterr()
    execution.execute()
    assert capfd.readouterr().out == "0 of 2 notebooks to execute\n"


def test_a_chapter_that_is_missing_is_named(write: Callable[..., Path]) -> None:
    write("a.ipynb", "1 + 1").unlink()
    with pytest.raises(execution.Hindrance, match=r"_toc\.yml lists notebooks/a\.ipynb, which"):
        execution.execute()


def test_a_copy_that_was_cut_short_or_altered_does_not_count(
    write: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pending() -> list[str]:
        monkeypatch.setattr(execution, "run_nbmake", lambda *_: {"a.ipynb": "is pending"})
        try:
            execution.execute()
        except execution.Hindrance as problem:
            return [str(problem)]
        return []

    notebook = write("a.ipynb", "1 + 1")
    key = execution.notebook_key(notebook, execution.inputs_key(tmp_path, ""))
    notebook.with_name("a.ipynb.key").write_text(key)
    done = tmp_path / "_build" / "executed"
    done.mkdir(parents=True)
    progress.keep(notebook, done)
    assert pending() == []
    kept = (done / "a.ipynb").read_bytes()
    (done / "a.ipynb").write_bytes(kept.replace(b"1 + 1", b"1 + 2"))
    assert pending() == ["notebooks/a.ipynb is pending"]
    (done / "a.ipynb").write_bytes(kept)
    (done / "a.ipynb.key").write_text(key)
    assert pending() == ["notebooks/a.ipynb is pending"]
