"""Imports run one way: the ground, prices, the core, then room after room."""

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from paperlib.paths import ROOT

READING_ORDER = [
    "recipe",
    "windows",
    "cells",
    "models",
    "training",
    "forecasting",
    "metrics",
    "baselines",
]
READING_ORDER += ["training_curves", "paths"]
GROUND = {"paths", "recipe"}
ORDER = ["ground", "prices", "core", "stats", "probabilistic", "experiments", "claims"]
ORDER += ["judging", "after", "report"]


def modules(root: Path) -> dict[str, Path]:
    """Name every module of the package: ``stats.seeds``, and ``stats`` for the room's own file."""
    found = {}
    for path in (root / "paperlib").rglob("*.py"):
        parts = path.relative_to(root / "paperlib").with_suffix("").parts
        found[".".join(parts).removesuffix("__init__").rstrip(".")] = path
    return found


def imported(path: Path, names: dict[str, Path]) -> set[str]:
    """Name the package's modules that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        wanted = []
        if isinstance(node, ast.Import):
            wanted = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: {ast.unparse(node)}: name the room"
            wanted = [f"{node.module}.{alias.name}" for alias in node.names] + [node.module]
        inside = (name.removeprefix("paperlib.") for name in wanted if name.startswith("paperlib."))
        found |= {name for name in inside if name in names}
        # from paperlib.stats import seeds names the room only as the way to the file
        if isinstance(node, ast.ImportFrom) and all(
            f"{node.module}.{alias.name}".removeprefix("paperlib.") in names for alias in node.names
        ):
            found.discard(node.module.removeprefix("paperlib."))
    return found


def layer(module: str) -> str:
    """Tell in which layer a module stands."""
    if module in GROUND:
        return "ground"
    room = module.split(".")[0]
    if room == "machine":
        return "ground"
    return room if room in ORDER else "core"


def wrong_ways(root: Path) -> list[str]:
    """List the imports that run against the order, and the first circle."""
    names = modules(root)
    graph = {name: imported(path, names) for name, path in names.items() if name != "__main__"}
    wrong = [
        f"{name} imports {other}"
        for name, others in graph.items()
        for other in sorted(others)
        if ORDER.index(layer(other)) > ORDER.index(layer(name)) or other == "__main__"
    ]
    try:
        TopologicalSorter(graph).prepare()
    except ValueError as circle:
        wrong.append(str(circle))
    return wrong


def test_every_import_runs_one_way() -> None:
    assert wrong_ways(ROOT) == []


def test_the_core_is_small_enough_to_be_read_in_one_sitting() -> None:
    core = [path for path in (ROOT / "paperlib").glob("*.py") if path.stem != "__main__"]
    assert len(core) <= 12
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in core) <= 1350


@pytest.mark.parametrize("page", ["README.md", "book/api.md", "paperlib/__init__.py"])
def test_the_core_is_named_in_one_order(page: str) -> None:
    """Wherever a reader is told which files to read."""
    text = (ROOT / page).read_text(encoding="utf-8").split("Read ", 1)[1].split("ooms", 1)[0]
    named = re.findall(r"`+(\w+)`+", text.replace("`paperlib`", ""))
    core = {path.stem for path in (ROOT / "paperlib").glob("[!_]*.py")}
    assert len(core) == 10
    assert [name for name in named if name in core] == READING_ORDER
    assert core == set(READING_ORDER)


def test_the_lines_of_the_readme_run(capsys: pytest.CaptureFixture[str]) -> None:
    (lines,) = re.findall(
        r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL
    )
    short = lines.replace("PUBLISHED, windows", "replace(PUBLISHED, epochs=2), windows")
    assert short != lines
    exec(f"from dataclasses import replace\n{short}", {})
    network, naive = map(float, capsys.readouterr().out.split())
    assert network > naive > 0


@pytest.mark.parametrize(
    ("module", "line", "said"),
    [
        ("stats/seeds.py", "from paperlib.report.tables import show_table", "report.tables"),
        ("metrics.py", "    from paperlib.stats import seeds", "stats.seeds"),
        ("prices/reader.py", "from paperlib import windows", "windows"),
        ("prices/findings.py", "from paperlib.prices.reader import read_price_file", "cycle"),
        ("recipe.py", "import paperlib.prices.series", "prices.series"),
        ("cells.py", "from paperlib import __main__", "__main__"),
    ],
)
def test_an_import_the_wrong_way_is_seen(module: str, line: str, said: str, tmp_path: Path) -> None:
    """Wherever it stands in the file, and however it is spelled."""
    for path in modules(ROOT).values():
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    target = tmp_path / "paperlib" / module
    indent = "def late():\n" if line.startswith(" ") else ""
    target.write_text(f"{target.read_text(encoding='utf-8')}\n{indent}{line}\n", encoding="utf-8")
    assert any(said in wrong for wrong in wrong_ways(tmp_path))
