"""Which reading speaks, for one claim and for a row, on judgements made by hand."""

from __future__ import annotations

from dataclasses import replace

from paperlib.claims.ledger import Claim
from paperlib.claims.nearest import OPEN, Judgement, nearest, nearest_of_row
from paperlib.stats.interval import Interval


def claim(name: str, printed: float | str, kind: str = "number", **named: object) -> Claim:
    return Claim(name, "table 0", "words", printed, kind, "prices", "tab-words", row="x", **named)


def found(estimate: float, reading: str, verdict: str = "differs") -> Judgement:
    return Judgement(verdict, Interval(estimate), reading)


# --- one claim -----------------------------------------------------------------------------------


def test_the_verdict_comes_before_the_distance():
    readings = [found(1.0, "near"), found(3.0, "far", "consistent")]
    assert nearest(readings, claim("a", 1.0)).reading == "far"


def test_the_distance_is_a_ratio_and_where_a_sign_forbids_it_a_difference():
    assert nearest([found(3.0, "a"), found(50.0, "b")], claim("a", 20.0)).reading == "b"
    assert nearest([found(-3.0, "a"), found(-5.0, "b")], claim("a", -3.2)).reading == "a"
    assert nearest([found(-0.1, "a"), found(90.0, "b")], claim("a", 1.0)).reading == "b"


def test_of_comparisons_the_larger_ratio_is_the_nearer():
    readings = [found(0.5, "a", "contradicted"), found(0.7, "b", "contradicted")]
    assert nearest(readings, claim("a", "better", "comparison")).reading == "b"


def test_an_answer_says_how_many_readings_agree_with_it():
    readings = [found(n, f"{n} lags") for n in range(1, 7)]
    alone = nearest([*readings, found(9.0, "9 lags", "reproduced")], claim("a", 5.0))
    assert (alone.agreeing, alone.readings) == (1, 7)
    most = nearest([*readings, Judgement(OPEN, reading="not stored")], claim("a", 5.0))
    assert (most.reading, most.agreeing, most.readings) == ("5 lags", 6, 6)


def test_without_a_stored_reading_a_claim_is_open():
    assert nearest([Judgement(OPEN)], claim("a", 1.0)) == nearest([], claim("a", 1.0))
    assert nearest([], claim("a", 1.0)).verdict == OPEN


# --- a row of runs -------------------------------------------------------------------------------

MAE = claim("mae", 1.0, columns=("mae_scaled", "mae_usd"))
MAPE = claim("mape", 10.0, unit="%", columns=("mape", "mape"))
RMSE = claim("rmse", 100.0, columns=("rmse_scaled", "rmse_usd"))


def test_one_unit_speaks_for_a_row_though_each_cell_has_a_nearer_one():
    """Scaled: ln 2, 0 and ln 5; dollars: ln 3, 0 and ln 1.1, which is less in the mean."""
    row = {
        MAE: [found(2.0, "mae_scaled"), found(3.0, "mae_usd")],
        MAPE: [found(10.0, "mape")] * 2,
        RMSE: [found(20.0, "rmse_scaled"), found(110.0, "rmse_usd")],
    }
    chosen = nearest_of_row(row)
    assert {name: one.reading for name, one in chosen.items()} == {
        "mae": "mae_usd",
        "mape": "mape",
        "rmse": "rmse_usd",
    }
    by_itself = nearest(row[MAE], MAE)
    assert by_itself.reading == "mae_scaled"
    assert (chosen["mae"].readings, chosen["mape"].readings) == (2, 1)


def test_shares_of_one_whole_are_of_one_decomposition():
    """62.3 and 37.7 beside 81 and 19 (0.47 in the mean) or 38 and 62 (0.50); not 81 and 62."""
    systematic = claim("systematic", 62.3, columns=("theil", "bias"))
    random = claim("random", 37.7, columns=("disturbance", "unbiased"))
    row = {
        systematic: [found(81.0, "theil"), found(38.0, "bias")],
        random: [found(19.0, "disturbance"), found(62.0, "unbiased")],
    }
    chosen = nearest_of_row(row)
    assert sum(one.ours.estimate for one in chosen.values()) == 100
    assert chosen["systematic"].reading == "theil"
    assert sum(nearest(of, one).ours.estimate for one, of in row.items()) == 143


def test_a_p_value_follows_the_number_that_it_is_of():
    r = claim("r", 0.7, columns=("a", "b"))
    p = claim("p", "< 0.01", "p_value", columns=("a_p", "b_p"))
    row = {
        r: [found(0.6, "a"), found(0.1, "b")],
        p: [found(0.5, "a_p"), found(0.01, "b_p", "reproduced")],
    }
    chosen = nearest_of_row(row)
    assert (chosen["p"].reading, chosen["p"].verdict) == ("a_p", "differs")
    assert (chosen["p"].agreeing, chosen["p"].readings) == (1, 2)


def test_a_number_of_the_wrong_sign_is_farthest():
    row = {MAE: [found(-1.0, "a"), found(9.0, "b")], RMSE: [found(100.0, "a"), found(1.0, "b")]}
    assert nearest_of_row(row)["mae"].reading == "b"


def test_a_reading_that_one_cell_lacks_does_not_speak():
    row = {MAE: [found(1.0, "a"), found(9.0, "b")], RMSE: [Judgement(OPEN), found(1.0, "b")]}
    assert {one.reading for one in nearest_of_row(row).values()} == {"b"}
    row[MAE][1] = Judgement(OPEN)
    assert {one.verdict for one in nearest_of_row(row).values()} == {OPEN}


# --- a row of stored values ----------------------------------------------------------------------


def test_stored_values_of_one_order_way_and_unit_speak_for_a_row():
    mae, mape = (replace(cell, columns=(), value="v") for cell in (MAE, MAPE))
    row = {
        mape: [found(10.0, "AR(1), one path, %"), found(30.0, "AR(1), rolling, %")],
        mae: [
            found(5.0, "AR(1), one path, dollars"),
            found(4.0, "AR(1), one path, scaled"),
            found(1.1, "AR(1), rolling, scaled"),
            found(1.0, "AR(2), rolling, scaled"),  # no MAPE of it is stored
        ],
    }
    chosen = nearest_of_row(row)
    assert chosen["mae"].reading == "AR(1), rolling, scaled"  # 0.60 against 0.69 in the mean
    assert chosen["mape"].reading == "AR(1), rolling, %"
    assert (chosen["mae"].readings, chosen["mape"].readings) == (3, 2)
