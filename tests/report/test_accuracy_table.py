"""How every model stands, as text: a line a model, and no cell left empty."""

from __future__ import annotations

from paperlib.experiments.catalogue import PAPER_WINDOW
from paperlib.experiments.store import load_values, select
from paperlib.report.accuracy_table import standings_table


def test_a_table_of_text_has_a_line_a_model():
    table = standings_table().set_index("model")
    assert table.loc["persistence", "MSE over persistence (over seeds)"] == "1.000"
    assert table.loc["persistence", "right directions (%)"] == "–"
    assert " to " in table.loc["LSTM as published", "MAPE (%)"]
    assert not table.isna().any(axis=None)


def test_without_l2_the_mean_over_sessions_is_not_the_typical_run():
    row = standings_table().set_index("model").loc["LSTM without L2"]
    typical, mean = (
        row[name].split(" (")[0]
        for name in (
            "MSE over persistence (over seeds)",
            "mean MSE over it (over sessions)",
        )
    )
    stored = select(
        load_values(),
        key="mse_over_persistence",
        dataset=PAPER_WINDOW,
        model="no_l2",
        protocol="as_published",
    )
    assert float(typical) < float(mean) == round(stored["estimate"].item(), 2)
