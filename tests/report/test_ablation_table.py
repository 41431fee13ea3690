"""Two recipes beside the paper's print, over stored runs that are made up here."""

from __future__ import annotations

import pytest
from trainedruns import LOSSES, put_measures, runs_of

from paperlib.experiments import results
from paperlib.experiments.catalogue import PAPER_WINDOW, WINDOW_TITLES
from paperlib.experiments.results import summarise_recipe
from paperlib.report import ablation_table
from paperlib.report.ablation_table import COLUMNS, Measure, beside_paper, with_and_without
from paperlib.stats.seeds import prediction_interval


def test_runs_that_failed_are_neither_summarised_nor_shown(monkeypatch):
    """A failed run may have a number, from before it failed, but none that counts."""
    failed = runs_of("published", LOSSES).assign(status=["failed", *["ok"] * 9])
    cells = [
        table.assign(dataset=dataset, protocol=protocol)
        for dataset in WINDOW_TITLES
        for protocol in ("as_published", "leak_free")
        for table in (failed, runs_of("no_clipping", LOSSES))
    ]
    put_measures(monkeypatch, [results, ablation_table], cells)
    dataset = next(iter(WINDOW_TITLES))
    found = summarise_recipe("published", "test_mse_scaled", dataset)
    assert found["mean"] == pytest.approx(LOSSES[1:].mean())
    table = beside_paper("no_clipping", [Measure("test MSE", "test_mse_scaled", ".4f")])
    typical, low, high = prediction_interval(LOSSES[1:])
    assert set(table.iloc[0, 2:]) == {f"{typical:.4f} ({low:.4f} to {high:.4f})"}
    assert list(table["measure"].iloc[-2:]) == [
        "test MSE, persistence",
        "test MSE, ablated over full",
    ]
    assert set(table.iloc[-2, 2:]) == {"0.2500"}


def test_with_stands_before_without_and_both_beside_the_paper(monkeypatch):
    cells = [
        runs_of("published", LOSSES, PAPER_WINDOW).assign(epochs=range(2, 12)),
        runs_of("single_layer", 2 * LOSSES, PAPER_WINDOW).assign(epochs=range(2, 12)),
        runs_of("published", 5 * LOSSES, PAPER_WINDOW, "leak_free"),
        runs_of("published", 7 * LOSSES),
    ]
    put_measures(monkeypatch, [results, ablation_table], cells)
    mse = Measure("test MSE", "test_mse_scaled", ".4f", "full_test_mse", "single_layer_mse")
    table = with_and_without("single_layer", [mse, Measure("epochs", "epochs", ".0f")])
    assert list(table.columns) == COLUMNS
    with_part, without = (prediction_interval(factor * LOSSES) for factor in (1, 2))
    expected = ["test MSE", "0.0125", "0.0158", f"{with_part:.4f}", f"{without:.4f}", "0.2500"]
    assert list(table.iloc[0]) == expected
    epochs = f"{prediction_interval(range(2, 12)):.0f}"
    assert list(table.iloc[1]) == ["epochs", "–", "–", epochs, epochs, "–"]
