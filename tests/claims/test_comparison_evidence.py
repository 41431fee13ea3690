"""The three questions are answered by the stored runs: equal to other tables, or worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from paperlib.claims import comparison_evidence, stored_runs
from paperlib.claims.comparison_evidence import (
    comparison_answers,
    elsewhere,
    leak_answers,
    name_missing,
)
from paperlib.claims.comparisons import decide
from paperlib.claims.ledger import load_claims
from paperlib.experiments.catalogue import PAPER_WINDOW
from paperlib.experiments.leakage import price_leaks
from paperlib.experiments.readings import load_reading_runs
from paperlib.experiments.results import compare_recipes
from paperlib.prices.series import BUNDLED
from paperlib.recipe import ABLATIONS
from paperlib.stats.periods import holm_intervals, mean_over_periods

CLAIMS = load_claims()


@pytest.mark.parametrize("name", ["no_dropout_worse", "rnn_worse", "l2_narrows_gap"])
def test_under_the_first_reading_a_comparison_is_that_of_the_first_table(name):
    claim = CLAIMS[name]
    found = comparison_answers(claim).readings["decay 0.01"]
    expected = compare_recipes(claim.recipe, claim.over, PAPER_WINDOW, column=claim.columns[0])
    assert np.exp(found) == pytest.approx(tuple(expected.interval))


def test_a_leak_is_asked_of_with_l2_and_without():
    found = leak_answers(CLAIMS["scaler_leak_flatters"])
    assert found.not_asked == ["over sessions", "elsewhere"]
    for reading, recipe in (("decay 0.01", "published"), ("no L2", "no_l2")):
        price = price_leaks(PAPER_WINDOW, recipe).loc["scaler_leak", "mse"]
        assert np.exp(found.readings[reading]) == pytest.approx(tuple(price))


@pytest.fixture
def cells(monkeypatch):
    """Runs of eight periods and six stocks, each device with an effect of its own."""
    rng, rows = np.random.default_rng(0), []
    for setting in ("decay 0.01", "no L2"):
        for number, name in enumerate(("published", "rnn", *ABLATIONS)):
            for period in range(1, 9):
                for ticker in BUNDLED:
                    mse = np.exp(0.1 * number + 0.1 * rng.normal())
                    row = {"setting": setting, "recipe": name, "period": period, "ticker": ticker}
                    row |= {"test_mse": mse, "converged_epoch": 10 + period + number}
                    rows += [row | {"seed": seed} for seed in range(2)]
    table = pd.DataFrame(rows)
    monkeypatch.setattr(comparison_evidence, "cell_runs", lambda: table)
    return table


def _effects(table: pd.DataFrame, setting: str, name: str) -> np.ndarray:
    """Work effects out by a plain loop."""
    found = []
    for period in range(1, 9):
        logs = []
        for ticker in BUNDLED:
            at = (table["setting"] == setting) & (table["period"] == period)
            of = table[at & (table["ticker"] == ticker)].groupby("recipe")["test_mse"].mean()
            logs.append(np.log(of[name] / of["published"]))
        found.append(np.mean(logs))
    return np.array(found)


def test_elsewhere_the_rnn_is_not_adjusted_and_devices_are(cells):
    of_rnn = elsewhere("rnn", "published", "test_mse_scaled")
    assert list(of_rnn) == ["decay 0.01", "no L2"]
    for setting, found in of_rnn.items():
        assert found == pytest.approx(mean_over_periods(_effects(cells, setting, "rnn")))
    family = {name: _effects(cells, "no L2", name) for name in ABLATIONS}
    expected = holm_intervals(family)["no_clipping"]
    assert elsewhere("no_clipping", "published", "test_mse_scaled")["no L2"] == pytest.approx(
        expected
    )


def test_elsewhere_other_measures_are_not_adjusted(cells):
    found = elsewhere("no_dropout", "published", "converged_epoch")["no L2"]
    changed, full = 10 + np.arange(1, 9) + 3, 10 + np.arange(1, 9)
    assert found == pytest.approx(mean_over_periods(np.log(changed / full)))


def test_what_is_measured_nowhere_else_has_no_answer_there(cells):
    assert elsewhere("no_dropout", "published", "late_oscillation_pct") is None
    assert elsewhere("no_clipping_default_init", "published", "early_wobble_pct") is None


def test_while_a_cell_is_missing_there_is_no_answer_elsewhere(cells, monkeypatch):
    one = (cells["period"] == 5) & (cells["ticker"] == "META") & (cells["recipe"] == "no_dropout")
    one &= (cells["seed"] == 1) & (cells["setting"] == "no L2")
    monkeypatch.setattr(comparison_evidence, "cell_runs", lambda: cells[~one])
    assert elsewhere("no_dropout", "published", "test_mse_scaled") == {}
    assert elsewhere("rnn", "published", "test_mse_scaled") != {}  # of others nothing is missing
    found = comparison_answers(CLAIMS["no_dropout_worse"])
    assert "elsewhere" in found.missing
    assert decide(found) == "open"


def test_a_cell_whose_seeds_all_failed_is_left_out_of_its_periods_mean(cells, monkeypatch):
    lost = (cells["period"] == 5) & (cells["ticker"] == "META") & (cells["recipe"] == "rnn")
    table = cells.assign(test_mse=cells["test_mse"].mask(lost))
    monkeypatch.setattr(comparison_evidence, "cell_runs", lambda: table)
    found = elsewhere("rnn", "published", "test_mse_scaled")["no L2"]
    of = table[table["setting"] == "no L2"].groupby(["period", "ticker", "recipe"])["test_mse"]
    logs = np.log(of.mean().unstack())
    effects = (logs["rnn"] - logs["published"]).unstack().mean(axis=1)
    assert found == pytest.approx(mean_over_periods(effects))


def test_a_reading_of_which_a_seed_is_missing_does_not_count(monkeypatch):
    """Nine of ten would be told as ten; one that failed is told, and is no number."""
    runs = load_reading_runs()
    one = (runs["reading"] == "no L2") & (runs["recipe"] == "no_dropout") & (runs["seed"] == 3)
    failed = runs.assign(status=runs["status"].mask(one, "failed"))
    for table, is_there in ((runs[~one], False), (failed, True)):
        stored_runs.has_all_seeds.cache_clear()
        stored_runs.sound_runs.cache_clear()
        for module in (stored_runs, comparison_evidence):
            monkeypatch.setattr(module, "reading_runs", lambda table=table: table)
        found = comparison_answers(CLAIMS["no_dropout_worse"])
        assert ("no L2" in found.readings) == is_there
        assert ("no L2" in found.missing) != is_there


def test_what_is_missing_is_named():
    found = name_missing(["a", "b"], ["a"], {"no L2": 0}, {})
    assert found == {"b", "decay 0.01, over sessions", "elsewhere"}
    assert name_missing(["a"], ["a"], None, None) == frozenset()
