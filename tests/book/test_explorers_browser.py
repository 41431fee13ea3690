"""The drawings that move, in a browser: by keyboard, without scripts, in print, and from a file."""

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page

from paperlib import metrics

CELL, FORECAST = "lstm_cell", "horizons"
FIGURES = {CELL: "fig-walk", FORECAST: "fig-ahead"}
EACH = pytest.mark.parametrize("chapter", [CELL, FORECAST])


@pytest.fixture
def visit(browser: Browser, site: Path):
    """Open a chapter; at the end, nothing may have gone wrong and nothing been asked for abroad."""
    contexts, problems = [], []

    def open_page(chapter: str, base: str = site.as_uri(), **options) -> Page:
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: said.type == "error" and problems.append(said.text))
        page.on("request", lambda asked: is_inside(asked.url, base) or problems.append(asked.url))
        page.goto(f"{base}/notebooks/{chapter}.html")
        if options.get("java_script_enabled", True):
            page.wait_for_selector(".explorer")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


def is_inside(address: str, base: str) -> bool:
    return address.startswith((base, "data:"))


def data_of(page: Page) -> dict:
    return json.loads(page.locator("[data-explorer] script").text_content())


def shown(value: float, digits: int = 3) -> str:
    """Write a number as the pages do."""
    return f"{value:.{digits}f}".replace("-", "−")


def press(page: Page, control: str, *keys: str) -> None:
    page.locator(f".explorer [name={control}]").focus()
    for key in keys:
        page.keyboard.press(key)


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def cell_by_hand(f: float, i: float, o: float, c: float, before: float) -> tuple[float, float]:
    state = sigmoid(f) * before + sigmoid(i) * math.tanh(c)
    return state, sigmoid(o) * math.tanh(state)


def way_by_hand(unit: dict) -> list[tuple[float, float]]:
    states = [(0.0, 0.0)]
    for given in zip(*(unit[key] for key in "fioc"), strict=True):
        states.append(cell_by_hand(*given, states[-1][0]))
    return states


def status(page: Page) -> str:
    return page.locator(".explorer [role=status]").text_content()


# Its place on the page


@EACH
def test_it_takes_the_place_of_its_figure_on_a_disk_and_on_the_web(visit, site, address, chapter):
    for base in (site.as_uri(), address):
        page = visit(chapter, base)
        figure = page.locator("figure.explorer-still")
        assert figure.count() == 1
        assert not figure.is_visible()
        explorer = page.locator(f"#{FIGURES[chapter]}")
        assert explorer.get_attribute("data-explorer")
        number = figure.locator(".caption-number").text_content()
        title = explorer.locator(".explorer-title")
        assert title.text_content().startswith(number)
        caption = explorer.locator(".explorer-title + p").text_content()
        assert "one seed" in caption
        assert caption == figure.locator(".caption-text").text_content()
        link = title.locator("a.headerlink")
        assert link.get_attribute("href") == f"#{FIGURES[chapter]}"
        title.hover()
        assert link.is_visible()


@EACH
def test_the_figure_stands_there_without_scripts(visit, chapter):
    page = visit(chapter, java_script_enabled=False)
    assert not page.locator("[data-explorer]").is_visible()
    assert page.locator(f"figure#{FIGURES[chapter]} img").is_visible()


@EACH
def test_the_figure_is_printed(visit, chapter):
    page = visit(chapter)
    page.emulate_media(media="print")
    assert not page.locator("[data-explorer]").is_visible()
    assert page.locator("figure.explorer-still img").is_visible()


@EACH
def test_it_fits_a_phone(visit, chapter):
    page = visit(chapter, viewport={"width": 375, "height": 700})
    page.wait_for_selector(".explorer svg text")
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    inside = "element => element.scrollWidth <= element.clientWidth + 1"
    assert page.locator(".explorer").evaluate(inside)


@EACH
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_colours_stand_out(visit, chapter, mode):
    page = visit(chapter, color_scheme=mode)
    page.wait_for_selector(".explorer svg text")
    colour = "(element, name) => getComputedStyle(element)[name]"
    paper = rgb(page.locator("body").evaluate(colour, "backgroundColor"))
    for text in page.locator(".explorer svg text").all():
        assert contrast(rgb(text.evaluate(colour, "fill")), paper) >= 4.5, text.text_content()
    for curve in page.locator(".explorer polyline").all():
        assert contrast(rgb(curve.evaluate(colour, "stroke")), paper) >= 3


def rgb(colour: str) -> np.ndarray:
    return np.array([int(part) for part in colour.strip("rgb()").split(", ")[:3]]) / 255


def contrast(one: np.ndarray, other: np.ndarray) -> float:
    """Contrast ratio of two colours by WCAG 2.2."""
    linear = [np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) for c in (one, other)]
    dark, bright = sorted(float(c @ [0.2126, 0.7152, 0.0722]) for c in linear)
    return (bright + 0.05) / (dark + 0.05)


@EACH
def test_every_control_is_reached_by_tab_named_and_ringed(visit, chapter):
    page = visit(chapter)
    page.locator(".explorer").evaluate("element => { element.tabIndex = -1; element.focus(); }")
    names = []
    for _ in page.locator(".explorer :is(input, select, button):visible").all():
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        names.append(focused.get_attribute("name"))
        assert focused.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
        snapshot = focused.aria_snapshot()
        assert re.match(r'- \w+ "', snapshot), f"{names[-1]} has no name: {snapshot}"
    assert len(set(names)) == len(names)
    assert None not in names


# The cell


def test_a_gate_moved_by_keyboard_changes_the_hidden_state(visit):
    page = visit(CELL)
    unit = data_of(page)["networks"][0]["units"][0]
    t = 14  # the walk begins in the middle of the window
    before = way_by_hand(unit)[t][0]
    press(page, "f", "ArrowRight")
    slider = page.locator("[name=f]")
    moved = float(slider.input_value())
    assert moved == pytest.approx(round(unit["f"][t], 1) + 0.1)
    c, h = cell_by_hand(moved, unit["i"][t], unit["o"][t], unit["c"][t], before)
    results = page.locator(".explorer li b").all_text_contents()
    assert results[4:] == [shown(c), shown(h)]
    assert (
        status(page)
        == f"You left the trained cell's path. Cell state {shown(c)}, hidden state {shown(h)}."
    )
    gate = f"{sigmoid(moved):.0%} open"
    assert slider.get_attribute("aria-valuetext") == f"{shown(moved, 2)}: {gate}"
    assert shown(h) in page.locator(".explorer svg").nth(1).get_attribute("aria-label")


@pytest.mark.parametrize(
    ("control", "most"), {"f": 0.15, "i": 0.15, "o": 0.15, "c": 0.075, "before": 0.015}.items()
)
def test_the_first_key_moves_a_slider_by_about_a_step_from_where_it_stands(visit, control, most):
    page = visit(CELL)
    unit = data_of(page)["networks"][0]["units"][0]
    stood = way_by_hand(unit)[14][0] if control == "before" else unit[control][14]
    for key, sign in (("ArrowRight", 1), ("ArrowLeft", -1)):
        press(page, control, key)
        moved = sign * (float(page.locator(f"[name={control}]").input_value()) - stood)
        assert most / 3.01 <= moved <= most
        press(page, "back", "Enter")


def test_a_closed_forget_gate_leaves_the_candidate_alone(visit):
    page = visit(CELL)
    for control, key in {"f": "Home", "i": "End", "c": "End", "before": "Home"}.items():
        press(page, control, key)
    c, _ = cell_by_hand(-6, 6, 0, 3, -1)
    assert page.locator(".explorer li b").nth(4).text_content() == shown(c)
    assert c == pytest.approx(math.tanh(3), abs=0.006)


def test_steps_show_session_price_and_the_trained_state(visit):
    page = visit(CELL)
    data = data_of(page)
    for network in (0, 1):
        page.locator("[name=network]").select_option(str(network))
        page.locator("[name=unit]").select_option("3")
        way = way_by_hand(data["networks"][network]["units"][3])
        press(page, "step", "Home")
        assert f"Cell state {shown(way[1][0])}, hidden state {shown(way[1][1])}" in status(page)
        press(page, "next", "Enter", "Enter", "Space")
        press(page, "previous", "Enter")
        assert page.locator("[name=step]").input_value() == "3"
        session = np.datetime64(sum(data["days"][:3]), "D").item()
        assert status(page) == (
            f"{session.day} {session:%b %Y}, close ${data['close'][2]:g}. "
            f"Cell state {shown(way[3][0])}, hidden state {shown(way[3][1])}."
        )


def test_the_way_back_is_offered_when_the_path_was_left(visit):
    page = visit(CELL)
    told = status(page)
    back = page.locator("[name=back]")
    assert not back.is_visible()
    press(page, "before", "End")
    assert back.is_visible()
    press(page, "back", "Enter")
    assert status(page) == told
    assert not back.is_visible()
    assert page.locator(":focus").get_attribute("name") == "step"


def test_playing_goes_on_until_it_is_paused(visit):
    page = visit(CELL)
    page.clock.install()
    step = page.locator("[name=step]")
    press(page, "play", "Enter")
    page.clock.run_for(1700)
    assert step.input_value() == "17"
    assert page.locator("[name=play]").text_content() == "Pause"
    press(page, "play", "Enter")
    page.clock.run_for(5000)
    assert step.input_value() == "17"
    press(page, "play", "Enter")
    page.clock.run_for(60_000)
    assert (step.input_value(), page.locator("[name=play]").text_content()) == ("30", "Play")


def test_nothing_plays_for_those_who_asked_for_less_motion(visit):
    page = visit(CELL, reduced_motion="reduce")
    assert not page.locator("[name=play]").is_visible()
    assert page.locator("[name=next]").is_visible()


def test_each_equation_links_to_the_chapters_own(visit):
    page = visit(CELL)
    links = page.locator(".explorer li a").all()
    assert [link.text_content() for link in links] == [f"(2.{number})" for number in range(3, 9)]
    for link in links:
        assert page.locator(link.get_attribute("href")).count() == 1


# Forecasts


def test_the_table_follows_the_choice(visit):
    page = visit(FORECAST)
    data = data_of(page)
    close = np.cumsum(data["close"]) * data["unit"]
    for one in data["forecasts"]:
        page.locator("[name=network]").select_option(one["network"])
        page.locator("[name=protocol]").select_option(one["protocol"])
        for h, ahead in zip(data["horizons"], one["ahead"], strict=True):
            page.locator("[name=horizon]").select_option(str(h))
            made = np.cumsum(ahead) * data["unit"]
            actual = close[data["earlier"] + h - 1 :]
            naive = close[data["earlier"] - 1 : -h]
            cells = page.locator(".explorer tbody td").all_text_contents()
            expected = [
                text
                for measure, form in ((metrics.mape, "{:.2f}%"), (metrics.rmse, "${:.2f}"))
                for text in (form.format(measure(actual, x)) for x in (made, naive))
            ]
            assert cells[:4] == expected
            wrong = [shown(np.mean(x - actual), 2) for x in (made, naive)]
            assert [cell.replace("$", "") for cell in cells[4:6]] == wrong
            assert all(re.match(r"−?\$\d", cell) for cell in cells[4:6])
            assert cells[6:8] == [f"{1 - metrics.skill(actual, made, naive):.2f}", "1.00"]
            caption = page.locator(".explorer caption").text_content()
            assert f"{one['network']} {one['protocol']}" in caption
            assert f"All {len(actual)} are scored" in caption
    assert page.locator(".explorer table").locator("xpath=..").get_attribute("aria-live")


def test_its_scores_are_those_of_the_chapters_table(visit):
    page = visit(FORECAST)
    page.locator("[name=horizon]").select_option("1")
    rows = page.locator("#tab-ahead-live tbody tr").all()
    printed = {cells[0]: cells[1:3] for row in rows if (cells := texts(row))}
    for network in ("LSTM", "RNN"):
        page.locator("[name=network]").select_option(network)
        mape, naive_mape, rmse, naive_rmse = texts(page.locator(".explorer tbody"))[:4]
        assert [mape[:-1], rmse[1:]] == printed[network]
        assert [naive_mape[:-1], naive_rmse[1:]] == printed["persistence"]


def texts(rows: Locator) -> list[str]:
    return [text.strip() for text in rows.locator("td").all_text_contents()]


def test_the_horizon_is_chosen_by_keyboard(visit):
    page = visit(FORECAST)
    before = page.locator(".explorer tbody td").all_text_contents()
    press(page, "horizon", "ArrowDown")
    assert page.locator("[name=horizon]").input_value() == "20"
    assert page.locator(".explorer tbody td").all_text_contents() != before


def test_the_slider_zooms_and_the_scores_stay(visit):
    page = visit(FORECAST)
    cells, caption = page.locator(".explorer tbody td"), page.locator(".explorer caption")
    before = [*cells.all_text_contents(), caption.text_content()]
    data = data_of(page)
    targets = len(data["close"]) - data["earlier"]
    for key, count in (("Home", 30), ("End", targets)):
        press(page, "shown", key)
        said = page.locator("[name=shown]").get_attribute("aria-valuetext")
        assert said.startswith(f"last {count}, from")
        price = page.locator(".explorer polyline.explorer-price").get_attribute("points")
        assert len(price.split()) == count
    assert [*cells.all_text_contents(), caption.text_content()] == before
