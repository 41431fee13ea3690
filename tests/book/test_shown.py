"""What the book showed before its chapters were shortened, it still shows, on some page."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from book.execution import chapters

BEFORE = Path(__file__).with_name("shown_before.csv")
"""Every table and figure of the chapters as they were, and the one that shows its results now."""
TABLE = re.compile(r":::\{table\}.*\n:name: (\S+)\n\n((?:\|.*\n?)+)")


def tables(notebook: nbformat.NotebookNode) -> Iterator[tuple[str, int, int]]:
    """Yield the name of each table, and how many rows and columns it has."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if match := TABLE.match(output.get("data", {}).get("text/markdown", "")):
                head, _, *rows = match[2].splitlines()
                yield match[1], len(rows), len(re.findall(r"(?<!\\)\|", head)) - 1


def names(notebook: nbformat.NotebookNode) -> Iterator[str]:
    """Yield the names of the tables and figures that a notebook's outputs have."""
    yield from (name for name, _, _ in tables(notebook))
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if figure := output.get("metadata", {}).get("figure"):
                yield figure["name"]


def test_nothing_that_was_shown_is_lost() -> None:
    with BEFORE.open() as file:
        now = {row["before"]: row["now"] for row in csv.DictReader(file)}
    shown = Counter(name for path in chapters() for name in names(nbformat.read(path, 4)))
    assert len(now) > 150
    assert {before: name for before, name in now.items() if name not in shown} == {}
    assert [name for name, count in shown.items() if count > 1] == []


@pytest.mark.parametrize(
    "path",
    [path for path in chapters() if not path.stem.startswith("tables_")],
    ids=lambda path: path.stem,
)
def test_a_chapter_has_no_table_for_the_referee(path: Path) -> None:
    """At most ten rows and six columns: larger ones have pages of their own."""
    found = tables(nbformat.read(path, 4))
    assert [(name, rows) for name, rows, columns in found if rows > 10 or columns > 6] == []
