"""Every open choice has its effect, worked out again from the stored runs."""

from __future__ import annotations

import numpy as np
from trainedruns import geometric_mse

from paperlib.claims.open_choices import deviation_log
from paperlib.experiments.catalogue import PAPER_WINDOW
from paperlib.experiments.price_series import ENDS
from paperlib.experiments.store import load_runs, load_trials, select


def test_every_open_choice_is_logged_with_an_effect():
    log = deviation_log()
    assert not log.isna().any(axis=None)
    assert (log["effect"] != "").all()
    trials = load_trials()
    ends = select(trials, recipe="published, decay 0.01")
    ends = ends[ends["dataset"].isin(list(ENDS))]
    for _, runs in ends.groupby("dataset"):
        assert len(runs) == 3
        assert f"{runs['test_mape_pct'].mean():.1f}%" in log.loc[0, "effect"]


def test_a_pick_that_was_measured_is_a_ratio_over_seeds():
    effects = deviation_log().set_index("choice")["effect"]
    trials = select(load_trials(), dataset=PAPER_WINDOW, recipe="unshuffled")
    runs = select(load_runs(), dataset=PAPER_WINDOW, protocol="as_published", recipe="published")
    pairs = trials.set_index("seed")["test_mse_scaled"] / runs.set_index("seed")["test_mse_scaled"]
    assert len(pairs.dropna()) == 10
    typical = np.exp(np.log(pairs).mean())
    assert f"{typical:.3f}" in effects["shuffling of the training windows"]


def test_the_rnn_of_two_layers_is_compared_the_right_way_round():
    effect = deviation_log().set_index("choice").loc["depth of the RNN", "effect"]
    one, two, lstm = map(geometric_mse, ("rnn", "rnn_two_layers", "published"))
    assert f": {two / one:.3f} (" in effect
    assert f": {lstm / two:.1f} (" in effect
