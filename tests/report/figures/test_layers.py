"""The drawing of stacked layers has a box for every number that is passed on."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from paperlib.report.figures.layers import plot_answers_by_layer, plot_stack


@pytest.mark.parametrize("hidden", [(64,), (64, 32), (64, 32, 16)])
def test_each_layer_has_a_box_in_every_session_and_arrows_to_the_next(hidden):
    (ax,) = plot_stack(hidden, 30).axes
    texts = Counter(text.get_text() for text in ax.texts)
    assert [texts[f"close {session}"] for session in (1, 2, 29, 30)] == [1, 1, 1, 1]
    assert [texts[f"{units} numbers"] for units in hidden] == [4] * len(hidden)
    assert texts["forecast"] == 1
    arrows = sum(text.get_text() == "" for text in ax.texts)
    assert arrows == len(hidden) * (4 + 3) + 1  # up from below, on to the next, to the forecast


def test_answers_are_shares_of_their_largest():
    (ax,) = plot_answers_by_layer({"first": [2.0, 1.0, 0.5], "second": [0.1, 0.4, 0.2]}).axes
    first, second = (line.get_ydata() for line in ax.lines)
    np.testing.assert_allclose(first, [1.0, 0.5, 0.25])
    np.testing.assert_allclose(second, [0.25, 1.0, 0.5])
    np.testing.assert_array_equal(ax.lines[0].get_xdata(), [1, 2, 3])
