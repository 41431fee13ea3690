"""Which reading could print a number: runs made up so that the answer is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from paperlib.claims import by_reading
from paperlib.claims.by_reading import ask_readings
from paperlib.claims.ledger import Claim
from paperlib.claims.printed_numbers import Cell
from paperlib.stats.interval import Interval


def claim(name: str, printed: float) -> Claim:
    return Claim(name, "table 0", "words", printed, "number", "prices", "tab-words")


def test_of_each_reading_that_is_stored_the_nearest_way_answers(monkeypatch: pytest.MonkeyPatch):
    runs = {
        ("one", "mean"): Interval(4.0, 3.0, 5.0),
        ("one", "largest"): Interval(2.5, 1.9, 3.0),
        ("other", "mean"): Interval(1.0, 0.5, 1.5),
        ("other", "largest"): Interval(8.0, 7.0, 9.0),
    }
    monkeypatch.setattr(by_reading, "lay_out", lambda claim: Cell(claim.printed, runs, asked=6))
    monkeypatch.setattr(by_reading, "readings_of", lambda claim: ["one", "other", "not stored"])
    asked = ask_readings([claim("norm", 2.0)])
    wanted = pd.DataFrame(
        {
            "claim": ["norm", "norm"],
            "reading": ["one", "other"],
            "ratio": [1.25, 0.5],
            "could": [True, False],
        }
    )
    pd.testing.assert_frame_equal(asked, wanted)


def test_a_way_that_could_print_it_goes_before_one_that_is_nearer(monkeypatch: pytest.MonkeyPatch):
    runs = {
        ("one", "narrow"): Interval(2.2, 2.1, 2.3),
        ("one", "wide"): Interval(3.0, 1.0, 9.0),
    }
    monkeypatch.setattr(by_reading, "lay_out", lambda claim: Cell(claim.printed, runs, asked=2))
    monkeypatch.setattr(by_reading, "readings_of", lambda claim: ["one"])
    row = ask_readings([claim("norm", 2.0)]).iloc[0]
    assert row["could"] and np.isclose(row["ratio"], 1.5)


def test_of_no_claim_there_is_nothing():
    assert list(ask_readings([])) == ["claim", "reading", "ratio", "could"]
