"""The verdict of each kind of claim, on answers made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from paperlib.claims import verdicts
from paperlib.claims.comparisons import Answers
from paperlib.claims.ledger import Claim, load_claims
from paperlib.claims.printed_numbers import NumberAnswer
from paperlib.claims.verdicts import answers_of
from paperlib.experiments.readings import ADMISSIBLE
from paperlib.stats.interval import Interval, side

CLAIMS = load_claims()
WORSE = Interval(*np.log([1.2, 1.1, 1.3]))
BETTER = Interval(*np.log([0.8, 0.7, 0.9]))
NONE = Interval(0.0, -0.1, 0.1)
BOTH = ("decay 0.01", "no L2")
judge = verdicts.judge.__wrapped__  # which remembers nothing


def claim(kind: str, printed: float | str = 1.0, **named: object) -> Claim:
    return Claim("a", "table 0", "words", printed, kind, "prices", "tab-words", **named)


def readings(*effects: Interval) -> dict[str, Interval]:
    """Give each admissible reading one of the effects in turn."""
    return {name: effects[n % len(effects)] for n, name in enumerate(ADMISSIBLE)}


@pytest.mark.parametrize(
    ("answers", "verdict", "agreeing", "against"),
    [
        (Answers(readings(WORSE), dict.fromkeys(BOTH, WORSE), dict.fromkeys(BOTH, WORSE)),
         "holds", 8, 0),
        (Answers(readings(BETTER), dict.fromkeys(BOTH, BETTER), dict.fromkeys(BOTH, BETTER)),
         "contradicted", 0, 8),
        (Answers(readings(WORSE, BETTER), None, None), "depends on the reading", 4, 4),
        (Answers(readings(WORSE), None, dict.fromkeys(BOTH, BETTER)),
         "in this period only", 8, 0),
        (Answers(readings(WORSE), {"no L2": NONE}, dict.fromkeys(BOTH, BETTER)), "open", 8, 0),
    ],
)  # fmt: skip
def test_a_comparison_is_judged_by_its_answers(monkeypatch, answers, verdict, agreeing, against):
    monkeypatch.setattr(verdicts, "answers_of", lambda _: answers)
    found = judge(claim("comparison", "better"))
    assert (found.verdict, found.agreeing, found.against) == (verdict, agreeing, against)
    assert (found.readings, found.reading) == (8, "decay 0.01")
    assert found.ours == pytest.approx(tuple(np.exp(answers.readings["decay 0.01"])))


def test_a_difference_stays_one(monkeypatch):
    effect = Interval(-5.5, -7.0, -4.0)
    answers = Answers(readings(effect), is_difference=True)
    monkeypatch.setattr(verdicts, "answers_of", lambda _: answers)
    found = judge(claim("comparison", "stable"))
    assert (found.verdict, found.ours) == ("contradicted", effect)


def test_a_comparison_without_any_run_is_open(monkeypatch):
    monkeypatch.setattr(verdicts, "answers_of", lambda _: Answers({}))
    found = judge(claim("comparison", "better"))
    assert (found.verdict, found.ours, found.readings) == ("open", None, 0)


def test_every_comparison_of_the_ledger_is_asked_under_its_first_reading():
    for told in CLAIMS.values():
        if told.kind == "comparison" and not told.recipe.endswith("_100"):
            assert next(iter(answers_of(told).readings)) == "decay 0.01", told.id


@pytest.mark.parametrize("kind", ["number", "rate", "p_value", "deterministic"])
def test_a_number_is_judged_by_its_evidence(monkeypatch, kind):
    ours = Interval(3.0, 2.0, 4.0)
    answer = NumberAnswer("compatible", 2, 8, ("no L2", "mape"), ours, 2.0, 1, None)
    monkeypatch.setattr(verdicts, "judge_number", lambda _: answer)
    found = judge(claim(kind))
    assert (found.verdict, found.ours, found.reading) == ("compatible", ours, "mape, no L2")
    assert (found.agreeing, found.readings, found.width, found.whole_row) == (2, 8, 2.0, 1)
    monkeypatch.setattr(verdicts, "judge_number", lambda _: None)
    assert judge(claim(kind)).verdict == "open"


def test_arithmetic_adds_up_if_one_reading_does(monkeypatch):
    checks = {"a": lambda: {"first": False, "second": True, "third": True}}
    monkeypatch.setattr(verdicts, "ARITHMETIC", checks)
    found = judge(claim("arithmetic", "agree"))
    assert (found.verdict, found.reading) == ("adds up", "second")
    assert (found.agreeing, found.readings) == (2, 3)
    checks["a"] = lambda: {"first": False, "second": False}
    found = judge(claim("arithmetic", "agree"))
    assert (found.verdict, found.reading) == ("impossible as printed", "first")


def test_a_check_holds_or_fails(monkeypatch):
    checks = {"a": lambda: {"first": False, "second": True}}
    monkeypatch.setattr(verdicts, "ARITHMETIC", checks)
    assert judge(claim("check", "agree")).verdict == "holds"
    checks["a"] = lambda: {"first": False, "second": False}
    found = judge(claim("check", "agree"))
    assert (found.verdict, found.reading, found.agreeing) == ("fails", "first", 0)


def test_what_can_not_be_tested_says_why():
    found = judge(claim("untestable", why="a result of others"))
    assert (found.verdict, found.reading) == ("not testable", "a result of others")


def test_the_example_on_the_page_of_rules_goes_as_told_there():
    claim = CLAIMS["single_layer_worse"]
    answers = answers_of(claim)
    assert list(answers.readings) == list(ADMISSIBLE)
    asked = [answers.readings, answers.sessions, answers.elsewhere]
    assert [len(of) for of in asked] == [8, 2, 2]
    assert {side(effect) for of in asked for effect in of.values()} == {"contradicted"}
    assert judge(claim).verdict == "contradicted"
