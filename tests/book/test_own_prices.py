"""Prices other than the book's: chapters run on them, and say nothing that isn't a number.

Only those do that ask for a reader's prices; for the others nothing would change.

The shortest series runs with all tests, the others by
``pytest tests/book/test_own_prices.py -m slow``.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from book.execution import chapters
from paperlib.prices import __main__ as check
from paperlib.prices.series import load_prices
from paperlib.recipe import MIN_SESSIONS

NETFLIX = load_prices()
LIVE = [path for path in chapters() if "chapter_prices()" in path.read_text("utf-8")]
# What Python writes for a number that can't be computed.
NO_NUMBER = re.compile(r"(?<![\w.])[-−+]?(nan|inf)(?![\w.])")


def made_up(seed: int, sessions: int, step: float) -> pd.DataFrame:
    """Draw closes whose daily moves have fat tails, of about so large a log return."""
    moves = step * np.random.default_rng(seed).standard_t(3, sessions).clip(-5, 5)
    closes = (20 * np.exp(moves.cumsum())).round(2)
    return pd.DataFrame({"close": closes}, index=NETFLIX.index[:sessions])


SERIES = {
    # Closes alone, of the fewest sessions; no epoch of the published network beats its first.
    "shortest": NETFLIX[["close"]].iloc[:MIN_SESSIONS],
    "another": load_prices("NVDA").iloc[-756:],  # likewise from the framework's own start
    "wild": made_up(1, 700, 0.06),  # up or down by a third in a day
    "calm": made_up(2, 400, 0.0005),  # a cent or none a day
}
SLOW = [pytest.param(name, marks=pytest.mark.slow) for name in SERIES if name != "shortest"]


@pytest.fixture
def own(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of a series, named by ``PRICES``."""
    path = tmp_path / f"{request.param}.csv"
    SERIES[request.param].rename_axis("date").to_csv(path)
    monkeypatch.setenv("PRICES", str(path))
    return path


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InteractiveShell]:
    """What a kernel runs cells in, in this process: all that chapters import is read once."""
    matplotlib.use("Agg")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
        # It leaves a module of its own in this place, beside which no process could start.
        patched.setitem(sys.modules, "__main__", sys.modules["__main__"])
        config = Config()
        config.HistoryManager.enabled = False
        yield InteractiveShell.instance(config=config)
        InteractiveShell.clear_instance()


def run(shell: InteractiveShell, source: str) -> list[str]:
    """Run a cell, draw its figures, and return the texts that it shows.

    What would be a warning in the page is an error.
    """
    with warnings.catch_warnings(), capture_output() as caught:
        warnings.simplefilter("error")
        for of_others in (DeprecationWarning, PendingDeprecationWarning, ImportWarning):
            warnings.simplefilter("ignore", of_others)
        shell.run_cell(source).raise_error()
        for number in plt.get_fignums():
            plt.figure(number).canvas.draw()
    plt.close("all")
    assert caught.stderr == ""  # fails the strict build of the site
    return [caught.stdout, *(shown.data.get("text/markdown", "") for shown in caught.outputs)]


@pytest.mark.parametrize("own", ["shortest", *SLOW], indirect=True)
@pytest.mark.parametrize("chapter", LIVE, ids=lambda path: path.stem)
def test_every_chapter_runs(
    own: Path, chapter: Path, shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(own.parent)
    if own.stem == "shortest":  # with all tests each figure is drawn once, as SVG
        monkeypatch.setattr("paperlib.report.pictures.as_png", lambda *_: "")
    shell.reset()
    for cell in nbformat.read(chapter, 4).cells:
        if cell.cell_type == "code":
            for said in run(shell, cell.source):
                assert not NO_NUMBER.search(said), said


def test_the_other_chapters_cannot_know_of_them() -> None:
    assert len(LIVE) > 10
    others = set(chapters()) - set(LIVE)
    assert not any("environ" in path.read_text("utf-8") for path in others)


@pytest.mark.parametrize("own", ["shortest"], indirect=True)
def test_a_check_tells_what_is_in_it(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check.main()
    assert "shortest.csv: 250 rows read, 250 sessions kept" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("still", "says"),
    [
        (slice(0, 200), "from 2016-01-05 to 2016-10-17 the close changes on 0% of the sessions"),
        (slice(199, 250), "from 2016-10-18 to 2016-12-28 the close changes on 0% of the sessions"),
    ],
)
def test_a_price_that_stands_still_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, still: slice, says: str
) -> None:
    prices = made_up(1, MIN_SESSIONS, 0.001)
    prices.iloc[still] = 20.0
    path = tmp_path / "still.csv"
    prices.rename_axis("date").to_csv(path)
    monkeypatch.setenv("PRICES", str(path))
    with pytest.raises(SystemExit, match=f"^error: .*still.csv: {says}") as ended:
        check.main()
    assert "\n" not in str(ended.value)


@pytest.mark.parametrize(
    ("source", "says"),
    [("nowhere.csv", "error: nowhere.csv: no such file"), ("", "error: name a price file")],
)
def test_a_check_refuses_in_one_line(
    monkeypatch: pytest.MonkeyPatch, source: str, says: str
) -> None:
    monkeypatch.setenv("PRICES", source)
    with pytest.raises(SystemExit) as ended:
        check.main()
    assert str(ended.value).startswith(says)
    assert "\n" not in str(ended.value)
