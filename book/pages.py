"""Stage the pages and the executed notebooks, and have Sphinx build them."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import nbformat

from book.execution import chapters, hash_files, to_bytes
from book.icons import cut_icon_fonts
from paperlib.machine.files import Hindrance, write

ROOT = Path(__file__).resolve().parent.parent


def sync(wanted: dict[str, bytes], target: Path) -> None:
    """Make a folder hold these files and no others, touching only what differs."""
    present = {p.relative_to(target).as_posix(): p for p in target.rglob("*") if p.is_file()}
    for name in present.keys() - wanted.keys():
        present[name].unlink()
    for name, content in wanted.items():
        if name not in present or present[name].read_bytes() != content:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            write(target / name, content)


def git(question: str) -> str:
    """Ask git about this checkout; empty if it has no answer."""
    command = ["git", "-C", str(ROOT), *question.split()]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def repository() -> dict[str, str]:
    """Address of the repository on GitHub, from REPOSITORY or git's origin, and its branch.

    A checkout may lie inside of another repository, whose address and branch are not its own.
    """
    found = {}
    top = git("rev-parse --show-toplevel")
    own = bool(top) and Path(top).resolve() == ROOT
    given = os.environ.get("REPOSITORY", "")
    name = r"([\w.-]+/[\w.-]+?)(\.git)?/?"
    origin = given or (git("remote get-url origin") if own else "")
    match = re.fullmatch(name, given) or re.search(rf"github\.com[:/]{name}$", origin)
    if given and not match:
        raise Hindrance(f"REPOSITORY must be owner/name or an address on GitHub, not {given!r}.")
    if match:
        found["repository_url"] = f"https://github.com/{match[1]}"
        if own and (branch := git("branch --show-current")):  # none where a commit is checked out
            found["repository_branch"] = branch
    return found


def settings() -> dict[str, object]:
    """Settings that _config.yml can't know."""
    found: dict[str, object] = {"external_toc_path": "_toc.yml", "latex_individualpages": False}
    if theme := repository():
        buttons = {
            "binderhub_url": "https://mybinder.org",
            "notebook_interface": "jupyterlab",
        }
        found["html_theme_options"] = theme | {"launch_buttons": buttons}
    else:
        print("no button for Binder: give REPOSITORY=owner/name (on GitHub) for them")
    return found


def number_figures(notebook: bytes) -> bytes:
    """Turn the line below each figure into the caption that the book numbers.

    What the cell's metadata say of the figure, such as its ``classes``, stays.
    """
    found = nbformat.reads(notebook.decode(), 4)
    for cell in found.cells:
        for output in list(cell.get("outputs", [])):
            if about := output.get("metadata", {}).get("figure"):
                options = cell.metadata.setdefault("mystnb", {})
                options["figure"] = options.get("figure", {}) | about
                cell.outputs.remove(output)
    return to_bytes(found)


def stage() -> None:
    """Put what Sphinx reads into _build/stage."""
    pages = [p for p in (ROOT / "book").rglob("*") if p.is_file() and "py" not in p.suffix]
    files = [ROOT / "_config.yml", ROOT / "_toc.yml", *pages]
    wanted = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in files}
    for path in chapters():
        executed = ROOT / "_build" / "executed" / path.name
        wanted[f"notebooks/{path.name}"] = number_figures(executed.read_bytes())
    sync(wanted, ROOT / "_build" / "stage")


def run_sphinx(builder: str, folder: str) -> Path:
    """Build all staged pages with one of Sphinx's builders, a warning being an error.

    Args:
        builder: ``html``, or ``singlehtml`` for one page that holds all.
        folder: below _build, for the result.

    Returns:
        That folder.

    Raises:
        Hindrance: if there was a warning or an error.
    """
    # Here, since these take seconds that a failed notebook need not wait for.
    from jupyter_book.sphinx import build_sphinx

    from book.formulas import set_up_katex

    set_up_katex()
    build = ROOT / "_build"
    doctrees = build / f"doctrees-{folder}"
    status = build_sphinx(
        build / "stage",
        build / folder,
        noconfig=True,
        path_config=build / "stage" / "_config.yml",
        confoverrides=settings(),
        doctreedir=doctrees,
        builder=builder,
        warningiserror=True,
        keep_going=True,
        quiet=True,
    )
    if isinstance(status, OSError):
        raise status
    if status:
        # Sphinx would not read a faulty page again and so not repeat its warning.
        shutil.rmtree(doctrees, ignore_errors=True)
        reason = status if isinstance(status, Exception) else "see the warnings above"
        raise Hindrance(f"the site was not built: {reason}")
    return build / folder


def site_key() -> str:
    """Key of what the site follows from: the staged pages, this code, the packages, the address."""
    staged = [path for path in (ROOT / "_build" / "stage").rglob("*") if path.is_file()]
    files = [*staged, *(ROOT / "book").glob("*.py"), ROOT / "requirements.lock"]
    return f"{hash_files(files, ROOT)} {repository()}\n"


def build_site() -> Path:
    """Build the site in _build/html, if it is out of date, and return its first page."""
    stage()
    site, key = ROOT / "_build" / "html", ROOT / "_build" / "html.key"
    if site.exists() and key.exists() and key.read_text() == site_key():
        return site / "index.html"
    # A page may show numbers of another one, which Sphinx doesn't follow: build all of them.
    key.unlink(missing_ok=True)
    for folder in ("html", "doctrees-html"):
        shutil.rmtree(ROOT / "_build" / folder, ignore_errors=True)
    cut_icon_fonts(run_sphinx("html", "html"))
    # A reader downloads a chapter as it was executed, not as Sphinx read it.
    for path in (site / "_sources").rglob("*.ipynb"):
        shutil.copy(ROOT / "_build" / "executed" / path.name, path)
    key.write_text(site_key())
    return site / "index.html"
