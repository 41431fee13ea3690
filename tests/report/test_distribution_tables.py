"""Tables of distributions show the stored numbers, and a dash where there is none."""

from __future__ import annotations

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
    score_table,
    tier_table,
)

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


def test_coverage_shows_the_range_of_seeds_where_there_is_one():
    rows = select(load_coverage(), dataset=PAPER_WINDOW, level=0.9)
    methods = {("published", "dropout"): "dropout", ("persistence", "split"): "naive"}
    table = coverage_table(rows, methods).set_index("intervals")
    assert " to " in table.loc["dropout", "1 ahead: inside (%)"]
    assert " to " not in table.loc["naive", "1 ahead: inside (%)"]


def test_a_tier_is_a_line_and_buying_and_holding_has_none():
    rows = select(load_tiers(), dataset=NFLX)
    table = tier_table(rows, {"buy_and_hold": "hold", "garch_t": "GARCH"})
    assert list(table["forecast"]) == ["hold", "GARCH", "GARCH", "GARCH"]
    assert table["tier"].iloc[0] == table["beyond the budget"].iloc[0] == "–"
    assert sorted(table["tier"][1:]) == ["aggressive", "balanced", "conservative"]
