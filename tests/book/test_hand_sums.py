"""Sums worked out by hand in a chapter's formulas come out as they are written."""

from __future__ import annotations

import ast
import math
import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from book.execution import chapters

FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$]+)\$", re.DOTALL)
TO_PYTHON = (
    (r"\\[,;:! ]|\\left|\\right|\\big|\\text\{ ?\}|~|&", ""),
    (r"\{,\}", ""),
    (r"\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))"),
    (r"\\sqrt\{([^{}]*)\}", r"((\1)**0.5)"),
    (r"\\cdot|\\times", "*"),
    (r"\^\{([^{}]*)\}", r"**(\1)"),
    (r"\^", "**"),
    (r"\\ln ?([\d.]+)", r"log(\1)"),
    (r"\s+", " "),
    (r"(?<=[\d)]) ?\(", "*("),
)
NUMERIC = re.compile(r"(log|[\d.\s+*/()-])+")
SEVERAL = re.compile(r"[\d)]\s*[-+*/]")  # more than a lone number


def value(text: str) -> float | None:
    """Work out a side of an equation, if numbers are all that it has."""
    for pattern, put in TO_PYTHON:
        text = re.sub(pattern, put, text)
    text = text.strip().rstrip(".,; ")
    if not NUMERIC.fullmatch(text) or not re.search(r"\d", text):
        return None
    try:  # of digits and signs alone
        return float(eval(compile(ast.parse(text, mode="eval"), "", "eval"), {"log": math.log}))
    except (SyntaxError, TypeError):
        return None  # as "2 3", where a sign is left out


def sums(path: Path) -> list[tuple[str, float, float, str]]:
    """Each sum and what stands behind its sign of equality."""
    found = []
    for cell in nbformat.read(path, 4).cells:
        for match in FORMULA.finditer(cell.source):
            sides = re.split(r"(?<![<>!:])=", match[1] or match[2])
            for left, right in pairwise(sides):
                worked, shown = value(left), value(right)
                digits = re.fullmatch(r"\s*-?[\d{},]*\.?(\d*)[\s.,;]*", right)
                if worked is not None and shown is not None and digits and SEVERAL.search(left):
                    found.append((left.strip(), worked, shown, digits[1]))
    return found


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_a_sum_is_what_stands_behind_it(path: Path) -> None:
    """To the last digit shown; where a term has decimals, and so was rounded, to one more."""
    wrong = [
        (left, worked, shown)
        for left, worked, shown, digits in sums(path)
        if abs(worked - shown) > (1.5 if "." in left else 0.501) * 10.0 ** -len(digits)
    ]
    assert wrong == []


def test_many_sums_are_read() -> None:
    assert sum(len(sums(path)) for path in chapters()) > 30
