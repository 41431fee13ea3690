"""Execute the notebooks and build the book: what make book, pdf, notebooks and test call.

Everything is written below _build/, so that the working tree stays clean:

    _build/executed/   executed notebooks, normalised, each with its key beside it
    _build/stage/      what Sphinx reads: the pages as they are and the executed notebooks
    _build/html/       the site
    _build/book.pdf    the same pages, printed
    _build/lock        held while one of the commands is at work
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from paperlib.machine.files import Hindrance, check_room, hindrances, one_at_a_time, write

ROOT = Path(__file__).resolve().parent.parent
README_FIGURE = ("verdicts.ipynb", "fig-headline")
HEADLINES = "<!-- headlines: written by make notebooks -->\n"


def figure(notebook: NotebookNode, name: str) -> str:
    """Return the SVG of the figure that has this name."""
    for cell in notebook.cells:
        outputs = cell.get("outputs", [])
        if any(
            output.get("metadata", {}).get("figure", {}).get("name") == name for output in outputs
        ):
            for output in outputs:
                if svg := output.get("data", {}).get("image/svg+xml"):
                    return svg
    raise Hindrance(f"no executed figure is called {name!r}.")


def put_headlines(readme: str, table: str) -> str:
    """Put the table of headlines between the two marks of a README."""
    parts = readme.split(HEADLINES)
    if len(parts) != 3:
        raise Hindrance(f"README.md: the line {HEADLINES.strip()} must stand in it twice.")
    return HEADLINES.join([parts[0], table + "\n", parts[2]])


def store_chapters() -> None:
    """Copy the executed chapters to notebooks/, but for those that somebody edited meanwhile."""
    from book.execution import chapters, source_of

    edited = []
    for path in chapters():
        executed = ROOT / "_build" / "executed" / path.name
        if source_of(path) == source_of(executed):
            write(path, executed.read_bytes())
        else:
            edited.append(f"notebooks/{path.name}")
    if edited:
        names = ", ".join(edited)
        raise Hindrance(
            f"{names} changed while it ran, and stays as it is: run make notebooks again."
        )


def store_outputs() -> None:
    """Copy the executed chapters to notebooks/, and from the results the README's head."""
    from paperlib.claims.headlines import readme_table

    store_chapters()
    chapter = nbformat.read(ROOT / "notebooks" / README_FIGURE[0], 4)
    drawing = figure(chapter, README_FIGURE[1])
    write(ROOT / "book" / "_static" / "headline.svg", drawing.encode())
    readme = ROOT / "README.md"
    text = put_headlines(readme.read_text(encoding="utf-8"), readme_table())
    write(readme, text.encode())


def run_tool(module: str, *arguments: str) -> None:
    """Run one of the tools that check the project, which says itself what it finds."""
    command = [sys.executable, "-m", module, *arguments]
    # One thread a process, as there are several: torch's threads would wait for one another.
    variables = os.environ | {"SITE_REQUIRED": "1", "OMP_NUM_THREADS": "1"}
    if code := subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode:
        raise Hindrance(f"{module} {arguments[0]} ended with exit code {code}: see above.")


def make(command: str) -> None:
    """Run one command and say how long each step took."""
    # Here, since they take seconds, which a make that is sent away need not wait for.
    from book.browser import chromium
    from book.execution import execute
    from book.pages import build_site
    from book.pdf import print_book

    if command == "notebooks" and os.environ.get("PRICES"):
        raise Hindrance("make notebooks stores results on the bundled prices: drop PRICES.")
    check_room(ROOT / "_build")
    if command == "test":
        run_tool("ruff", "check", ".")
        run_tool("ruff", "format", "--check", "--quiet", ".")
    start = time.monotonic()
    execute()
    executed = time.monotonic()
    print(f"notebooks: {executed - start:.0f} s", flush=True)
    if command == "notebooks":
        store_outputs()
        return
    if command == "pdf":
        with chromium() as browser:
            made = print_book(browser)
    else:
        made = build_site()
    print(f"{command if command == 'pdf' else 'book'}:      {time.monotonic() - executed:.0f} s")
    print(f"open {made}", flush=True)
    if command == "book":
        print("make serve shows it at an address, where its search also finds passages")
    if command == "test":
        jobs = str(min(os.cpu_count() or 1, 4))  # each takes a gigabyte
        run_tool("pytest", "tests", "-n", jobs, "--dist", "worksteal")


def main() -> None:
    """Run the command that is named, unless something hinders it."""
    parser = argparse.ArgumentParser(description="Execute the notebooks and build the site.")
    commands = ["book", "pdf", "notebooks", "test"]
    parser.add_argument("command", choices=commands, help="what to make of them")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # kill, too, ends what runs below
    try:
        with hindrances(), one_at_a_time(ROOT / "_build"):
            make(parser.parse_args().command)
    except Hindrance as problem:
        sys.exit(f"error: {problem}")
    except KeyboardInterrupt:
        sys.exit("stopped: notebooks that had finished are kept, and are not executed again")


if __name__ == "__main__":
    main()
