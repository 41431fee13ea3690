"""The figures of how a network learns show what they are given."""

import numpy as np
import pandas as pd
import pytest

from paperlib.report.figures.learning import plot_run, plot_shapes, plot_slope
from paperlib.report.style import COLOURS


@pytest.mark.parametrize("hidden", [(6, 3), (4,), (6, 3, 2)])
def test_shapes_have_a_bar_a_session_as_tall_as_its_units(hidden):
    window = np.linspace(-1, 1, 5)
    top, *layers, bottom = plot_shapes(window, hidden).axes
    np.testing.assert_array_equal(top.lines[0].get_ydata(), window)
    assert "5 scaled closes" in top.get_title(loc="left")
    for ax, units in zip(layers, hidden, strict=True):
        assert [bar.get_height() for bar in ax.patches] == [units] * 5
        assert f"5 states of {units} numbers" in ax.get_title(loc="left")
    # The last state of the last layer alone has the colour of the forecast that is made of it.
    coloured = [[bar.get_facecolor() for bar in ax.patches] for ax in layers]
    assert len(set(coloured[-1])) == 2
    assert coloured[-1].count(coloured[-1][-1]) == 1
    assert all(len(set(colours)) == 1 for colours in coloured[:-1])
    # It is of the session after the window.
    assert list(bottom.lines[0].get_xdata()) == [6]
    assert bottom.texts[0].get_text() == "forecast of session 6"


def test_a_slope_touches_the_loss_where_it_is_taken():
    weights = np.linspace(0, 4, 9)
    (ax,) = plot_slope(weights, (weights - 2) ** 2, (1.0, 1.0, -2.0)).axes
    curve, line, point = ax.lines
    np.testing.assert_array_equal(curve.get_ydata(), (weights - 2) ** 2)
    (left, right), (low, high) = line.get_xdata(), line.get_ydata()
    assert (high - low) / (right - left) == pytest.approx(-2)
    assert np.interp(1.0, [left, right], [low, high]) == pytest.approx(1.0)
    assert (*point.get_xdata(), *point.get_ydata()) == (1.0, 1.0)


def test_a_run_has_both_losses_its_best_epoch_and_persistence():
    epochs = pd.Index([1, 2, 3], name="epoch")
    history = pd.DataFrame({"train_loss": [3.0, 2, 1], "val_loss": [5.0, 4, 6]}, index=epochs)
    (ax,) = plot_run(history, best_epoch=2, naive=0.5).axes
    drawn = {line.get_label(): line for line in ax.lines}
    for label, column in (("training loss", "train_loss"), ("validation loss", "val_loss")):
        np.testing.assert_array_equal(drawn[label].get_ydata(), history[column])
        np.testing.assert_array_equal(drawn[label].get_xdata(), epochs)
    assert set(drawn["persistence"].get_ydata()) == {0.5}
    assert drawn["persistence"].get_color() == COLOURS["persistence"]
    assert set(drawn["best epoch"].get_xdata()) == {2}
