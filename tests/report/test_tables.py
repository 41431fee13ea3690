"""Tables that a text can cite and a screen reader can follow, and numbers as text."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.core import publish_doctree
from hypothesis import example, given
from hypothesis import strategies as st
from myst_parser.parsers.docutils_ import Parser

from paperlib.paths import ROOT
from paperlib.report.tables import Table, show_table

CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
# Whatever means something in Markdown, MyST, HTML, TeX or a pipe table, and any other character.
ODD = st.sampled_from("\\`*_{}[]()<>&$|~^#\"'-+.!:=%@/ \n\t")
# ... and each of these as a whole, which chance would hardly write.
MARKED_UP = (
    "`x`", "*x*", "_x_", "__x__", "[x](y)", "![x](y)", "[x]{.y}", "{{x}}", "{term}`x`", "<b>x</b>",
    "<https://x.y>", "&amp;", "$x$", "$$x$$", "a|b", "a\\|b", "\\", "~~x~~", "~x~", "^x^", "[^1]",
    "# x", "- x", "1. x", "> x", "% x", ":::", "```", "x\n\ny", "'x'", '"x"', "it's", "--", "...",
    "1.0–2.0", "ARIMA(0, 1, 0)", "as_published", "MAE ($)", "*", "|", "<0.001", "(c)", "a_b_c",
)  # fmt: skip
# Names of figures and tables are left out: they become references, as another test says.
TEXT = st.text(ODD | st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=12).filter(
    lambda text: "fig-" not in text and "tab-" not in text
)


def _parse(frame: pd.DataFrame, **formats: str) -> BeautifulSoup:
    return BeautifulSoup(
        show_table(frame, "What it says.", "tab-what", formats).html, "html.parser"
    )


def _as_book(table: Table) -> nodes.table:
    """Read a table as the book does, a warning being an error."""
    settings = {
        "myst_enable_extensions": CONFIG["parse"]["myst_enable_extensions"],
        "report_level": 1,
        "halt_level": 2,
    }
    document = publish_doctree(table.markdown, parser=Parser(), settings_overrides=settings)
    (found,) = document.children
    return found


def _cells(table: nodes.table) -> list[list[str]]:
    return [
        [_plain(cell.astext()) for cell in row.findall(nodes.entry)]
        for row in table.findall(nodes.row)
    ]


def _plain(text: str) -> str:
    """Text as a browser shows it: white space is one space or none."""
    return " ".join(text.split())


def test_every_column_has_a_header_and_the_table_a_caption():
    frame = pd.DataFrame({"a": [1.256, np.nan]}, index=pd.Index(["x", "y"], name="which"))
    table = _parse(frame, a="{:.1f}")
    assert [cell.get_text() for cell in table.find_all("th")] == ["which", "a"]
    assert [cell.get_text() for cell in table.find_all("td")] == ["x", "1.3", "y", "–"]
    assert table.caption.get_text() == "tab-what: What it says."


def test_an_unnamed_index_is_not_shown_and_bytes_repeat():
    frame = pd.DataFrame({"a": ["< 0.001"]})
    table = _parse(frame)
    assert [cell.get_text() for cell in table.find_all("th")] == ["a"]
    assert "&lt; 0.001" in str(table.td)
    assert show_table(frame, "c", "tab-c") == show_table(frame, "c", "tab-c")


def test_jupyter_gets_html_and_the_book_a_table_with_a_name_and_a_caption():
    shown = show_table(pd.DataFrame({"a": [1]}), "One of $2, the *paper's*.", "tab-one")
    assert shown._repr_mimebundle_() == {"text/html": shown.html, "text/markdown": shown.markdown}
    table = _as_book(shown)
    assert table["names"] == ["tab-one"]
    assert table[0].astext() == "One of $2, the *paper’s*."
    assert len(list(table.findall(nodes.thead))) == 1


def test_names_of_figures_and_tables_become_references_in_the_book_alone():
    frame = pd.DataFrame({"see": ["fig-a-1, tab-b", "fig-a or so", "figure"]})
    shown = show_table(frame, "c", "tab-c")
    assert "| {numref}`fig-a-1`, {numref}`tab-b` |" in shown.markdown
    assert "| fig-a or so |" in shown.markdown
    assert "numref" not in shown.html


@given(st.lists(st.tuples(TEXT, TEXT), max_size=4), TEXT, TEXT)
@example([(text, text) for text in MARKED_UP], "\n".join(MARKED_UP), "\n".join(MARKED_UP))
@example([(f"a {text} b", f"{text}{text}") for text in MARKED_UP], "", "")
def test_no_text_is_taken_for_markup(rows, header, caption):
    frame = pd.DataFrame(rows, columns=[f"first {header}", "second"])
    shown = show_table(frame, f"About {caption}", "tab-odd")
    wanted = [[_plain(cell) for cell in row] for row in [frame.columns, *rows]]
    assert _cells(_as_book(shown)) == wanted
    page = BeautifulSoup(shown.html, "html.parser")
    assert [
        [_plain(cell.get_text()) for cell in row.find_all(["th", "td"])]
        for row in page.find_all("tr")
    ] == wanted


@pytest.mark.parametrize(
    ("cells", "right"),
    [
        (["1.0–2.0", "–"], True),
        (["0.36 (0.31 to 0.42)", "6 × 10⁻⁷"], True),
        (["<0.001", "12.5%", ""], True),
        (["−3", "10 of 12"], True),
        (["0.81 (too few)", "–"], True),
        (["ARIMA(0, 1, 0)", "ARIMA(1, 1, 0)"], False),
        (["p = 0.158 [likely]", "0.2"], False),
        (["as_published", "1"], False),
        (["–", "–"], False),
    ],
)
def test_numbers_stand_on_the_right(cells, right):
    table = _as_book(show_table(pd.DataFrame({"a": cells}), "c", "tab-c"))
    classes = [entry["classes"] for entry in table.findall(nodes.entry)]
    assert classes == [["text-right"] if right else []] * (len(cells) + 1)


@pytest.mark.parametrize("name", ["", "tab-", "results", "tab-Results", "tab-two words", "tab_x"])
def test_a_name_of_another_form_is_refused(name):
    with pytest.raises(ValueError, match="a table's name is tab- and words"):
        show_table(pd.DataFrame({"a": [1]}), "c", name)
