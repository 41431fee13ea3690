"""A Sphinx extension: every function described in the reference has a link to its source.

That is :mod:`sphinx.ext.viewcode`, whose index of modules also links to those that it found no
source of, such as ``builtins``: to pages that are not there.
"""

from sphinx.application import Sphinx

BEFORE = 400  # the pages of sources are made at 500


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx what to load, and what to do just before the pages of sources are made."""
    app.setup_extension("sphinx.ext.viewcode")
    app.connect("html-collect-pages", forget_modules_without_source, priority=BEFORE)
    return {"parallel_read_safe": True}


def forget_modules_without_source(app: Sphinx) -> list[tuple[str, dict[str, str], str]]:
    """Drop the modules that have no source; this adds no page."""
    found = getattr(app.env, "_viewcode_modules", {})
    for name in [name for name, source in found.items() if not source]:
        del found[name]
    return []
