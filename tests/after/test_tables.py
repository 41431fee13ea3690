"""Answers of one end date replace those of the same one, and no other."""

from __future__ import annotations

import pandas as pd
import pytest

from paperlib.after.tables import load_answers, save_answers
from paperlib.experiments import store


@pytest.fixture(autouse=True)
def results(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "RESULTS", tmp_path)


def rows(value: float) -> dict[str, pd.DataFrame]:
    return {"closes": pd.DataFrame({"dataset": ["NFLX"], "model": ["rnn"], "mape_pct": [value]})}


def test_rows_of_each_end_date_stay():
    assert load_answers("closes").empty
    for end, value in (("2026-01-30", 1.0), ("2026-06-30", 2.0), ("2026-01-30", 3.0)):
        save_answers(rows(value), end, "00aa", {"NFLX": "0123456789"})
    found = load_answers("closes")
    assert dict(zip(found["end"], found["mape_pct"], strict=True)) == {
        "2026-01-30": 3.0, "2026-06-30": 2.0
    }  # fmt: skip
    assert set(found["ticker"]) == {"NFLX"}
    assert set(found["prices"]) == {"0123456789"}
    assert set(found["dataset"]) == {"nflx to 2026-01-30", "nflx to 2026-06-30"}
