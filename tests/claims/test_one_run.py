"""Whether two tables can be of one run or of two, on hand-made runs, beside plain numbers."""

from __future__ import annotations

import pandas as pd
import pytest

from paperlib.claims import one_run, plausibility
from paperlib.claims.ledger import load_claims, printed
from paperlib.claims.one_run import ONE_RUN, TWO_RUNS

UNIT = 490.0


@pytest.fixture(autouse=True)
def runs(monkeypatch):
    """Two runs of the full model, a tenth apart in each measure, and a unit near the real one.

    Further apart are only runs of other cells, later seeds, failed runs and other recipes.
    """
    ours = pd.DataFrame(
        {
            "dataset": "nflx-2016-2025",
            "recipe": "published",
            "protocol": "as_published",
            "status": "ok",
            "seed": [0, 1],
            **{claim.two_runs: [1.0, 1.1] for claim in load_claims().values() if claim.two_runs},
        }
    )
    far = dict.fromkeys({claim.two_runs for claim in load_claims().values()} - {""}, 1e6)
    others = [
        ours.head(1).assign(**far, **of)
        for of in (
            {"dataset": "nflx-2016-2023"},
            {"protocol": "leak_free"},
            {"status": "failed"},
            {"seed": 10},
            {"recipe": "single_layer"},
        )
    ]
    table = pd.concat([ours, *others], ignore_index=True)
    values = pd.DataFrame(
        {"key": ["dollars_per_unit"], "dataset": ["nflx-2016-2025"], "estimate": [UNIT]}
    )
    monkeypatch.setattr(one_run, "load_measures", lambda: table)
    monkeypatch.setattr(plausibility, "load_values", lambda: values)
    return table


def holding(claim: str) -> list[str]:
    return [name for name, holds in ONE_RUN[claim]().items() if holds]


@pytest.fixture
def say(monkeypatch):
    """Put other numbers in place of some of those printed."""

    def put(**instead: float) -> None:
        monkeypatch.setattr(
            one_run,
            "printed",
            lambda *names: [
                instead.get(name, number)
                for name, number in zip(names, printed(*names), strict=True)
            ],
        )

    return put


@pytest.mark.parametrize(
    ("claim", "factor"),
    [
        ("one_convergence_epoch", 64.5 / 60.5),
        ("one_test_mape", 3.205 / 1.855),
        ("tables_1_and_3_same_error", (0.5385 / 2) ** 2 / 0.01255),
        ("tables_1_and_4_same_model", (0.5385 / 0.4125) ** 2 / (0.01255 / 0.01115)),
    ],
)
def test_two_runs_of_ours_have_to_lie_as_far_apart_as_the_printed_numbers(runs, claim, factor):
    """The least factor between all that the two numbers stand for, worked out by hand."""
    column = load_claims()[claim].two_runs
    runs.loc[1, column] = 0.999 * factor
    assert holding(claim) == []
    runs.loc[1, column] = 1.001 * factor
    assert holding(claim) == [TWO_RUNS]


def test_another_reading_of_l2_may_have_the_two_runs(runs, monkeypatch):
    column = load_claims()["one_test_mape"].two_runs
    without = runs.head(2).assign(recipe="no_l2", **{column: [2.0, 4.0]})
    monkeypatch.setattr(one_run, "load_measures", lambda: pd.concat([runs, without]))
    assert holding("one_test_mape") == [TWO_RUNS]
    apart = runs.head(2).assign(recipe=["no_l2", "l2_1e-4"], **{column: [2.0, 4.0]})
    monkeypatch.setattr(one_run, "load_measures", lambda: pd.concat([runs, apart]))
    assert holding("one_test_mape") == []  # two readings are two models


def test_three_epochs_of_convergence(runs):
    assert len({60, 65, 72 - 10}) == 3
    assert holding("one_convergence_epoch") == [TWO_RUNS]
    runs["converged_epoch"] = 9
    assert holding("one_convergence_epoch") == []


def test_no_unit_joins_tables_1_and_4():
    assert round(0.0125 / 0.0112, 2) == 1.12
    assert round((0.539 / 0.412) ** 2, 2) == 1.71
    assert round(0.539 / 0.412, 2) == 1.31
    assert round(0.303 / 0.302, 3) == 1.003
    assert holding("tables_1_and_4_same_model") == []


def test_table_3_has_neither_of_table_1s_mapes():
    assert 1.85 not in (3.21, 2.45)
    assert holding("one_test_mape") == []


def test_0_0125_is_no_square_of_0_539():
    assert round(0.539**2, 2) == 0.29
    assert (0.539 / 490) ** 2 < 2e-6
    assert round((0.539 / 2) ** 2, 3) == 0.073
    assert holding("tables_1_and_3_same_error") == []


@pytest.mark.parametrize(
    ("rmse", "mse", "reading"),
    [
        (0.539, 0.2905, "both in one unit"),
        (54.8, 0.0125, "RMSE in dollars, MSE in scaled units"),
        (0.2236, 0.0125, "RMSE scaled to [-1, 1], MSE to [0, 1]"),
    ],
)
def test_a_square_is_found_in_the_units_of_its_reading(say, rmse, mse, reading):
    say(test_rmse=rmse, full_test_mse=mse)
    assert holding("tables_1_and_3_same_error") == [reading, TWO_RUNS]


@pytest.mark.parametrize(
    ("claim", "instead", "reading"),
    [
        ("one_convergence_epoch", {"converged_epoch_table_7": 60}, "tables 3 and 7"),
        ("one_convergence_epoch", {"stop_epoch": 70}, "table 3 and the stop, ten epochs later"),
        ("one_convergence_epoch", {"stop_epoch": 75}, "table 7 and the stop, ten epochs later"),
        ("tables_1_and_4_same_model", {"full_train_mse": 0.0073}, "table 4 prints MSE"),
        ("tables_1_and_4_same_model", {"full_train_mse": 0.0096}, "table 4 prints RMSE"),
        ("tables_1_and_4_same_model", {"full_train_mse": 0.0125}, "table 4 prints MAE"),
        ("one_test_mape", {"full_test_mape": 2.45}, "table 3 of the train part"),
        ("one_test_mape", {"full_test_mape": 3.21}, "both of the test part"),
    ],
)
def test_a_reading_that_fails_would_hold_for_another_number(say, claim, instead, reading):
    assert not ONE_RUN[claim]()[reading]
    say(**instead)
    assert ONE_RUN[claim]()[reading]


def test_on_the_stored_runs_two_could_explain_the_epochs_and_the_gaps_alone(monkeypatch):
    monkeypatch.undo()
    found = {claim: holding(claim) for claim in ONE_RUN}
    assert found == {
        "one_convergence_epoch": [TWO_RUNS],
        "one_test_mape": [],
        "tables_1_and_3_same_error": [],
        "tables_1_and_4_same_model": [TWO_RUNS],
    }
