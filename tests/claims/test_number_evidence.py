"""Printed numbers are held against the runs that are stored: made up here, or recomputed."""

from __future__ import annotations

from dataclasses import replace
from math import exp, nan

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from paperlib.claims import number_evidence, stored_runs
from paperlib.claims.ledger import Claim, load_claims
from paperlib.claims.number_evidence import (
    AS_PRINTED_THERE,
    IN_LOSS,
    judge_number,
    lay_out,
    readings_of,
    values_of,
)
from paperlib.experiments.readings import ADMISSIBLE
from paperlib.experiments.results import load_measures
from paperlib.experiments.store import select
from paperlib.stats.seeds import prediction_interval

CLAIMS = load_claims()
PAPER = "nflx-2016-2025"


def claim(kind: str, printed: float | str = 1.0, **named: object) -> Claim:
    return Claim("a", "table 0", "words", printed, kind, "prices", "tab-words", **named)


def runs_of(recipe: str, reading: str, **columns: object) -> pd.DataFrame:
    """Ten runs of one recipe under one reading; a column is one number, or one a seed."""
    told = {"recipe": recipe, "reading": reading, "seed": range(10), "status": "ok"}
    return pd.DataFrame(told | columns)


@pytest.fixture
def store_runs(monkeypatch):
    """Put runs in place of those stored."""

    def put(*tables: pd.DataFrame) -> None:
        runs = pd.concat(tables, ignore_index=True)
        stored_runs.has_all_seeds.cache_clear()
        stored_runs.sound_runs.cache_clear()
        for module in (number_evidence, stored_runs):
            monkeypatch.setattr(module, "reading_runs", lambda: runs)

    return put


@pytest.fixture
def store_values(monkeypatch):
    """Put values of one key in place of those stored."""

    def put(*rows: dict[str, object]) -> None:
        usual = {"key": "k", "dataset": PAPER, "protocol": None, "low": nan, "high": nan}
        table = pd.DataFrame([{**usual, "method": "how", **row} for row in rows])
        monkeypatch.setattr(number_evidence, "load_values", lambda: table)

    return put


def test_claims_are_read_where_they_can_be():
    assert readings_of(CLAIMS["test_mape"]) == list(ADMISSIBLE)
    assert readings_of(CLAIMS["lr_cut_epoch"]) == ["decay 0.01, 100 epochs", "no L2, 100 epochs"]
    stopped = readings_of(CLAIMS["stop_mape"])
    assert stopped == [name for name in ADMISSIBLE if "100 epochs" not in name]
    assert readings_of(CLAIMS["l2_narrows_gap"]) == [n for n in ADMISSIBLE if "no L2" not in n]


@pytest.mark.parametrize("name", ["test_mape", "cut_dropout", "full_gap", "rnn_rmse"])
def test_under_the_first_reading_a_number_is_held_against_one_more_run_of_the_store(name):
    """Ratios seed by seed, worked out here from the tables of the runs."""
    told, column = CLAIMS[name], CLAIMS[name].columns[0]
    runs = select(load_measures(), dataset=PAPER, protocol="as_published")
    runs = runs[runs["seed"] < 10].pivot(index="seed", columns="recipe", values=column)
    values = runs[told.recipe] / runs[told.over] if told.over else runs[told.recipe]
    run = prediction_interval(values)
    expected = run if not told.over else (100 * (1 - x) for x in (run[0], run[2], run[1]))
    how = f"{column}, one seed" if told.over else column
    assert tuple(lay_out(told).runs["decay 0.01", how]) == pytest.approx(tuple(expected))


def test_a_number_from_training_is_held_against_one_more_run(store_runs):
    """Logs 0, 0.02, 0.04 and none: mean 0.02, sd 0.02, t(0.975, 2) = 4.3027."""
    losses = [1.0, exp(0.02), exp(0.04)] + [nan] * 7
    store_runs(runs_of("published", "no L2", mse=losses))
    found = judge_number(claim("number", 1.1, recipe="published", columns=("mse",)))
    half = 4.3027 * 0.02 * (4 / 3) ** 0.5
    assert found.ours == pytest.approx((exp(0.02), exp(0.02 - half), exp(0.02 + half)), rel=1e-5)
    assert (found.verdict, found.reading) == ("compatible", ("no L2", "mse"))
    assert (found.compatible, found.of) == (1, 8)
    far = judge_number(claim("number", 1.2, recipe="published", columns=("mse",)))
    assert far.verdict == "open"  # seven readings may yet print it
    store_runs(*(runs_of("published", name, mse=losses) for name in ADMISSIBLE))
    far = judge_number(claim("number", 1.2, recipe="published", columns=("mse",)))
    assert far.verdict == "refuted"


def test_runs_that_failed_are_no_sample_of_a_number(store_runs):
    status = ["ok"] * 2 + ["failed"] * 8
    store_runs(runs_of("published", "no L2", mse=[1.0, 1.1] + [9.0] * 8, status=status))
    found = judge_number(claim("number", 1.0, recipe="published", columns=("mse",)))
    assert found.ours.estimate == pytest.approx(1.1**0.5)


def test_a_reading_of_which_a_seed_is_missing_does_not_count(store_runs):
    """Nine of ten would be told as ten."""
    store_runs(
        runs_of("published", "decay 0.01", mse=1.0).iloc[:9],
        runs_of("published", "no L2", mse=[3.0, 3.3] * 5),
    )
    cell = lay_out(claim("number", 1.0, recipe="published", columns=("mse",)))
    assert list(cell.runs) == [("no L2", "mse")]


def test_a_cut_may_be_of_one_seed_or_of_two_that_have_nothing_in_common(store_runs):
    """Ratios 0.8 of each seed, though the runs themselves are far apart."""
    seeds = 1.0 + np.arange(10)
    store_runs(
        runs_of("published", "no L2", mse=0.8 * seeds),
        runs_of("no_dropout", "no L2", mse=seeds),
        runs_of("single_layer", "no L2", mse=seeds),
    )
    sizes = {"recipe": "published", "columns": ("mse",), "unit": "%"}
    cell = lay_out(claim("number", 20.0, over="no_dropout", **sizes))
    assert cell.runs["no L2", "mse, one seed"] == pytest.approx((20.0, 20.0, 20.0))
    apart = cell.runs["no L2", "mse, own seeds"]
    assert apart.estimate == pytest.approx(20)
    assert apart.high - apart.low > 80
    assert (cell.asked, cell.missing) == (16, 14)
    starts_elsewhere = lay_out(claim("number", 20.0, over="single_layer", **sizes))
    assert list(starts_elsewhere.runs) == [("no L2", "mse, own seeds")]


def test_a_ratio_to_zero_says_nothing(store_runs):
    store_runs(
        runs_of("published", "no L2", wobble=[0.0] + [1.0] * 9),
        runs_of("no_clipping", "no L2", wobble=2.0),
    )
    names = {"recipe": "no_clipping", "over": "published", "columns": ("wobble",)}
    cell = lay_out(claim("number", 2.3, unit="times", **names))
    assert (cell.runs, cell.asked, cell.missing) == ({}, 14, 14)


def test_a_share_and_a_correlation_stay_within_their_bounds(store_runs):
    """Log odds by hand: of shares 50 and 90 they are 0 and ln 9."""
    shares = [50.0, 90.0] + [nan] * 8
    store_runs(runs_of("published", "no L2", bias_pct=shares, unbiased_pct=100 - np.array(shares)))
    named = {"recipe": "published", "unit": "%"}
    (ours,) = lay_out(claim("number", 1.0, columns=("bias_pct",), **named)).runs.values()
    assert ours.estimate == pytest.approx(100 * 3 / 4)  # odds of 3, the root of 9
    assert 0 < ours.low < ours.high < 100
    (rest,) = lay_out(claim("number", 1.0, columns=("unbiased_pct",), **named)).runs.values()
    assert tuple(rest) == pytest.approx((100 - ours[0], 100 - ours[2], 100 - ours[1]))


def test_with_l2_in_the_loss_a_loop_prints_the_penalised_loss():
    told = CLAIMS["loss_start"]
    plain = values_of(told.recipe, "no L2, 100 epochs", "first_loss")
    assert set(AS_PRINTED_THERE) >= set(told.columns)
    column = AS_PRINTED_THERE["first_loss"]
    runs = select(stored_runs.reading_runs(), reading=IN_LOSS, recipe="published")
    of_loss = values_of(told.recipe, IN_LOSS, "first_loss")
    assert of_loss.tolist() == runs.sort_values("seed")[column].tolist()
    assert plain.empty or plain.max() < of_loss.min()


def test_a_rate_is_asked_of_each_reading_and_of_the_first_with_all_seeds(store_runs, monkeypatch):
    """Exact intervals by scipy; 0 of 100 allows 3 %, so does 0 of 10, and 3 of 10 does not."""
    status = ["failed"] * 3 + ["ok"] * 7
    others = [runs_of("no_clipping", name, status=status) for name in list(ADMISSIBLE)[1:]]
    store_runs(runs_of("no_clipping", "decay 0.01"), *others)
    further = pd.concat([runs_of("no_clipping", "", dataset=PAPER, protocol="as_published")] * 9)
    further["seed"] = range(10, 100)
    monkeypatch.setattr(number_evidence, "load_measures", lambda: further)
    told = claim("rate", 3, recipe="no_clipping", unit="%")
    cell = lay_out(told)
    for name, failed, of in (("decay 0.01", 0, 100), ("no L2", 3, 10)):
        exact = scipy.stats.binomtest(failed, of).proportion_ci(method="exact")
        expected = (100 * failed / of, 100 * exact.low, 100 * exact.high)
        assert tuple(cell.runs[name, number_evidence.FAILED]) == pytest.approx(expected)
    found = judge_number(told)
    assert (found.verdict, found.compatible, found.of) == ("compatible", 1, 8)


def test_stored_values_of_a_key_are_readings(store_values):
    store_values(
        {"estimate": 5.0, "method": "5 % level"},
        {"estimate": 3.3, "method": "7 % level"},
        {"estimate": 3.21, "method": "of another protocol", "protocol": "leak_free"},
        {"estimate": 3.21, "method": "of another series", "dataset": "nflx-2016-2023"},
        {"estimate": 3.21, "method": "of another key", "key": "l"},
    )
    found = judge_number(claim("deterministic", 3.21, value="k"))
    assert (found.verdict, found.reading, found.of) == ("refuted", ("decay 0.01", "7 % level"), 2)


def test_a_stored_number_from_training_has_its_own_interval(store_values):
    store_values({"estimate": 20.0, "low": 15.0, "high": 25.0})
    assert judge_number(claim("number", 22.3, value="k")).verdict == "compatible"
    assert judge_number(claim("number", 41.2, value="k")).verdict == "open"
    assert judge_number(claim("number", 41.2, value="k")).of == 8  # networks of one are kept


def test_one_reading_speaks_for_all_claims_of_a_row(store_runs, monkeypatch):
    """Alone each cell would take the column nearer to it; together they take the second."""
    store_runs(runs_of("published", "no L2", a=2.0, b=3.0, c=20.0, d=90.0))
    named = {"recipe": "published", "row": "x"}
    one = claim("number", 1.0, columns=("a", "b"), **named)
    other = replace(claim("number", 100.0, columns=("c", "d"), **named), id="other")
    monkeypatch.setattr(number_evidence, "load_claims", lambda: {"a": one, "other": other})
    assert judge_number(replace(one, row="")).reading == ("no L2", "a")
    told = [judge_number(cell).reading for cell in (one, other)]
    assert told == [("no L2", "b"), ("no L2", "d")]


def test_rows_of_the_stored_ledger_are_of_one_reading():
    for row in {claim.row for claim in CLAIMS.values()} - {""}:
        found = [judge_number(claim) for claim in CLAIMS.values() if claim.row == row]
        if None not in found:  # what is stored so far
            assert len({of.reading[0] for of in found}) == 1
    ways = {judge_number(CLAIMS[f"arima_{of}"]).reading[1] for of in ("mae", "rmse")}
    assert len(ways) == 1


@pytest.mark.parametrize(
    "named",
    [
        {"kind": "number", "value": "unknown"},
        {"kind": "rate", "recipe": "unknown"},
        {"kind": "number", "recipe": "unknown", "columns": ("test_mse_scaled",)},
        {"kind": "p_value", "recipe": "unknown", "columns": ("adf_p",)},
    ],
)
def test_what_is_not_stored_has_no_answer(named):
    assert judge_number(claim(**named)) is None
