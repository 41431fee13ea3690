"""Each dot stands at its model's ratio, marked by its word."""

from __future__ import annotations

import pandas as pd
from matplotlib.colors import to_hex

from paperlib.report.figures.after import plot_later_errors
from paperlib.report.style import COLOURS

ROWS = pd.DataFrame(
    {
        "model": ["a", "b", "c"],
        "mae_ratio": [12.0, 1.0, 0.8],
        "mae_ratio_low": [10.0, 0.99, 0.7],
        "mae_ratio_high": [14.0, 1.01, 0.9],
        "verdict": ["worse than", "level with", "better than"],
    }
)


def test_each_dot_is_a_ratio_and_its_colour_the_word():
    (ax,) = plot_later_errors(ROWS, {"c": "third", "a": "first", "b": "second"}).axes
    dots = ax.lines[1:]  # the first is persistence
    assert [dot.get_xdata()[0] for dot in dots] == [0.8, 12.0, 1.0]
    assert [to_hex(dot.get_color()) for dot in dots] == [
        COLOURS[name].lower() for name in ("helps", "hurts", "persistence")
    ]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["third", "first", "second"]
    spans = [line.get_segments()[0][:, 0].tolist() for line in ax.collections]
    assert spans == [[0.7, 0.9], [10.0, 14.0], [0.99, 1.01]]
