"""Execute the notebooks whose outputs no longer follow from their cells, code and data.

A notebook is executed when its key has changed. The key covers all that its outputs follow from:
its cells, paperlib, the data, the pinned packages, the user's prices and the Python version.
"""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbconvert.preprocessors.coalescestreams import CoalesceStreamsPreprocessor
from nbformat import NotebookNode
from nbstripout import strip_output
from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml

from book.environment import fixed_environment
from book.progress import PATIENCE, keep
from paperlib.machine.files import Hindrance, check_room
from paperlib.prices.findings import PriceFileError
from paperlib.prices.series import chapter_prices

ROOT = Path(__file__).resolve().parent.parent
VARYING = ["cell.metadata.execution", "metadata.language_info", "metadata.widgets"]
ADDRESS = re.compile(r" at 0x[0-9a-f]+")  # where an object lies in memory


def normalise(notebook: NotebookNode, keep_output: bool = True) -> NotebookNode:
    """Drop what varies between runs of an unchanged notebook: times, versions, addresses."""
    notebook = strip_output(notebook, keep_output, keep_output, keep_id=True, extra_keys=VARYING)
    for cell in notebook.cells:
        CoalesceStreamsPreprocessor().preprocess_cell(cell, {}, 0)  # streams arrive in chunks
        for output in cell.get("outputs", []):
            if "text/plain" in output.get("data", {}):
                output.data["text/plain"] = ADDRESS.sub("", output.data["text/plain"])
    return notebook


def to_bytes(notebook: NotebookNode) -> bytes:
    """Serialise a notebook the way nbformat writes it to a file."""
    return (nbformat.writes(notebook) + "\n").encode()


def hash_files(paths: Iterable[Path], root: Path) -> str:
    """SHA-256 over the relative names and the contents of files."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def inputs_key(root: Path, prices: str) -> str:
    """Key of what the outputs of every notebook follow from."""
    # Of make data, which count when PRICES names them; of make results, which are in tables; and
    # networks that come out the same where they are trained.
    apart = ("downloads", "pieces", "fits")
    data = [
        p
        for p in (root / "data").rglob("*")
        if p.is_file()
        and p.suffix != ".pyc"
        and p.name[0] != "."
        and p.relative_to(root / "data").parts[0] not in apart
    ]
    files = [*(root / "paperlib").rglob("*.py"), *data, root / "requirements.lock"]
    files.append(root / "_toc.yml")  # the order of the chapters is that of the verdicts
    own = Path(prices).read_bytes() if Path(prices).is_file() else b""
    own += Path(prices).name.encode()  # the chapter on prices prints it
    parts = hash_files(files, root), hashlib.sha256(own).hexdigest(), platform.python_version()
    return " ".join(parts)


def source_of(path: Path) -> bytes:
    """Return a notebook without its outputs."""
    return to_bytes(normalise(nbformat.read(path, 4), keep_output=False))


def notebook_key(path: Path, inputs: str) -> str:
    """Key of one notebook's outputs: its cells without outputs, and the inputs that all share."""
    return hashlib.sha256(source_of(path) + inputs.encode()).hexdigest()


def copy_key(key: str, content: bytes) -> str:
    """Key of an executed copy: of what it follows from, and of itself, so that they match."""
    return f"{key} {hashlib.sha256(content).hexdigest()}"


def chapters() -> list[Path]:
    """Return the notebooks that _toc.yml lists; others in notebooks/ are the user's own."""
    try:
        pages = list(parse_toc_yaml(ROOT / "_toc.yml"))
    except MalformedError as problem:
        raise Hindrance(f"_toc.yml: {problem}") from problem
    names = [page.removesuffix(".ipynb") for page in pages if page.startswith("notebooks/")]
    paths = [ROOT / f"{name}.ipynb" for name in names]
    for path in paths:
        if not path.is_file():
            raise Hindrance(f"_toc.yml lists notebooks/{path.name}, which is not there.")
    return paths


def _require_results() -> None:
    """Make sure that the stored results are complete; chapters say less clearly what they lack."""
    from paperlib.experiments.completeness import missing_results  # loads torch, which takes long

    if missing := missing_results():
        raise Hindrance(
            f"data/results lacks {len(missing)} results, the first: {missing[0]}. Finish make "
            "results, or take back what was stored: git checkout data/results."
        )


def execute() -> None:
    """Execute the chapters whose key has changed; keep those that succeed."""
    done = ROOT / "_build" / "executed"
    done.mkdir(parents=True, exist_ok=True)
    inputs = inputs_key(ROOT, os.environ.get("PRICES", ""))
    keys = {path.name: notebook_key(path, inputs) for path in chapters()}

    def is_fresh(name: str) -> bool:
        copy, key = done / name, done / f"{name}.key"
        there = copy.exists() and key.exists()
        return there and key.read_text() == copy_key(keys[name], copy.read_bytes())

    try:
        chapter_prices()  # a bad file is told of once, before any notebook starts
    except PriceFileError as problem:
        raise Hindrance(str(problem)) from problem

    pending = [name for name in keys if not is_fresh(name)]
    print(f"{len(pending)} of {len(keys)} notebooks to execute", flush=True)
    if not pending:
        return
    _require_results()
    # nbmake ignores every path with _build in it, so the notebooks run in a temporary folder.
    with tempfile.TemporaryDirectory() as folder:
        for name in pending:
            shutil.copy(ROOT / "notebooks" / name, folder)
            Path(folder, f"{name}.key").write_text(keys[name])
        failures = run_nbmake(Path(folder), done)
        for name in pending:
            if name not in failures and not is_fresh(name):
                # It could not be kept, as on a full disk: the second attempt says why.
                keep(Path(folder, name), done)
    if failures:
        raise Hindrance("; ".join(f"notebooks/{name} {why}" for name, why in failures.items()))


def run_nbmake(folder: Path, done: Path) -> dict[str, str]:
    """Execute the notebooks in a folder in place; say where and why each failed one did.

    Args:
        folder: holds the notebooks, each with its key beside it.
        done: where :mod:`book.progress` keeps each of them, with its key, once it has succeeded.

    Returns:
        A reason for each that failed, by file name.
    """
    (folder / "pytest.ini").write_text("[pytest]\n")  # keeps the options in pyproject.toml out
    report = folder / "report.xml"
    (folder / "home").mkdir()
    variables = fixed_environment(folder / "home")
    # Now, since matplotlib warns in a notebook where it looks up the system's fonts for long.
    look_up = [sys.executable, "-c", "import matplotlib.font_manager"]
    subprocess.run(look_up, cwd=folder, env=variables, check=True)
    notebooks = sorted(folder.glob("*.ipynb"))
    jobs = str(min(len(notebooks), os.cpu_count() or 1))
    command = [sys.executable, "-m", "pytest", "--nbmake", "--overwrite", "-q", "--no-summary"]
    command += [f"--nbmake-timeout={PATIENCE}", "-p", "no:cacheprovider", "-n", jobs]
    # Few at a time, so that hardly one waits behind a long one while a process is idle.
    command += ["--dist=load", "--maxschedchunk=1", f"--junitxml={report}", str(folder)]
    command += ["-p", "book.progress", f"--keep-in={done}"]
    # No standard input: from a terminal, readline would take its width to be the notebooks'.
    stdin = subprocess.DEVNULL
    code = subprocess.run(command, cwd=folder, env=variables, stdin=stdin, check=False).returncode
    if code:
        check_room(folder)  # if nbmake had none, this says so
    cases = ET.parse(report).iter("testcase") if report.exists() else ()
    results = {Path(case.get("name", "")).name: case for case in cases}
    failures = {}
    for path in notebooks:
        if path.name not in results:
            failures[path.name] = f"was not executed: nbmake ended with exit code {code}"
        elif problems := [part for part in results[path.name] if part.tag in ("failure", "error")]:
            failures[path.name] = cell_error(path) or f"failed: {problems[0].get('message')}"
        elif reason := blemish(path):
            failures[path.name] = reason
    return failures


def cell_error(path: Path) -> str:
    """Say which cell of a notebook raised what; empty if none did (a time-out, a dead kernel)."""
    for number, cell in enumerate(nbformat.read(path, 4).cells, start=1):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                return f"failed in cell {number} with {output.ename}: {output.evalue}"
    return ""


def blemish(path: Path) -> str:
    """Say what a notebook that ran to its end must not show, or must; empty if it is clean."""
    for number, cell in enumerate(nbformat.read(path, 4).cells, start=1):
        outputs = cell.get("outputs", [])
        for output in outputs:
            if output.get("name") == "stderr":
                return f"wrote a warning in cell {number}: {output.text.strip().splitlines()[0]}"
        kinds = {kind.partition("/")[0] for output in outputs for kind in output.get("data", {})}
        if "image" in cell.metadata.get("mystnb", {}) and "image" not in kinds:
            return f"shows no picture in cell {number}, which is a figure"
    return ""
