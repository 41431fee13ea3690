"""One house style: colours that can be told apart, plain labels, dots side by side."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest

from paperlib.report.style import COLOURS, label_plainly, side_by_side

# Okabe and Ito, "Color Universal Design" (2008): black, orange, sky blue, bluish green; yellow,
# blue, vermillion, reddish purple.
PUBLISHED = {"#000000", "#E69F00", "#56B4E9", "#009E73"}
PUBLISHED |= {"#F0E442", "#0072B2", "#D55E00", "#CC79A7"}


def test_colours_are_the_published_ones_and_three_of_ours_and_differ_but_for_one_pair():
    """Price and training part share the blue: where the close is drawn, it is that part.

    What helps is a darker blue and what hurts a darker vermillion, told apart best.
    """
    own = {COLOURS["persistence"], COLOURS["helps"], COLOURS["hurts"]}
    assert set(COLOURS.values()) - PUBLISHED == own
    red, green, blue = (COLOURS["persistence"][at : at + 2] for at in (1, 3, 5))
    assert red == green == blue
    assert COLOURS["price"] == COLOURS["train"]
    assert len(set(COLOURS.values())) == len(COLOURS) - 1


@pytest.mark.parametrize("n", [1, 2, 5])
def test_dots_side_by_side_lie_evenly_around_their_centre_and_within_the_width(n):
    places = side_by_side(3.0, n, 0.25)
    assert len(set(places)) == n
    np.testing.assert_allclose(places + places[::-1], 6.0)
    assert np.ptp(places) == pytest.approx(0.5 if n > 1 else 0)
    np.testing.assert_allclose(np.diff(places, 2), 0, atol=1e-12)


@pytest.mark.parametrize(("low", "high"), [(0.9, 1.8), (0.05, 1.5), (2, 1200)])
def test_a_logarithmic_axis_has_a_few_plain_labels(low, high):
    fig, ax = plt.subplots()
    ax.set(yscale="log", ylim=(low, high))
    label_plainly(ax.yaxis)
    fig.canvas.draw()
    ticks = [tick for tick in ax.get_yticks() if low <= tick <= high]
    assert 3 <= len(ticks) <= 6
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert all("10^" not in label for label in labels)
    assert not any(label.get_text() for label in ax.get_yticklabels(minor=True))
