"""The whole ledger: nothing open, every verdict with a meaning, every claim shown somewhere."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from paperlib.claims.answers import OURS, all_verdicts, count_verdicts
from paperlib.claims.headlines import judge_headlines
from paperlib.claims.ledger import chapter_order, load_claims, printed
from paperlib.claims.open_choices import deviation_log
from paperlib.claims.verdicts import judge
from paperlib.experiments.catalogue import PAPER_WINDOW
from paperlib.experiments.price_series import ENDS
from paperlib.experiments.results import compute_used
from paperlib.experiments.store import load_runs, load_trials, select
from paperlib.paths import ROOT

NOTEBOOKS = ROOT / "notebooks"


@pytest.fixture(scope="module")
def verdicts() -> pd.DataFrame:
    return all_verdicts()


def test_every_claim_has_a_verdict_and_a_meaning(verdicts):
    assert set(verdicts.index) == set(load_claims())
    assert list(dict.fromkeys(verdicts["chapter"])) == [
        chapter for chapter in chapter_order() if chapter in set(verdicts["chapter"])
    ]
    assert (verdicts["verdict"] != "open").all()
    counts = count_verdicts(verdicts)
    assert counts["claims"].sum() == len(verdicts)
    asked = counts.set_index("meaning").loc[OURS, "claims"].sum()
    assert asked == (verdicts["kind"] == "check").sum() + 2  # and what the leaks are worth
    kindest = counts[counts["meaning"] == "for the paper"]["verdict"]
    assert not {"differs", "contradicted", "holds"} & set(kindest)


def test_an_open_claim_can_not_be_counted(verdicts):
    with pytest.raises(ValueError, match="no meaning is given for the verdict 'open'"):
        count_verdicts(verdicts.assign(verdict="open"))


@pytest.mark.parametrize("claim", load_claims().values(), ids=lambda c: c.id)
def test_what_shows_a_claim_stands_in_its_chapter(claim):
    chapter = NOTEBOOKS / f"{claim.chapter}.ipynb"
    assert f'"{claim.shown}' in chapter.read_text("utf-8").replace("\\", "")


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


def test_compute_is_the_sum_of_the_runs_seconds():
    table = pd.DataFrame({"seconds": [1800.0, 1800.0, None]})
    assert compute_used(table, table.iloc[:1]) == {
        "runs": 3,
        "core_hours": 1.5,
        "longest_minutes": 30.0,
    }


def test_every_open_choice_is_logged_with_an_effect():
    log = deviation_log()
    assert not log.isna().any(axis=None)
    assert (log["effect"] != "").all()
    trials = load_trials()
    ends = select(trials, recipe="published, L2: weight decay 0.01")
    ends = ends[ends["dataset"].isin(list(ENDS))]
    for _, runs in ends.groupby("dataset"):
        assert len(runs) == 3
        assert f"{runs['test_mape_pct'].mean():.1f}%" in log.loc[0, "effect"]


def test_a_pick_that_was_measured_is_a_ratio_over_seeds():
    effects = deviation_log().set_index("choice")["effect"]
    trials = select(load_trials(), dataset=PAPER_WINDOW, recipe="unshuffled")
    runs = select(load_runs(), dataset=PAPER_WINDOW, protocol="as_published", recipe="published")
    pairs = trials.set_index("seed")["test_mse_scaled"] / runs.set_index("seed")["test_mse_scaled"]
    assert len(pairs.dropna()) == 10
    typical = np.exp(np.log(pairs).mean())
    assert f"{typical:.3f}" in effects["shuffling of the training windows"]


def geometric_mse(recipe: str) -> float:
    """The typical test MSE of ten runs, straight from the files."""
    runs = pd.concat([load_runs(), load_trials()])
    runs = select(runs, dataset=PAPER_WINDOW, protocol="as_published", recipe=recipe)
    return float(np.exp(np.log(runs.loc[runs["seed"] < 10, "test_mse_scaled"]).mean()))


def test_the_rnn_of_two_layers_is_compared_the_right_way_round():
    effect = deviation_log().set_index("choice").loc["depth of the RNN", "effect"]
    one, two, lstm = map(geometric_mse, ("rnn", "rnn_two_layers", "published"))
    assert f": {two / one:.3f} (" in effect
    assert f": {lstm / two:.1f} (" in effect


def test_headlines_without_l2_and_against_arima_are_the_right_way_round():
    lines = [line.finding for line in judge_headlines()]
    without = geometric_mse("no_l2")
    assert f"without L2 in both {without / geometric_mse('rnn_no_l2'):.2f} (" in lines[1]
    for line, recipe in ((3, "single_layer"), (4, "no_dropout"), (7, "fixed_lr")):
        ratio = geometric_mse(f"{recipe}_no_l2") / without
        assert f"without L2 in both {ratio:.3f} (" in lines[line]
    (arima,) = select(load_trials(), dataset=PAPER_WINDOW, recipe="arima")["test_rmse_scaled"]
    assert f"Its MSE is {geometric_mse('published') / arima**2:.1f} (" in lines[2]
