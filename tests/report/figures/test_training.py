"""Figures of runs show every run, where its number says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from paperlib.experiments.catalogue import BUNDLED_WINDOW, PAPER_WINDOW
from paperlib.report.figures.training import plot_cells, plot_curves, plot_doses, plot_ratios


def test_every_run_of_every_cell_is_a_dot_in_the_panel_of_its_series():
    rows = [
        (dataset, protocol, recipe, seed, 1.0 + seed + place)
        for place, dataset in enumerate((BUNDLED_WINDOW, PAPER_WINDOW))
        for protocol in ("as_published", "leak_free")
        for recipe in ("a", "b")
        for seed in range(10)
    ]
    columns = ["dataset", "protocol", "recipe", "seed", "test_mape_pct"]
    runs = pd.DataFrame(rows, columns=columns).assign(persistence_mape_pct=0.5)
    fig = plot_cells(runs, {"a": "A", "b": "B"}, "test_mape_pct", "MAPE")
    for ax in fig.axes:
        dataset = PAPER_WINDOW if "paper" in ax.get_title() else BUNDLED_WINDOW
        of = runs[runs["dataset"] == dataset]
        scattered = [c for c in ax.collections if len(c.get_offsets()) == 10]
        drawn = np.concatenate([c.get_offsets()[:, 1] for c in scattered])
        np.testing.assert_allclose(sorted(drawn), sorted(of["test_mape_pct"]))
        assert any(np.allclose(line.get_ydata(), 0.5) for line in ax.lines)


def test_doses_stand_in_the_order_given_with_their_runs():
    arms = {
        "with": {"1": pd.Series([1.0, 2.0, 3.0]), "10": pd.Series([4.0, 5.0])},
        "without": {"10": pd.Series([6.0])},
    }
    (ax,) = plot_doses(arms, "dose", "error", level=0.5).axes
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "10"]
    drawn = [tuple(point.round(0)) for c in ax.collections for point in c.get_offsets()]
    assert drawn == [(0, 1), (0, 2), (0, 3), (1, 4), (1, 5), (1, 6)]
    medians = ax.lines[0].get_ydata()
    np.testing.assert_allclose(medians, [2.0, 4.5])


@pytest.mark.parametrize("printed", [1.5, [1.5, 0.7]])
def test_ratios_lie_in_their_intervals(printed):
    table = pd.DataFrame(
        {"ratio": [1.1, 0.9], "low": [1.0, 0.8], "high": [1.2, 1.0]}, index=["one", "two"]
    )
    (ax,) = plot_ratios(table, "ratio", printed).axes
    assert [label.get_text() for label in ax.get_yticklabels()] == ["one", "two"]
    dots = next(line for line in ax.lines if line.get_marker() == "o")
    np.testing.assert_allclose(dots.get_xdata(), [1.1, 0.9])
    assert any(1.5 in line.get_xdata() for line in ax.lines)


def test_curves_show_every_seed():
    histories = pd.DataFrame(
        {"epoch": [1, 2] * 3, "seed": [0, 0, 1, 1, 2, 2], "val_loss": [3.0, 2, 5, 4, 7, 6]}
    )
    (ax,) = plot_curves({"title": {"arm": histories}}, "val_loss", "loss", level=1.0).axes
    drawn = [tuple(line.get_ydata()) for line in ax.lines]
    assert {(3.0, 2.0), (5.0, 4.0), (7.0, 6.0)} <= set(drawn)
