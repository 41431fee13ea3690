"""Two recipes beside the paper's print, over stored runs that are made up here."""

from __future__ import annotations

from trainedruns import LOSSES, put_measures, runs_of

from paperlib.experiments import results
from paperlib.experiments.catalogue import PAPER_WINDOW
from paperlib.report import ablation_table
from paperlib.report.ablation_table import Measure, with_and_without
from paperlib.stats.seeds import prediction_interval


def test_runs_that_failed_are_not_shown(monkeypatch):
    """A failed run may have a number, from before it failed, but none that counts."""
    failed = runs_of("published", LOSSES, PAPER_WINDOW).assign(status=["failed", *["ok"] * 9])
    cells = [failed, runs_of("no_clipping", LOSSES, PAPER_WINDOW)]
    put_measures(monkeypatch, [results, ablation_table], cells)
    table = with_and_without("no_clipping", [Measure("test MSE", "test_mse_scaled", ".4f")])
    typical, low, high = prediction_interval(LOSSES[1:])
    assert table["ours, with"].iloc[0] == f"{typical:.4f} ({low:.4f} to {high:.4f})"


def test_the_narrow_table_has_both_prints_both_runs_and_their_ratio(monkeypatch):
    cells = [
        runs_of("published", LOSSES, PAPER_WINDOW),
        runs_of("no_clipping", 2 * LOSSES[::-1], PAPER_WINDOW),
        runs_of("no_clipping", 9 * LOSSES, PAPER_WINDOW, "leak_free"),
    ]
    put_measures(monkeypatch, [results, ablation_table], cells)
    mse = ("test MSE", "test_mse_scaled", ".4f")
    rows = [Measure(*mse, "full_test_mse", "no_clipping_mse"), Measure(*mse)]
    table = with_and_without("no_clipping", rows)
    typical, low, high = prediction_interval(LOSSES)
    assert list(table.iloc[0, :5]) == [
        "test MSE",
        "0.0125",
        "0.0213",
        f"{typical:.4f} ({low:.4f} to {high:.4f})",
        f"{2 * typical:.4f} ({2 * low:.4f} to {2 * high:.4f})",
    ]
    assert table["without ÷ with"].iloc[0].startswith("2.00 (")
    assert list(table.iloc[1, 1:3]) == ["–", "–"]
    naive = ["test MSE, persistence", "–", "–", "0.2500", "0.2500", "–"]
    assert list(table.iloc[-1]) == naive


def test_the_narrow_table_tells_a_difference_where_a_value_is_zero(monkeypatch):
    losses = LOSSES.copy()
    losses[0] = 0
    cells = [
        runs_of("published", LOSSES, PAPER_WINDOW),
        runs_of("no_clipping", losses, PAPER_WINDOW),
    ]
    put_measures(monkeypatch, [results, ablation_table], cells)
    table = with_and_without("no_clipping", [Measure("MSE", "test_mse_scaled", ".4f")])
    assert table["without ÷ with"].iloc[0].startswith("a difference of -")
