"""Tables of words lead to figures and tables that the book has."""

from __future__ import annotations

import re

import nbformat
import pytest

from paperlib.paths import ROOT
from paperlib.report.reference_tables import figure_index, leak_checklist


@pytest.mark.parametrize("table", [leak_checklist()["see"], figure_index()["this book"]])
def test_what_is_named_is_shown_in_some_chapter(table):
    cells = [
        cell.source
        for path in (ROOT / "notebooks").glob("*.ipynb")
        for cell in nbformat.read(path, 4).cells
    ]
    shown = {name for source in cells for name in re.findall(r'(?:"|name: )([\w-]+)', source)}
    names = [name for line in table for name in line.split(", ")]
    assert len(names) >= len(table)
    assert set(names) <= shown
