"""Tables of later prices: every model that is named, and no number where there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd

from paperlib.report.after_tables import (
    later_closes_table,
    later_coverage_table,
    later_promises_table,
    later_ranges_table,
    later_risk_table,
)

ROWS = pd.DataFrame(
    {
        "model": ["lstm", "persistence"],
        "mape_pct": [20.0, 1.5], "mape_pct_low": [15.0, np.nan], "mape_pct_high": [25.0, np.nan],
        "mae_ratio": [13.0, np.nan], "mae_ratio_low": [11.0, np.nan],
        "mae_ratio_high": [15.0, np.nan], "verdict": ["worse than", np.nan],
        "mse_over_lstm": [np.nan, 0.01], "mse_over_lstm_low": [np.nan, 0.005],
        "mse_over_lstm_high": [np.nan, 0.02], "bias_pct": [-19.0, 0.2], "behind": [9, 1],
        "mean_forecast": [1.2, 1.5], "mean_close": [1.5, 1.5], "highest_forecast": [1.3, np.nan],
    }
)  # fmt: skip
NAMES = {"persistence": "tomorrow equals today", "lstm": "LSTM"}


def test_a_line_a_model_in_the_order_of_the_names():
    table = later_closes_table(ROWS, NAMES)
    assert table["model"].tolist() == ["tomorrow equals today", "LSTM"]
    assert table.loc[1].tolist()[1:] == [
        "20.00 (15.00 to 25.00)", "13.0 (11.0 to 15.0)", "worse than", "-19.0"
    ]  # fmt: skip
    assert table.loc[0].tolist()[1:4] == ["1.50", "–", "–"]


def test_ranges_and_lag_of_a_network_of_closes():
    (line,) = later_ranges_table(ROWS, {"lstm": "LSTM"}).to_numpy().tolist()
    assert line == ["LSTM", "1.20", "1.30", "9", "–"]


def test_risk_at_both_levels():
    rows = pd.DataFrame(
        {
            "model": "garch_t", "tail": [0.01, 0.05], "expected": [2.1, 10.5],
            "violations": [3.0, 9.0], "kupiec_p": [0.56, 0.63], "conditional_p": [0.8, 0.2],
        }
    )  # fmt: skip
    table = later_risk_table(rows, {"garch_t": "GARCH"})
    assert table["level"].tolist() == ["95%", "99%"]
    assert table["violations"].tolist() == ["9", "3"]


def test_a_promise_is_broken_where_the_interval_leaves_it_out():
    rows = pd.DataFrame(
        {
            "ticker": ["A", "B", "C"], "coverage_90": [92.0, 95.0, 84.0],
            "coverage_90_low": [88.0, 91.0, 80.0], "coverage_90_high": [95.0, 98.0, 89.9],
        }
    )  # fmt: skip
    table = later_coverage_table(rows, [90])
    assert table["90%"].to_dict() == {
        "A": "92.0 (88.0 to 95.0)", "B": "95.0 (91.0 to 98.0) ✗", "C": "84.0 (80.0 to 89.9) ✗"
    }  # fmt: skip


def test_broken_promises_are_counted_by_level_and_by_side():
    rows = pd.DataFrame(
        {
            "model": ["a", "a", "b", "other"], "ticker": ["A", "B", "A", "A"],
            "coverage_50": [60.0, 50.0, 40.0, 60.0], "coverage_50_low": [52.0, 40.0, 31.0, 52.0],
            "coverage_50_high": [68.0, 60.0, 49.0, 68.0],
            "coverage_90": [95.0, 84.0, 90.0, 95.0], "coverage_90_low": [91.0, 80.0, 90.0, 91.0],
            "coverage_90_high": [98.0, 89.9, 95.0, 98.0],
        }
    )  # fmt: skip
    table = later_promises_table(rows, {"b": "second", "a": "first"}, [50, 90])
    assert table.to_numpy().tolist() == [
        ["second", "1 of 1", "0 of 1", "1 of 2", "1"],
        ["first", "1 of 2", "2 of 2", "3 of 4", "1"],
    ]
