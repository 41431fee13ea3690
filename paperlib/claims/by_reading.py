"""Which reading of the paper could print which of its numbers."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from paperlib.claims.ledger import Claim
from paperlib.claims.number_evidence import lay_out, readings_of
from paperlib.claims.rounding import as_number


def ask_readings(claims: Iterable[Claim]) -> pd.DataFrame:
    """Ask under each reading whether one run could print a number, and how far a typical run is.

    Args:
        claims: numbers that are measured on runs. Of one that can be measured in several ways the
            nearest counts.

    Returns:
        A row a claim and reading that can be asked and is stored, with ``claim`` (its id),
        ``reading``, ``ratio`` of a typical run's number to the printed one, and ``could``: whether
        the printed one lies in the 95 % prediction interval of one run.
    """
    rows = []
    for claim in claims:
        cell = lay_out(claim)
        for reading in readings_of(claim):
            ways = [way for way in cell.runs if way[0] == reading]
            if not ways:
                continue
            nearest = min(ways, key=lambda way: (not cell.is_compatible(way), cell.distance(way)))
            ratio = cell.runs[nearest].estimate / as_number(claim.printed)
            could = cell.is_compatible(nearest)
            rows.append({"claim": claim.id, "reading": reading, "ratio": ratio, "could": could})
    return pd.DataFrame(rows, columns=["claim", "reading", "ratio", "could"])
