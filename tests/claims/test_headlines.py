"""The ten headlines say what the store says, and their ratios are the right way round."""

from __future__ import annotations

import pytest
from trainedruns import geometric_mse

from paperlib.claims.headlines import change, judge_headlines, squared_ratio
from paperlib.claims.ledger import load_claims, printed
from paperlib.claims.verdicts import Judgement, judge
from paperlib.experiments.catalogue import PAPER_WINDOW
from paperlib.experiments.store import load_runs, select
from paperlib.stats.interval import Interval


def test_a_change_is_that_of_the_part_and_not_of_its_absence():
    """Without the part half the error: it doubles it; a fifth more: it cuts a sixth."""
    doubled = Judgement("contradicted", Interval(0.5, 0.4, 0.8))
    assert change(doubled) == "+100% (+25 to +150)"
    cut = Judgement("holds", Interval(1.05, 1.02, 1.08))
    assert change(cut) == "−4.8% (−7.4 to −2.0)"


def test_printed_errors_leave_a_ratio():
    assert squared_ratio("test_rmse", "rnn_rmse") == pytest.approx((0.539 / 0.782) ** 2)


def test_ten_headlines_say_what_the_store_says():
    lines = judge_headlines()
    assert len(lines) == 10
    runs = select(load_runs(), dataset=PAPER_WINDOW, protocol="as_published", recipe="published")
    naive = runs["persistence_mape_pct"].iloc[0]
    first, other = printed("test_mape", "full_test_mape")
    assert lines[0].paper == f"{first}%, elsewhere {other}%"
    assert lines[0].here.endswith(f"has {naive:.2f}%")
    assert lines[1].verdict == judge(load_claims()["rnn_worse"]).verdict


def test_what_could_not_be_asked_is_told_whole():
    assert judge_headlines()[-2].verdict.endswith("not asked over sessions or elsewhere)")


def test_headlines_are_the_right_way_round():
    lines = judge_headlines()
    full = geometric_mse("published")
    assert float(lines[1].here.split(" ")[0]) == pytest.approx(
        full / geometric_mse("rnn"), rel=0.01
    )
    for line, recipe in ((3, "single_layer"), (4, "no_dropout"), (7, "fixed_lr")):
        told = float(lines[line].here.split("%")[0].replace("−", "-"))
        ours = 100 * (full / geometric_mse(recipe) - 1)
        assert told == pytest.approx(ours, abs=0.06 if abs(ours) < 10 else 0.6)


def test_the_estimates_of_the_value_at_risk_are_told_as_a_product():
    told = judge_headlines()[-1].verdict
    assert "0 of 18 estimates: 2 methods, 3 levels, 3 parts of the data" in told
    assert judge(load_claims()["var"]).readings == 2 * 3 * 3
