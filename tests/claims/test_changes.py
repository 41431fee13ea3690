"""What changed since the first edition is found, and the reason is the rule that decided."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from paperlib.claims import changes
from paperlib.claims.changes import FIRST_EDITION, changed_verdicts
from paperlib.claims.comparisons import Answers
from paperlib.claims.ledger import Claim
from paperlib.claims.verdicts import Judgement
from paperlib.stats.interval import Interval

UP, DOWN, NONE = (
    Interval(*np.log(of)) for of in ((1.2, 1.1, 1.3), (0.8, 0.7, 0.9), (1.0, 0.9, 1.1))
)


def compared(verdict: str, *readings: Interval, **others: object) -> Judgement:
    """Make a judgement of a comparison that has these answers."""
    named = dict(zip("abcdefgh", readings, strict=False))
    return Judgement(verdict, answers=Answers(named, **others))


@pytest.mark.parametrize(
    ("kind", "was", "found", "why"),
    [
        ("number", "differs", Judgement("compatible", agreeing=2, readings=8), "2 of 8 readings"),
        ("number", "too imprecise to say", Judgement("compatible", agreeing=1, readings=1),
         "any width counts, and 1 of 1"),
        ("number", "too imprecise to say", Judgement("refuted", readings=8), "no reading could"),
        ("number", "reproduced", Judgement("refuted", readings=8), "under none of the readings"),
        ("number", "differs", Judgement("open", ours=Interval(1, 1, 1)), "networks of the first"),
        ("number", "differs", Judgement("open"), "some wobbles are zero"),
        ("check", "holds", Judgement("fails"), "one that can fail"),
        ("comparison", "direction holds", compared("depends on the reading", UP, DOWN, NONE),
         "holds under a; contradicted under b"),
        ("comparison", "negligible", compared("open", UP, NONE), "open under b"),
        ("comparison", "no effect", compared("open", UP, sessions={"a": NONE}), "over sessions"),
        ("comparison", "contradicted", compared("open", missing=frozenset("a")), "still missing"),
        ("comparison", "contradicted",
         compared("in this period only", DOWN, elsewhere={"no L2": NONE}), "elsewhere: no L2 open"),
        ("comparison", "negligible", compared("holds", UP), "whatever the size"),
        ("number", None, Judgement("refuted"), "not asked then"),
    ],
)  # fmt: skip
def test_a_change_has_its_reason(tmp_path, monkeypatch, kind, was, found, why):
    claim = Claim("a", "t", "words", 1.0, kind, "prices", "tab-words")
    table = pd.DataFrame({"id": ["a" if was else "b"], "verdict": [was or "differs"]})
    table.to_csv(tmp_path / "first.csv", index=False)
    monkeypatch.setattr(changes, "FIRST_EDITION", tmp_path / "first.csv")
    monkeypatch.setattr(changes, "load_claims", lambda: {"a": claim})
    monkeypatch.setattr(changes, "judge", lambda _: found)
    row = changed_verdicts().loc["a"]
    assert (row["was"], row["is"]) == (was or "not asked", found.verdict)
    assert why in row["why"]


@pytest.mark.parametrize(
    ("kind", "was", "now"),
    [
        ("number", "consistent", "compatible"),
        ("number", "differs", "refuted"),
        ("comparison", "direction holds", "holds"),
        ("comparison", "inconclusive", "open"),
        ("p_value", "reproduced", "compatible"),
        ("deterministic", "reproduced", "reproduced"),
        ("untestable", "not testable", "not testable"),
    ],
)
def test_another_name_is_no_change(tmp_path, monkeypatch, kind, was, now):
    claim = Claim("a", "t", "words", 1.0, kind, "prices", "tab-words")
    pd.DataFrame({"id": ["a"], "verdict": [was]}).to_csv(tmp_path / "first.csv", index=False)
    monkeypatch.setattr(changes, "FIRST_EDITION", tmp_path / "first.csv")
    monkeypatch.setattr(changes, "load_claims", lambda: {"a": claim})
    monkeypatch.setattr(changes, "judge", lambda _: Judgement(now))
    assert changed_verdicts().empty


def test_every_claim_of_the_first_edition_is_still_in_the_ledger():
    """But one, in whose place stands a check that can fail."""
    before = set(pd.read_csv(FIRST_EDITION)["id"])
    assert before - set(changes.load_claims()) == {"figure_3_goes_on"}


def test_the_page_of_rules_names_what_its_changes_moved():
    """Whatever stands there after the word *moved*, but for changes within this edition."""
    found = changed_verdicts()
    moved = found["was"] + " to " + found["is"]
    assert moved[["cut_dropout", "cut_clipping"]].eq("differs to compatible").all()
    assert (
        moved[["mae_and_mape_agree_train", "mae_and_mape_agree_test"]]
        .eq("adds up to impossible as printed")
        .all()
    )
    assert moved[["one_cut", "clipping_acts"]].eq("holds to fails").all()
    two_runs = found.loc[found["was"] == "impossible as printed", "is"]
    assert sorted(two_runs) == ["fails", "fails", "holds", "holds"]
