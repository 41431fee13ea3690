"""The verdict on a comparison: each rule by hand, and what no evidence may do."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlib.claims.comparisons import Answers, decide, is_negligible, side
from paperlib.stats.interval import Interval

ABOVE, BELOW, ACROSS = Interval(0.2, 0.1, 0.3), Interval(-0.2, -0.3, -0.1), Interval(0.0, -0.1, 0.1)


def answers(readings: str, sessions: str = "", elsewhere: str = "") -> Answers:
    """Write answers in short: a letter an interval, above, below or across zero."""
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
        ("bbbbbbbb", "bx", "xx", "open"),  # not even in this period
        ("bbbbbbbb", "bb", "xx", "in this period only"),
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
        tight = Interval(0.036, 0.036 - 0.04 / n, 0.036 + 0.04 / n)
        assert side(tight) in ("holds", "open")
    small = Interval(*np.log([1.036, 1.03, 1.04]))
    assert is_negligible(small)
    assert side(small) == "holds"  # small, and still for the paper


def test_the_band_is_five_per_cent_either_way():
    assert is_negligible(Interval(0, *np.log([1 / 1.0499, 1.0499])))
    assert not is_negligible(Interval(0, *np.log([1 / 1.0501, 1.0499])))
    assert not is_negligible(Interval(0, *np.log([1 / 1.0499, 1.0501])))


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


def test_while_runs_are_missing_every_verdict_is_open():
    whole = answers("aaaaaaaa", "aa", "aa")
    assert decide(whole) == "holds"
    assert decide(replace(whole, missing=frozenset({"no L2"}))) == "open"
    assert decide(Answers({})) == "open"


def test_a_verdict_says_which_question_was_not_asked():
    assert Answers({"one": ABOVE}).not_asked == ["over sessions", "elsewhere"]
    assert Answers({"one": ABOVE}, {"one": ABOVE}).not_asked == ["elsewhere"]
    assert answers("a", "a", "a").not_asked == []
