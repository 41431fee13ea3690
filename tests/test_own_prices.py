"""A price file of the least that is accepted, closes of a year, serves every kind of chapter."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from paperlib import check
from paperlib.data import MIN_SESSIONS, load_prices

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


@pytest.fixture
def least(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of dates and closes alone, named by ``PRICES``."""
    path = tmp_path / "least.csv"
    load_prices().iloc[-MIN_SESSIONS:][["close"]].rename_axis("date").to_csv(path)
    monkeypatch.setenv("PRICES", str(path))
    return path


@pytest.mark.parametrize("name", ["01_prices", "04_test_set", "05_baselines", "11_intervals"])
def test_chapters_that_estimate_most_follow_it(least: Path, name: str):
    """The others do no more with the prices than these, and take as long."""
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", 4)
    folder = {"metadata": {"path": str(least.parent)}}
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources=folder).execute()


def test_a_check_tells_what_is_in_it(least: Path, capsys: pytest.CaptureFixture[str]):
    check.main()
    assert "least.csv: 250 rows read, 250 sessions kept" in capsys.readouterr().out


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
