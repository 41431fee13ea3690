"""Chapters of the course in JupyterLab, as a student runs them: whole, once, and without a mark."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from sys import executable
from urllib.parse import urlsplit

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Browser, Page, TimeoutError, expect
from stillpages import LOADED, POLL

from book.browser import PATIENCE
from book.environment import fixed_environment
from paperlib.paths import ROOT

CHAPTERS = ("prices", "lstm_cell", "worth")
HANG = 1_200_000  # milliseconds, as long as a notebook may take that the book executes
OPTIONS = """
--no-browser --allow-root --expose-app-in-browser --ServerApp.ip=127.0.0.1 --ServerApp.port=0
--LabApp.news_url=None --LanguageServerManager.autodetect=False
--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate
"""
# What jupyterlab-myst makes of a reference or a formula that it can't resolve, and MathJax of one.
MARKS = ".text-yellow-600, .text-red-500, .katex-error, mjx-merror, :text('Unknown Directive')"
READY = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
START = """void jupyterapp.commands.execute("notebook:run-all-cells")
    .finally(() => { window.done = true; })"""
CELLS = "() => jupyterapp.shell.currentWidget.content.model.sharedModel.toJSON().cells"
# Texts, but no code, with a role, a brace of an f-string or a formula as they were typed.
AS_TYPED = r"""() => [...document.querySelectorAll(".jp-Notebook *")].filter((element) => !element
        .closest("code, pre, script, style, .jp-Editor, .jp-Placeholder, .katex, mjx-container"))
    .flatMap((element) => [...element.childNodes].filter((child) => child.nodeType === 3))
    .map((text) => text.data).filter((text) => /\{[a-z:]+\}|\{\{|\$[^$]+\$/.test(text))"""
BROKEN = """[...document.querySelectorAll(".jp-Notebook img")]
    .filter((image) => !image.naturalWidth).map((image) => image.src.slice(0, 99))"""
PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}  # else it asks for one
HIDDEN = {"tags": ["remove-input"], "jupyter": {"source_hidden": True}}
PROSE = r"""report.prose(rf'''
{{numref}}`tab-small` has {len(frame)} rows {{cite:p}}`gers2000`, a {{term}}`gap` and $a_1 < b_1$.
It costs \$5 or \$7:

$$\sum_i c_i$$
''')"""
SMALL = [
    new_markdown_cell("# A\n\n## B\n\n$x_1$, {term}`gap`, ![](../book/_static/lstm_cell.svg)"),
    new_code_cell("import pandas\nfrom paperlib import report\nframe = pandas.DataFrame([1, 2])"),
    new_code_cell(PROSE, metadata=HIDDEN),
    new_code_cell("report.show_table(frame, 'Two rows.', 'tab-small')"),
    new_code_cell("report.show_figure(frame.plot().figure, 'It rises.', 'fig-small')"),
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A folder of notebooks, and the address, with its token, of a JupyterLab that shows it."""
    home, root = (tmp_path_factory.mktemp(name) for name in ("home", "root"))
    (root / "notebooks").mkdir()
    shutil.copytree(ROOT / "book" / "_static", root / "book" / "_static")  # drawings of chapters
    own = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    variables = fixed_environment(home) | {name: str(home / name) for name in own}
    # Now, since matplotlib warns in a notebook where it looks up the system's fonts for long.
    subprocess.run([executable, "-c", "import matplotlib.font_manager"], env=variables, check=True)
    command = [executable, "-m", "jupyterlab", f"--ServerApp.root_dir={root}", *OPTIONS.split()]
    log = home / "log"
    with log.open("w") as told:
        server = subprocess.Popen(command, cwd=home, env=variables, stderr=told)
    try:
        while not (found := re.search(r"(http://127\.0\.0\.1:\d+/lab)(\?\S+)\n", log.read_text())):
            assert server.poll() is None, log.read_text()
            time.sleep(0.1)
        yield root / "notebooks", f"{found[1]}/tree/notebooks/{{}}.ipynb{found[2]}&reset"
    finally:
        server.terminate()  # and with it its kernels
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(60)
        server.kill()


def run(browser: Browser, lab: tuple[Path, str], name: str, notebook: NotebookNode) -> Page:
    """Open a notebook without outputs, run all of its cells, and check what a student sees."""
    folder, address = lab
    code = [place for place, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    for place in code:
        notebook.cells[place] |= {"outputs": [], "execution_count": None}
    nbformat.write(notebook, folder / f"{name}.ipynb")
    page, asked = browser.new_context().new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.goto(address.format(name))
    page.wait_for_function(READY, polling=POLL)
    page.evaluate(START)
    page.wait_for_function("window.done", timeout=HANG, polling=POLL)
    cells = page.evaluate(CELLS)
    outputs = [output for place in code for output in cells[place]["outputs"]]
    assert not [one for one in outputs if "error" in one.values() or "stderr" in one.values()]
    assert [cells[place]["execution_count"] for place in code] == list(range(1, len(code) + 1))
    for place in code:
        if cells[place]["metadata"].get("jupyter", {}).get("source_hidden"):
            shown = page.locator(".jp-Notebook .jp-Cell").nth(place)
            assert shown.locator(".jp-Editor:visible").count() == 0
            assert shown.locator(".jp-OutputArea-output:visible").count() == 1
            assert shown.locator(".jp-RenderedHTML:visible").count() == 1
    hosts = {urlsplit(url).netloc for url in asked if urlsplit(url).scheme not in ("data", "blob")}
    assert hosts == {urlsplit(address).netloc}
    assert_whole(page, notebook)
    return page


def assert_whole(page: Page, notebook: NotebookNode) -> None:
    """Headings, pictures and formulas are there, and nothing is marked, broken or as typed."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    titles = re.findall(r"^#+ ", re.sub(r"```.*?```", "", "\n\n".join(texts), flags=re.S), re.M)
    headings = page.locator(".jp-MarkdownCell :is(h1, h2, h3, h4)")
    expect(headings).to_have_count(len(titles), timeout=PATIENCE)
    pictures = page.locator(":is(.jp-RenderedSVG, .jp-RenderedImage) img")
    figures = sum("show_figure(" in cell.source for cell in notebook.cells)
    expect(pictures).to_have_count(figures, timeout=PATIENCE)
    page.evaluate(LOADED)
    assert page.evaluate(BROKEN) == []
    with contextlib.suppress(TimeoutError):  # MathJax comes to a formula a moment later
        told = f"() => ({AS_TYPED})().length === 0"
        page.wait_for_function(told, timeout=30_000, polling=POLL)
    assert page.evaluate(AS_TYPED) == []
    assert page.locator(".jp-Notebook").locator(MARKS).all_inner_texts() == []


def test_every_kind_of_cell_looks_right(browser: Browser, lab: tuple[Path, str]) -> None:
    page = run(browser, lab, "small", new_notebook(cells=SMALL, metadata=PYTHON))
    prose = page.locator(".jp-RenderedHTML").first
    for part in ("tab-small has 2 rows (Gers 2000), a gap and", "It costs $5 or $7:"):
        assert part in prose.inner_text()
    assert prose.locator("mjx-container").count() == 2
    assert page.locator("caption").all_inner_texts() == ["tab-small: Two rows."]
    page.context.close()


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_runs_and_is_whole(browser: Browser, lab: tuple[Path, str], name: str) -> None:
    run(browser, lab, name, nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", 4)).context.close()
