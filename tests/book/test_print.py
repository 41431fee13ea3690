"""A chapter printed from the browser: what is folded is there, and nothing asks for a click."""

from __future__ import annotations

import io
import re

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

FOLDED = "() => [...document.querySelectorAll('{} .cell_input')].map((code) => code.textContent)"
OPEN = "document.querySelectorAll('details[open]').length"


def _printed(page: Page) -> str:
    text = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf())).pages)
    return re.sub(r"\s", "", text)  # a printed line may break anywhere


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("name", ["lstm_cell", "risk"])
def test_solutions_are_printed_and_folded_code_is_not(
    browser: Browser, address: str, name: str, scripts: bool
) -> None:
    page = browser.new_page()
    page.goto(f"{address}/notebooks/{name}.html")
    solutions = page.evaluate(FOLDED.format(".tag_hide-cell"))
    code = page.evaluate(FOLDED.format(".tag_hide-input"))
    titles = page.locator(".tag_hide-cell .collapsed").all_text_contents()
    if not scripts:
        page.close()
        page = browser.new_page(java_script_enabled=False)
        page.goto(f"{address}/notebooks/{name}.html")
    printed = _printed(page)
    assert len(solutions) >= 3 and code
    assert [one for one in solutions if re.sub(r"\s", "", one)[:60] not in printed] == []
    assert [one for one in code if re.sub(r"\s", "", one)[:60] in printed] == []
    assert not [title for title in titles if re.sub(r"\s", "", title) in printed]
    if scripts:
        assert printed.count("Solution") >= titles.count("Show the solution") >= 3
        assert page.evaluate(OPEN) == 0, "folds are closed again"
    page.close()
