"""The whole ledger: every verdict with a meaning, every claim shown somewhere, families once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from paperlib.claims.answers import (
    MEANINGS,
    OURS,
    SAME,
    all_verdicts,
    count_verdicts,
    show_elsewhere,
    show_ours,
    show_readings,
    show_width,
    size_of,
)
from paperlib.claims.comparisons import Answers
from paperlib.claims.ledger import Claim, chapter_order, load_claims
from paperlib.claims.rounding import overlap, stands_for
from paperlib.claims.verdicts import Judgement, judge
from paperlib.experiments.results import compute_used
from paperlib.paths import ROOT
from paperlib.stats.interval import Interval

NOTEBOOKS = ROOT / "notebooks"
RATIO = Interval(1.2, 1.1, 1.3)
ERRORS = Claim(
    "a", "table 0", "words", "smaller", "comparison", "prices", "tab-words",
    recipe="rnn", over="published", columns=("test_mse_scaled",),
)  # fmt: skip


@pytest.fixture(scope="module")
def verdicts() -> pd.DataFrame:
    return all_verdicts()


def test_every_claim_has_a_verdict_and_a_meaning(verdicts):
    assert set(verdicts.index) == set(load_claims())
    assert list(dict.fromkeys(verdicts["chapter"])) == [
        chapter for chapter in chapter_order() if chapter in set(verdicts["chapter"])
    ]
    counted = verdicts[verdicts["counts"] == "yes"]
    assert set(counted["verdict"]) <= {name for names in MEANINGS.values() for name in names}
    asked = (verdicts["counts"] == OURS).sum()
    assert asked == (verdicts["kind"] == "check").sum() + 2  # and what the leaks are worth


def test_what_is_measured_once_counts_once(verdicts):
    counts = count_verdicts(verdicts)
    stated = verdicts[verdicts["counts"] != OURS]
    assert counts[["comparisons", "numbers", "others"]].to_numpy().sum() == (
        stated["family"].nunique()
    )
    same = {claim.id for claim in load_claims().values() if claim.same_as}
    assert set(verdicts.index[verdicts["counts"] == SAME]) == same
    by_hand = (verdicts["kind"].eq("comparison") & verdicts["counts"].eq("yes")).sum()
    assert counts["comparisons"].sum() == by_hand


def test_a_quantity_of_several_verdicts_is_mixed():
    told = {
        "verdict": ["refuted", "compatible", "refuted", "refuted", "open", "open"],
        "family": ["a", "a", "b", "b", "c", "d"],
        "counts": ["yes", SAME, "yes", SAME, "yes", "yes"],
        "kind": ["number"] * 4 + ["comparison"] * 2,
        "size": ["", "", "", "", "within ±5%", "beyond ±5%"],
    }
    counts = count_verdicts(pd.DataFrame(told)).set_index("verdict")
    assert counts["numbers"].to_dict() == {
        "refuted": 1, "open, within ±5%": 0, "open": 0, "mixed": 1
    }  # fmt: skip
    assert counts.loc["open, within ±5%", "comparisons"] == counts.loc["open", "comparisons"] == 1


def test_a_verdict_without_a_meaning_can_not_be_counted(verdicts):
    with pytest.raises(ValueError, match="no meaning is given for the verdict 'odd'"):
        count_verdicts(verdicts.assign(verdict="odd"))


def test_beside_a_number_stands_how_wide_its_interval_is_and_whether_its_row_could_be_printed():
    alone = load_claims()["stop_mape"]
    assert show_width(Judgement("refuted", width=2.907), alone) == "×2.91"
    assert show_width(Judgement("compatible", width=np.inf), alone) == "from zero"
    assert show_width(Judgement("holds"), alone) == ""
    in_row = load_claims()["test_mape"]
    told = show_width(Judgement("compatible", width=1.62, whole_row=3), in_row)
    assert told == "×1.62, its whole row under 3"


def test_beside_a_verdict_stands_under_how_many_readings_it_is_so():
    claim = load_claims()["test_mape"]
    assert show_readings(Judgement("refuted", agreeing=0, readings=8), claim) == "0 of 8"
    assert show_readings(Judgement("reproduced", agreeing=1, readings=1), claim) == "–"
    answers = Answers({}, sessions={}, elsewhere={})
    told = Judgement("holds", agreeing=8, readings=8, answers=answers)
    assert show_readings(told, claim) == "8 of 8"
    told = Judgement("depends", agreeing=3, against=2, readings=8, answers=answers)
    assert show_readings(told, claim) == "3 of 8; 2 against"
    told = Judgement("holds", agreeing=8, readings=8, answers=Answers({}, elsewhere={}))
    assert show_readings(told, claim) == "8 of 8; not asked over sessions"

    alone = ("no L2", Interval(2.9, 2.28, 3.69))
    told = Judgement("compatible", agreeing=4, readings=16, alone=alone)
    assert show_readings(told, claim) == '4 of 16, such as "no L2"'


def test_a_number_that_ours_leaves_out_is_shown_what_could_print_it():
    """Ours may be of its row's reading; a compatible number lies in one of the two intervals."""
    for claim in load_claims().values():
        found = judge(claim)
        if found.verdict == "compatible" and claim.kind == "number":
            interval = found.alone[1] if found.alone else found.ours
            assert overlap(stands_for(claim.printed), interval[1:]), claim.id


def test_elsewhere_both_arms_are_shown_as_ratios():
    assert show_elsewhere(Judgement("open", answers=Answers({}, elsewhere=None))) == "–"
    effect = Interval(*np.log(RATIO))
    both = Answers({}, elsewhere={"decay 0.01": effect, "no L2": Interval(0.0, -0.1, 0.1)})
    told = show_elsewhere(Judgement("open", answers=both))
    assert told == "1.200 (1.100 to 1.300); 1.000 (0.905 to 1.105)"
    points = Answers({}, elsewhere={"no L2": Interval(-16.84, -30.7, -2.9)}, is_difference=True)
    told = show_elsewhere(Judgement("open", answers=points))
    assert told == "a difference of -16.8 (-30.7 to -2.9)"


def test_our_number_has_the_claims_unit():
    told = Claim("a", "t", "w", 20.9, "number", "prices", "tab-words", unit="%")
    assert show_ours(Judgement("refuted", Interval(12.34, 5, 20), "cut"), told) == (
        "12.3% (5 to 20)"
    )
    fraction = Judgement("refuted", Interval(0.955, 0.9, 1), "mape_of_scaled, no L2")
    assert show_ours(fraction, told) == "0.955 (0.9 to 1) as a fraction, of scaled closes"
    assert show_ours(Judgement("open"), told) == "–"
    exact = Judgement("reproduced", Interval(3.21, 3.21, 3.21), "how")
    assert show_ours(exact, told) == "3.21%"


def test_beside_the_reading_of_a_row_stands_one_that_could_print_the_number():
    """A number may be compatible though the reading that speaks for its row could not print it."""
    claim = load_claims()["test_mape"]
    alone = ("no L2, test_mape_pct", Interval(2.9, 2.28, 3.69))
    found = Judgement("compatible", Interval(1.39, 1.24, 1.56), "mape_of_scaled", alone=alone)
    assert show_ours(found, claim) == (
        "read with its row: 1.39 (1.24 to 1.56) as a fraction, of scaled closes; "
        "read alone: 2.9% (2.28 to 3.69)"
    )


def test_what_stable_comes_to_is_told_as_a_growth_too():
    """The front page has the growth, 2.6; the ratio alone would look like another number."""
    claim = load_claims()["lstm_stable_30_days"]
    found = Judgement("contradicted", Interval(0.42, 0.4, 0.5), "decay 0.01")
    assert show_ours(found, claim) == "0.42 (0.4 to 0.5), 1.05 over a growth to 2.5"


def test_the_size_of_an_error_is_told_and_that_of_an_epoch_is_not():
    answers = Answers({})
    assert size_of(Judgement("open", RATIO, answers=answers), ERRORS) == "beyond ±5%"
    small = Judgement("open", Interval(1.0, 0.96, 1.04), answers=answers)
    assert size_of(small, ERRORS) == "within ±5%"
    epochs = Claim(
        "a", "t", "w", "earlier", "comparison", "prices", "tab-w", columns=("converged_epoch",)
    )
    assert size_of(small, epochs) == ""


@pytest.mark.parametrize("claim", load_claims().values(), ids=lambda c: c.id)
def test_what_shows_a_claim_stands_in_its_chapter_or_among_the_tables(claim):
    pages = [NOTEBOOKS / f"{claim.chapter}.ipynb", *NOTEBOOKS.glob("tables_*.ipynb")]
    texts = [page.read_text("utf-8").replace("\\", "") for page in pages]
    assert any(f'"{claim.shown}' in text for text in texts)


def test_compute_is_the_sum_of_the_runs_seconds():
    table = pd.DataFrame(
        {
            "recipe": "a",
            "epochs": [10.0, 10.0, 10.0, 5.0],
            "seconds": [1800.0, 1800.0, None, 9000.0],
        }
    )
    assert compute_used(table, table.iloc[:1]) == {
        "runs": 4,
        "core_hours": 4.0,
        "usual_hours": 1.75,  # 35 epochs of three minutes
        "longest_minutes": 150.0,
    }
