"""The whole ledger: nothing open, every verdict with a meaning, every claim shown somewhere."""

from __future__ import annotations

import pandas as pd
import pytest

from paperlib.claims.answers import OURS, all_verdicts, count_verdicts
from paperlib.claims.ledger import chapter_order, load_claims
from paperlib.experiments.results import compute_used
from paperlib.paths import ROOT

NOTEBOOKS = ROOT / "notebooks"


@pytest.fixture(scope="module")
def verdicts() -> pd.DataFrame:
    return all_verdicts()


def test_every_claim_has_a_verdict_and_a_meaning(verdicts):
    assert set(verdicts.index) == set(load_claims())
    assert list(dict.fromkeys(verdicts["chapter"])) == [
        chapter for chapter in chapter_order() if chapter in set(verdicts["chapter"])
    ]
    assert (verdicts["verdict"] != "open").all()
    counts = count_verdicts(verdicts)
    assert counts["claims"].sum() == len(verdicts)
    asked = counts.set_index("meaning").loc[OURS, "claims"].sum()
    assert asked == (verdicts["kind"] == "check").sum() + 2  # and what the leaks are worth
    kindest = counts[counts["meaning"] == "for the paper"]["verdict"]
    assert not {"differs", "contradicted", "holds"} & set(kindest)


def test_beside_a_verdict_stands_how_many_readings_have_it(verdicts):
    agreeing = verdicts["agreeing"]
    assert agreeing["granger_p"] == "2 of 7"
    assert agreeing["systematic_is_squared_bias"] == "4 of 4"
    assert agreeing["full_test_mse"] == agreeing["nelson_2017"] == "–"


def test_an_open_claim_can_not_be_counted(verdicts):
    with pytest.raises(ValueError, match="no meaning is given for the verdict 'open'"):
        count_verdicts(verdicts.assign(verdict="open"))


@pytest.mark.parametrize("claim", load_claims().values(), ids=lambda c: c.id)
def test_what_shows_a_claim_stands_in_its_chapter(claim):
    chapter = NOTEBOOKS / f"{claim.chapter}.ipynb"
    assert f'"{claim.shown}' in chapter.read_text("utf-8").replace("\\", "")


def test_compute_is_the_sum_of_the_runs_seconds():
    table = pd.DataFrame({"seconds": [1800.0, 1800.0, None]})
    assert compute_used(table, table.iloc[:1]) == {
        "runs": 3,
        "core_hours": 1.5,
        "longest_minutes": 30.0,
    }
