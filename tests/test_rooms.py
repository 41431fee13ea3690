"""What rooms export is what chapters use, and each room keeps to its purpose."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from book.execution import chapters
from paperlib.paths import ROOT

ROOMS = ["machine", "prices", "stats", "probabilistic", "experiments", "claims", "judging"]
ROOMS += ["after", "report"]
EACH_CHAPTER = pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)


def code_cells(path: Path) -> list[str]:
    cells = nbformat.read(path, 4).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


def nodes(path: Path) -> Iterator[ast.AST]:
    for source in code_cells(path):
        yield from ast.walk(ast.parse(source))


def used_of(room: str) -> set[str]:
    """Name what chapters use of a room: ``room.name``, or ``from paperlib.room import name``."""
    found = set()
    for node in (node for path in chapters() for node in nodes(path)):
        whole = room != "prices"  # what chapters call prices is a table
        if whole and isinstance(node, ast.Attribute) and ast.unparse(node.value) == room:
            found.add(node.attr)
        elif isinstance(node, ast.ImportFrom) and node.module == f"paperlib.{room}":
            found |= {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_exports_what_chapters_use(room):
    exported = importlib.import_module(f"paperlib.{room}").__all__
    assert set(exported) == used_of(room)


@pytest.mark.parametrize("room", ROOMS)
def test_no_export_hides_a_module_of_the_room(room):
    """Else ``from paperlib.room import name`` would bring now the function, now the file."""
    files = {path.stem for path in (ROOT / "paperlib" / room).iterdir()}
    assert not files & set(importlib.import_module(f"paperlib.{room}").__all__)


def test_every_module_has_a_test_file_of_its_name():
    """And in the folder of its name: ``stats/seeds.py`` is tested by ``stats/test_seeds.py``."""
    modules, tests = ROOT / "paperlib", ROOT / "tests"
    wanted = {path.relative_to(modules) for path in modules.rglob("[!_]*.py")}
    found = {path.relative_to(tests) for path in tests.rglob("test_*.py")}
    assert len(wanted) > 50
    assert {path.with_name(f"test_{path.name}") for path in wanted} <= found


@EACH_CHAPTER
def test_a_chapter_imports_rooms_and_the_core(path):
    allowed = {"paperlib", *(f"paperlib.{room}" for room in ROOMS)}
    allowed |= {f"paperlib.{file.stem}" for file in (ROOT / "paperlib").glob("[!_]*.py")}
    imported = {node.module for node in nodes(path) if isinstance(node, ast.ImportFrom)}
    assert {module for module in imported if module.startswith("paperlib")} <= allowed


@EACH_CHAPTER
def test_the_first_cell_is_a_dozen_lines_at_most(path):
    assert len([line for line in code_cells(path)[0].splitlines() if line.strip()]) <= 12


def test_figures_draw_what_others_computed():
    """Medians and counts are drawing; whatever needs a library of statistics is not."""
    for path in (ROOT / "paperlib" / "report" / "figures").glob("*.py"):
        lines = re.findall(r"^\s*(?:from|import) +([\w.]+)", path.read_text("utf-8"), re.MULTILINE)
        assert not [x for x in lines if re.match(r"(scipy|statsmodels|arch|paperlib\.stats)\b", x)]


def test_no_number_of_a_chapter_is_typed():
    """So that chapters can be inserted: a chapter is named by its file, a link or its subject."""
    folders = ["paperlib", "book", "data", "tests", "notebooks"]
    files = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    files += [ROOT / "README.md", ROOT / "_config.yml"]
    kinds = {".py", ".md", ".yaml", ".yml", ".js"}
    typed = {path: path.read_text("utf-8") for path in files if path.suffix in kinds}
    for path in chapters():
        typed[path] = "\n".join(cell.source for cell in nbformat.read(path, 4).cells)
    assert len(typed) > 100
    ordinals = "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last"
    counted = rf"[Cc]hapters? \d|\b(?:{ordinals}) chapters?\b|\bnext (?:\w+ )?chapters?\b"
    listed = r"\d,? and \d+, on \["  # "11, 12 and 13, on [intervals](...)"
    for path, text in typed.items():
        line = " ".join(re.sub(r"^\d+\. ", "", text, flags=re.MULTILINE).split())
        found = re.search(rf"{counted}|{listed}|notebooks/\d|\(\d\d_\w+\.ipynb", line)
        assert found is None or path.name == "test_rooms.py", f"{path}: {found[0]}"
