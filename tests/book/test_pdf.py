"""The printed book: every chapter, every figure, every solution."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from filelock import FileLock
from playwright.sync_api import Browser
from pypdf import PdfReader

from book import pdf
from book.browser import find_chromium
from book.execution import Hindrance, chapters
from paperlib.paths import ROOT

PRINTED = ROOT / "_build" / "single" / "whole-book.html"
CHAPTERS = [path for path in chapters() if not path.stem.startswith("tables_")]


def title(notebook: Path) -> str:
    return nbformat.read(notebook, 4).cells[0].source.splitlines()[0].removeprefix("# ")


def flat(outline: list) -> list[str]:
    """Titles of a PDF's outline, whatever their level."""
    return [t for o in outline for t in (flat(o) if isinstance(o, list) else [o.title])]


def plain(text: str) -> str:
    """Text with straight quotes, single spaces and no ligatures, as "fl" may be printed."""
    letters = unicodedata.normalize("NFKC", text).translate(str.maketrans("’“”", '\'""'))
    return re.sub(r"\s+", " ", letters)


@pytest.fixture(scope="module")
def book(
    site: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory, testrun_uid: str
) -> PdfReader:
    """The whole book, printed once a run, by the process that asks first.

    Two that print at once would clear each other's folder. Marks of a group would keep these tests
    in one process, but pytest-xdist 3.8.0 passes over them with pytest 9.2.0 (its issue 1386).
    """
    printed = tmp_path_factory.getbasetemp().parent / f"printed-{testrun_uid}"
    with FileLock(f"{printed}.lock"):
        if not printed.exists():
            pdf.print_book(browser)
            printed.touch()
    return PdfReader(ROOT / "_build" / "book.pdf")


@pytest.fixture(scope="module")
def texts(book: PdfReader, tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> list[str]:
    """The plain text of each page, read once a run."""
    read = tmp_path_factory.getbasetemp().parent / f"printed-{testrun_uid}.json"
    with FileLock(f"{read}.lock"):
        if not read.exists():
            pages = [plain(page.extract_text()) for page in book.pages]
            read.write_text(json.dumps(pages), "utf-8")
    return json.loads(read.read_text("utf-8"))


@pytest.fixture(scope="module")
def single(book: PdfReader) -> BeautifulSoup:
    """The page that is printed, parsed."""
    return BeautifulSoup(PRINTED.read_text("utf-8"), "html.parser")


def test_every_chapter_begins_a_page_and_is_in_the_outline(book: PdfReader, texts: list[str]):
    titles = [plain(name) for name in flat(book.outline)]
    first_lines = [text[:120] for text in texts]
    for number, notebook in enumerate(CHAPTERS, start=1):
        heading = f"{number}. {title(notebook)}"
        assert any(name.startswith(heading) for name in titles), heading
        assert any(line.lstrip().startswith(heading[:40]) for line in first_lines), heading


def test_the_contents_lead_to_the_page_that_they_name(book: PdfReader, texts: list[str]):
    contents = " ".join(texts[:2])
    first_lines = [text[:120].lstrip() for text in texts]
    for number, notebook in enumerate(CHAPTERS, start=1):
        heading = f"{number}. {title(notebook)}"
        named = int(re.search(rf"{re.escape(heading)} (\d+)", contents)[1])
        assert first_lines[named - 1].startswith(heading[:40]), heading
        place = book.named_destinations[f"/document-notebooks/{notebook.stem}"]
        assert book.get_destination_page_number(place) == named - 1


def test_every_figure_and_solution_is_printed(texts: list[str], single: BeautifulSoup):
    text = plain(" ".join(texts))
    captions = [
        plain(caption.get_text())[:35]
        for caption in single.select("figcaption")
        if caption.select_one(".caption-number")
    ]
    assert len(captions) >= 40
    assert [caption for caption in captions if caption not in text] == []
    exercises = sum(
        cell.metadata.get("mystnb", {}).get("code_prompt_show") == "Show the solution"
        for notebook in CHAPTERS
        for cell in nbformat.read(notebook, 4).cells
    )
    assert text.count("Solution ") == exercises
    assert "Show code cell source" not in text and "Hide code cell source" not in text


def test_no_table_makes_the_whole_print_smaller(book: PdfReader, browser: Browser):
    """A4 less the margins is 178 mm, 673 pixels; a browser shrinks what is wider, all of it."""
    page = browser.new_page(viewport={"width": 673, "height": 900})
    page.emulate_media(media="print")
    page.goto(PRINTED.as_uri())
    wide = page.evaluate(
        """() => [...document.querySelectorAll("table")]
            .filter((table) => table.getBoundingClientRect().right > innerWidth)
            .map((table) => table.id)"""
    )
    page.close()
    assert wide == []


def test_links_lead_to_places_in_the_book(single: BeautifulSoup):
    links = {str(a["href"]) for a in single.select("article a[href]")}
    inside = {link for link in links if not link.startswith("http")}
    ids = {f"#{tag['id']}" for tag in single.select("[id]")} | {"#"}
    assert len(inside) > 200
    assert inside - ids == set()


def test_a_missing_browser_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(Hindrance, match="no Chromium .* install it"):
        find_chromium()
