"""What was found in a price file and what was done about it; and how a file is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pandas as pd

UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
SHOWN = 3  # examples that a finding or a message gives


class PriceFileError(ValueError):
    """A price file that can't be used. The message names the file, the row and the remedy."""

    def _render_traceback_(self) -> list[str]:
        """For notebooks: what IPython shows in place of a traceback, the file being at fault."""
        return [f"{type(self).__name__}: {self}"]


def refuse(path: Path, problem: str, line: int | None = None) -> NoReturn:
    """Raise a :class:`PriceFileError` of one line, which begins with the path."""
    where = f"{path}, line {line}" if line else str(path)
    raise PriceFileError(UNPRINTABLE.sub("?", f"{where}: {problem}"))


def quote(cell: str) -> str:
    """Quote a cell in a message, shortened, with line breaks and the like escaped."""
    return repr(cell if len(cell) <= 40 else cell[:40] + "…")


@dataclass(frozen=True)
class Finding:
    """One kind of flaw or change."""

    what: str
    count: int
    examples: tuple[str, ...]  # the first ones, such as "2016-01-04 (line 2)"
    done: str  # dropped, kept or changed, and how

    def __str__(self) -> str:
        """How many there are, what was done, and the first of them."""
        first = f"; first {', '.join(self.examples)}" if self.examples else ""
        return f"{self.count}, {self.done}{first}"


def find_rows(what: str, rows: pd.DataFrame, done: str) -> list[Finding]:
    """Return a finding about rows, which have their ``line``, or none if there are none."""
    shown = rows["line"].iloc[:SHOWN]
    examples = tuple(f"{date.date()} (line {line})" for date, line in shown.items())
    return [Finding(what, len(rows), examples, done)] if len(rows) else []


@dataclass(frozen=True)
class PriceReport:
    """What was found in a price file. Immutable, so that frames may share it."""

    source: str  # the file's name, or the bundled ticker
    layout: str  # as recognised, in words
    rows: int  # data rows in the file
    sessions: int  # of these kept
    first: str
    last: str
    findings: tuple[Finding, ...]

    @property
    def summary(self) -> str:
        """What was read, and how, in two sentences."""
        return (
            f"{self.source}: {self.rows} rows read, {self.sessions} sessions kept, "
            f"{self.first} to {self.last}. Read as {self.layout}."
        )

    def __str__(self) -> str:
        """Plain text: the layout and the counts, then a line for each finding."""
        lines = [f"- {found.what}: {found}" for found in self.findings]
        return "\n".join([self.summary, *(lines or ["- nothing was dropped, changed or odd"])])
