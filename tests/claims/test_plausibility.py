"""The checks that need prices and runs, on hand-made ones, beside plain numbers."""

from __future__ import annotations

import pandas as pd
import pytest

from paperlib.claims import plausibility
from paperlib.claims.plausibility import AUDIT

FRACTION = "both of scaled closes, the MAPE a fraction printed with a per cent sign"
VALUES = {
    "close_min": 80.0,
    "close_max": 1060.0,
    "dollars_per_unit": 490.0,
    "test_close_mean": 630.0,
    "zero_forecast_mse": 0.36,
}


@pytest.fixture(autouse=True)
def tables(monkeypatch):
    """Prices near Netflix's, persistence as on them, and late penalised losses of two seeds."""
    values = pd.DataFrame(
        {"key": VALUES.keys(), "dataset": "nflx-2016-2025", "estimate": VALUES.values(), "n": 459}
    )
    other = values.assign(dataset="nflx-2016-2023", estimate=1e9, n=1)
    runs = pd.DataFrame(
        {
            "dataset": ["nflx-2016-2025"] * 2 + ["nflx-2016-2025", "nflx-2016-2023"],
            "recipe": "l2_in_loss_100",
            "status": "ok",
            "seed": [0, 1, 0, 0],
            "protocol": ["as_published", "as_published", "leak_free", "as_published"],
            "persistence_mape_pct": [1.43, 1.43, 9.0, 9.0],
            "persistence_mse_scaled": [0.00076, 0.00076, 9.0, 9.0],
            "test_rmse_usd": [30.0, 40.0, 999.0, 999.0],
            "test_mae_usd": [20.0, 20.0, 1.0, 1.0],
            "loss_30": [0.004, 0.005, 0.0, 0.0],
            "penalised_30": [0.054, 0.045, 9.0, 9.0],
        }
    )
    full = runs.assign(recipe="published_100", first_loss=[0.2, 0.1, 9.0, 9.0])
    stopped = full.assign(recipe="published", mape_of_scaled=[1.1, 1.2, 3.2, 3.2])
    runs = pd.concat([runs, full, stopped], ignore_index=True)
    monkeypatch.setattr(plausibility, "load_values", lambda: pd.concat([other, values]))
    monkeypatch.setattr(plausibility, "load_runs", lambda: runs)
    monkeypatch.setattr(plausibility, "load_measures", lambda: runs)
    return values, runs


def test_a_loss_of_0_532_is_worse_than_zero_with_or_without_a_penalty():
    assert 0.532 > 0.532 - (0.054 - 0.004) > 0.36
    assert list(AUDIT["loss_30_beats_zero"]().values()) == [False, False]


def test_a_larger_penalty_would_leave_room(tables):
    tables[1].loc[0, "penalised_30"] = 0.25  # 0.532 - 0.246 is below 0.36
    assert list(AUDIT["loss_30_beats_zero"]().values()) == [False, True]
    tables[1].loc[0, "penalised_30"] = 0.6
    assert list(AUDIT["figure_3_shows_first_loss"]().values()) == [False, True, True]


def test_the_axis_of_figure_2_fits_closes_up_to_1060():
    assert 1000 <= 1060 + (1060 - 80) / 20 < 1200
    assert 0 < 80 - (1060 - 80) / 20 <= 200
    assert AUDIT["figure_2_axis_top"]() == {"ticks one lowest tick apart": True}
    assert AUDIT["figure_2_axis_bottom"]() == {"ticks one lowest tick apart": True}


@pytest.mark.parametrize(("low", "high"), [(80, 1200), (300, 900)])
def test_the_axis_of_figure_2_does_not_fit_other_closes(tables, monkeypatch, low, high):
    tables[0].loc[tables[0]["key"] == "close_min", "estimate"] = low
    tables[0].loc[tables[0]["key"] == "close_max", "estimate"] = high
    monkeypatch.setattr(plausibility, "load_values", lambda: tables[0])
    ends = ("figure_2_axis_bottom", "figure_2_axis_top")
    fits = [AUDIT[end]()["ticks one lowest tick apart"] for end in ends]
    assert not all(fits)


def test_figure_3_has_no_room_for_2_341_but_for_the_mean_of_a_first_epoch(tables):
    assert 2.341 > 1.4
    assert 0.532 > 0.054
    assert 0.1 < 0.2 < 1.4
    assert list(AUDIT["figure_3_shows_first_loss"]().values()) == [False, False, True]
    tables[1].loc[tables[1]["first_loss"] == 0.2, "first_loss"] = 1.5  # one seed above the axis
    assert list(AUDIT["figure_3_shows_first_loss"]().values()) == [False, False, False]


def test_the_test_part_has_220_samples():
    assert 220 <= 459
    assert AUDIT["figure_4_samples"]() == {"of the test part": True}


def test_mae_over_mape_is_no_price_in_any_unit():
    assert round(0.302 / 0.0245, 1) == 12.3
    assert round(0.303 / 0.0321, 1) == 9.4  # neither 80 to 1060 nor at most 1
    assert 9.4 * 490 > 1060
    for part in ("train", "test"):
        readings = AUDIT[f"mae_and_mape_agree_{part}"]()
        assert readings == {
            "both in dollars": False,
            "both in scaled units": False,
            "MAE in scaled units, MAPE of dollars": False,
            FRACTION: False,
        }


def test_a_mape_that_is_a_fraction_of_scaled_closes_would_do_if_a_run_had_it(tables, monkeypatch):
    assert round(0.302 / 2.45, 3) == 0.123
    assert round(0.303 / 3.21, 3) == 0.094  # both at most 1, but no run has a MAPE of 3.21 so
    assert not AUDIT["mae_and_mape_agree_train"]()[FRACTION]
    stopped = tables[1]["recipe"] == "published"
    tables[1].loc[stopped, "mape_of_scaled"] = [3.0, 3.4, 1.1, 1.1]
    assert AUDIT["mae_and_mape_agree_train"]()[FRACTION]
    assert AUDIT["mae_and_mape_agree_test"]()[FRACTION]
    tables[1].loc[stopped, "mape_of_scaled"] = [1.1, 1.2, 3.2, 3.2]  # of other cells
    without = tables[1][stopped].assign(recipe="no_l2", mape_of_scaled=[3.1, 3.3, 1.1, 1.1])
    monkeypatch.setattr(plausibility, "load_measures", lambda: pd.concat([tables[1], without]))
    assert AUDIT["mae_and_mape_agree_train"]()[FRACTION]


def test_a_fraction_has_to_fit_the_sizes_of_scaled_closes_too(tables, monkeypatch):
    tables[1].loc[tables[1]["recipe"] == "published", "mape_of_scaled"] = [3.0, 3.4, 1.1, 1.1]
    ledger = {"train_mae": 3.02, "train_mape": 2.45, "test_mape": 3.21}  # 3.02 / 2.45 is 1.23
    monkeypatch.setattr(plausibility, "printed", lambda *names: [ledger[name] for name in names])
    assert not AUDIT["mae_and_mape_agree_train"]()[FRACTION]


def test_a_price_of_nine_to_twelve_dollars_would_do(tables, monkeypatch):
    tables[0].loc[tables[0]["key"] == "close_min", "estimate"] = 5.0
    monkeypatch.setattr(plausibility, "load_values", lambda: tables[0])
    assert AUDIT["mae_and_mape_agree_train"]()["both in dollars"]
    assert AUDIT["mae_and_mape_agree_test"]()["both in dollars"]


def test_prices_near_4600_dollars_would_do_in_mixed_units(tables, monkeypatch):
    tables[0].loc[tables[0]["key"] == "close_max", "estimate"] = 5000.0  # 490 times 9.4 is 4625
    monkeypatch.setattr(plausibility, "load_values", lambda: tables[0])
    found = AUDIT["mae_and_mape_agree_test"]()
    assert [name for name, holds in found.items() if holds] == [
        "MAE in scaled units, MAPE of dollars"
    ]


def test_scaled_units_hold_sizes_of_one_at_most(monkeypatch):
    ledger = {"train_mae": 0.02, "train_mape": 2.45, "test_mape": 3.21}  # 0.02 / 0.0245 is 0.8
    monkeypatch.setattr(plausibility, "printed", lambda *names: [ledger[name] for name in names])
    assert AUDIT["mae_and_mape_agree_train"]()["both in scaled units"]


def test_an_mse_of_0_0125_is_55_dollars_and_a_mape_of_1_85_is_12():
    assert round(0.0125**0.5 * 490) == 55
    assert round(0.0185 * 630) == 12
    assert 55 / 12 > 40 / 20  # wider than the widest of the runs, in either scaling
    assert 0.0125**0.5 < 12  # and RMSE can't be below MAE
    assert list(AUDIT["table_3_mse_and_mape_agree"]().values()) == [False, False, False]


def test_errors_as_uneven_as_that_would_do(tables):
    tables[1].loc[0, "test_rmse_usd"] = 100.0  # five times the MAE; 55/12 is 4.7
    assert list(AUDIT["table_3_mse_and_mape_agree"]().values()) == [True, False, False]


def test_the_naive_forecast_is_better_than_each_number_printed():
    assert 1.43 < 1.85 < 3.21
    assert 0.00076 / 4 < 0.00076 < 0.0125
    assert list(AUDIT["mape_beats_naive"]().values()) == [False, False]
    assert list(AUDIT["mse_beats_naive"]().values()) == [False, False]


def test_a_worse_naive_forecast_would_be_beaten(tables):
    tables[1]["persistence_mape_pct"] = 2.0
    tables[1]["persistence_mse_scaled"] = 0.02
    assert list(AUDIT["mape_beats_naive"]().values()) == [False, True]
    assert list(AUDIT["mse_beats_naive"]().values()) == [True, False]


def test_a_store_without_the_paper_s_window_is_refused(monkeypatch):
    empty = pd.DataFrame(columns=["key", "dataset", "recipe", "protocol"])
    for name in ("load_values", "load_runs", "load_measures"):
        monkeypatch.setattr(plausibility, name, lambda: empty)
    for claim in ("figure_4_samples", "mape_beats_naive", "loss_30_beats_zero"):
        with pytest.raises(ValueError, match="nothing is stored for nflx-2016-2025"):
            AUDIT[claim]()


def test_on_the_stored_numbers_each_check_comes_out_the_same(monkeypatch):
    stored = {claim: check() for claim, check in AUDIT.items()}
    monkeypatch.undo()
    assert {claim: check() for claim, check in AUDIT.items()} == stored
