"""Tables for the pages: a caption, a header for every column, numbers as text of one form."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from paperlib.prices.findings import PriceReport

NAME = re.compile(r"tab(-[a-z0-9]+)+")
MARKUP = re.compile(r"[\\`*_{}\[\]<>&$|~^#]")  # what MyST may read as more than text
REFERENCE = re.compile(r"(fig|tab)(-[a-z0-9]+)+")  # names a figure or a table
QUOTES = re.compile(r"[\"']")  # would become typographic ones: right in a sentence, not in a cell
NUMBER = re.compile(r"(?:[\s\d.,+±<$%()×⁰¹²³⁴⁵⁶⁷⁸⁹⁻–−-]|to|of|too few)*")


@dataclass(frozen=True, repr=False)
class Table:
    """One table in two forms: MyST for the book, which numbers it, and HTML for all else.

    JupyterLab and GitHub know no numbers: there the text cites a name, and the caption has it.
    """

    html: str
    markdown: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html, "text/markdown": self.markdown}


def show_table(
    frame: pd.DataFrame, caption: str, name: str, formats: Mapping[str, str] | None = None
) -> Table:
    """Show a frame as a table that the text can cite and a screen reader can follow.

    Args:
        frame: what to show; its index becomes the first column if it has a name. A cell that is
            nothing but names of figures and tables, with commas between, gets their numbers and
            links in the book.
        caption: what the table says, above it.
        name: ``tab-`` and what the table shows, once in the book; cited as ``{numref}`tab-…```.
        formats: a format for a column, such as ``"{:.2f}"``; others are shown as they are.

    Raises:
        ValueError: if the name is of another form.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"a table's name is tab- and words in small letters, not {name!r}.")
    text = _as_text(frame.reset_index() if frame.index.name else frame, formats or {})
    return Table(_html(text, f"{name}: {caption}"), _myst(text, caption, name))


def _as_text(frame: pd.DataFrame, formats: Mapping[str, str]) -> pd.DataFrame:
    """Write every cell on one line, as all forms of the table show it."""
    return pd.DataFrame(
        {
            _one_line(str(column)): [
                "–" if pd.isna(value) else _one_line(formats.get(column, "{}").format(value))
                for value in frame[column]
            ]
            for column in frame
        }
    )


def _one_line(text: str) -> str:
    return " ".join(
        part for line in text.splitlines() for part in re.split(r"[ \t]+", line) if part
    )


def _html(text: pd.DataFrame, caption: str) -> str:
    style = text.style.hide(axis="index").format(escape="html")
    style = style.format_index(escape="html", axis="columns").set_caption(html.escape(caption))
    # Without styles there are no random ids: the same table gets the same bytes.
    return style.to_html(exclude_styles=True)


def _myst(text: pd.DataFrame, caption: str, name: str) -> str:
    """Write a table directive around a pipe table, numbers to the right."""
    marks = ["--:" if _is_number(text[column]) else "---" for column in text]
    rows = [[_escape_cell(cell) for cell in row] for row in [text.columns, *text.to_numpy()]]
    lines = [f"| {' | '.join(cells)} |" for cells in [rows[0], marks, *rows[1:]]]
    head = f":::{{table}} {_escape(_one_line(caption))}\n:name: {name}\n\n"
    return head + "\n".join(lines) + "\n:::\n"


def _is_number(cells: Iterable[str]) -> bool:
    """Tell whether a column holds numbers, intervals or shares, and nothing else."""
    joined = "".join(cells)
    return bool(NUMBER.fullmatch(joined)) and any(c.isdigit() for c in joined)


def _escape(text: str) -> str:
    return MARKUP.sub(r"\\\g<0>", text)


def _escape_cell(text: str) -> str:
    """Keep a cell's text as it is, or let the book number and link what it names."""
    names = text.split(", ")
    if all(map(REFERENCE.fullmatch, names)):
        return ", ".join(f"{{numref}}`{name}`" for name in names)
    return QUOTES.sub(r"\\\g<0>", _escape(text))


def show_price_report(report: PriceReport) -> Table:
    """Show how a price file was read, and below that a row for each finding."""
    read = [
        ("rows read", f"{report.rows:,}"),
        ("sessions kept", f"{report.sessions:,}"),
        ("first and last session", f"{report.first} and {report.last}"),
        ("read as", report.layout),
    ]
    found = [(finding.what, str(finding)) for finding in report.findings]
    rows = read + (found or [("dropped, changed or odd", "nothing")])
    frame = pd.DataFrame(rows, columns=["what", "in this file"])
    return show_table(frame, f"Price report of {report.source}.", "tab-price-report")
