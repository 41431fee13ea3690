"""The runs that verdicts rest on are those of the store."""

from __future__ import annotations

from paperlib.claims import stored_runs
from paperlib.claims.stored_runs import cell_runs, has_all_seeds, reading_runs, sound_runs
from paperlib.experiments.catalogue import PAPER_WINDOW
from paperlib.experiments.elsewhere import load_cell_runs
from paperlib.experiments.readings import load_reading_runs
from paperlib.experiments.store import load_runs, select


def test_tables_are_read_once_and_whole():
    assert reading_runs().equals(load_reading_runs())
    assert cell_runs().equals(load_cell_runs())
    assert reading_runs() is reading_runs()


def test_the_first_reading_is_the_published_recipe_of_the_grid():
    runs = select(load_runs(), dataset=PAPER_WINDOW, protocol="as_published", recipe="rnn")
    found = sound_runs("decay 0.01", "rnn")["test_rmse_usd"]
    assert found.to_dict() == runs.set_index("seed")["test_rmse_usd"].to_dict()


def test_a_run_that_failed_is_there_and_is_not_sound(monkeypatch):
    runs = reading_runs()
    one = (runs["reading"] == "decay 0.01") & (runs["recipe"] == "rnn") & (runs["seed"] == 3)
    failed = runs.assign(status=runs["status"].mask(one, "failed"))
    monkeypatch.setattr(stored_runs, "reading_runs", lambda: failed)
    assert has_all_seeds("decay 0.01", "rnn")
    assert 3 not in sound_runs("decay 0.01", "rnn").index
    has_all_seeds.cache_clear()
    monkeypatch.setattr(stored_runs, "reading_runs", lambda: runs[~one])
    assert not has_all_seeds("decay 0.01", "rnn")
