"""Each check of the printed numbers, beside a hand calculation in plain numbers."""

from __future__ import annotations

from math import sqrt

import pytest

from paperlib.claims.arithmetic import ARITHMETIC
from paperlib.claims.ledger import printed


@pytest.mark.parametrize(
    ("claim", "by_hand", "printed"),
    [
        ("loss_fall_adds_up", 100 * (1 - 0.532 / 2.341), 77.3),
        ("cut_second_layer_adds_up", 100 * (1 - 0.0125 / 0.0158), 20.9),
        ("cut_second_layer_mape_adds_up", 100 * (1 - 1.85 / 2.32), 20.3),
        ("cut_dropout_adds_up", 100 * (1 - 0.0125 / 0.0167), 25.1),
        ("cut_init_adds_up", 100 * (1 - 0.0125 / 0.0148), 15.5),
        ("cut_clipping_adds_up", 100 * (1 - 0.0125 / 0.0213), 41.3),
        ("cut_schedule_adds_up", 100 * (1 - 0.0125 / 0.0142), 12.0),
        ("full_gap_adds_up", 0.0125 - 0.0112, 0.0013),
        ("no_dropout_gap_adds_up", 0.0167 - 0.0098, 0.0069),
        ("error_shares_add_up", 100 - 37.7, 62.3),
        ("arima_growth_is_table_2", 100 * (0.953 / 0.539 - 1), 76.8),
        ("validation_is_test", 3.21, 3.21),
        ("var_is_mape", -3.21, -3.21),
        ("lr_before", 0.001, 0.001),
        ("lr_after", 0.5 * 0.001, 0.0005),
    ],
)
def test_what_adds_up(claim, by_hand, printed):
    decimals = len(str(printed).partition(".")[2])
    assert round(by_hand, decimals) == printed
    assert list(ARITHMETIC[claim]().values()) == [True]


def test_the_difference_to_the_rnn_is_in_points_not_per_cent():
    assert round(5.32 - 3.21, 2) == 2.11
    assert round(100 * (1 - 3.21 / 5.32), 1) == 39.7
    assert ARITHMETIC["rnn_mape_difference"]() == {
        "in points": True,
        "in per cent of the RNN's": False,
    }


def test_a_second_cut_comes_before_the_stop():
    assert 72 - 10 + 6 == 68  # no better epoch than 62: the sixth after it brings a cut
    assert 45 < 62  # which is not the one that is told
    assert 72 + 6 < 72 + 10
    assert list(ARITHMETIC["one_cut"]().values()) == [False, False]


@pytest.mark.parametrize(
    ("claim", "instead", "reading"),
    [
        ("one_cut", {"lr_cut_epoch": 68}, "training stops at the epoch printed"),
        ("one_cut", {"lr_cut_epoch": 78}, "the epoch printed is the best one"),
        ("train_test_mape_close", {"train_mape": 3.2}, "in per cent of the train error"),
        ("train_test_mape_close", {"train_mape": 2.7}, "in points"),
        ("systematic_is_squared_bias", {"test_mae": 0.43}, "test part"),
        ("layer_cut_30_days_follows", {"layer_cut_30_days": 20.9}, "of MSE"),
        ("layer_cut_30_days_follows", {"layer_cut_30_days": 11.1}, "of RMSE"),
        ("growth_past_30_days_follows", {"growth_past_30_days": 30.8}, "test over train"),
        ("growth_past_30_days_follows", {"growth_past_30_days": 45.1}, "RNN over LSTM"),
        ("growth_past_30_days_follows", {"growth_past_30_days": 21.9}, "ARIMA over RNN"),
        ("growth_past_30_days_follows", {"growth_past_30_days": 76.8}, "ARIMA over LSTM"),
        ("clipping_acts", {"grad_norm_clipped": 1.2}, "largest norm before clipping"),
        ("stability_follows", {"stability": 4.0}, "wobble, table 5"),
        ("stability_follows", {"stability": 14.3}, "gradient norm, table 6"),
        ("stability_follows", {"stability": 2.0}, "test MSE, tables 5 times 6"),
    ],
)
def test_a_reading_that_fails_would_hold_for_another_number(monkeypatch, claim, instead, reading):
    assert not ARITHMETIC[claim]()[reading]
    monkeypatch.setattr(
        "paperlib.claims.arithmetic.printed",
        lambda *names: [
            instead.get(name, number) for name, number in zip(names, printed(*names), strict=True)
        ],
    )
    assert ARITHMETIC[claim]()[reading]


def test_figure_3_is_not_of_the_run_that_stopped():
    assert 72 < 100
    assert ARITHMETIC["figure_3_ends_at_stop"]() == {"the run that stopped": False}


def test_mae_is_close_and_mape_is_not():
    assert round(100 * (0.303 / 0.302 - 1), 2) == 0.33
    assert round(100 * (3.21 / 2.45 - 1)) == 31
    assert round(3.21 - 2.45, 2) == 0.76
    assert ARITHMETIC["train_test_mae_close"]() == {"in per cent of the train error": True}
    assert list(ARITHMETIC["train_test_mape_close"]().values()) == [False, False]


def test_squared_bias_is_at_most_a_third():
    bounds = [(0.303 / 0.539), (0.302 / 0.412), (0.521 / 0.782), (0.687 / 0.953)]
    assert [round(100 * bound**2, 1) for bound in bounds] == [31.6, 53.7, 44.4, 52.0]
    assert ARITHMETIC["systematic_is_squared_bias"]() == dict.fromkeys(
        ["test part", "train part", "RNN", "ARIMA"], False
    )


@pytest.mark.parametrize(
    ("p", "holds"),
    [(0.158, [True, True]), (0.09, [True, False]), (0.04, [False, False]), (0.05, [True, False])],
)
def test_a_p_of_0_158_does_not_reject_a_unit_root(monkeypatch, p, holds):
    assert printed("adf_p") == [0.158]
    monkeypatch.setattr("paperlib.claims.arithmetic.printed", lambda name: [p])
    assert list(ARITHMETIC["residuals_stationary"]().values()) == holds


def test_the_cut_over_30_days_is_none_of_table_3_but_two_of_them_added():
    cuts = [1 - 0.0125 / 0.0158, 1 - sqrt(0.0125 / 0.0158), 1 - 1.85 / 2.32]
    assert [round(100 * cut, 1) for cut in cuts] == [20.9, 11.1, 20.3]  # 41.2 is printed
    assert round(20.9 + 20.3, 1) == 41.2
    assert list(ARITHMETIC["layer_cut_30_days_follows"]().values()) == [False, False, False, True]


def test_the_growth_past_30_days_is_no_ratio_of_tables_1_and_2():
    ratios = [0.539 / 0.412, 0.782 / 0.539, 0.953 / 0.782, 0.953 / 0.539]
    growths = [round(100 * (ratio - 1), 1) for ratio in ratios]
    assert growths == [30.8, 45.1, 21.9, 76.8]  # 22.3 is printed
    assert set(ARITHMETIC["growth_past_30_days_follows"]().values()) == {False}


def test_clipping_does_not_act_on_a_norm_of_0_89():
    assert 0.89 < 1.0
    assert ARITHMETIC["clipping_acts"]() == {"largest norm before clipping": False}


def test_the_stability_is_no_ratio_of_tables_5_and_6_but_follows_from_their_cuts_added():
    assert 20 / 5 == 4
    assert round(12.7 / 0.89, 1) == 14.3
    assert round(0.0148 / 0.0125 * 0.0213 / 0.0125, 2) == 2.02  # 2.3 is printed
    assert round(1 / (1 - 0.155 - 0.413), 2) == 2.31
    assert list(ARITHMETIC["stability_follows"]().values()) == [False, False, False, True]


@pytest.mark.parametrize(
    ("claim", "instead"),
    [
        ("layer_cut_30_days_follows", {"layer_cut_30_days": 41.4}),  # at most 20.95 + 20.35 = 41.3
        ("stability_follows", {"stability": 2.4}),  # at most 1 / (1 - 0.1555 - 0.4135) = 2.32
    ],
)
def test_sums_of_cuts_would_not_do_for_another_number(monkeypatch, claim, instead):
    monkeypatch.setattr(
        "paperlib.claims.arithmetic.printed",
        lambda *names: [
            instead.get(name, number) for name, number in zip(names, printed(*names), strict=True)
        ],
    )
    assert not any(ARITHMETIC[claim]().values())


OTHERWISE = {
    "loss_fall_adds_up": {"loss_fall": 70.0},
    "cut_second_layer_adds_up": {"cut_second_layer": 30.9},
    "cut_second_layer_mape_adds_up": {"cut_second_layer_mape": 30.3},
    "cut_dropout_adds_up": {"cut_dropout": 35.1},
    "cut_init_adds_up": {"cut_init": 25.5},
    "cut_clipping_adds_up": {"cut_clipping": 51.3},
    "cut_schedule_adds_up": {"cut_schedule": 22.0},
    "full_gap_adds_up": {"full_gap": 0.0023},
    "no_dropout_gap_adds_up": {"no_dropout_gap": 0.0079},
    "error_shares_add_up": {"error_random": 47.7},
    "arima_growth_is_table_2": {"arima_growth_30_days": 86.8},
    "validation_is_test": {"stop_mape": 3.3},
    "var_is_mape": {"var": -3.3},
    "lr_before": {"lr_before": 0.01},
    "lr_after": {"lr_after": 0.0001},
    "one_cut": {"lr_cut_epoch": 68},
    "figure_3_ends_at_stop": {"stop_epoch": 100},
    "train_test_mae_close": {"train_mae": 0.202},
    "train_test_mape_close": {"train_mape": 3.2},
    "systematic_is_squared_bias": {"error_systematic": 22.3},
    "residuals_stationary": {"adf_p": 0.04},
    "rnn_mape_difference": {"rnn_mape_difference": 1.11},
    "layer_cut_30_days_follows": {"layer_cut_30_days": 41.4},
    "growth_past_30_days_follows": {"growth_past_30_days": 30.8},
    "clipping_acts": {"grad_norm_clipped": 1.2},
    "stability_follows": {"stability": 2.4},
    "loss_30_beats_zero": {"loss_epoch_30": 0.01},
    "figure_2_axis_bottom": {"figure_2_axis_bottom": 20},
    "figure_2_axis_top": {"figure_2_axis_top": 1400},
    "figure_3_shows_first_loss": {"figure_3_axis_top": 0.01},
    "figure_4_samples": {"figure_4_samples": 2200},
    "mae_and_mape_agree_train": {"train_mae": 3.02},
    "mae_and_mape_agree_test": {"test_mae": 3.03},
    "table_3_mse_and_mape_agree": {"full_test_mape": 6.0},
    "mape_beats_naive": {"full_test_mape": 1.05},
    "mse_beats_naive": {"full_test_mse": 0.0001},
    "one_convergence_epoch": {"converged_epoch_table_3": 2},
    "one_test_mape": {"full_test_mape": 2.75},
    "tables_1_and_3_same_error": {"full_test_mse": 0.29},
    "tables_1_and_4_same_model": {"full_train_mse": 0.0512},
}
"""Other numbers, with which the claim's verdict would be the other one."""


def test_for_each_check_there_are_numbers_that_make_it_fail_or_hold():
    assert set(OTHERWISE) == set(ARITHMETIC)


@pytest.mark.parametrize(("claim", "instead"), OTHERWISE.items())
def test_no_check_comes_out_the_same_whatever_is_printed(monkeypatch, claim, instead):
    as_printed = any(ARITHMETIC[claim]().values())
    for module in ("arithmetic", "plausibility", "one_run"):
        monkeypatch.setattr(
            f"paperlib.claims.{module}.printed",
            lambda *names: [
                instead.get(name, number)
                for name, number in zip(names, printed(*names), strict=True)
            ],
        )
    assert any(ARITHMETIC[claim]().values()) is not as_printed
