"""The figure of which reading could print which number."""

from __future__ import annotations

import pandas as pd

from paperlib.report.figures.readings import plot_by_reading


def test_a_dot_where_it_could_be_and_a_factor_where_not():
    asked = pd.DataFrame(
        [("a", "one", 1.1, True), ("b", "one", 0.125, False), ("b", "other", 3.0, False)],
        columns=["claim", "reading", "ratio", "could"],
    )
    ax = plot_by_reading(asked, {"b": "the second", "a": "the first"}).axes[0]
    assert [tuple(map(float, line.get_xydata()[0])) for line in ax.lines] == [(1, 0)]
    texts = {text.get_position(): text.get_text() for text in ax.texts}
    assert texts == {(0, 0): "0.12", (0, 1): "3"}
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["the second", "the first"]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["one", "other"]
