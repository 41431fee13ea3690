"""The ten headlines say what the store says, and their ratios are the right way round."""

from __future__ import annotations

from trainedruns import geometric_mse

from paperlib.claims.headlines import judge_headlines
from paperlib.claims.ledger import load_claims, printed
from paperlib.claims.verdicts import judge
from paperlib.experiments.catalogue import PAPER_WINDOW
from paperlib.experiments.store import load_runs, load_trials, select


def test_ten_headlines_say_what_the_store_says():
    lines = judge_headlines()
    assert len(lines) == 10
    runs = select(load_runs(), dataset=PAPER_WINDOW, protocol="as_published", recipe="published")
    naive = runs["persistence_mape_pct"].iloc[0]
    assert f"{printed('test_mape')[0]}%" in lines[0].claim
    assert f"has {naive:.2f}%" in lines[0].finding
    assert lines[1].verdict.split(";")[0] == judge(load_claims()["rnn_worse"]).verdict
    rnn = select(load_runs(), dataset=PAPER_WINDOW, protocol="as_published", recipe="rnn")
    assert (runs["test_mse_scaled"].mean() > rnn["test_mse_scaled"].mean()) == (
        float(lines[1].finding.split()[3]) > 1
    )


def test_headlines_without_l2_and_against_arima_are_the_right_way_round():
    lines = [line.finding for line in judge_headlines()]
    without = geometric_mse("no_l2")
    assert f"without L2 in both {without / geometric_mse('rnn_no_l2'):.2f} (" in lines[1]
    for line, recipe in ((3, "single_layer"), (4, "no_dropout"), (7, "fixed_lr")):
        ratio = geometric_mse(f"{recipe}_no_l2") / without
        assert f"without L2 in both {ratio:.3f} (" in lines[line]
    (arima,) = select(load_trials(), dataset=PAPER_WINDOW, recipe="arima")["test_rmse_scaled"]
    assert f"Its MSE is {geometric_mse('published') / arima**2:.1f} (" in lines[2]
