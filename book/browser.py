"""Find and start headless Chromium, which prints the PDF and tests the pages."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from book.files import BuildError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str:
    """Return the path of an installed Chromium.

    Raises:
        BuildError: if there is none.
    """
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise BuildError(
        "no Chromium is installed, which prints the PDF and tests the pages: "
        "install it (on Debian: apt-get install chromium)."
    )


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium without a window, and stop it at the end.

    Raises:
        BuildError: if none is installed.
    """
    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--disable-background-networking"]
        )
        yield browser
        browser.close()
