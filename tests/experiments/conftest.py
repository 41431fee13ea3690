"""Small stores that several tests look at, each computed once."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from madeupnetworks import DRAWN, MEMBERS, SERIES
from tinydensities import Finished, shrink
from tinyevaluation import PRICES, RECIPES
from tinyevaluation import shrink as shrink_evaluation

from paperlib.claims.values import evaluate
from paperlib.experiments import density_scores, store
from paperlib.experiments.catalogue import BUNDLED_WINDOW
from paperlib.experiments.density_scores import score_dataset
from paperlib.experiments.evaluation import is_evaluated
from paperlib.experiments.forecasts import evaluated_runs
from paperlib.experiments.runner import execute
from paperlib.recipe import AS_PUBLISHED


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """All that is known of distributions, computed once with a stop on the way."""
    return Finished(tmp_path_factory.mktemp("finished"))


@pytest.fixture
def series(finished, tmp_path, monkeypatch):
    """The series, with a copy of the finished store and of what was kept for it."""
    shutil.copytree(finished.folder, tmp_path, dirs_exist_ok=True)
    shrink(monkeypatch, tmp_path)
    return finished.series


@pytest.fixture(scope="session")
def scored():
    """Every model's scores of the test part, session by session."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(density_scores, "load_members", lambda dataset, series: MEMBERS)
        return score_dataset("one", SERIES, DRAWN)


@pytest.fixture(scope="session")
def computed(tmp_path_factory):
    """Compute a store of tiny runs of a series, called bundled, with their evaluation."""
    results = tmp_path_factory.mktemp("results")
    with pytest.MonkeyPatch.context() as patch:
        shrink_evaluation(patch, results)
        runs = evaluated_runs(BUNDLED_WINDOW)
        longer = [
            replace(run, recipe=RECIPES["lookback_60"], recipe_name="lookback_60")
            for run in runs
            if (run.recipe_name, run.protocol) == ("published", AS_PUBLISHED)
        ]
        for run in (*runs, *longer):
            store.append(*execute(run, PRICES))
        store.fold()
        assert not is_evaluated(BUNDLED_WINDOW, PRICES)
        evaluate(BUNDLED_WINDOW, PRICES, jobs=1)
    return results


@pytest.fixture
def tiny_store(computed, tmp_path, monkeypatch):
    """A copy of that store in place of the committed one."""
    shrink_evaluation(monkeypatch, shutil.copytree(computed, tmp_path / "results"))
