"""The whole ledger as tables: every claim with its verdict, and how many there are of each."""

from __future__ import annotations

import numpy as np
import pandas as pd

from paperlib.claims import load_claims
from paperlib.grid import BUNDLED_WINDOW
from paperlib.standings import in_words, show_ours
from paperlib.verdicts import judge

MEANINGS = {
    "for the paper": ("consistent", "reproduced", "direction holds", "adds up"),
    "against it": ("differs", "contradicted", "impossible as printed"),
    "no effect to speak of": ("negligible", "no effect"),
    "can't be told": ("too imprecise to say", "inconclusive", "not testable"),
}
"""What each verdict says of a statement of the paper, in a few words for a visitor."""
OURS = "a question of ours"


def all_verdicts() -> pd.DataFrame:
    """Judge every claim.

    Returns:
        A row a claim, by its id, with ``chapter``, ``place``, ``claim``, ``paper``, ``certainty``,
        our answer on the paper's window (``ours``) and on the bundled one (``bundled``),
        ``verdict``, the ``reading`` it answers, the ``bundled_verdict`` beside it, whether it is a
        ``statement`` of the paper or a question of ours, ``kind``, and the figure or table that
        shows it (``shown``).
    """
    rows = {}
    for claim in load_claims().values():
        found = judge(claim)
        beside = judge(claim, dataset=BUNDLED_WINDOW)
        rows[claim.id] = {
            "chapter": claim.chapter,
            "place": claim.place,
            "claim": claim.words,
            "paper": str(claim),
            "certainty": claim.certainty,
            "ours": show_ours(found, claim),
            "bundled": show_ours(beside, claim),
            "verdict": found.verdict,
            "reading": in_words(found.reading),
            "bundled_verdict": beside.verdict,
            "statement": claim.kind != "check" and not claim.asked,
            "kind": claim.kind,
            "shown": claim.shown,
        }
    return pd.DataFrame(rows).T.rename_axis("id")


def count_verdicts(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Count claims by verdict.

    Args:
        verdicts: of :func:`all_verdicts`.

    Returns:
        ``meaning``, ``verdict`` and ``claims``, a row for each verdict that was given.

    Raises:
        ValueError: for a verdict without a meaning, such as *open*.
    """
    meaning_of = {name: meaning for meaning, names in MEANINGS.items() for name in names}
    if left := set(verdicts.loc[verdicts["statement"].astype(bool), "verdict"]) - set(meaning_of):
        raise ValueError(f"no meaning is given for the verdict {min(left)!r}.")
    meanings = verdicts["verdict"].map(meaning_of).where(verdicts["statement"], OURS)
    counts = pd.DataFrame({"meaning": meanings, "verdict": verdicts["verdict"]}).value_counts()
    table = counts.rename("claims").reset_index()
    order = [*MEANINGS, OURS]
    return table.sort_values(
        "meaning", key=lambda m: m.map(order.index), kind="stable"
    ).reset_index(drop=True)


def compute_used(*tables: pd.DataFrame) -> dict[str, float]:
    """Sum up what the stored runs took: ``runs``, ``core_hours`` and ``longest_minutes``."""
    seconds = pd.concat([table["seconds"] for table in tables]).dropna()
    return {
        "runs": len(seconds),
        "core_hours": float(np.sum(seconds) / 3600),
        "longest_minutes": float(np.max(seconds) / 60),
    }
