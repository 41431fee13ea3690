"""The verdict of each kind of claim, on stores made by hand."""

from __future__ import annotations

from dataclasses import replace
from math import exp, inf, nan

import pandas as pd
import pytest

from paperlib.claims import verdicts
from paperlib.claims.ledger import Claim, load_claims
from paperlib.claims.verdicts import judge, judge_row
from paperlib.experiments import results
from paperlib.stats.interval import Interval
from paperlib.stats.seeds import judge_ratio

PAPER, BUNDLED = "nflx-2016-2025", "nflx-2016-2023"


def claim(kind: str, printed: float | str = 1.0, **named: object) -> Claim:
    return Claim("a", "table 0", "words", printed, kind, 1, "tab-words", **named)


def runs_of(recipe: str, test_mse: list[float], **changed: object) -> pd.DataFrame:
    """One run a seed in the primary cell, with a test MSE; other columns as told."""
    row = {"dataset": PAPER, "protocol": "as_published", "status": "ok", "train_mse_scaled": 1.0}
    columns = {"recipe": recipe, "seed": range(len(test_mse)), "test_mse_scaled": test_mse}
    return pd.DataFrame({**columns, **row, **changed})


@pytest.fixture
def store_runs(monkeypatch):
    """Put runs in place of those stored."""

    def put(*tables: pd.DataFrame) -> None:
        runs = pd.concat(tables, ignore_index=True)
        for module in (verdicts, results):
            monkeypatch.setattr(module, "load_measures", lambda: runs)

    return put


@pytest.fixture
def store_values(monkeypatch):
    """Put values of one key in place of those stored."""

    def put(*rows: dict[str, object]) -> None:
        usual = {"key": "k", "dataset": PAPER, "protocol": None, "low": nan, "high": nan}
        table = pd.DataFrame([{**usual, "method": "how", **row} for row in rows])
        monkeypatch.setattr(verdicts, "load_values", lambda: table)

    return put


def test_a_number_from_training_is_held_against_one_more_run(store_runs):
    """Logs 0, 0.02, 0.04: mean 0.02, sd 0.02, t(0.975, 2) = 4.3027."""
    store_runs(runs_of("published", [1.0, exp(0.02), exp(0.04)]))
    found = judge(claim("number", 1.1, recipe="published", columns=("test_mse_scaled",)))
    half = 4.3027 * 0.02 * (4 / 3) ** 0.5
    assert found.ours == pytest.approx((exp(0.02), exp(0.02 - half), exp(0.02 + half)), rel=1e-5)
    assert (found.verdict, found.reading) == ("consistent", "test_mse_scaled")
    far = claim("number", 1.2, recipe="published", columns=("test_mse_scaled",))
    assert judge(far).verdict == "differs"


def test_runs_that_failed_are_no_sample_of_a_number(store_runs):
    store_runs(runs_of("published", [1.0, 1.1, inf], status=["ok", "ok", "failed"]))
    found = judge(claim("number", 1.0, recipe="published", columns=("test_mse_scaled",)))
    assert found.ours.estimate == pytest.approx((1.0 * 1.1) ** 0.5)


def test_the_primary_cell_decides_unless_told_otherwise(store_runs):
    store_runs(
        runs_of("published", [1.0, 1.01]),
        runs_of("published", [2.0, 2.01], protocol="leak_free"),
        runs_of("published", [3.0, 3.01], dataset=BUNDLED),
    )
    said = claim("number", 1.0, recipe="published", columns=("test_mse_scaled",))
    assert judge(said) == judge(said, PAPER, "as_published")
    assert judge(said).ours.estimate == pytest.approx(1.005, rel=1e-3)
    assert judge(said, protocol="leak_free").ours.estimate == pytest.approx(2.005, rel=1e-3)
    assert judge(said, dataset=BUNDLED).ours.estimate == pytest.approx(3.005, rel=1e-3)


def test_the_reading_nearest_the_paper_speaks(store_runs):
    store_runs(runs_of("published", [1.0, 1.01], dollars=[50.0, 50.1], wide=[1.0, 90.0]))

    def reading(printed: float, *columns: str) -> tuple[str, str]:
        found = judge(claim("number", printed, recipe="published", columns=columns))
        return found.reading, found.verdict

    both = ("test_mse_scaled", "dollars")
    assert reading(50.0, *both) == ("dollars", "consistent")
    assert reading(1.0, *both) == ("test_mse_scaled", "consistent")
    assert reading(40.0, *both) == ("dollars", "differs")
    # By ratio: 50 is 6.3 times 8 and 8.3 times 6, though 6 and 8 are both nearer to 1.
    assert reading(8.0, *both) == ("dollars", "differs")
    assert reading(6.0, *both) == ("test_mse_scaled", "differs")
    assert reading(50.0, "wide", *both) == ("dollars", "consistent")
    assert reading(45.0, "wide", *both) == ("wide", "too imprecise to say")


def test_a_cut_in_per_cent_is_of_the_ratio_seed_by_seed(store_runs):
    """Ratios 0.8 of each seed, though the runs themselves are far apart."""
    store_runs(
        runs_of("published", [0.8, 8.0, 80.0]), runs_of("single_layer", [1.0, 10.0, 100.0, 7.0])
    )
    sizes = {"recipe": "published", "over": "single_layer", "columns": ("test_mse_scaled",)}
    found = judge(claim("number", 20.0, unit="%", **sizes))
    assert found.ours == pytest.approx((20.0, 20.0, 20.0))
    assert found.reading == "test_mse_scaled, published over single_layer"
    assert judge(claim("number", 30.0, unit="%", **sizes)).verdict == "differs"
    assert judge(claim("number", 0.79, **sizes)).ours.estimate == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("cut", "verdict"), [(21, "differs"), (20.4, "differs"), (20.1, "differs"), (20, "consistent")]
)
def test_a_cut_stands_for_its_rounding_too(store_runs, cut, verdict):
    """Ratios of 0.804 only: a cut of 19.6, which is printed as 20, but not as 20.1."""
    store_runs(runs_of("published", [0.804] * 3), runs_of("single_layer", [1.0] * 3))
    sizes = {"recipe": "published", "over": "single_layer", "columns": ("test_mse_scaled",)}
    assert judge(claim("number", cut, unit="%", **sizes)).verdict == verdict


def test_a_ratio_to_zero_is_no_number(store_runs):
    store_runs(
        runs_of("published", [1.0, 1.0, 1.1], wobble=[2.0, 0.0, 0.0], tidy=[1.0, 1.0, 1.0]),
        runs_of("default_init", [1.0, 1.1, 1.2], wobble=[1.0, 1.0, 0.0], tidy=[1.5, 1.5, 1.5]),
    )
    names = {"recipe": "default_init", "over": "published", "unit": "times"}
    found = judge(claim("number", 2.3, columns=("wobble",), **names))
    assert (found.verdict, found.ours) == ("too imprecise to say", None)
    # Of two readings, the one with an interval is nearer; a ratio of zero itself is a number.
    both = judge(claim("number", 1.5, columns=("wobble", "tidy"), **names))
    assert both.reading == "tidy, default_init over published"
    spread = runs_of("default_init", [1.0, 1.1, 1.2], wobble=[0.1, 9.0, 9.0], tidy=[0.0, 1.0, 2.0])
    store_runs(runs_of("published", [1.0] * 3, wobble=[0.0] * 3, tidy=[1.0] * 3), spread)
    both = judge(claim("number", 1.5, columns=("wobble", "tidy"), **names))
    assert (both.verdict, both.reading) == (
        "too imprecise to say",
        "tidy, default_init over published",
    )
    assert both.ours.low == 0


def test_only_the_first_ten_seeds_count_but_for_a_rate(store_runs):
    losses = [1.0, 1.01] * 5
    status = ["ok"] * 10 + ["failed"] * 30
    store_runs(
        runs_of("no_clipping", [*losses, *[9.0] * 90]),
        runs_of("published", [*losses, *[7.0] * 30], status=status),
    )
    one = {"recipe": "no_clipping", "columns": ("test_mse_scaled",)}
    assert judge(claim("number", 1.0, **one)).ours.high < 1.1
    ratio = judge(claim("number", 1.0, over="published", **one))
    assert ratio.ours == pytest.approx((1, 1, 1))
    assert judge(claim("comparison", "worse", over="published", **one)).verdict == "no effect"
    rate = judge(claim("rate", 75, recipe="published", unit="%"))
    assert rate.ours.estimate == 75


def test_the_interval_of_a_cut_has_its_ends_in_order(store_runs):
    store_runs(runs_of("published", [0.7, 0.8, 0.9]), runs_of("single_layer", [1.0, 1.0, 1.0]))
    sizes = {"recipe": "published", "over": "single_layer", "columns": ("test_mse_scaled",)}
    found = judge(claim("number", 20.9, unit="%", **sizes))
    assert found.ours.low < found.ours.estimate < found.ours.high < 100
    assert found.ours.estimate == pytest.approx(100 * (1 - (0.7 * 0.8 * 0.9) ** (1 / 3)))
    # The ratio's interval, and not the cut's, is held against a factor of two.
    assert 1 - found.ours.low / 100 > 2 * (1 - found.ours.high / 100)
    assert found.verdict == "too imprecise to say"


@pytest.mark.parametrize(
    ("failed", "runs", "printed", "high", "verdict"),
    [
        (0, 100, 3, 3.62, "too imprecise to say"),
        (0, 200, 3, 1.83, "differs"),  # 3 stands for 2.5 to 3.5
        (0, 50, 3, 7.11, "too imprecise to say"),
        (0, 100, 0, 3.62, "too imprecise to say"),
        (4, 100, 3, 9.93, "too imprecise to say"),  # 1.10 to 9.93
        (40, 100, 33, 50.28, "consistent"),  # 30.33 to 50.28
        (20, 100, 3, 29.18, "differs"),
    ],
)
def test_a_rate_is_held_against_the_exact_interval(
    store_runs, failed, runs, printed, high, verdict
):
    status = ["failed"] * failed + ["ok"] * (runs - failed)
    store_runs(runs_of("no_clipping", [1.0] * runs, status=status))
    found = judge(claim("rate", printed, recipe="no_clipping", unit="%"))
    assert found.ours.estimate == pytest.approx(100 * failed / runs)
    assert found.ours.high == pytest.approx(high, abs=0.005)
    assert found.verdict == verdict


@pytest.mark.parametrize(
    ("factor", "verdict"),
    [(1.5, "direction holds"), (0.7, "contradicted"), (1.01, "negligible"), (1.0, "no effect")],
)
def test_a_comparison_asks_whether_the_first_is_worse(store_runs, factor, verdict):
    base = [1.0, 1.1, 1.2]
    store_runs(
        runs_of("published", base),
        runs_of("no_clipping", [factor * loss * (1 + n / 1000) for n, loss in enumerate(base)])
        if factor != 1
        else runs_of("no_clipping", base),
    )
    names = {"recipe": "no_clipping", "over": "published", "columns": ("test_mse_scaled",)}
    found = judge(claim("comparison", "better", **names))
    assert found.verdict == verdict
    assert found.ours.estimate == pytest.approx(factor, rel=2e-3)
    assert found.reading.startswith("ratio of test_mse_scaled, ")


def test_a_comparison_with_a_zero_is_of_differences(store_runs):
    store_runs(
        runs_of("published", [1.0] * 3, wobble=[5.0, 6.0, 7.0]),
        runs_of("default_init", [1.0] * 3, wobble=[0.0, 0.5, 1.0]),
    )
    names = {"recipe": "default_init", "over": "published", "columns": ("wobble",)}
    found = judge(claim("comparison", "stable", **names))
    assert found.verdict == "contradicted"
    assert found.reading.startswith("difference of wobble, ")
    assert found.ours.estimate == pytest.approx(-5.5)


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.96, 1.04, "negligible"),
        (1.01, 1.04, "negligible"),
        (1.01, 1.2, "direction holds"),
        (0.8, 0.99, "contradicted"),
        (0.9, 1.2, "inconclusive"),
    ],
)
def test_a_stored_ratio_is_judged_by_the_same_rule(store_values, low, high, verdict):
    assert judge_ratio(Interval((low + high) / 2, low, high)) == verdict
    store_values({"estimate": (low + high) / 2, "low": low, "high": high})
    found = judge(claim("comparison", "better", value="k"))
    assert (found.verdict, found.reading) == (verdict, "how")


def test_a_ratio_without_an_interval_is_exact():
    assert judge_ratio(Interval(1.2, nan, nan)) == "direction holds"
    assert judge_ratio(Interval(1.01, nan, nan)) == "negligible"


@pytest.mark.parametrize(
    ("printed", "unit", "ours", "verdict"),
    [
        (0.687, "", 0.6874, "reproduced"),
        (0.687, "", 0.6876, "differs"),
        (-3.21, "%", -3.208, "reproduced"),
        (12.0, "%", 12.04, "reproduced"),
        (12.0, "%", 12.06, "differs"),
        (700, "dollars", 700.0, "reproduced"),
        (0, "", 0.0, "reproduced"),
        ("80+", "", 79.6, "reproduced"),
    ],
)
def test_a_deterministic_number_is_equal_as_printed(store_values, printed, unit, ours, verdict):
    store_values({"estimate": ours})
    found = judge(claim("deterministic", printed, unit=unit, value="k"))
    assert (found.verdict, found.reading) == (verdict, "how")
    assert found.ours.estimate == ours


@pytest.mark.parametrize(
    ("printed", "below", "above", "verdict"),
    [
        (0.158, 0, 10, "reproduced"),
        (0.158, 1, 9, "reproduced"),
        (0.158, 2, 8, "too imprecise to say"),
        (0.158, 8, 2, "too imprecise to say"),
        (0.158, 9, 1, "differs"),
        (0.013, 9, 1, "reproduced"),
        (0.013, 0, 10, "differs"),
    ],
)
def test_a_p_value_lies_on_the_printed_side_in_all_runs_but_one(
    store_runs, printed, below, above, verdict
):
    store_runs(runs_of("published", [0.049] * below + [0.051] * above))
    found = judge(claim("p_value", printed, recipe="published", columns=("test_mse_scaled",)))
    assert found.verdict == verdict
    assert found.ours.low == (0.049 if below else 0.051)
    assert found.ours.high == (0.051 if above else 0.049)


def test_a_stored_number_from_training_has_its_own_interval(store_values):
    store_values({"estimate": 20.0, "low": 15.0, "high": 25.0})
    assert judge(claim("number", 22.3, value="k")).verdict == "consistent"
    assert judge(claim("number", 41.2, value="k")).verdict == "differs"


def test_of_several_stored_values_the_nearest_speaks(store_values):
    store_values(
        {"estimate": 5.0, "method": "5 % level"},
        {"estimate": 3.3, "method": "7 % level"},
        {"estimate": 2.0, "method": "10 % level"},
        {"estimate": 3.21, "method": "of another protocol", "protocol": "leak_free"},
        {"estimate": 3.21, "method": "of another series", "dataset": BUNDLED},
        {"estimate": 3.21, "method": "of another key", "key": "l"},
    )
    found = judge(claim("deterministic", 3.21, value="k"))
    assert (found.verdict, found.reading) == ("differs", "7 % level")
    honest = judge(claim("deterministic", 3.21, value="k"), protocol="leak_free")
    assert (honest.verdict, honest.reading) == ("reproduced", "of another protocol")


def test_of_several_stored_ratios_the_kindest_to_the_paper_speaks(store_values):
    store_values({"estimate": 0.5, "method": "rolling"}, {"estimate": 1.5, "method": "one path"})
    found = judge(claim("comparison", "better", value="k"))
    assert (found.verdict, found.reading) == ("direction holds", "one path")


@pytest.mark.parametrize(
    "named",
    [
        {"kind": "number", "value": "unknown"},
        {"kind": "deterministic", "value": "unknown"},
        {"kind": "comparison", "printed": "better", "value": "unknown"},
        {"kind": "rate", "recipe": "rnn"},
        {"kind": "number", "recipe": "rnn", "columns": ("test_mse_scaled",)},
        {
            "kind": "number",
            "recipe": "published",
            "over": "rnn",
            "columns": ("test_mse_scaled",),
        },
        {
            "kind": "comparison",
            "printed": "better",
            "recipe": "rnn",
            "over": "published",
            "columns": ("test_mse_scaled",),
        },
    ],
)
def test_what_is_not_stored_is_open(store_runs, store_values, named):
    store_runs(runs_of("published", [1.0, 1.1]))
    store_values({"estimate": 1.0})
    found = judge(claim(**named))
    assert (found.verdict, found.ours) == ("open", None)


def test_arithmetic_adds_up_if_one_reading_does(monkeypatch):
    checks = {"a": lambda: {"first": False, "second": True, "third": True}}
    monkeypatch.setattr(verdicts, "ARITHMETIC", checks)
    found = judge(claim("arithmetic", "agree"))
    assert (found.verdict, found.reading) == ("adds up", "second")
    checks["a"] = lambda: {"first": False, "second": False}
    found = judge(claim("arithmetic", "agree"))
    assert (found.verdict, found.reading) == ("impossible as printed", "first")


def test_a_check_holds_or_fails(monkeypatch):
    checks = {"a": lambda: {"first": False, "second": True}}
    monkeypatch.setattr(verdicts, "ARITHMETIC", checks)
    found = judge(claim("check", "agree"))
    assert (found.verdict, found.reading) == ("holds", "second")
    checks["a"] = lambda: {"first": False, "second": False}
    found = judge(claim("check", "agree"))
    assert (found.verdict, found.reading) == ("fails", "first")


def test_a_check_says_how_many_readings_it_has(monkeypatch):
    checks = {"a": lambda: {"first": False, "second": True, "third": True}}
    monkeypatch.setattr(verdicts, "ARITHMETIC", checks)
    found = judge(claim("check", "agree"))
    assert (found.agreeing, found.readings) == (2, 3)


def test_one_reading_speaks_for_all_claims_of_a_row(store_runs, monkeypatch):
    """Alone each cell would take the column nearer to it; together they take the second."""
    store_runs(
        runs_of("published", [1.0] * 3, a=[2.0] * 3, b=[3.0] * 3, c=[20.0] * 3, d=[90.0] * 3)
    )
    named = {"recipe": "published", "row": "x"}
    one = claim("number", 1.0, columns=("a", "b"), **named)
    other = replace(claim("number", 100.0, columns=("c", "d"), **named), id="other")
    monkeypatch.setattr(verdicts, "load_claims", lambda: {"a": one, "other": other})
    assert judge(replace(one, row="")).reading == "a"
    assert [judge(cell).reading for cell in (one, other)] == ["b", "d"]
    assert judge_row("x") == {"a": judge(one), "other": judge(other)}
    assert judge_row("x", dataset=BUNDLED)["a"].verdict == "open"


def test_rows_of_the_stored_ledger_are_of_one_reading():
    shares = judge_row("error-shares")
    assert sum(found.ours.estimate for found in shares.values()) == pytest.approx(100, abs=0.5)
    ways = {found.reading.rpartition(", ")[0] for found in judge_row("table-2-arima").values()}
    assert len(ways) == 1
    losses = {name: found.reading for name, found in judge_row("training-loss").items()}
    assert losses == {
        "loss_start": "first_loss",
        "loss_epoch_30": "loss_30",
        "loss_fall": "loss_fall_pct",
    }
    for row in ("table-1-train", "table-1-test", "table-2-rnn"):
        units = {
            found.reading.rpartition("_")[2]
            for name, found in judge_row(row).items()
            if "mape" not in name
        }
        assert len(units) == 1


def test_an_answer_to_granger_says_that_five_of_seven_readings_say_something_else():
    said = load_claims()["granger_p"]
    runs = results.load_measures()
    runs = runs[(runs["dataset"] == PAPER) & (runs["protocol"] == "as_published")]
    runs = runs[(runs["recipe"] == "published") & (runs["seed"] < 10)]
    below = (runs[list(said.columns)] < 0.05).sum()
    found = judge(said)
    assert found.verdict == "reproduced"
    assert (found.agreeing, found.readings) == ((below >= 9).sum(), len(below)) == (2, 7)


def test_what_can_not_be_tested_says_why():
    found = judge(claim("untestable", why="a result of others"))
    assert (found.verdict, found.reading) == ("not testable", "a result of others")
