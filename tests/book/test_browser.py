"""The pages in a real browser: no barriers, no errors, nothing from outside, light to fetch."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlencode, urlsplit

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from fontTools.ttLib import TTFont
from playwright.sync_api import Browser, Page
from stillpages import LOADED, POLL, REST

from paperlib.claims.answers import all_verdicts
from paperlib.claims.ledger import chapter_order
from paperlib.paths import ROOT

TOC = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
LISTED = [TOC["root"], *(page["file"] for part in TOC["parts"] for page in part["chapters"])]
PAGES = [*LISTED, "search"]
MOST_KB = 300  # a page's way over the wire, compressed, without its pictures
PICTURES = {".png", ".jpg", ".gif"}
COMPRESSED = {".woff2"}  # as it is; a server compresses the rest
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 800}
# Without preload: otherwise axe itself fetches style sheets, and fails where nothing is served.
AXE = {"resultTypes": ["violations"], "preload": False}
OF_COLOURS = ["color-contrast", "link-in-text-block"]  # two thirds of axe's time
BUT_CONTRAST = {**AXE, "rules": {rule: {"enabled": False} for rule in OF_COLOURS}}
CONTRAST = {**AXE, "runOnly": OF_COLOURS}
# Contrast takes a time that grows with the square of the elements, and elements alike have the same
# one. So but three of a kind stay: alike in tag, classes, colour and background, within others
# alike. What was kept on the pages before counts, too.
THREE_OF_A_KIND = """(before) => {
    const kept = new Map(before);
    const kind = (e) => e ? `${kind(e.parentElement)}>${e.tagName}.${e.className}` : "";
    const ground = (e) => {
        const colour = getComputedStyle(e).backgroundColor;
        return colour === "rgba(0, 0, 0, 0)" && e.parentElement ? ground(e.parentElement) : colour;
    };
    for (const e of [...document.body.querySelectorAll("*")].reverse()) {
        if (e.childElementCount || e.closest("svg")) continue;
        const key = `${kind(e)} ${e.getAttribute("style")} on ${ground(e)}`;
        const n = (kept.get(key) ?? 0) + 1;
        if (n > 3) e.remove(); else kept.set(key, n);
    }
    return [...kept];
}"""
KEPT: list[tuple[str, int]] = []  # how many of each kind were looked at, in this process


class Visit:
    """A page in a browser, with all that it asked for and complained of."""

    def __init__(self, browser: Browser, **context: object) -> None:
        self.page: Page = browser.new_context(**context).new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda message: (
                message.type in ("error", "warning") and self.complaints.append(message.text)
            ),
        )


@pytest.fixture(params=["light", "dark"])
def desktop(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    visit = Visit(browser, color_scheme=request.param, viewport=DESKTOP, reduced_motion="reduce")
    yield visit
    visit.page.context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Visit]:
    visit = Visit(browser, viewport=PHONE, has_touch=True)
    yield visit
    visit.page.context.close()


@pytest.fixture(scope="module", params=PAGES)
def name(request: pytest.FixtureRequest) -> str:
    """Each page; its tests run one after another, so that some can look at one visit."""
    return request.param


@pytest.fixture(scope="module")
def seen(browser: Browser, address: str, name: str) -> Iterator[Visit]:
    """The page, visited once."""
    visit = Visit(browser, color_scheme="light", viewport=DESKTOP, reduced_motion="reduce")
    visit.page.goto(f"{address}/{name}.html")
    yield visit
    visit.page.context.close()


@pytest.fixture(scope="module")
def held(browser: Browser, site: Path, name: str) -> Iterator[Visit]:
    """The page's file on a phone, visited once."""
    visit = Visit(browser, viewport=PHONE, has_touch=True)
    visit.page.goto((site / f"{name}.html").as_uri())
    yield visit
    visit.page.context.close()


def test_a_page_makes_no_errors_and_asks_for_nothing_outside(seen: Visit, address: str) -> None:
    outside = [
        url
        for url in seen.requests
        if not url.startswith(f"{address}/") and urlsplit(url).scheme != "data"
    ]
    assert outside == []
    assert seen.complaints == []


def kilobytes(files: set[Path]) -> float:
    """Size of files as a server would send them, pictures left out."""
    contents = {path: path.read_bytes() for path in files if path.suffix not in PICTURES}
    sizes = (
        len(content) if path.suffix in COMPRESSED else len(gzip.compress(content))
        for path, content in contents.items()
    )
    return sum(sizes) / 1000


def test_a_page_is_light(seen: Visit, site: Path, record_property) -> None:
    asked = {unquote(urlsplit(url).path).lstrip("/") for url in seen.requests}
    files = {site / path for path in asked if not path.startswith("_images/")}
    weight = kilobytes({path for path in files if path.is_file()})
    record_property("kilobytes", round(weight))
    assert 50 < weight < MOST_KB


def test_a_page_works_from_a_file_too(held: Visit) -> None:
    assert held.complaints == []
    assert {urlsplit(url).scheme for url in held.requests} <= {"file", "data"}


def test_a_phone_scrolls_tables_and_not_the_page(held: Visit) -> None:
    assert held.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    cut_off = held.page.evaluate(
        """() => [...document.querySelectorAll(".bd-article table")].filter((table) => {
            if (table.getBoundingClientRect().width === 0) return false;  // folded away
            for (let box = table; box.matches(".bd-article *"); box = box.parentElement) {
                const scrolls = ["auto", "scroll"].includes(getComputedStyle(box).overflowX);
                if (scrolls) return box.scrollWidth > box.clientWidth && box.tabIndex !== 0;
            }
            return table.getBoundingClientRect().right > innerWidth;
        }).map((table) => table.innerText.slice(0, 60))"""
    )
    assert cut_off == []


def test_a_phone_shows_figures_at_a_size_that_can_be_read(held: Visit) -> None:
    """Labels are drawn at 9 to 12 points, 12 to 16 pixels, and must not shrink below 8 pixels.

    In a figure shown whole all are of 12 points.
    """
    held.page.evaluate(LOADED)
    small = held.page.evaluate(
        """() => {
            const images = [...document.querySelectorAll(".bd-article figure > img")];
            return images.filter((image) => image.checkVisibility())
                .filter((image) => image.width / image.naturalWidth
                    < (image.closest("figure.whole") ? 0.5 : 0.7))
                .map((image) => [image.closest("figure").id, image.width, image.naturalWidth]);
        }"""
    )
    assert small == []


@cache
def icons_drawn(site: Path) -> set[str]:
    """Every sign of the site's fonts of icons."""
    fonts = (site / "_static" / "vendor" / "fontawesome" / "webfonts").glob("*.woff2")
    return {chr(code) for path in fonts for code in TTFont(path).getBestCmap()}


def test_every_picture_and_icon_is_there(seen: Visit, site: Path) -> None:
    seen.page.evaluate(LOADED)
    broken = seen.page.evaluate(
        """[...document.images].filter((image) => !image.naturalWidth).map((image) => image.src)"""
    )
    icons = seen.page.evaluate(
        """() => [...document.querySelectorAll("*")].flatMap((element) =>
            ["::before", "::after"].map((part) => getComputedStyle(element, part))
                .filter((style) => style.fontFamily.includes("Font Awesome"))
                .filter((style) => style.content.startsWith('"'))
                .map((style) => style.content.replaceAll('"', "")))"""
    )
    assert broken == []
    assert icons and set("".join(icons)) <= icons_drawn(site)


def test_a_page_has_no_barriers(seen: Visit) -> None:
    """The last look at a visit, since it takes the page apart."""
    page = seen.page
    page.evaluate(REST)  # a colour on its way from another has the contrast of neither
    found = [Axe().run(page, options=BUT_CONTRAST)]
    KEPT[:] = page.evaluate(THREE_OF_A_KIND, KEPT)
    for mode in ("light", "dark"):
        page.emulate_media(color_scheme=mode)
        page.evaluate("(mode) => document.documentElement.dataset.theme = mode", mode)
        page.evaluate(REST)
        found.append(Axe().run(page, options=CONTRAST))
    assert [each.generate_report() for each in found if each.violations_count] == []


def test_search_finds_a_word_and_leads_to_it(browser: Browser, address: str) -> None:
    visit = Visit(browser, viewport=DESKTOP)
    page = visit.page
    page.goto(f"{address}/book/index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("persistence")
    page.keyboard.press("Enter")
    results = page.locator("#search-results ul.search > li a").first
    results.wait_for()
    passages = page.locator("#search-results p.context")
    passages.nth(9).wait_for()
    assert not [text for text in passages.all_inner_texts() if " import " in text]
    results.click()
    assert "persistence" in page.locator("article").inner_text().lower()
    assert visit.complaints == []
    page.context.close()


def search(browser: Browser, address: str, query: str) -> list[tuple[str, str]]:
    """Search the book, and return the link and the passage of each result."""
    page = browser.new_page()
    page.goto(f"{address}/search.html?{urlencode({'q': query})}")
    page.locator(".search-summary:not(:empty)").wait_for()
    page.wait_for_load_state("networkidle")
    results = page.locator("#search-results ul.search > li")
    found = [
        (link.get_attribute("href"), " ".join(passages))
        for result in results.all()
        for link, passages in [
            (result.locator("a").first, result.locator("p.context").all_inner_texts())
        ]
    ]
    page.close()
    return found


def test_search_finds_a_chinese_word_inside_of_another(browser: Browser, address: str) -> None:
    for word in ("预测", "预测区间", "区"):
        found = [passage for link, passage in search(browser, address, word) if "glossary" in link]
        assert found and word in found[0], word


def test_a_quoted_phrase_gives_a_passage_that_holds_it(browser: Browser, address: str) -> None:
    for phrase in ("tomorrow equals today", "the paper's window"):
        passages = [passage for _, passage in search(browser, address, f'"{phrase}"')]
        held = [passage for passage in passages if phrase in passage.replace("’", "'")]
        assert len(held) >= 5, phrase


def test_the_ledger_can_be_filtered_in_the_page(desktop: Visit, address: str) -> None:
    page = desktop.page
    page.goto(f"{address}/notebooks/tables_truth.html")
    controls = page.get_by_role("group", name="Choose claims")
    rows = page.locator("table:below(.table-filter)").first.locator("tbody tr")
    told = controls.locator("output")
    verdicts = all_verdicts()
    total = len(verdicts)
    assert rows.count() == total
    assert told.inner_text() == f"{total} of {total} claims"
    contradicted = verdicts[verdicts["verdict"] == "contradicted"]
    controls.get_by_label("Verdict").select_option("contradicted")
    shown = rows.locator("visible=true")
    assert shown.count() == len(contradicted) > 0
    assert told.inner_text() == f"{len(contradicted)} of {total} claims"
    controls.get_by_label("Word").fill("second layer")
    words = contradicted["claim"].str.contains("second layer", case=False)
    assert shown.count() == int(words.sum()) > 0
    controls.get_by_label("Word").fill("")
    controls.get_by_label("Verdict").select_option("all")
    number = chapter_order().index("clipping") + 1
    controls.get_by_label("Chapter").select_option(str(number))
    assert shown.count() == int((verdicts["chapter"] == "clipping").sum()) > 0
    link = shown.first.locator("a").last
    assert "clipping.html#" in link.get_attribute("href")


def test_the_menu_of_a_phone_opens(phone: Visit, address: str) -> None:
    phone.page.goto(f"{address}/notebooks/prices.html")
    link = phone.page.locator("#pst-primary-sidebar-modal a.reference", has_text="LSTM cell").or_(
        phone.page.locator("#pst-primary-sidebar a.reference", has_text="LSTM cell")
    )
    assert not link.first.is_visible()
    phone.page.locator("button.primary-toggle").click()
    link.locator("visible=true").first.click()
    phone.page.wait_for_url("**/lstm_cell.html")


def test_a_reader_without_a_mouse_can_switch_to_dark(desktop: Visit, address: str) -> None:
    page = desktop.page
    page.goto(f"{address}/book/index.html")
    before = page.evaluate("document.documentElement.dataset.theme")
    page.locator("button.theme-switch-button").locator("visible=true").first.focus()
    modes = set()
    for _ in range(3):  # light, dark, and what the system prefers
        page.keyboard.press("Enter")
        # The theme drops the focus at a click, and the page gives it back a moment later.
        page.wait_for_function(
            "document.activeElement.matches('button.theme-switch-button')", polling=POLL
        )
        modes.add(page.evaluate("document.documentElement.dataset.theme"))
    assert modes == {"light", "dark"} and before in modes


def test_a_dark_page_is_printed_as_a_light_one(browser: Browser, address: str) -> None:
    visit = Visit(browser, color_scheme="dark", viewport=DESKTOP)
    visit.page.goto(f"{address}/notebooks/prices.html")
    visit.page.evaluate(
        """() => addEventListener("beforeprint", () => {
            const image = document.querySelector(".bd-article figure img");
            globalThis.printed = [document.documentElement.dataset.theme,
                                  getComputedStyle(image).filter];
        })"""
    )
    visit.page.pdf()
    assert visit.page.evaluate("printed") == ["light", "none"]
    assert visit.page.evaluate("document.documentElement.dataset.theme") == "dark"
    visit.page.context.close()
