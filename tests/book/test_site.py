"""The built site: complete, readable, and in need of no network."""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup, NavigableString, Tag

from book.pages import git
from paperlib.paths import ROOT

SITE = ROOT / "_build" / "html"

# Relations of a <link> that name a page and load nothing.
NOT_LOADED = {"canonical", "next", "prev", "search", "index"}

NO_PROSE = {"pre", "code", "script", "style", "annotation"}

# What carries a number, and where that number stands.
NUMBERED = {
    "figure": ("article figure:has(figcaption)", ".caption-number"),
    "table": ("article table:has(caption)", ".caption-number"),
    "equation": ("article div.math:has(.eqno)", ".eqno"),
}

Pages = dict[Path, BeautifulSoup]


@pytest.fixture(scope="module")
def pages() -> Pages:
    """Every page of the site, parsed."""
    found = [path for path in SITE.rglob("*.html") if "_static" not in path.parts]
    if not found:
        message = "there is no site in _build/html: run make book first"
        (pytest.fail if os.environ.get("SITE_REQUIRED") else pytest.skip)(message)
    return {path: BeautifulSoup(path.read_text("utf-8"), "html.parser") for path in sorted(found)}


def source_pages() -> list[str]:
    """The pages that _toc.yml lists."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    chapters = [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    return [toc["root"], *chapters]


def name(path: Path) -> str:
    return path.relative_to(SITE).as_posix()


def requests(page: BeautifulSoup) -> Iterator[str]:
    """Addresses that a browser asks for by itself when it shows the page."""
    for tag in page.find_all(["script", "img", "iframe", "source", "video", "audio", "embed"]):
        yield str(tag.get("src", ""))
    for tag in page.find_all("link"):
        if not NOT_LOADED.intersection(tag.get_attribute_list("rel")):
            yield str(tag.get("href", ""))
    for tag in page.find_all(["object", "use", "image"]):
        yield str(tag.get("data") or tag.get("href") or tag.get("xlink:href") or "")
    styles = [str(tag.get("style")) for tag in page.find_all(style=True)]
    styles += [tag.get_text() for tag in page.find_all("style")]
    yield from addresses_in_css("\n".join(styles))


def addresses_in_css(text: str) -> Iterator[str]:
    for match in re.finditer(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)", text):
        yield match[1] or match[2]


def missing(address: str, folder: Path) -> bool:
    """Tell whether an address asked for from a folder is outside the site, or not there."""
    parts = urlsplit(address)
    if parts.scheme == "data" or not address or address.startswith("#"):
        return False
    return bool(parts.scheme or parts.netloc) or not (folder / unquote(parts.path)).exists()


def citations(pages: Pages) -> Iterator[tuple[Path, str, str]]:
    """Page, anchor and shown text of what a page's text links to inside the site."""
    for path, page in pages.items():
        for link in page.select("article a.internal[href]:not(.headerlink)"):
            parts = urlsplit(str(link["href"]))
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            yield target, unquote(parts.fragment), link.get_text()


def numbers(pages: Pages, kind: str) -> dict[tuple[Path, str], str]:
    """Number of every figure, table or equation, by page and anchor; empty if it has none."""
    items, where = NUMBERED[kind]
    return {
        (path, str(item.get("id"))): re.sub(r"[#\s]+$", "", number.get_text()) if number else ""
        for path, page in pages.items()
        for item in page.select(items)
        for number in [item.select_one(where)]
    }


def prose(page: BeautifulSoup) -> str:
    """The page's text without code, scripts and the TeX that KaTeX keeps for screen readers."""
    return "".join(shown(page))


def shown(tag: Tag) -> Iterator[str]:
    for child in tag.children:
        if isinstance(child, Tag):
            if child.name not in NO_PROSE:
                yield from shown(child)
        elif type(child) is NavigableString:  # no comment
            yield child


def test_every_listed_page_is_built(pages: Pages) -> None:
    assert [page for page in source_pages() if SITE / f"{page}.html" not in pages] == []


def test_every_notebook_is_listed() -> None:
    """Those that git knows: others in the folder are the user's own."""
    known = git("ls-files notebooks/*.ipynb").splitlines()
    assert {path.removesuffix(".ipynb") for path in known} - set(source_pages()) == set()


def test_pages_ask_for_nothing_outside_the_site(pages: Pages) -> None:
    problems = [
        (name(path), address)
        for path, page in pages.items()
        for address in requests(page)
        if missing(address, path.parent)
    ]
    assert problems == []


def test_style_sheets_ask_for_nothing_outside_the_site(pages: Pages) -> None:
    problems = [
        (name(path), address)
        for path in SITE.rglob("*.css")
        for address in addresses_in_css(path.read_text("utf-8"))
        if missing(address, path.parent)
    ]
    assert problems == []


def test_every_image_says_what_it_shows(pages: Pages) -> None:
    """A figure of a notebook that is given no text gets its file name for one."""
    problems = [
        (name(path), str(image))
        for path, page in pages.items()
        for image in page.select("article img")
        if not str(image.get("alt", "")).strip() or "_images/" in str(image["alt"])
    ]
    assert problems == []


def test_internal_links_and_anchors_resolve(pages: Pages) -> None:
    anchors = {
        path: {str(tag.get("id") or tag.get("name")) for tag in page.find_all(has_anchor)}
        for path, page in pages.items()
    }
    problems = []
    for path, page in pages.items():
        for link in page.find_all("a", href=True):
            parts = urlsplit(str(link["href"]))
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            anchor = unquote(parts.fragment)
            if not target.exists() or (anchor and anchor not in anchors.get(target, {anchor})):
                problems.append((name(path), link["href"]))
    assert problems == []


def has_anchor(tag: Tag) -> bool:
    return tag.has_attr("id") or tag.has_attr("name")


def test_no_path_of_this_machine_is_shown(pages: Pages) -> None:
    folders = {str(ROOT), str(Path.home()), sys.prefix, tempfile.gettempdir()}
    path_of_machine = re.compile(rf"(?<![\w.])({'|'.join(map(re.escape, folders))})/")
    files = [*pages, SITE / "searchindex.js", *(SITE / "_sources").rglob("*.*")]
    texts = {name(path): path.read_text("utf-8") for path in files}
    found = {page: path_of_machine.search(text) for page, text in texts.items()}
    assert {page: match[0] for page, match in found.items() if match} == {}


def test_formulas_are_rendered(pages: Pages) -> None:
    raw = re.compile(r"\$\$|\\(begin|frac|text|mathbf|odot)\b|\{(eq|numref|term|cite)\}")
    found = {name(path): raw.search(prose(page)) for path, page in pages.items()}
    assert {page: match[0] for page, match in found.items() if match} == {}
    assert [name(path) for path, page in pages.items() if page.find(class_="katex-error")] == []
    assert any(page.find(class_="katex-display") for page in pages.values())


@pytest.mark.parametrize("kind", NUMBERED)
def test_what_has_a_caption_or_a_label_has_a_number_and_is_cited(pages: Pages, kind: str) -> None:
    cited = {(path, anchor) for path, anchor, _ in citations(pages)}
    found = numbers(pages, kind)
    assert found
    problems = [
        (name(path), anchor)
        for (path, anchor), number in found.items()
        if not (number and (path, anchor) in cited)
    ]
    assert problems == []


@pytest.mark.parametrize("kind", NUMBERED)
def test_no_number_is_given_twice_in_a_chapter(pages: Pages, kind: str) -> None:
    given = [(path, number) for (path, _), number in numbers(pages, kind).items() if number]
    assert len(given) == len(set(given))


def test_a_citation_shows_the_number_of_what_it_leads_to(pages: Pages) -> None:
    found = {place: n for kind in NUMBERED for place, n in numbers(pages, kind).items()}
    shown = [
        (anchor, text, found[path, anchor])
        for path, anchor, text in citations(pages)
        if (path, anchor) in found
    ]
    assert shown
    assert [item for item in shown if item[1] != item[2]] == []


def test_every_page_has_a_language_a_title_and_one_heading(pages: Pages) -> None:
    for path, page in pages.items():
        assert page.html and page.html.get("lang") == "en", name(path)
        assert page.title and page.title.get_text().strip(), name(path)
        headings = page.select("main h1:not(#jb-print-docs-body h1)")
        assert len(headings) == 1, name(path)


def test_every_chapter_can_be_downloaded_with_its_outputs(pages: Pages) -> None:
    chapters = {path: page for path, page in pages.items() if path.parent.name == "notebooks"}
    assert chapters
    for path, page in chapters.items():
        links = page.select("a.btn-download-source-button")
        assert len(links) == 1, name(path)
        notebook = nbformat.read(path.parent / str(links[0]["href"]), 4)
        assert any(cell.get("outputs") for cell in notebook.cells), name(path)


def test_every_module_is_described(pages: Pages) -> None:
    """Once, on the page of its room; the core on a page of its own."""
    package = ROOT / "paperlib"
    modules = {
        ".".join(path.relative_to(package).with_suffix("").parts)
        for path in package.rglob("[!_]*.py")
    }
    assert modules
    for module in sorted(modules):
        room = f"_{module.split('.')[0]}" if "." in module else ""
        page = pages[SITE / f"book/api{room}.html"]
        assert len(page.find_all(id=f"module-paperlib.{module}")) == 1, module


def test_every_function_leads_to_its_source(pages: Pages) -> None:
    described = [
        (path, head)
        for path, page in pages.items()
        if path.parent.name == "book"
        for head in page.select("dl.py.function > dt")
    ]
    assert described
    assert [name(path) for path, head in described if not head.select_one("a .viewcode-link")] == []
