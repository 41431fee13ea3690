"""Find and start headless Chromium, which prints the PDF and tests the pages."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from paperlib.machine.files import Hindrance

# First the one that has no window at all: it is quicker by a fifth to a third.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
PATIENCE = 300_000  # milliseconds; a busy machine takes long to start it and to show the book


def find_chromium() -> str:
    """Return the path of an installed Chromium.

    Raises:
        Hindrance: if there is none.
    """
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise Hindrance(
        "no Chromium is installed, which prints the PDF and tests the pages: "
        "install it (on Debian: apt-get install chromium-headless-shell)."
    )


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium without a window, patient with a busy machine, and stop it at the end.

    Raises:
        Hindrance: if none is installed.
    """
    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--disable-background-networking"], timeout=PATIENCE
        )
        browser.on("context", lambda context: context.set_default_timeout(PATIENCE))
        yield browser
        browser.close()
