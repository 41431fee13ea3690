"""A measure of two recipes beside what the paper prints of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from paperlib.claims.ledger import load_claims
from paperlib.experiments.catalogue import PAPER_WINDOW
from paperlib.experiments.results import compare_recipes, load_measures, typical_run
from paperlib.experiments.store import select


class Measure(NamedTuple):
    """A line of a table that puts a measure of two recipes beside the paper's."""

    label: str
    column: str  # of load_measures
    form: str  # how to write it, such as ".4f"
    full: str = ""  # id of the paper's claim on the full model, if it has one
    ablated: str = ""  # likewise on the ablated one
    suffix: str = ""  # "_100" where the measure is of the runs without early stopping


def with_and_without(ablated: str, rows: Sequence[Measure]) -> pd.DataFrame:
    """Put what the paper prints of both recipes beside ours, on its own window as published.

    Returns:
        A line a measure, with the paper's number with and without the part, ours (a typical run
        with the 95 % prediction interval of one run), and the ratio without ÷ with and its 95 % t
        interval, or the difference where a value is zero. Last, the test MSE of persistence.
    """
    claims = load_claims()
    lines = []
    for row in rows:
        line = {"measure": row.label}
        for name, claim in (("with", row.full), ("without", row.ablated)):
            line[f"paper, {name}"] = str(claims[claim]) if claim else "–"
        for name, recipe in (("with", "published"), ("without", ablated)):
            run = typical_run(
                recipe + row.suffix, row.column, row.form, PAPER_WINDOW, "as_published"
            )
            line[f"ours, {name}"] = run
        found = compare_recipes(
            ablated + row.suffix, "published" + row.suffix, PAPER_WINDOW, column=row.column
        )
        lines.append(line | {"without ÷ with": str(found)})
    runs = select(load_measures(), dataset=PAPER_WINDOW, protocol="as_published")
    level = f"{runs['persistence_mse_scaled'].iloc[0]:.4f}"
    naive = {"measure": "test MSE, persistence", "ours, with": level, "ours, without": level}
    return pd.DataFrame([*lines, naive]).fillna("–")
