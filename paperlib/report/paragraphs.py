"""Paragraphs whose numbers are computed: what they say is asserted beside them, never chosen."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

ROLE = re.compile(r"\{([a-z]+)(?::[a-z]+)?\}`([^`<]*?)\s*(?:<([^>`]*)>)?`")
SOURCE = re.compile(r"([a-z]+)(\d{4})[a-z]?")  # the name and the year in the key of a source


@dataclass(frozen=True, repr=False)
class Prose:
    """Paragraphs in two forms: MyST for the book, and HTML for all else."""

    html: str
    markdown: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html, "text/markdown": self.markdown}


def prose(text: str) -> Prose:
    """Show paragraphs that cite computed numbers, tables and figures.

    JupyterLab and GitHub know no numbers of tables, figures and sources: there the text has the
    name that the caption begins with, and author and year.

    Args:
        text: MyST, with the numbers filled in. A line that begins with ``-`` or a digit and a stop
            is an item of a list, as everywhere in Markdown.
    """
    text = text.strip()
    renderer = MarkdownIt().use(dollarmath_plugin, renderer=_formula).enable("table")
    renderer.add_render_rule("text", _text)
    return Prose(renderer.render(ROLE.sub(_plainly, text)), text)


def _formula(formula: str, options: dict[str, bool]) -> str:
    """Leave a formula to MathJax, which reads the page once it is shown."""
    mark = "$$" if options["display_mode"] else "$"
    return f"{mark}{html.escape(formula)}{mark}"


def _text(renderer: RendererHTML, tokens: Sequence[Token], place: int, *_: object) -> str:
    """Keep dollars apart: MathJax would read what stands between two of them as a formula."""
    return html.escape(tokens[place].content).replace("$", "<span>$</span>")


def _plainly(role: re.Match[str]) -> str:
    """Write what a role of MyST is about, where nothing resolves it."""
    kind, shown, target = role.groups()
    if kind == "cite":
        return "; ".join(f"({_author_and_year(key)})" for key in shown.split(","))
    if kind == "eq":
        return f"({shown})"
    return shown or target


def _author_and_year(key: str) -> str:
    parts = SOURCE.fullmatch(key.strip())
    return f"{parts[1].capitalize()} {parts[2]}" if parts else key.strip()
