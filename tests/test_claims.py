"""The ledger quotes the paper; these quotes are checked against the decoded text by hand."""

from __future__ import annotations

import pytest

from paperlib import claims
from paperlib.claims import judge_number, load_claims
from paperlib.comparison import Interval


@pytest.mark.parametrize(
    ("claim", "printed"),
    [
        ("loss_start", 2.341),
        ("loss_epoch_30", 0.532),
        ("stop_epoch", 72),
        ("full_test_mse", 0.0125),
    ],
)
def test_printed_numbers(claim, printed):
    assert load_claims()[claim].printed == printed


def test_printed_fall_follows_from_its_two_ends():
    ledger = load_claims()
    fall = 1 - ledger["loss_epoch_30"].printed / ledger["loss_start"].printed
    assert round(100 * fall, 1) == ledger["loss_fall"].printed


def test_a_claim_reads_as_in_the_paper():
    assert str(load_claims()["stop_mape"]) == "3.21 %"
    assert str(load_claims()["loss_start"]) == "2.341"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- {id: a, place: p, words: w, printed: 1}\n" * 2, "'a' comes twice"),
        ("- {id: a, place: p, words: w, printed: 1, certainty: maybe}\n", "certainty 'maybe'"),
    ],
)
def test_a_broken_ledger_is_refused(tmp_path, monkeypatch, text, says):
    monkeypatch.setattr(claims, "LEDGER", tmp_path / "claims.yaml")
    claims.LEDGER.write_text(text)
    with pytest.raises(ValueError, match=says):
        load_claims.__wrapped__()


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.9, 1.1, "consistent"),
        (1.0, 2.0, "consistent"),
        (0.5, 1.01, "too imprecise to say"),
        (1.01, 9.0, "differs"),
        (0.5, 0.99, "differs"),
    ],
)
def test_a_number_is_judged_by_where_it_lies_and_by_the_width(low, high, verdict):
    assert judge_number(1.0, Interval(1.0, low, high)) == verdict
