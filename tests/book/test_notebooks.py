"""Every chapter has its frame, ran without error, and types no result."""

from __future__ import annotations

import ast
import builtins
import dis
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

import nbformat
import pytest

from book.execution import chapters
from paperlib.paths import ROOT

NOTEBOOKS = chapters()
APPENDIX = [path for path in NOTEBOOKS if path.stem.startswith("tables_")]
CHAPTERS = [path for path in NOTEBOOKS if path not in APPENDIX]
ALL = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
EACH = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
END = ["Answer", "What could fool us", "Exercises"]  # of a chapter


def _cells(path: Path, kind: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == kind]


def _prose(path: Path) -> str:
    """The chapter's typed text, without formulas, code and link targets."""
    text = "\n\n".join(cell.source for cell in _cells(path, "markdown"))
    return re.sub(r"\$\$.*?\$\$|\$[^$]*\$|```.*?```|`[^`]*`|\]\([^)]*\)", " ", text, flags=re.S)


def _is_prose(cell: nbformat.NotebookNode) -> bool:
    return "report.prose(" in cell.source


@EACH
def test_the_frame_is_whole(path):
    prose = _prose(path)
    assert re.match(r"# .*\?\n\n\*\*In this chapter\*\*", prose), "the title is a question"
    assert "Time to run:" in prose
    headings = re.findall(r"^## (.*)$", prose, re.M)
    assert headings[-3:] == END
    assert len(headings) > len(END)


@EACH
def test_exercises_have_executed_solutions(path):
    exercises = re.findall(r"^\*\*(\d)\.\*\*", _prose(path), re.M)
    solutions = [
        cell
        for cell in _cells(path, "code")
        if "hide-cell" in cell.metadata.get("tags", [])
        and cell.metadata.get("mystnb", {}).get("code_prompt_show") == "Show the solution"
    ]
    assert len(exercises) == len(solutions) >= 2
    assert all(cell.outputs for cell in solutions)


@ALL
def test_stored_outputs_are_of_one_clean_run(path):
    cells = _cells(path, "code")
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        for output in cell.outputs:
            assert output.output_type != "error"
            assert output.get("name") != "stderr", output.text


@ALL
def test_no_result_is_typed(path):
    """Decimals in prose come from code; only a recipe's own settings may be named as code is."""
    assert re.findall(r"(?<![\w.])\d+\.\d+", _prose(path)) == []


@EACH
def test_persistence_is_in_every_chapter(path):
    assert "ersistence" in _prose(path) or any(
        "ersistence" in cell.source for cell in _cells(path, "code")
    )


@EACH
def test_nothing_is_defined_that_belongs_in_the_module(path):
    """But what a chapter teaches: a model, a loop."""
    for cell in _cells(path, "code"):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                assert node.end_lineno - node.lineno < 25, node.name


def _instructions(code: CodeType) -> Iterator[dis.Instruction]:
    yield from dis.get_instructions(code)
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from _instructions(part)


def _operands(tree: ast.Module, *operations: str) -> set[str]:
    code = compile(ast.fix_missing_locations(tree), "cell", "exec")
    return {found.argval for found in _instructions(code) if found.opname in operations}


def _names(source: str) -> tuple[set[str], set[str], set[str]]:
    """The names that a cell gives a meaning, those that only its loops use, those that it reads."""
    tree = ast.parse(source)
    read = _operands(tree, "LOAD_NAME", "LOAD_GLOBAL")
    bound = _operands(tree, "STORE_NAME")
    for node in ast.walk(tree):
        if isinstance(node, ast.For):
            node.target = ast.Name("_", ast.Store())
        elif isinstance(node, ast.withitem):
            node.optional_vars = None
    given = _operands(tree, "STORE_NAME") - {"_"}
    return given, bound - given, read - bound


@ALL
def test_any_cell_can_be_run_again(path):
    """A name has one meaning in a chapter: no cell finds another, left by a later one."""
    names = [_names(cell.source) for cell in _cells(path, "code")]
    given = Counter(name for cell, _, _ in names for name in cell)
    looped = set().union(*(loops for _, loops, _ in names))
    read = set().union(*(reads for _, _, reads in names))
    assert {name for name, cells in given.items() if cells > 1} == set()
    assert looped & (given.keys() | read) == set(), "a loop's name is used outside of loops"


def _calls(path: Path, function: str) -> list[ast.Call]:
    return [
        node
        for cell in _cells(path, "code")
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == f"report.{function}"
    ]


@EACH
def test_figures_say_what_they_show(path):
    """The picture comes as SVG and PNG, its text as a name and caption below it and as metadata."""
    figures = [cell for cell in _cells(path, "code") if "show_figure(" in cell.source]
    assert len(figures) >= 2
    for cell in figures:
        picture, line = cell.outputs
        assert {"image/svg+xml", "image/png"} < picture.data.keys()
        about = line.metadata["figure"]
        assert line.data["text/plain"] == f"{about['name']}: {about['caption']}"
        assert "{" not in about["caption"], "JupyterLab would show a role as it is typed"
        assert len(cell.metadata["mystnb"]["image"]["alt"]) > 60


@ALL
def test_figures_have_the_house_style(path):
    """It also makes their identifiers follow from what is drawn; without it they are random."""
    sources = [cell.source for cell in _cells(path, "code")]
    first = next((n for n, source in enumerate(sources) if "show_figure(" in source), None)
    assert first is None or any("report.use_style()" in source for source in sources[:first])


@ALL
def test_no_picture_is_shown_without_a_name(path):
    assert not [
        cell.id
        for cell in _cells(path, "code")
        if "show_figure(" not in cell.source
        and any("image/png" in output.get("data", {}) for output in cell.outputs)
    ]


@pytest.mark.parametrize("kind", ["figure", "table"])
def test_what_is_cited_has_a_name_of_its_own(kind):
    """Names as the code has them: one in a loop has a brace."""
    names = [
        ast.unparse(call.args[2]).lstrip("f").strip("'\"")
        for path in NOTEBOOKS
        for call in _calls(path, f"show_{kind}")
    ]
    names = [name for name in names if name.startswith(f"{kind[:3]}-")]
    assert names
    assert sorted(names) == sorted(set(names))


def _is_hidden(cell: nbformat.NotebookNode) -> bool:
    return "remove-input" in cell.metadata.get("tags", [])


@ALL
def test_prose_is_seen_once(path):
    """A paragraph's source is hidden in the book and collapsed in JupyterLab, no other cell's."""
    for cell in _cells(path, "code"):
        collapsed = cell.metadata.get("jupyter", {}).get("source_hidden", False)
        assert _is_prose(cell) == _is_hidden(cell) == collapsed, cell.source
        assert "Markdown(" not in cell.source, "computed paragraphs are report.prose"


@ALL
def test_prose_asserts_what_it_says(path):
    """Numbers are filled in; no word is chosen, so that a changed result stops the build."""
    chooses = (ast.If, ast.IfExp, ast.BoolOp, ast.Match)
    for cell in filter(_is_prose, _cells(path, "code")):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.JoinedStr):
                assert not any(isinstance(inner, chooses) for inner in ast.walk(node)), cell.source
            assert not isinstance(node, ast.If | ast.Match), cell.source


@ALL
def test_no_name_comes_from_a_hidden_cell(path):
    seen = [cell for cell in _cells(path, "code") if not _is_hidden(cell)]
    names = [_names(cell.source) for cell in seen]
    given = set().union(*(given | loops for given, loops, _ in names), dir(builtins))
    read = set().union(*(read for _, _, read in names))
    assert read <= given, read - given


@ALL
def test_markdown_cites_no_number_that_jupyterlab_lacks(path):
    """It marks each as unresolved; report.prose writes them as words there.

    Equations it knows, but of the same chapter alone.
    """
    texts = [cell.source for cell in _cells(path, "markdown")]
    own = re.findall(r"^\$\$ \((eq-[\w-]+)\)", "\n".join(texts), re.MULTILINE)
    for text in texts:
        assert not re.search(r"\{(numref|cite(:[a-z]+)?)\}", text), text
        assert set(re.findall(r"\{eq\}`([^`]+)`", text)) <= set(own), text


def _sentences(path: Path) -> Iterator[str]:
    """Yield the sentences of a chapter as they are shown, numbers filled in."""
    for cell in nbformat.read(path, 4).cells:
        texts = [cell.source] if cell.cell_type == "markdown" else []
        if cell.cell_type == "code" and _is_prose(cell):
            texts = [output.data["text/markdown"] for output in cell.outputs if "data" in output]
        for text in texts:
            text = re.sub(
                r"```.*?```|\$\$.*?\$\$|\$[^$]*\$|`[^`]*`|\]\([^)]*\)", " ", text, flags=re.S
            )
            text = re.sub(r"\b(eq|fig|sec)s?\. ", r"\1 ", text)
            yield from re.split(r"(?<=[.!?:;])\s+|\n\n|\n- |\n\|", text)


@EACH
def test_a_sentence_has_three_numbers_at_most(path):
    number = re.compile(r"(?<![\w.-])[\d][\d,.]*")
    counts = {sentence: len(number.findall(sentence)) for sentence in _sentences(path)}
    assert not [sentence for sentence, count in counts.items() if count > 3]


@EACH
def test_cells_are_short(path):
    """Half of those that a reader sees have at most ten lines, and none has more than thirty."""
    lines = sorted(
        len(cell.source.splitlines()) for cell in _cells(path, "code") if not _is_hidden(cell)
    )
    assert lines[len(lines) // 2] <= 10
    assert lines[-1] <= 30


@ALL
def test_imports_are_from_rooms(path):
    """``from paperlib.experiments import``, never from a file inside of it."""
    rooms = {path.parent.name for path in (ROOT / "paperlib").glob("*/__init__.py")}
    for cell in _cells(path, "code"):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.ImportFrom) and node.module.startswith("paperlib."):
                assert node.module.split(".")[1] not in rooms or node.module.count(".") == 1
