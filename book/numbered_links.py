"""A Sphinx extension: "Fig. 3.2" in a text is looked up without reading its whole page again.

Sphinx unpickles the page that a number lies on for every mention of it, tables and pictures and
all, which took a minute for this book.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment


class Remembering:
    """An environment that reads each page once. Its pages must not be changed."""

    def __init__(self, environment: BuildEnvironment) -> None:
        self._environment = environment
        self._pages: dict[str, nodes.document] = {}

    def __getattr__(self, name: str) -> Any:
        """Be as the environment in all else."""
        return getattr(self._environment, name)

    def get_doctree(self, name: str) -> nodes.document:
        """Read a page, or remember it."""
        if name not in self._pages:
            self._pages[name] = self._environment.get_doctree(name)
        return self._pages[name]


class StandardDomainThatRemembers(StandardDomain):
    """Sphinx's own targets and references."""

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        self._remembering = Remembering(env)

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Any,
        typ: str,
        *rest: Any,
    ) -> nodes.Element | None:
        """Look a number up; all else as usual."""
        reading: Any = self._remembering if typ == "numref" else env
        return super().resolve_xref(reading, fromdocname, builder, typ, *rest)


def setup(app: Sphinx) -> dict[str, bool]:
    """Put the domain in the place of Sphinx's."""
    app.add_domain(StandardDomainThatRemembers, override=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
