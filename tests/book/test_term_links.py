"""The first mention of a glossary term on a page leads to the glossary."""

import re
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup, NavigableString, Tag

from book.term_links import AMBIGUOUS, term_pattern
from paperlib.paths import ROOT

TOC = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
CHAPTERS = [page["file"] for page in TOC["parts"][0]["chapters"]]
SKIPPED = ["h1", "h2", "h3", "h4", "code", "pre", "script", "annotation", "figcaption", "caption"]


@pytest.fixture(scope="module")
def terms(site: Path) -> dict[str, str]:
    """Anchor of each term."""
    page = BeautifulSoup((site / "book" / "glossary.html").read_text("utf-8"), "html.parser")
    entries = page.select("dl.glossary dt[id]")
    return {entry.get_text().strip().rstrip("#").strip(): entry["id"] for entry in entries}


def first_mention(article: Tag, term: str, longer: list[str]) -> NavigableString | None:
    """The first text of a paragraph in which a term stands as a word of its own."""
    flags = re.IGNORECASE if term.islower() else re.NOFLAG
    word = re.compile(rf"(?<![\w-]){re.escape(term)}s?(?![\w-])", flags)
    for text in article.find_all(string=word):
        alone = not any(other.lower() in text.lower() for other in longer)
        link = text.find_parent("a")
        if link and "#" not in link["href"]:  # a link to a page can't hold another: the next counts
            continue
        if alone and text.find_parent("p") and not text.find_parent(SKIPPED):
            return text
    return None


@pytest.mark.parametrize("chapter", ["book/index", *CHAPTERS])
def test_the_first_mention_is_a_link(site: Path, terms: dict[str, str], chapter: str):
    html = (site / f"{chapter}.html").read_text("utf-8")
    article = BeautifulSoup(html, "html.parser").select_one("article")
    linked = 0
    for term in terms.keys() - AMBIGUOUS:
        longer = [other for other in terms if term.lower() in other.lower() and other != term]
        first = first_mention(article, term, longer)
        if first is not None:
            link = first.find_parent("a")
            assert link is not None, (term, first)
            # Two terms of one entry, or one linked by hand within a phrase, may share a link.
            assert link["href"].split("#")[-1] == terms[term], (term, first)
            linked += 1
    assert linked >= 5


def test_a_term_is_matched_as_a_word_and_the_longest_first():
    pattern = term_pattern(frozenset({"gate", "forget gate", "ARIMA", "epoch"}))
    found = [m[0] for m in pattern.finditer("Forget gates, a gate, Gate, ARIMAs, arima, epoch-x")]
    assert found == ["Forget gates", "gate", "Gate", "ARIMAs"]
