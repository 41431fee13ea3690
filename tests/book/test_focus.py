"""Who moves by keyboard sees where they are: a control with the focus looks different."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page
from stillpages import REST

WIDTH, HEIGHT = 1280, 900
MARGIN = 6  # pixels around a control, where its outline may be
MODES = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced": {"forced_colors": "active"},
}
# Pages that hold nearly every kind of control between them; one of each kind is looked at.
PAGES = ["notebooks/lstm_cell", "search"]
STOP = """() => {
    const control = document.activeElement, box = control.getBoundingClientRect();
    if (control === document.body) return null;
    const kind = [control, control.parentElement].map((one) => `${one.tagName}.${one.className}`);
    return {kind: kind.join(" in "), box: [box.left, box.top, box.right, box.bottom]};
}"""
# A page has hundreds of stops, most of them alike: of those that look the same, three stay.
FEWER_STOPS = """() => {
    const kept = new Map();
    const kind = (e) => e ? `${kind(e.parentElement)}>${e.tagName}.${e.className}` : "";
    for (const stop of document.querySelectorAll("a, button, input, select, summary, [tabindex]")) {
        const key = kind(stop), n = (kept.get(key) ?? 0) + 1;
        if (n > 3) stop.tabIndex = -1; else kept.set(key, n);
    }
}"""


def _changed(first: bytes, second: bytes) -> int:
    """Count the pixels that differ by a step that an eye sees."""
    pictures = [Image.open(io.BytesIO(shot)).convert("RGB") for shot in (first, second)]
    differences = ImageChops.difference(*pictures).convert("L").histogram()
    return sum(differences[48:])


def _share_outlined(page: Page, left: float, top: float, right: float, bottom: float) -> float:
    """How many pixels the focus changes, over the length of those edges that are in view."""
    shown = max(left, 0), max(top, 0), min(right, WIDTH), min(bottom, HEIGHT)
    width, height = shown[2] - shown[0], shown[3] - shown[1]
    edges = width * ((top >= 0) + (bottom <= HEIGHT)) + height * ((left >= 0) + (right <= WIDTH))
    x, y = max(shown[0] - MARGIN, 0), max(shown[1] - MARGIN, 0)
    clip = {
        "x": x,
        "y": y,
        "width": min(shown[2] + MARGIN, WIDTH) - x,
        "height": min(shown[3] + MARGIN, HEIGHT) - y,
    }
    with_focus = page.screenshot(clip=clip)
    page.evaluate("document.activeElement.blur()")  # the next Tab goes on from here
    return _changed(with_focus, page.screenshot(clip=clip)) / edges


def _next_stop(page: Page) -> dict | None:
    """Go on by keyboard; what has the focus then, and where, or None after the last."""
    page.keyboard.press("Tab")
    page.evaluate(REST)
    return page.evaluate(STOP)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("mode", MODES)
def test_every_stop_shows_that_it_has_the_focus(
    browser: Browser, address: str, name: str, mode: str
) -> None:
    size = {"width": WIDTH, "height": HEIGHT}
    page = browser.new_page(viewport=size, reduced_motion="reduce", **MODES[mode])
    page.goto(f"{address}/{name}.html")
    page.evaluate(FEWER_STOPS)
    shares: dict[str, float] = {}
    while stop := _next_stop(page):
        if stop["kind"] not in shares:
            shares[stop["kind"]] = _share_outlined(page, *stop["box"])
    page.close()
    assert len(shares) > 5
    assert {kind: share for kind, share in shares.items() if share < 0.5} == {}
