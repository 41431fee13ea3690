"""How every model stands, as text: a line a model, and no cell left empty."""

from __future__ import annotations

from paperlib.report.accuracy_table import standings_table


def test_a_table_of_text_has_a_line_a_model():
    table = standings_table().set_index("model")
    assert table.loc["persistence", "MSE over persistence (over seeds)"] == "1.000"
    assert table.loc["persistence", "right directions (%)"] == "–"
    assert " to " in table.loc["LSTM as published", "MAPE (%)"]
    assert not table.isna().any(axis=None)
