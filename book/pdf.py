"""Print the whole book to one PDF, with headless Chromium."""

import shutil
from pathlib import Path

from playwright.sync_api import Browser

from book.pages import ROOT, run_sphinx, stage

# What a reader of paper can't click is opened, and code that the site folds away is left out.
PREPARE = """async () => {
  document.querySelectorAll(".tag_hide-input details").forEach((fold) => fold.remove());
  document.querySelectorAll("details").forEach((fold) => {
    const title = fold.querySelector(".collapsed")?.textContent.replace(/^Show (the )?/, "");
    if (title) fold.firstElementChild.textContent = title[0].toUpperCase() + title.slice(1);
    fold.open = true;
  });
  const images = [...document.images];
  images.forEach((image) => { image.loading = "eager"; });
  await Promise.all(images.map((image) => image.decode()));  // an image that fails ends the print
}"""
FOOTER = (
    '<div style="width: 100%; font-size: 8px; text-align: center">'
    '<span class="pageNumber"></span></div>'
)
MARGIN = {"top": "16mm", "bottom": "18mm", "left": "16mm", "right": "16mm"}
PATIENCE = 300_000  # milliseconds; a busy machine takes long to show the whole book


def single_page() -> Path:
    """Build one page that holds the whole book, and return its path."""
    stage()
    # Sphinx follows no number shown on another page, so nothing is kept of an earlier build.
    for folder in ("single", "doctrees-single"):
        shutil.rmtree(ROOT / "_build" / folder, ignore_errors=True)
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
        BuildError: if the pages can't be built.
    """
    page = browser.new_page(color_scheme="light")
    page.set_default_timeout(PATIENCE)
    page.goto(single_page().as_uri())
    page.evaluate(PREPARE)
    target = ROOT / "_build" / "book.pdf"
    page.pdf(
        path=target,
        format="A4",
        margin=MARGIN,
        outline=True,
        tagged=True,
        print_background=True,
        display_header_footer=True,
        header_template="<span></span>",
        footer_template=FOOTER,
    )
    page.close()
    return target
