"""Intervals of all kinds show the stored numbers of the same test sessions, or a dash."""

from __future__ import annotations

from paperlib.experiments.store import load_coverage, load_distributions, select
from paperlib.report.side_by_side import CONFORMAL, DRAWN, WINDOWS, interval_score_table

TABLE = interval_score_table(load_coverage(), load_distributions()).set_index("90% intervals")


def test_every_method_has_its_stored_score_on_both_windows():
    assert list(TABLE.index) == [*CONFORMAL.values(), *DRAWN.values()]
    paper, bundled = WINDOWS.values()
    scores = load_distributions()
    for dataset, window in ((paper[1], "paper's"), (bundled[1], "bundled")):
        (network,) = select(scores, dataset=dataset, model="garch_t")["winkler_90"]
        assert TABLE.loc["GARCH", f"Winkler, {window}"] == f"{network:.2f}"
    rows = select(load_coverage(), dataset=paper[0], center="persistence", method="rolling")
    (row,) = rows[(rows["horizon"] == 1) & (rows["level"] == 0.9)].to_dict("records")
    assert TABLE.loc["rolling conformal", "inside (%), paper's"] == f"{row['coverage']:.0f}"


def test_what_was_not_computed_is_a_dash():
    assert TABLE.loc["rolling conformal", "Winkler, bundled"] == "–"
    assert (TABLE.drop(columns=["Winkler, bundled", "inside (%), bundled"]) != "–").all(axis=None)


def test_both_kinds_are_of_the_same_sessions():
    for conformal, drawn in WINDOWS.values():
        one = select(load_coverage(), dataset=conformal, center="persistence", horizon=1)["n"]
        assert set(one) == set(select(load_distributions(), dataset=drawn)["n"])
