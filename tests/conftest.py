"""What tests share: how examples are drawn; and for the built site a browser and a server."""

from __future__ import annotations

import functools
import os
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from book.browser import chromium
from book.execution import Hindrance
from paperlib.paths import ROOT

# How long an example takes says how busy the machine is, not whether the code is right. And the
# same code gets the same examples, so that a test which passed once passes on every machine.
settings.register_profile(
    "any machine", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")


KEPT = {
    "paperlib.claims.verdicts": ["judge"],
    "paperlib.claims.stored_runs": ["has_all_seeds", "sound_runs"],
    "paperlib.claims.comparison_evidence": ["adjusted_effects", "period_effects"],
}
"""Functions that remember what they found in the stored results, by module."""


def forget() -> None:
    """Let the functions of the verdicts look at the results again."""
    for name, functions in KEPT.items():
        for function in functions if name in sys.modules else ():
            getattr(sys.modules[name], function).cache_clear()


FIRST = ("test_pdf.py", "test_site.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the printed book and the site's pages: late, each process would read them."""
    items.sort(key=lambda item: FIRST.index(item.path.name) if item.path.name in FIRST else 2)


@pytest.fixture(autouse=True)
def forget_verdicts(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let no test see a verdict on results that another one changed, nor miss its own change."""
    changes = "monkeypatch" in request.fixturenames
    if changes:
        forget()
    yield
    if changes:
        forget()


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built site."""
    folder = ROOT / "_build" / "html"
    if not (folder / "index.html").exists():
        message = "there is no site in _build/html: run make book first"
        (pytest.fail if os.environ.get("SITE_REQUIRED") else pytest.skip)(message)
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium, which is not a Python package and so may be missing."""
    try:
        with chromium() as started:
            yield started
    except Hindrance as problem:
        (pytest.fail if os.environ.get("BROWSER_REQUIRED") else pytest.skip)(str(problem))


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and prints nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing of a request."""


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the site is served while tests run."""
    handler = functools.partial(QuietHandler, directory=str(site))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
