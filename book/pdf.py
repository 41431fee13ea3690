"""Print the whole book to one PDF, with headless Chromium."""

import io
import shutil
from pathlib import Path
from urllib.parse import unquote

from playwright.sync_api import Browser
from pypdf import PdfReader

from book.pages import ROOT, build_site, run_sphinx
from paperlib.machine.files import write

# The anchor of a part lies on the page where the part before ends, so it is moved in.
PREPARE = """async () => {
  document.querySelectorAll("[id^='document-']").forEach((anchor) => {
    anchor.nextElementSibling.prepend(anchor);
  });
  const images = [...document.images];
  images.forEach((image) => { image.loading = "eager"; });
  // Not for decoded ones, since a page that is not shown may never be drawn.
  await Promise.all(images.map((image) => image.complete || new Promise((done) => {
    image.onload = image.onerror = done;
  })));
  const lost = images.find((image) => !image.naturalWidth);
  if (lost) throw new Error(`there is no image at ${lost.src}`);
}"""
# A browser can't print the page on which a link's target lies. So the book is printed twice.
CONTENTS = "#jb-print-toc a"
NUMBER = f"""(pages) => document.querySelectorAll("{CONTENTS}").forEach((link) => {{
  const page = document.createElement("span");
  page.textContent = pages[decodeURIComponent(link.hash.slice(1))];
  link.append(page);
}})"""
FOOTER = (
    '<div style="width: 100%; font-size: 8px; text-align: center">'
    '<span class="pageNumber"></span></div>'
)
MARGIN = {"top": "16mm", "bottom": "18mm", "left": "16mm", "right": "16mm"}


def single_page() -> Path:
    """Build one page that holds the whole book, and return its path."""
    build_site()  # so that Sphinx has read all pages, which takes it half of the time
    for folder in ("single", "doctrees-single"):
        shutil.rmtree(ROOT / "_build" / folder, ignore_errors=True)
    shutil.copytree(ROOT / "_build" / "doctrees-html", ROOT / "_build" / "doctrees-single")
    folder = run_sphinx("singlehtml", "single")
    # Sphinx writes the page to where its first part lay, but its addresses as if it lay on top, and
    # gives that part no anchor.
    page = folder / "whole-book.html"
    text = (folder / "book" / "index.html").read_text("utf-8")
    text = text.replace('href="book/index.html#', 'href="#')
    page.write_text(text.replace('href="#document-book/index"', 'href="#"'), "utf-8")
    return page


def print_book(browser: Browser) -> Path:
    """Print the book to _build/book.pdf and return that path.

    Raises:
        Hindrance: if the pages can't be built.
    """
    page = browser.new_page(color_scheme="light")
    page.goto(single_page().as_uri())
    page.evaluate(PREPARE)
    layout = {
        "format": "A4",
        "margin": MARGIN,
        "print_background": True,
        "display_header_footer": True,
        "header_template": "<span></span>",
        "footer_template": FOOTER,
    }
    page.evaluate("document.body.style.visibility = 'hidden'")  # places are the same, and quicker
    places = page_numbers(page.pdf(**layout))
    page.evaluate("document.body.style.visibility = ''")
    page.evaluate(NUMBER, places)
    target = ROOT / "_build" / "book.pdf"
    write(target, page.pdf(**layout, outline=True, tagged=True))  # tags double the time
    page.close()
    return target


def page_numbers(printed: bytes) -> dict[str, int]:
    """Tell on which page, from 1, each place lies that a link of a printed page leads to."""
    reader = PdfReader(io.BytesIO(printed))
    places = reader.named_destinations.items()
    return {
        unquote(name).lstrip("/"): 1 + reader.get_destination_page_number(place)
        for name, place in places
    }
