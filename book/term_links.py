"""A Sphinx extension: the first mention of a glossary term on a page links to its entry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

UNLINKED_PAGES = re.compile(r"book/(glossary|bibliography|api(_[a-z]+)?)")
AMBIGUOUS = {"drift", "fold", "power", "split", "window"}  # everyday words, too: linked by hand
NOT_PROSE = (
    nodes.title,
    nodes.reference,
    nodes.literal,
    nodes.literal_block,
    nodes.math,
    nodes.math_block,
    nodes.raw,
    nodes.caption,
    nodes.image,
)


def by_length(terms: frozenset[str]) -> list[str]:
    """List the longest first, always in the same order."""
    return sorted(terms, key=lambda term: (-len(term), term))


@lru_cache(maxsize=1)
def term_pattern(terms: frozenset[str]) -> re.Pattern[str]:
    """Match any of these terms as a whole word, the longest first, one group a term.

    A term in small letters may begin a sentence, and any may stand in the plural.
    """
    forms = []
    for term in by_length(terms):
        first, rest = re.escape(term[0]), re.escape(term[1:])
        either = f"[{term[0].upper()}{term[0]}]" if term.islower() else first
        forms.append(f"({either}{rest})s?")
    return re.compile(rf"(?<![\w-])(?:{'|'.join(forms)})(?![\w-])")


def prose(document: nodes.document) -> Iterator[nodes.Text | addnodes.pending_xref]:
    """Yield texts that may be linked, and references by hand, in the order of the page."""
    pending: list[tuple[nodes.Node, bool]] = [(document, False)]
    while pending:
        node, in_paragraph = pending.pop()
        if isinstance(node, addnodes.pending_xref):
            yield node
        elif isinstance(node, nodes.Text):
            if in_paragraph:
                yield node
        elif not isinstance(node, NOT_PROSE):
            inside = in_paragraph or isinstance(node, nodes.paragraph)
            pending.extend((child, inside) for child in reversed(node.children))


class LinkFirstMentions(SphinxPostTransform):
    """Turn each term's first mention into a reference, before references are resolved."""

    default_priority = 8

    def run(self, **_: object) -> None:
        """Link what this page mentions first, unless that is linked by hand."""
        if UNLINKED_PAGES.fullmatch(self.env.docname):
            return
        names = {name for kind, name in self.env.get_domain("std").objects if kind == "term"}
        terms = frozenset(names - AMBIGUOUS)
        unseen = set(terms)
        for node in list(prose(self.document)):
            if isinstance(node, addnodes.pending_xref):
                if node.get("reftype") == "term":
                    unseen.discard(node["reftarget"])
            elif unseen:
                parts = list(self.split(node.astext(), terms, unseen))
                if len(parts) > 1:
                    node.parent.replace(node, parts)

    def split(self, text: str, terms: frozenset[str], unseen: set[str]) -> Iterator[nodes.Node]:
        """Cut a text into plain parts and references; drop from ``unseen`` what is linked."""
        ordered = by_length(terms)
        start = 0
        for match in term_pattern(terms).finditer(text):
            term = ordered[match.lastindex - 1]
            if term not in unseen:  # linked earlier on this page
                continue
            unseen.discard(term)
            if match.start() > start:
                yield nodes.Text(text[start : match.start()])
            yield addnodes.pending_xref(
                "",
                nodes.inline("", match[0], classes=["xref", "std", "std-term"]),
                refdomain="std",
                reftype="term",
                reftarget=term,
                refdoc=self.env.docname,
                refexplicit=True,
                refwarn=True,
            )
            start = match.end()
        yield nodes.Text(text[start:])


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx of the transform."""
    app.add_post_transform(LinkFirstMentions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
