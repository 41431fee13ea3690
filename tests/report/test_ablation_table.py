"""Two recipes beside the paper's print, over stored runs that are made up here."""

from __future__ import annotations

import pytest
from trainedruns import LOSSES, put_measures, runs_of

from paperlib.experiments import results
from paperlib.experiments.catalogue import WINDOW_TITLES
from paperlib.experiments.results import summarise_recipe
from paperlib.report import ablation_table
from paperlib.report.ablation_table import Measure, beside_paper
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
