"""Which verdicts changed since the first edition of the book, and why."""

from __future__ import annotations

import pandas as pd

from paperlib.claims.comparisons import DEPENDS, HERE_ONLY, Answers
from paperlib.claims.ledger import Claim, load_claims
from paperlib.claims.verdicts import NO_NUMBER, Judgement, judge
from paperlib.paths import DATA
from paperlib.stats.interval import CONTRADICTED, HOLDS, OPEN, side

FIRST_EDITION = DATA / "first_edition.csv"
SAME_AS_NOW = {
    "consistent": "compatible",
    "differs": "refuted",
    "direction holds": HOLDS,
    "inconclusive": OPEN,
}
"""Words of the first edition that have another name now; this alone is no change."""

MISSING = "runs are still missing"
KEPT = "only networks of the first reading are kept, and another could print it"


def changed_verdicts() -> pd.DataFrame:
    """List the claims whose verdict is another one than in the first edition.

    Returns:
        By claim id, with ``claim``, ``paper``, ``was``, ``is`` and ``why``.
    """
    before = pd.read_csv(FIRST_EDITION, index_col="id")["verdict"]
    rows = {}
    for claim in load_claims().values():
        found, was = judge(claim), before.get(claim.id, "not asked")
        word = SAME_AS_NOW.get(was, was)
        if claim.kind == "p_value" and was == "reproduced":
            word = "compatible"
        if word != found.verdict:
            rows[claim.id] = {
                "claim": claim.words,
                "paper": str(claim),
                "was": was,
                "is": found.verdict,
                "why": _why(claim, found, was),
            }
    columns = ["claim", "paper", "was", "is", "why"]
    return pd.DataFrame(rows, index=columns).T.rename_axis("id")


def _why(claim: Claim, found: Judgement, was: str) -> str:
    if was == "not asked":
        return "not asked then"
    if found.answers:
        return _why_of_comparison(found.verdict, found.answers)
    if claim.kind in ("arithmetic", "check"):
        return "a check of two runs, or one that can fail, took its place; or a reading was refuted"
    if found.verdict == OPEN:
        return KEPT if found.ours else NO_NUMBER
    if found.verdict == "compatible":
        wide = "an interval of any width counts, and " if was == "too imprecise to say" else ""
        return f"{wide}{found.agreeing} of {found.readings} readings could print it"
    if was == "too imprecise to say":
        return "no reading could print it"
    return "under none of the readings that the rules name"


def _why_of_comparison(verdict: str, answers: Answers) -> str:
    """Name the question that the first edition did not ask and that decides."""
    sides = {name: side(effect) for name, effect in answers.readings.items()}
    against = {HOLDS: CONTRADICTED, CONTRADICTED: HOLDS}
    if verdict == DEPENDS:
        told = [f"{word} under {_named(sides, word)}" for word in against]
        return "; ".join(told)
    if verdict == HERE_ONLY:
        arms = {name: side(effect) for name, effect in (answers.elsewhere or {}).items()}
        return "elsewhere: " + "; ".join(f"{name} {word}" for name, word in arms.items())
    if verdict in against:
        return "all that was asked lies on one side, whatever the size"
    if answers.missing:
        return MISSING
    if OPEN in sides.values():
        return f"open under {_named(sides, OPEN)}"
    return "over sessions, or elsewhere, the interval includes no effect"


def _named(sides: dict[str, str], word: str) -> str:
    return ", ".join(name for name, of in sides.items() if of == word)
