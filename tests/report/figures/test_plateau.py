"""Cuts of the learning rate stand where the rate falls."""

from __future__ import annotations

import pandas as pd

from paperlib.report.figures.plateau import cut_epochs, plot_plateau, plot_timelines

HISTORY = pd.DataFrame(
    {"val_loss": [3.0, 1.0, 2.0, 2.0, 2.0], "lr": [1e-3, 1e-3, 1e-3, 5e-4, 2.5e-4]},
    index=pd.RangeIndex(1, 6, name="epoch"),
)


def test_a_cut_belongs_to_the_last_epoch_of_the_old_rate():
    assert cut_epochs(HISTORY["lr"]) == [3, 4]
    assert cut_epochs(HISTORY["lr"][:3]) == []


def test_the_plateau_has_its_lowest_loss_and_a_line_after_each_cut():
    above, below = plot_plateau(HISTORY).axes
    star = next(line for line in above.lines if line.get_marker() == "*")
    assert (star.get_xdata()[0], star.get_ydata()[0]) == (2, 1.0)
    for ax in (above, below):
        assert [line.get_xdata()[0] for line in ax.lines if line.get_linestyle() == ":"] == [
            3.5,
            4.5,
        ]
    assert list(below.lines[0].get_ydata()) == list(HISTORY["lr"])


def test_each_run_is_a_line_with_its_cuts_and_its_best_epoch():
    runs = pd.concat(
        [HISTORY.reset_index().assign(seed=0), HISTORY[:3].reset_index().assign(seed=1)]
    )
    (ax,) = plot_timelines({"a title": runs}).axes
    assert ax.get_title() == "a title"
    ends = [line.get_segments()[0][1].tolist() for line in ax.collections]
    assert ends == [[3, 1], [5, 2]]  # the shorter run below
    stars = [tuple(of.get_xydata()[0]) for of in ax.lines if of.get_marker() == "*"]
    assert stars == [(2, 1), (2, 2)]
    marks = [of.get_xydata().tolist() for of in ax.lines if of.get_marker() == "|"]
    assert marks == [[], [[3, 2], [4, 2]]]
