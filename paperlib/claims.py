"""The claim ledger: what the paper prints, so that no chapter has to type it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from paperlib.comparison import Interval

LEDGER = Path(__file__).resolve().parent.parent / "data" / "claims.yaml"


@dataclass(frozen=True)
class Claim:
    """One statement of the paper, as printed."""

    id: str
    place: str  # section, table or figure of the paper
    words: str  # what it says, in short
    printed: float | str  # the number as printed; a range or a word where the paper has no number
    unit: str  # empty where the paper gives none
    certainty: Literal["sure", "likely", "guess"]  # of our reading of a damaged text

    def __str__(self) -> str:
        """Show the number with its unit, as printed, and with a mark where it was hard to read."""
        unit = self.unit if self.unit in ("", "%") else f" {self.unit}"
        mark = "" if self.certainty == "sure" else f" [{self.certainty}]"
        return f"{self.printed}{unit}{mark}"


@cache
def load_claims() -> dict[str, Claim]:
    """Read the ledger, keyed by claim id.

    Raises:
        ValueError: if an id comes twice or a certainty is not one of the three degrees.
    """
    claims: dict[str, Claim] = {}
    for entry in yaml.safe_load(LEDGER.read_text(encoding="utf-8")):
        claim = Claim(**{"unit": "", "certainty": "sure", **entry})
        if claim.id in claims:
            raise ValueError(f"{LEDGER}: the claim {claim.id!r} comes twice; rename one.")
        if claim.certainty not in ("sure", "likely", "guess"):
            raise ValueError(f"{LEDGER}: {claim.id!r} has certainty {claim.certainty!r}.")
        claims[claim.id] = claim
    return claims


def judge_number(printed: float, run: Interval) -> str:
    """Hold a number that comes from training against the 95 % prediction interval of one run.

    Outside the interval it *differs*. Inside, it is *consistent*, unless the interval is wider
    than a factor of two: then almost anything would be inside, and nothing can be said.
    """
    if not run.low <= printed <= run.high:
        return "differs"
    return "too imprecise to say" if run.high > 2 * run.low else "consistent"
