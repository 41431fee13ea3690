"""The ledger quotes the paper; these quotes are checked against the decoded text by hand."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest

from paperlib.claims import ledger as claims
from paperlib.claims.arithmetic import ARITHMETIC
from paperlib.claims.ledger import Claim, chapter_order, load_claims, printed
from paperlib.claims.verdicts import judge
from paperlib.experiments import results, store
from paperlib.experiments.catalogue import all_recipes, grid

NUMBERS = {
    # other work
    "coverage_90": 90, "nelson_2017": 23, "chen_guestrin_2016": 18, "greff_2017": 12,
    # section 4.1 and the figures
    "loss_start": 2.341, "loss_epoch_30": 0.532, "loss_fall": 77.3, "loss_fall_epochs": 30,
    "settle_epoch": 45, "lr_cut_epoch": 45, "lr_before": 0.001, "lr_after": 0.0005,
    "stop_epoch": 72, "stop_mape": 3.21, "figure_2_axis_bottom": 200, "figure_2_axis_top": 1000,
    "figure_3_axis_top": 1.4, "figure_3_epochs": 100, "figure_4_samples": 220,
    "figure_4_axis_bottom": 0.0, "figure_4_axis_top": 1.0, "figure_5_axis_bottom": 700,
    "figure_5_axis_top": 1000,
    # table 1 and section 4.2
    "train_mae": 0.302, "train_mape": 2.45, "train_rmse": 0.412,
    "test_mae": 0.303, "test_mape": 3.21, "test_rmse": 0.539,
    "train_test_mae_close": 0.6, "train_test_mape_close": 0.6,
    "error_systematic": 62.3, "error_random": 37.7, "adf_p": 0.158, "error_correlation": 0.672,
    "granger_p": 0.013, "growth_past_30_days": 22.3,
    # table 2 and section 4.3
    "rnn_mae": 0.521, "rnn_mape": 5.32, "rnn_rmse": 0.782,
    "arima_mae": 0.687, "arima_mape": 7.89, "arima_rmse": 0.953,
    "rnn_mape_difference": 2.11, "arima_growth_30_days": 76.8,
    # tables 3 to 7
    "full_test_mse": 0.0125, "full_test_mape": 1.85, "single_layer_mse": 0.0158,
    "single_layer_mape": 2.32, "cut_second_layer": 20.9, "cut_second_layer_mape": 20.3,
    "converged_epoch_table_3": 60, "layer_cut_30_days": 41.2,
    "full_train_mse": 0.0112, "full_gap": 0.0013, "no_dropout_train_mse": 0.0098,
    "no_dropout_mse": 0.0167, "no_dropout_gap": 0.0069, "cut_dropout": 25.1,
    "default_init_mse": 0.0148, "cut_init": 15.5, "full_wobble": 5, "default_init_wobble": 20,
    "no_clipping_mse": 0.0213, "cut_clipping": 41.3, "failures_clipped": 0,
    "failures_unclipped": 3, "failures_count": 3, "grad_norm_clipped": 0.89,
    "grad_norm_unclipped": 12.7, "stability": 2.3,
    "fixed_lr_mse": 0.0142, "cut_schedule": 12.0, "converged_epoch_table_7": 65,
    # section 6
    "var": -3.21,
}  # fmt: skip
NOT_PLAIN = {
    "sarima_2008": "30+", "error_correlation_p": "< 0.01", "single_layer_epoch": "80+",
    "fixed_lr_epoch": "90+", "no_clipping_mse_nan": "NaN",
}  # fmt: skip
WORDS = {
    "selvin_2019": "better", "loss_fall_adds_up": "follows", "loss_30_beats_zero": "below",
    "one_cut": "once", "validation_is_test": "the same", "validation_leak_flatters": "smaller",
    "scaler_leak_flatters": "smaller", "figure_3_shows_first_loss": "inside",
    "figure_3_ends_at_stop": "none", "mae_and_mape_agree_train": "agree",
    "mae_and_mape_agree_test": "agree", "l2_narrows_gap": "narrower", "mape_beats_naive": "below",
    "mse_beats_naive": "below", "error_shares_add_up": "add up",
    "systematic_is_squared_bias": "possible", "residuals_stationary": "not rejected",
    "growth_past_30_days_follows": "follows", "rnn_worse": "better", "arima_worse": "better",
    "arima_worse_than_rnn": "better", "arima_growth_is_table_2": "the same",
    "arima_grows_more": "stable", "lstm_stable_30_days": "stable",
    "tables_1_and_3_same_error": "agree",
    "tables_1_and_4_same_model": "agree", "one_convergence_epoch": "one",
    "one_test_mape": "the same", "table_3_mse_and_mape_agree": "agree",
    "cut_second_layer_adds_up": "follows", "cut_second_layer_mape_adds_up": "follows",
    "single_layer_worse": "smaller", "single_layer_slower": "earlier",
    "layer_cut_30_days_follows": "follows", "full_gap_adds_up": "follows",
    "no_dropout_gap_adds_up": "follows", "cut_dropout_adds_up": "follows",
    "no_dropout_worse": "smaller", "dropout_raises_train_mse": "larger",
    "dropout_narrows_gap": "narrower", "cut_init_adds_up": "follows",
    "default_init_worse": "smaller", "default_init_wobbles": "stable",
    "cut_clipping_adds_up": "follows", "no_clipping_worse": "smaller",
    "no_clipping_larger_norms": "smaller", "clipping_acts": "acts",
    "stability_follows": "follows", "cut_schedule_adds_up": "follows",
    "fixed_lr_worse": "smaller", "fixed_lr_slower": "earlier", "fixed_lr_oscillates": "stable",
    "var_is_mape": "the same",
}  # fmt: skip
PRINTED = NUMBERS | NOT_PLAIN | WORDS


def of_kind(*kinds: str) -> list[Claim]:
    return [claim for claim in load_claims().values() if claim.kind in kinds]


def test_every_number_is_as_printed():
    """Copied by hand from the decoded paper, a second time."""
    found = {name: claim.printed for name, claim in load_claims().items()}
    assert found == PRINTED


def test_what_could_not_be_read_with_certainty_says_so():
    unsure = {c.id: c.certainty for c in load_claims().values() if c.certainty != "sure"}
    assert unsure == {
        "coverage_90": "guess", "stop_epoch": "likely", "validation_is_test": "likely",
        "validation_leak_flatters": "likely", "scaler_leak_flatters": "likely",
        "adf_p": "likely", "residuals_stationary": "likely", "error_correlation": "likely",
        "error_correlation_p": "likely", "granger_p": "guess", "growth_past_30_days": "likely",
        "growth_past_30_days_follows": "likely", "default_init_wobbles": "likely",
        "failures_clipped": "guess", "failures_unclipped": "guess", "failures_count": "guess",
        "stability": "guess", "fixed_lr_oscillates": "likely",
    }  # fmt: skip


def test_a_claim_reads_as_in_the_paper():
    ledger = load_claims()
    assert str(ledger["stop_mape"]) == "3.21%"
    assert str(ledger["loss_start"]) == "2.341"
    assert str(ledger["stop_epoch"]) == "72 [likely]"
    assert str(ledger["stability"]) == "2.3 times [guess]"
    assert str(ledger["adf_p"]) == "p = 0.158 [likely]"
    assert str(ledger["error_correlation_p"]) == "p < 0.01 [likely]"
    assert str(ledger["single_layer_epoch"]) == "80+"
    found = printed("lr_after", "full_wobble")
    assert found == [0.0005, 5]
    assert list(map(type, found)) == [float, int]  # 5 stands for 4.5 to 5.5, 5.0 would not


def test_every_arithmetic_claim_has_a_check_and_every_check_a_claim():
    assert set(ARITHMETIC) == {claim.id for claim in of_kind("arithmetic", "check")}


def test_what_is_arithmetic_is_the_papers_own_and_the_rest_is_a_check_of_ours():
    assert {claim.id for claim in of_kind("check")} == {
        "loss_30_beats_zero", "one_cut", "validation_is_test", "figure_3_shows_first_loss",
        "figure_3_ends_at_stop", "figure_2_axis_bottom", "figure_2_axis_top", "figure_4_samples",
        "mape_beats_naive", "mse_beats_naive", "systematic_is_squared_bias",
        "residuals_stationary", "table_3_mse_and_mape_agree", "layer_cut_30_days_follows",
        "growth_past_30_days_follows", "stability_follows", "var_is_mape",
        "arima_growth_is_table_2", "clipping_acts", "one_convergence_epoch", "one_test_mape",
        "tables_1_and_3_same_error", "tables_1_and_4_same_model",
    }  # fmt: skip


def test_the_ledger_has_so_many_claims_of_each_kind():
    counts = Counter(claim.kind for claim in load_claims().values())
    assert counts == {
        "untestable": 11,
        "number": 50,
        "arithmetic": 17,
        "check": 23,
        "comparison": 20,
        "p_value": 3,
        "deterministic": 7,
        "rate": 2,
    }


def test_every_recipe_named_is_trained_on_both_series_as_published():
    named = {name for claim in load_claims().values() for name in (claim.recipe, claim.over)}
    assert named - {""} <= set(all_recipes())
    for dataset in ("nflx-2016-2023", "nflx-2016-2025"):
        trained = {run.recipe_name for run in grid(dataset) if run.protocol.name == "as_published"}
        assert named - {""} <= trained


EVALUATIONS = store.load_evaluations()


@pytest.fixture
def tiny_store(tmp_path, monkeypatch):
    """One run of two epochs, with the columns that a run is stored with."""
    scores = [
        f"{part}_{score}"
        for part in ("train", "test", "persistence")
        for score in ("mse_scaled", "mae_scaled", "mae_usd", "rmse_usd", "mape_pct")
    ]
    run = {"dataset": "d", "recipe": "r", "protocol": "p", "seed": 0}
    row = {**run, "status": "ok", "epochs": 2, **dict.fromkeys(scores, 1.0)}
    epoch = {"train_loss": 1.0, "val_loss": 1.0, "penalty": 0.0, "lr": 1.0}
    epoch |= {"grad_norm": 1.0, "grad_norm_max": 1.0, "clipped_share": 0.0}
    monkeypatch.setattr(store, "RESULTS", tmp_path)
    pd.DataFrame([row]).to_csv(tmp_path / "runs.csv", index=False)
    evaluated = EVALUATIONS.head(1).assign(**run)
    evaluated.to_csv(tmp_path / "evaluations.csv", index=False)
    history = pd.DataFrame([{**run, "epoch": n, **epoch} for n in (1, 2)])
    history.to_csv(tmp_path / "histories-d.csv.gz", index=False)


def test_every_column_named_is_a_measure_of_a_run(tiny_store):
    known = set(results._measures.__wrapped__())
    for claim in load_claims().values():
        assert {*claim.columns, *filter(None, [claim.two_runs])} <= known, claim.id


def test_what_may_be_of_two_runs_is_never_called_impossible():
    two = [claim for claim in load_claims().values() if claim.two_runs]
    assert {claim.id for claim in two} == {
        "one_convergence_epoch", "one_test_mape", "tables_1_and_3_same_error",
        "tables_1_and_4_same_model",
    }  # fmt: skip
    assert {claim.kind for claim in two} == {"check"}
    impossible = {c.id for c in of_kind("arithmetic") if judge(c).verdict.startswith("impossible")}
    assert impossible == {  # both numbers in one row of one table
        "train_test_mape_close", "mae_and_mape_agree_train", "mae_and_mape_agree_test",
    }  # fmt: skip


def test_the_chapters_of_the_claims_are_those_of_the_book():
    chapters = {name for name in chapter_order() if not name.startswith("tables_")}
    assert {claim.chapter for claim in load_claims().values()} == chapters - {
        "lstm_cell",
        "learning",
        "difference",
        "repair",
        "worth",
        "l2",
        "distributions",
        "elsewhere",
        "own_forecast",
        "after",
    }


def test_no_claim_waits_for_its_value():
    """A typo in a key would leave a claim open for ever."""
    waiting = [claim for claim in load_claims().values() if claim.value]
    assert len(waiting) == 15
    for claim in waiting:
        assert judge(claim).readings > 0, claim.id


COMPLETE = "id: a, place: p, words: w, printed: 1, chapter: prices, shown: tab-a"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"- {{{COMPLETE}, kind: arithmetic}}\n" * 2, "'a' comes twice"),
        (f"- {{{COMPLETE}, kind: arithmetic, certainty: maybe}}", "certainty 'maybe'"),
        (f"- {{{COMPLETE}, kind: feeling}}", "kind 'feeling'"),
        (f"- {{{COMPLETE}, kind: arithmetic, colour: red}}", "unknown field 'colour'"),
        ("- {id: a, place: p, words: w, printed: 1, kind: arithmetic}", "the field 'chapter'"),
    ],
)  # fmt: skip
def test_a_broken_ledger_is_refused(tmp_path, monkeypatch, text, says):
    monkeypatch.setattr(claims, "LEDGER", tmp_path / "claims.yaml")
    claims.LEDGER.write_text(text)
    with pytest.raises(ValueError, match=says):
        load_claims.__wrapped__()


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("number", "unit: x"),
        ("number", "recipe: r"),
        ("rate", "value: v"),
        ("comparison", "recipe: r, columns: [c]"),
        ("comparison", "recipe: r, over: o, columns: [c, d]"),
        ("p_value", "recipe: r"),
        ("deterministic", "recipe: r, columns: [c]"),
        ("untestable", "value: v"),
        ("arithmetic", "two_runs: c"),
    ],
)
def test_a_claim_that_names_the_wrong_things_is_refused(tmp_path, monkeypatch, kind, named):
    monkeypatch.setattr(claims, "LEDGER", tmp_path / "claims.yaml")
    claims.LEDGER.write_text(f"- {{{COMPLETE}, kind: {kind}, {named}}}")
    with pytest.raises(ValueError, match="'a' lacks what a claim of its kind"):
        load_claims.__wrapped__()


RUNS, STORED = "kind: number, recipe: r, row: x", "kind: deterministic, value: v, row: x"


@pytest.mark.parametrize(
    "entries",
    [
        [f"{RUNS}, columns: [c]"],
        [f"{RUNS}, columns: [c]", f"{RUNS}, columns: [c, d]"],
        [f"{RUNS}, columns: [c]", STORED],
        [f"{STORED}, unit: '%'", f"{STORED}, unit: '%'"],
        ["kind: p_value, recipe: r, columns: [c], row: x"] * 2,
        ["kind: comparison, value: v, row: x"] * 2,
        ["kind: check, row: x"] * 2,
    ],
)
def test_a_row_without_a_reading_in_common_is_refused(tmp_path, monkeypatch, entries):
    monkeypatch.setattr(claims, "LEDGER", tmp_path / "claims.yaml")
    lines = [
        f"- {{{COMPLETE.replace('id: a', f'id: a{n}')}, {how}}}\n" for n, how in enumerate(entries)
    ]
    claims.LEDGER.write_text("".join(lines))
    with pytest.raises(ValueError, match="the row 'x' has no reading that its claims share"):
        load_claims.__wrapped__()


@pytest.mark.parametrize("other", ["b", "a1"])
def test_a_claim_is_counted_with_one_that_is_there_and_counts_itself(tmp_path, monkeypatch, other):
    """Here with none, or with one that is counted with another."""
    monkeypatch.setattr(claims, "LEDGER", tmp_path / "claims.yaml")
    same = {"a0": other, "a1": "a2", "a2": ""}
    lines = [
        f"- {{{COMPLETE.replace('id: a', f'id: {name}')}, kind: check, same_as: '{of}'}}\n"
        for name, of in same.items()
    ]
    claims.LEDGER.write_text("".join(lines))
    with pytest.raises(ValueError, match="'a0' counts with none"):
        load_claims.__wrapped__()


def test_rows_and_pairs_of_the_paper_are_named():
    rows: dict[str, set[str]] = {}
    for claim in load_claims().values():
        if claim.row:
            rows.setdefault(claim.row, set()).add(claim.id)
    assert rows == {
        "table-1-train": {"train_mae", "train_mape", "train_rmse"},
        "table-1-test": {"test_mae", "test_mape", "test_rmse"},
        "table-2-rnn": {"rnn_mae", "rnn_mape", "rnn_rmse"},
        "table-2-arima": {"arima_mae", "arima_mape", "arima_rmse"},
        "table-3-epochs": {"converged_epoch_table_3", "single_layer_epoch"},
        "table-6-norms": {"grad_norm_clipped", "grad_norm_unclipped"},
        "table-7-epochs": {"converged_epoch_table_7", "fixed_lr_epoch"},
        "training-loss": {"loss_start", "loss_epoch_30", "loss_fall"},
        "error-shares": {"error_systematic", "error_random"},
        "error-correlation": {"error_correlation", "error_correlation_p"},
    }


def test_a_claim_of_each_kind_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(claims, "LEDGER", tmp_path / "claims.yaml")
    ways = {
        "number": "recipe: r, columns: [c, d]",
        "rate": "recipe: r",
        "comparison": "value: v",
        "p_value": "recipe: r, columns: [c]",
        "deterministic": "value: v",
        "arithmetic": "unit: x",
        "check": "unit: x",
        "untestable": "why: so",
    }
    lines = [
        f"- {{{COMPLETE.replace('id: a', f'id: {kind}')}, kind: {kind}, {how}}}\n"
        for kind, how in ways.items()
    ]
    claims.LEDGER.write_text("".join(lines))
    found = load_claims.__wrapped__()
    assert list(found) == list(ways)
    assert found["number"].columns == ("c", "d")
