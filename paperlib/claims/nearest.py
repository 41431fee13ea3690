"""Which of several readings speaks: the nearest to the paper, of one claim or of a table's row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from paperlib.claims.ledger import Claim
from paperlib.claims.rules import BEST_FIRST, as_number
from paperlib.stats.interval import Interval

OPEN = "open"


@dataclass(frozen=True)
class Judgement:
    """Our answer to a claim."""

    verdict: str
    ours: Interval | None = None  # the estimate, with the interval that decided
    reading: str = ""  # which reading of the claim is answered: the one nearest the paper
    agreeing: int = 1  # how many readings of the claim have this verdict
    readings: int = 1  # of how many

    def among(self, found: Sequence[Judgement]) -> Judgement:
        """Say how many of a claim's readings have this verdict."""
        verdict_of = {other.reading: other.verdict for other in found}
        agreeing = list(verdict_of.values()).count(self.verdict)
        return replace(self, agreeing=agreeing, readings=len(verdict_of))


def nearest(readings: Sequence[Judgement], claim: Claim) -> Judgement:
    """Let the reading speak that comes nearest the paper: by its verdict, then by its distance.

    Args:
        readings: of the claim, each judged by itself.
        claim: an entry of the ledger.
    """
    closed = [found for found in readings if found.verdict != OPEN]
    if not closed:
        return Judgement(OPEN)

    def distance(found: Judgement) -> tuple[int, bool, float]:
        """Compare by verdict, then as a ratio; where a sign forbids that, as a difference."""
        place = BEST_FIRST.index(found.verdict)
        if not found.ours:
            return place, True, np.inf
        if claim.kind == "comparison":  # claimed worse over better: the larger, the nearer
            return place, False, -found.ours.estimate
        ratio = _log_ratio(claim, found)
        if np.isfinite(ratio):
            return place, False, ratio
        return place, True, abs(as_number(claim.printed) - found.ours.estimate)

    return min(closed, key=distance).among(closed)


def nearest_of_row(row: Mapping[Claim, Sequence[Judgement]]) -> dict[str, Judgement]:
    """Let one reading speak for all claims of a row, or of a pair: the nearest in the mean.

    Its distance is the mean of ``|ln(ours / printed)|`` over the row. p-values follow the reading
    that the other numbers choose.

    Args:
        row: each claim with its readings. Those of runs are in the same order in every claim; those
            stored have the same method, but for its last part where a claim is in per cent.

    Returns:
        The judgement of each claim, by its id.
    """
    aligned = _aligned_columns(row) if all(claim.columns for claim in row) else _aligned_values(row)
    closed = [cells for cells in aligned if OPEN not in {found.verdict for found in cells}]
    if not closed:
        return {claim.id: Judgement(OPEN) for claim in row}

    def distance(cells: Sequence[Judgement]) -> float:
        """Return the mean distance of the cells that are numbers."""
        pairs = zip(row, cells, strict=True)
        return float(np.mean([_log_ratio(*pair) for pair in pairs if pair[0].kind != "p_value"]))

    chosen = min(closed, key=distance)
    by_claim = zip(row, chosen, zip(*closed, strict=True), strict=True)
    return {claim.id: found.among(all_found) for claim, found, all_found in by_claim}


def _log_ratio(claim: Claim, found: Judgement) -> float:
    """Return ``|ln(ours / printed)|``, which no unit can bend; infinite where a sign forbids it."""
    printed = as_number(claim.printed)
    if not found.ours or printed <= 0 or found.ours.estimate <= 0:
        return np.inf
    return abs(float(np.log(found.ours.estimate / printed)))


def _aligned_columns(row: Mapping[Claim, Sequence[Judgement]]) -> list[tuple[Judgement, ...]]:
    return list(zip(*row.values(), strict=True))


def _aligned_values(row: Mapping[Claim, Sequence[Judgement]]) -> list[tuple[Judgement, ...]]:
    """Join values of the same method; one in per cent, such as a MAPE, fits those of every unit."""
    by_method = {claim: {found.reading: found for found in row[claim]} for claim in row}

    def cell(claim: Claim, method: str) -> Judgement:
        """Find a claim's reading of a method, or say that there is none."""
        how = f"{method.rpartition(', ')[0]}, %" if claim.unit == "%" else method
        return by_method[claim].get(how, Judgement(OPEN))

    methods = next(by_method[claim] for claim in row if claim.unit != "%")
    return [tuple(cell(claim, how) for claim in row) for how in methods]
