"""Tables of distributions show the stored numbers, and a dash where there is none."""

from __future__ import annotations

import pandas as pd
import pytest

from paperlib.experiments.catalogue import PAPER_WINDOW
from paperlib.experiments.store import (
    load_backtests,
    load_coverage,
    load_distributions,
    load_tiers,
    select,
)
from paperlib.report.distribution_tables import (
    backtest_table,
    count_standings,
    coverage_table,
    further_scores,
    ratio_text,
    score_table,
    tick_ratio_text,
    tier_table,
)
from paperlib.stats.interval import Interval

NFLX = "nflx-2013-2023"
MODELS = {"garch_t": "GARCH", "lstm_calendar": "LSTM", "not_there": "none"}


def test_scores_stand_beside_garch():
    scores = select(load_distributions(), dataset=NFLX)
    table = score_table(scores, MODELS).set_index("model")
    assert list(table.index) == ["GARCH", "LSTM"]
    assert table.loc["GARCH", "stands"] == "–"
    stored = select(scores, model="lstm_calendar").iloc[0]
    assert table.loc["LSTM", "CRPS"] == f"{stored['crps']:.3f}"
    assert table.loc["LSTM", "over GARCH"].startswith(f"{stored['ratio']:.3f} (")
    assert table.loc["LSTM", "stands"] in ("ahead", "level", "behind", "not shown")


@pytest.mark.parametrize(
    ("ratio", "says"),
    [
        ((0.994, 0.9886, 0.999997), "0.994 (0.989 to <1.000)"),
        ((1.0005, 1.0001, 1.00992), "1.000 (>1.000 to <1.010)"),
        ((1.001, 0.9912, 1.01006), "1.001 (0.991 to >1.010)"),
        ((1.0, 1.0, 1.0), "1.000 (1.000 to 1.000)"),
        ((0.9938, 0.9889, 0.9991), "0.994 (0.989 to 0.999)"),
    ],
)
def test_a_ratio_shows_the_side_that_its_word_is_about(ratio, says):
    assert ratio_text(Interval(*ratio)) == says


def test_standings_are_counted_over_all_series_but_not_that_of_garch_to_itself():
    scores = load_distributions()
    models = ["garch_t", "static_t", "lstm_pooled_calendar"]
    found = count_standings(scores, models)
    words = [
        word
        for name in scores["dataset"].unique()
        for word in score_table(
            select(scores, dataset=name), dict(zip(models, models, strict=True))
        )["stands"]
    ]
    assert found.sum() == len(words) - words.count("–")
    assert found.to_dict() == {
        word: words.count(word) for word in ("ahead", "level", "behind", "not shown")
    }


def test_what_has_no_log_score_shows_a_dash():
    scores = select(load_distributions(), dataset=NFLX)
    table = further_scores(scores, {"dropout": "dropout", "garch_t": "GARCH"}).set_index("model")
    assert table.loc["dropout", "log score"] == "–"
    assert table.loc["GARCH", "log score"] != "–"


def test_a_single_networks_violations_are_those_of_a_network():
    rows = select(load_backtests(), dataset=NFLX)
    shown = {"garch_t": "GARCH", "lstm_calendar": "LSTM"}
    table = backtest_table(rows, shown, 0.05).set_index("model")
    stored = select(rows, model="lstm_calendar", tail=0.05).iloc[0]
    assert table.loc["GARCH", "one network's"] == "–"
    assert table.loc["LSTM", "one network's"].startswith(f"{stored['run_violations']:.0f} (")
    assert table.loc["LSTM", "violations"] == f"{stored['violations']:.0f}"


def test_a_backtest_tells_the_order_apart_from_number_and_order_together():
    rows = select(load_backtests(), dataset=NFLX)
    table = backtest_table(rows, {"garch_t": "GARCH"}, 0.05).set_index("model")
    stored = select(rows, model="garch_t", tail=0.05).iloc[0]
    assert table.loc["GARCH", "order p"] == f"{stored['independence_p']:.2f}"
    assert table.loc["GARCH", "Christoffersen p"] == f"{stored['conditional_p']:.2f}"
    assert table.loc["GARCH", "order p"] != table.loc["GARCH", "Christoffersen p"]


def test_coverage_shows_the_range_of_seeds_where_there_is_one():
    rows = select(load_coverage(), dataset=PAPER_WINDOW, level=0.9)
    methods = {("published", "dropout"): "dropout", ("persistence", "split"): "naive"}
    table = coverage_table(rows, methods).set_index("intervals")
    assert " to " in table.loc["dropout", "1 ahead: inside (%)"]
    assert " to " not in table.loc["naive", "1 ahead: inside (%)"]


def test_the_score_stands_beside_coverage_and_width():
    rows = select(load_coverage(), dataset=PAPER_WINDOW, level=0.9)
    table = coverage_table(rows, {("persistence", "split"): "naive"}).set_index("intervals")
    assert len(table.columns) == 6  # as many as fit beside each other
    for horizon in (1, 30):
        stored = select(rows, center="persistence", method="split", horizon=horizon).iloc[0]
        assert table.loc["naive", f"{horizon} ahead: log width"] == f"{stored['width']:.3g}"
        assert table.loc["naive", f"{horizon} ahead: score"] == f"{stored['winkler']:.3g}"


def test_methods_that_are_not_stored_are_left_out_and_come_with_their_rows():
    rows = select(load_coverage(), dataset=PAPER_WINDOW, level=0.9)
    rows = rows[rows["method"] != "rolling"]
    methods = {("persistence", "rolling"): "rolling", ("persistence", "split"): "split"}
    assert list(coverage_table(rows, methods)["intervals"]) == ["split"]
    later = rows[rows["method"] == "split"].assign(method="rolling", winkler=1.25)
    table = coverage_table(pd.concat([rows, later]), methods).set_index("intervals")
    assert list(table.index) == ["rolling", "split"]
    assert table.loc["rolling", "30 ahead: score"] == "1.25"


@pytest.mark.parametrize(
    ("own", "reference", "says"),
    [
        (5, 5, "0.81 (0.60 to 0.99)"),
        (40, 6, "0.81 (0.60 to 0.99)"),
        (4, 5, "0.81 (too few)"),
        (5, 4, "0.81 (too few)"),
        (0, 40, "0.81 (too few)"),
    ],
)
def test_a_ratio_of_tick_losses_has_an_interval_if_five_violations_of_both_bear_it(
    own, reference, says
):
    ratio = {"tick_ratio": 0.8074, "tick_ratio_low": 0.6039, "tick_ratio_high": 0.9871}
    row = pd.Series({**ratio, "violations": own})
    assert tick_ratio_text(row, pd.Series({"violations": reference})) == says


@pytest.mark.parametrize(
    ("few_of", "without"),
    [(None, []), ("lstm_calendar", ["LSTM"]), ("garch_t", ["LSTM", "static"])],
)
def test_the_backtest_table_heeds_the_violations_of_the_model_and_of_garch(few_of, without):
    rows = select(load_backtests(), dataset=NFLX)
    rows["violations"] = rows["model"].map(lambda model: 4 if model == few_of else 5)
    models = {"garch_t": "GARCH", "lstm_calendar": "LSTM", "static_t": "static"}
    ratios = backtest_table(rows, models, 0.01).set_index("model")["over GARCH's"]
    assert list(ratios.index[ratios.str.endswith("(too few)")]) == without
    assert list(ratios.index[ratios.str.contains(" to ")]) == [
        name for name in ("LSTM", "static") if name not in without
    ]
    assert ratios["GARCH"] == "–"


def test_a_tier_is_a_line_and_buying_and_holding_has_none():
    rows = select(load_tiers(), dataset=NFLX)
    table = tier_table(rows, {"buy_and_hold": "hold", "garch_t": "GARCH"})
    assert list(table["forecast"]) == ["hold", "GARCH", "GARCH", "GARCH"]
    assert table["tier"].iloc[0] == table["beyond the budget"].iloc[0] == "–"
    assert sorted(table["tier"][1:]) == ["aggressive", "balanced", "conservative"]
