"""The committed store is whole, of one mind with itself, and ours to ship."""

from __future__ import annotations

import numpy as np

from paperlib.experiments import store
from paperlib.experiments.catalogue import BUNDLED_WINDOW, PAPER_WINDOW, grid
from paperlib.experiments.results import summarise_training
from paperlib.experiments.store import (
    load_evaluations,
    load_histories,
    load_horizons,
    load_runs,
    load_values,
)


def test_the_store_is_whole():
    stored = {tuple(row) for row in load_runs()[store.ID].itertuples(index=False)}
    assert stored == {
        (run.dataset, run.recipe_name, run.protocol.name, run.seed)
        for dataset in (BUNDLED_WINDOW, PAPER_WINDOW)
        for run in grid(dataset)
    }
    epochs = load_histories().groupby(store.ID).size()
    assert (epochs == load_runs().set_index(store.ID)["epochs"]).all()


def test_stored_runs_and_histories_agree():
    runs = load_runs().set_index(store.ID)
    summary = summarise_training(load_histories())
    for column in ("epochs", "grad_norm_max"):
        np.testing.assert_allclose(summary[column].astype(float), runs[column], rtol=1e-5)
    clipped = summary["clipped_steps"].astype(float)
    np.testing.assert_allclose(clipped, runs["clipped_share"], atol=1e-6)
    last = load_histories().groupby(store.ID)["lr"].last()
    np.testing.assert_allclose(last, runs["lr_final"], rtol=1e-5)
    # The store keeps six digits, in which two epochs may share the lowest loss.
    losses = load_histories().set_index([*store.ID, "epoch"])["val_loss"]
    best = runs.set_index("best_epoch", append=True).index
    lowest = losses.groupby(store.ID).min()
    np.testing.assert_array_equal(losses.loc[best], lowest.loc[runs.index])


def test_the_papers_window_gives_no_session_away():
    assert not list(store.RESULTS.glob(f"forecasts-{PAPER_WINDOW}*"))
    for table in (load_evaluations(), load_horizons(), load_values()):
        assert not {"session", "date"} & set(table)
