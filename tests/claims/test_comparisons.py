"""The verdict on a comparison: each rule by hand, and what no evidence may do."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlib.claims.comparisons import Answers, decide, is_negligible, side
from paperlib.stats.interval import Interval

ABOVE, BELOW, ACROSS = Interval(1.2, 1.1, 1.3), Interval(0.8, 0.7, 0.9), Interval(1.0, 0.9, 1.1)


def answers(readings: str, sessions: str = "", elsewhere: str = "") -> Answers:
    """Write answers in short: a letter an interval, above, below or across one."""
    of = {"a": ABOVE, "b": BELOW, "x": ACROSS}
    return Answers(
        *({str(n): of[c] for n, c in enumerate(s)} for s in (readings, sessions, elsewhere))
    )


@pytest.mark.parametrize(
    ("readings", "sessions", "elsewhere", "verdict"),
    [
        ("aaaaaaaa", "aa", "aa", "holds"),
        ("bbbbbbbb", "bb", "bb", "contradicted"),
        ("aaaaaaab", "aa", "aa", "depends on the reading"),
        ("xxxxxxab", "", "", "depends on the reading"),
        ("aaaaaaaa", "aa", "ax", "in this period only"),
        ("aaaaaaaa", "aa", "bb", "in this period only"),
        ("bbbbbbbb", "bx", "xx", "in this period only"),
        ("aaaaaaaa", "ax", "aa", "open"),  # other sessions of the period might say otherwise
        ("aaaaaaax", "aa", "aa", "open"),
        ("xxxxxxxx", "xx", "aa", "open"),
        ("aaaaaaaa", "", "aa", "holds"),  # epochs have no sessions
        ("aa", "", "", "holds"),  # and some are measured nowhere else
    ],
)
def test_each_rule(readings, sessions, elsewhere, verdict):
    assert decide(answers(readings, sessions, elsewhere)) == verdict


SIDES = st.text("abx", min_size=1, max_size=8)
MAYBE = st.text("abx", max_size=2)


@given(SIDES, MAYBE, MAYBE)
def test_the_opposite_claim_has_the_opposite_verdict(readings, sessions, elsewhere):
    swapped = (s.translate(str.maketrans("ab", "ba")) for s in (readings, sessions, elsewhere))
    opposite = {"holds": "contradicted", "contradicted": "holds"}
    verdict = decide(answers(readings, sessions, elsewhere))
    assert decide(answers(*swapped)) == opposite.get(verdict, verdict)


@given(SIDES, MAYBE, MAYBE, st.sampled_from("abx"))
def test_a_further_reading_never_turns_a_verdict_into_its_opposite(
    readings, sessions, elsewhere, new
):
    before = decide(answers(readings, sessions, elsewhere))
    after = decide(answers(readings + new, sessions, elsewhere))
    assert {before, after} != {"holds", "contradicted"}


def test_a_narrower_interval_never_turns_a_verdict_into_its_opposite():
    """More seeds shrink intervals around the same ratio: open may close, no side may change."""
    for n in (1, 2, 4, 8):
        tight = Interval(1.036, 1.036 - 0.04 / n, 1.036 + 0.04 / n)
        assert side(tight, 1.0) in ("holds", "open")
    assert is_negligible(Interval(1.036, 1.03, 1.04))
    assert side(Interval(1.036, 1.03, 1.04), 1.0) == "holds"  # small, and still for the paper


def test_differences_are_held_against_zero():
    assert side(Interval(0.5, 0.1, 0.9), 0.0) == "holds"
    assert decide(Answers({"one": Interval(-2, -3, -1)}, neutral=0.0)) == "contradicted"


def test_every_combination_has_a_verdict():
    words = {
        decide(answers("".join(of), sessions, elsewhere))
        for of in itertools.product("abx", repeat=3)
        for sessions in ("", "a", "bx")
        for elsewhere in ("", "a", "bx")
    }
    assert words == {
        "holds",
        "contradicted",
        "depends on the reading",
        "in this period only",
        "open",
    }


def test_without_a_reading_there_is_nothing_to_judge():
    with pytest.raises(ValueError, match="at least one reading"):
        decide(Answers({}))
