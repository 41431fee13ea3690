"""The index of sources names no module without a page."""

from types import SimpleNamespace

from book.source_links import forget_modules_without_source


def test_modules_without_source_are_forgotten() -> None:
    modules = {"builtins": False, "paperlib.cells": ("text", {}, {}, "paperlib.cells")}
    app = SimpleNamespace(env=SimpleNamespace(_viewcode_modules=dict(modules)))
    assert forget_modules_without_source(app) == []
    assert list(app.env._viewcode_modules) == ["paperlib.cells"]


def test_a_site_without_sources_has_nothing_to_forget() -> None:
    assert forget_modules_without_source(SimpleNamespace(env=SimpleNamespace())) == []
