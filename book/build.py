"""Execute the notebooks and build the book: what make book, make pdf and make notebooks call.

Everything is written below _build/, so that the working tree stays clean:

    _build/executed/   executed notebooks, normalised, each with its key beside it
    _build/stage/      what Sphinx reads: the pages as they are and the executed notebooks
    _build/html/       the site
    _build/book.pdf    the same pages, printed
"""

import argparse
import os
import signal
import sys
import time
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from book.browser import chromium
from book.execution import BuildError, chapters, execute
from book.pages import build_site
from book.pdf import print_book
from paperlib.headlines import readme_table

ROOT = Path(__file__).resolve().parent.parent
README_FIGURE = ("14_verdicts.ipynb", "fig-headline")
HEADLINES = "<!-- headlines: written by make notebooks -->\n"


def figure(notebook: NotebookNode, name: str) -> str:
    """Return the SVG of the figure that has this name."""
    for cell in notebook.cells:
        if cell.metadata.get("mystnb", {}).get("figure", {}).get("name") == name:
            for output in cell.outputs:
                if svg := output.get("data", {}).get("image/svg+xml"):
                    return svg
    raise BuildError(f"no executed figure is called {name!r}.")


def put_headlines(readme: str, table: str) -> str:
    """Put the table of headlines between the two marks of a README."""
    parts = readme.split(HEADLINES)
    if len(parts) != 3:
        raise BuildError(f"README.md: the line {HEADLINES.strip()} must stand in it twice.")
    return HEADLINES.join([parts[0], table + "\n", parts[2]])


def store_outputs() -> None:
    """Copy the executed chapters to notebooks/, and from the results the README's head."""
    for path in chapters():
        path.write_bytes((ROOT / "_build" / "executed" / path.name).read_bytes())
    chapter = nbformat.read(ROOT / "notebooks" / README_FIGURE[0], 4)
    drawing = figure(chapter, README_FIGURE[1])
    (ROOT / "book" / "_static" / "headline.svg").write_text(drawing, encoding="utf-8")
    readme = ROOT / "README.md"
    text = put_headlines(readme.read_text(encoding="utf-8"), readme_table())
    readme.write_text(text, encoding="utf-8")


def main() -> None:
    """Run one command and say how long each step took."""
    parser = argparse.ArgumentParser(description="Execute the notebooks and build the site.")
    parser.add_argument(
        "command", choices=["book", "pdf", "notebooks"], help="what to make of them"
    )
    parser.add_argument("--all", action="store_true", help="execute unchanged notebooks, too")
    arguments = parser.parse_args()
    start = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # kill, too, ends what runs below
    try:
        if arguments.command == "notebooks" and os.environ.get("PRICES"):
            raise BuildError("make notebooks stores results on the bundled prices: drop PRICES.")
        execute(arguments.all)
        executed = time.monotonic()
        print(f"notebooks: {executed - start:.0f} s", flush=True)
        if arguments.command == "notebooks":
            store_outputs()
            return
        if arguments.command == "pdf":
            with chromium() as browser:
                made = print_book(browser)
        else:
            made = build_site()
        print(f"{arguments.command}:      {time.monotonic() - executed:.0f} s")
        print(f"open {made}")
        if arguments.command == "book":
            print("make serve shows it at an address, where its search also finds passages")
    except BuildError as problem:
        sys.exit(f"error: {problem}")
    except KeyboardInterrupt:
        sys.exit("stopped: notebooks that had finished are kept, and are not executed again")


if __name__ == "__main__":
    main()
