"""A number is looked up on a page that is read once; all else is the environment's."""

from __future__ import annotations

from types import SimpleNamespace

from book.numbered_links import Remembering


def test_a_page_is_read_once():
    read: list[str] = []
    environment = SimpleNamespace(get_doctree=lambda name: read.append(name) or object(), number=7)
    remembering = Remembering(environment)
    first = remembering.get_doctree("a")
    assert remembering.get_doctree("a") is first
    assert remembering.get_doctree("b") is not first
    assert read == ["a", "b"]
    assert remembering.number == 7
