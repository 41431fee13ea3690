"""Paragraphs in two forms, against the Markdown that a reader would expect."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from paperlib.report.paragraphs import prose


def _text(markdown: str) -> str:
    return BeautifulSoup(prose(markdown).html, "html.parser").get_text().strip()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("see {numref}`tab-layers`.", "see tab-layers."),
        ("the {term}`gap`", "the gap"),
        ("two {term}`t intervals <t interval>`", "two t intervals"),
        ("eq. 9 {eq}`eq-9`", "eq. 9 (eq-9)"),
        ("as known {cite:p}`gers2000`", "as known (Gers 2000)"),
        ("by {cite:t}`gers2000,dieboldmariano1995a`", "by (Gers 2000); (Dieboldmariano 1995)"),
        ("in `code`, {`as typed`}", "in code, {as typed}"),
    ],
)
def test_roles_are_words_where_nothing_resolves_them(typed, read):
    assert _text(typed) == read


def test_paragraphs_lists_and_links_stay():
    page = BeautifulSoup(prose("One.\n\n- **two** [x](y.ipynb)\n- three").html, "html.parser")
    assert [p.get_text() for p in page("p")] == ["One."]
    assert [li.get_text() for li in page("li")] == ["two x", "three"]
    assert page.a["href"] == "y.ipynb"
    assert page.strong.get_text() == "two"


def test_formulas_are_left_to_mathjax():
    """An underscore in one is no emphasis, and a sign in it no tag."""
    assert _text("with $a_1 < b_1$ and $c_1$") == "with $a_1 < b_1$ and $c_1$"
    assert "<em>" not in prose("$a_1 b_1$").html


def test_dollars_are_no_formula():
    """Each stands in an element of its own: MathJax looks for a pair in what no tag divides."""
    assert _text(r"\$5 or \$7, \\$x$") == "$5 or $7, \\$x$"
    page = BeautifulSoup(prose(r"\$5 < \$7").html, "html.parser")
    assert list(page.p.strings) == ["$", "5 < ", "$", "7"]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])))
def test_the_book_gets_the_text_as_it_is(text):
    found = prose(f"\n{text}\n")._repr_mimebundle_()
    assert found["text/markdown"] == text.strip()
    assert set(found) == {"text/html", "text/markdown"}
