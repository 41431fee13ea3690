"""The tables of accuracy say what the store says."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from paperlib.claims.answers import judge_chapter, show_ours
from paperlib.claims.ledger import load_claims
from paperlib.claims.verdicts import Judgement, judge
from paperlib.claims.words import FRACTION
from paperlib.experiments.accuracy import NETWORKS, SIMPLE, standings
from paperlib.experiments.catalogue import BUNDLED_WINDOW, PAPER_WINDOW, SEEDS
from paperlib.experiments.store import load_runs, load_values, select
from paperlib.stats.interval import Interval


@pytest.mark.parametrize("dataset", [PAPER_WINDOW, BUNDLED_WINDOW])
@pytest.mark.parametrize("protocol", ["as_published", "leak_free"])
def test_every_model_stands_beside_persistence(dataset, protocol):
    table = standings(dataset, protocol)
    assert len(table) == len(SIMPLE) + 2 * len(NETWORKS)
    naive = table.loc["persistence"]
    assert (naive["seeds"], naive["sessions_low"], naive["sessions_high"]) == (1, 1, 1)
    runs = select(load_runs(), dataset=dataset, protocol=protocol)
    assert naive["mape_pct"] == pytest.approx(runs["persistence_mape_pct"].iloc[0], rel=1e-4)
    for name in NETWORKS:
        mine = runs[(runs["recipe"] == name) & runs["seed"].isin(SEEDS)]
        logs = np.log(mine["test_mse_scaled"] / mine["persistence_mse_scaled"])
        low, high = stats.ttest_1samp(logs, 0).confidence_interval(0.95)
        row = table.loc[name]
        assert row["seeds"] == pytest.approx(np.exp(logs.mean()))
        assert (row["seeds_low"], row["seeds_high"]) == pytest.approx((np.exp(low), np.exp(high)))
        assert row["mape_pct_low"] < mine["test_mape_pct"].median() < row["mape_pct_high"]


@pytest.mark.parametrize("dataset", [PAPER_WINDOW, BUNDLED_WINDOW])
@pytest.mark.parametrize("protocol", ["as_published", "leak_free"])
def test_an_interval_over_sessions_is_that_of_the_mean_loss_beside_it(dataset, protocol):
    """Not of a typical run, whose loss lies below the mean of the seeds' losses."""
    table = standings(dataset, protocol)
    stored = select(load_values(), key="mse_over_persistence", dataset=dataset)
    runs = select(load_runs(), dataset=dataset, protocol=protocol)
    for name in NETWORKS:
        mine = runs[(runs["recipe"] == name) & runs["seed"].isin(SEEDS)]
        ratio = mine["test_mse_scaled"].mean() / mine["persistence_mse_scaled"].mean()
        row = table.loc[name]
        assert row["sessions"] == pytest.approx(ratio, rel=1e-3)
        assert row["seeds"] <= row["sessions"]
        (kept,) = select(stored, model=name, protocol=protocol).itertuples()
        found = [row[f"sessions{end}"] for end in ("", "_low", "_high")]
        assert found == [kept.estimate, kept.low, kept.high]


@pytest.mark.parametrize("dataset", [PAPER_WINDOW, BUNDLED_WINDOW])
@pytest.mark.parametrize("protocol", ["as_published", "leak_free"])
def test_all_models_of_a_cell_are_in_one_scaled_unit(dataset, protocol):
    table = standings(dataset, protocol)
    runs = select(load_runs(), dataset=dataset, protocol=protocol)
    naive = np.sqrt(runs["persistence_mse_scaled"].iloc[0])
    assert table.loc["persistence", "rmse_scaled"] == pytest.approx(naive, rel=1e-4)
    for measure in ("mae", "rmse"):
        units = table[f"{measure}_usd"] / table[f"{measure}_scaled"]
        np.testing.assert_allclose(units.astype(float), units["published"], rtol=1e-4)


@pytest.mark.parametrize("chapter", ["test_set", "baselines", "horizons"])
def test_no_name_of_a_column_is_shown_to_a_reader(chapter):
    table = judge_chapter(chapter)
    assert not table.map(lambda text: "_" in text).any(axis=None)


@pytest.mark.parametrize("chapter", ["test_set", "baselines", "horizons"])
def test_a_chapter_lists_each_of_its_claims_with_the_ledgers_verdict(chapter):
    claims = [claim for claim in load_claims().values() if claim.chapter == chapter]
    table = judge_chapter(chapter)
    assert table["claim"].tolist() == [claim.words for claim in claims]
    assert table["verdict"].tolist() == [judge(claim).verdict for claim in claims]


def test_our_answers_have_the_units_of_the_papers_numbers():
    tables = pd.concat(
        [
            judge_chapter(chapter)
            for chapter in ("test_set", "baselines", "initialisation", "intervals", "risk")
        ]
    )
    ours = tables.set_index("claim")["ours"]
    number, ends = r"-?[\d.]+", r" \([\d.]+ to [\d.]+\)"
    for claim, form in {
        "test MAPE of the RNN": f"{number}%{ends}",
        "value at risk (no level or horizon printed)": f"{number}%",
        "lowest tick of the axis of forecast prices": f"{number} dollars{ends}",
        "ADF test of the residuals": f"p = {number}{ends}",
        "test of this correlation": r"p = \d × 10⁻[⁰-⁹¹²³]+ \(.* to .*\)",
        "test MAE of the LSTM": f"{number}{ends}",  # the paper prints no unit
        "samples drawn": "–",
    }.items():
        assert re.fullmatch(form, ours[claim]), claim
    # Some runs do not wobble at all, and a ratio to zero says nothing.
    assert ours.filter(like="stability of training").iloc[0] == "–"


def test_a_fraction_is_not_shown_as_per_cent():
    """Of scaled closes the MAPE is a fraction; with a sign it would be a hundred times as small."""
    claim = load_claims()["test_mape"]
    ours = Interval(1.12, 0.98, 1.29)
    for reading in (FRACTION, f"{FRACTION}, no L2"):
        shown = show_ours(Judgement("differs", ours, reading), claim)
        assert shown == "1.12 (0.98 to 1.29) as a fraction, of scaled closes"
    assert show_ours(Judgement("differs", ours, "MAPE"), claim) == "1.12% (0.98 to 1.29)"


def test_per_cent_is_not_held_against_a_fraction():
    row = judge_chapter("test_set").set_index("claim").loc["test MAPE of the LSTM"]
    assert judge(load_claims()["test_mape"]).reading.startswith(FRACTION)
    of_row, alone = row["ours"].split("; read alone: ")
    assert of_row.endswith(" as a fraction, of scaled closes") and "%" not in of_row
    assert re.fullmatch(r"[\d.]+% \([\d.]+ to [\d.]+\)", alone)
