"""Tables that a screen reader can follow, and numbers as text."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from paperlib.tables import scientific, show_table


def _parse(frame: pd.DataFrame, **formats: str) -> BeautifulSoup:
    return BeautifulSoup(show_table(frame, "What it says.", formats).data, "html.parser")


def test_every_column_has_a_header_and_the_table_a_caption():
    frame = pd.DataFrame({"a": [1.256, np.nan]}, index=pd.Index(["x", "y"], name="which"))
    table = _parse(frame, a="{:.1f}")
    assert [cell.get_text() for cell in table.find_all("th")] == ["which", "a"]
    assert [cell.get_text() for cell in table.find_all("td")] == ["x", "1.3", "y", "–"]
    assert table.caption.get_text() == "What it says."


def test_an_unnamed_index_is_not_shown_and_bytes_repeat():
    frame = pd.DataFrame({"a": ["< 0.001"]})
    table = _parse(frame)
    assert [cell.get_text() for cell in table.find_all("th")] == ["a"]
    assert "&lt; 0.001" in str(table.td)
    assert "&lt; 0.001" in show_table(frame, "c").data
    assert show_table(frame, "c").data == show_table(frame, "c").data


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (6.42e-7, "6 × 10⁻⁷"),
        (0.0099, "1 × 10⁻²"),
        (0.29, "0.29"),
        (2.44, "2.44"),
        (1e-12, "1 × 10⁻¹²"),
        (1e-120, "< 10⁻⁹⁹"),
        (0.0, "< 10⁻⁹⁹"),
    ],
)
def test_small_numbers_are_powers_of_ten(value, text):
    assert scientific(value) == text
