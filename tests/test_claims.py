"""The ledger quotes the paper; these quotes are checked against the decoded text by hand."""

from __future__ import annotations

import pytest

from paperlib import claims
from paperlib.claims import judge_number, load_claims
from paperlib.comparison import Interval

PRINTED = {
    "loss_start": 2.341, "loss_epoch_30": 0.532, "loss_fall": 77.3, "loss_fall_epochs": 30,
    "settle_epoch": 45, "lr_cut_epoch": 45, "lr_before": 0.001, "lr_after": 0.0005,
    "stop_epoch": 72, "stop_mape": 3.21, "figure_2_axis_top": 1000, "figure_3_axis_top": 1.4,
    "figure_3_epochs": 100, "test_mae": 0.303, "test_mape": 3.21, "test_rmse": 0.539,
    "full_test_mse": 0.0125, "full_test_mape": 1.85, "converged_epoch_table_3": 60,
    "converged_epoch_table_7": 65, "grad_norm_clipped": 0.89, "grad_norm_unclipped": 12.7,
}  # fmt: skip


def test_every_number_is_as_printed():
    """Copied by hand from the decoded paper, a second time."""
    assert {name: claim.printed for name, claim in load_claims().items()} == PRINTED


def test_what_could_not_be_read_with_certainty_says_so():
    assert str(load_claims()["stop_epoch"]) == "72 [likely]"


def test_printed_fall_follows_from_its_two_ends():
    ledger = load_claims()
    fall = 1 - ledger["loss_epoch_30"].printed / ledger["loss_start"].printed
    assert round(100 * fall, 1) == ledger["loss_fall"].printed


def test_a_claim_reads_as_in_the_paper():
    assert str(load_claims()["stop_mape"]) == "3.21%"
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
        (2.0, 100.0, "differs"),
    ],
)
def test_a_number_is_judged_by_where_it_lies_and_by_the_width(low, high, verdict):
    assert judge_number(1.0, Interval(1.0, low, high)) == verdict
