"""Readings of the paper's value at risk and of its figure 5: by numpy, by counting, by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from paperlib.claims.ledger import printed
from paperlib.claims.risk_values import claims_on_figure_5, claims_on_the_end, claims_on_var
from paperlib.experiments.store import VALUE_COLUMNS
from paperlib.prices.series import load_prices
from paperlib.recipe import AS_PUBLISHED, PUBLISHED
from paperlib.windows import make_windows

N = 400
PRICES = pd.DataFrame(
    {"close": 100 * np.exp(np.cumsum(np.random.default_rng(0).normal(0, 0.02, N)))},
    load_prices("NFLX").index[:N],
)
ROWS = pd.DataFrame(claims_on_var(PRICES)).set_index(["key", "method"])
SIMPLE = 100 * (PRICES["close"].to_numpy()[1:] / PRICES["close"].to_numpy()[:-1] - 1)
# 370 windows, 296 of them train: the test part's first target is session 30 + 296, counted from 0.
PARTS = {"whole series": SIMPLE, "training part": SIMPLE[:325], "test part": SIMPLE[325:]}


def test_there_is_a_row_a_reading():
    rows = pd.DataFrame(claims_on_var(PRICES))
    assert (rows["key"] == "var_pct").sum() == 2 * 3 * 3  # methods, levels, parts
    assert (rows["key"] == "share_below_printed_var_pct").sum() == 3
    assert len(rows) == 21
    assert not rows[["key", "method"]].duplicated().any()
    assert (rows["unit"] == "%").all()
    assert set(rows) <= set(VALUE_COLUMNS)


def test_the_test_part_is_that_of_the_published_split():
    first = make_windows(PRICES["close"], PUBLISHED, AS_PUBLISHED).test.sessions[0]
    assert PRICES.index[1:][325] == first


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(("name", "tail"), [("90 %", 0.1), ("95 %", 0.05), ("99 %", 0.01)])
def test_a_historical_var_is_numpys_percentile(part, name, tail):
    row = ROWS.loc["var_pct", f"historical, {name} level, {part}"]
    # Stored to three digits.
    assert row["estimate"] == pytest.approx(np.percentile(PARTS[part], 100 * tail), rel=5e-3)
    assert row["n"] == len(PARTS[part])
    assert np.isnan(row["low"]) and np.isnan(row["high"])


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    ("name", "deviations"), [("90 %", 1.2815516), ("95 %", 1.6448536), ("99 %", 2.3263479)]
)
def test_a_normal_var_lies_so_many_deviations_below_the_mean(part, name, deviations):
    r = PARTS[part]
    spread = np.sqrt(np.sum((r - r.mean()) ** 2) / (len(r) - 1))
    row = ROWS.loc["var_pct", f"normal, {name} level, {part}"]
    assert row["estimate"] == pytest.approx(r.mean() - deviations * spread, rel=1e-6)


@pytest.mark.parametrize("part", PARTS)
def test_the_share_below_the_printed_number_is_counted(part):
    told = printed("var")[0]
    assert told == -3.21
    below = sum(r < told for r in PARTS[part])
    row = ROWS.loc["share_below_printed_var_pct", part]
    assert below > 0
    assert row["estimate"] == pytest.approx(100 * below / len(PARTS[part]))
    assert row["low"] < row["estimate"] < row["high"]
    assert row["n"] == len(PARTS[part])


def test_a_day_that_loses_the_printed_number_to_the_digit_is_not_below_it():
    close = np.full(N, 100.0) + 0.5 * (np.arange(N) % 2)
    close[200] = close[199] * (1 - 0.0321 + 1e-9)
    close[210] = close[209] * (1 - 0.0321 - 1e-6)
    rows = pd.DataFrame(claims_on_var(PRICES.assign(close=close))).set_index(["key", "method"])
    found = rows.loc["share_below_printed_var_pct", "whole series"]
    assert found["estimate"] == pytest.approx(100 / (N - 1))


def test_the_value_at_risk_is_told_for_each_of_sixty_last_sessions():
    """Worked out again for each end: the normal quantile of that end's test part."""
    found = []
    for n in range(N - 59, N + 1):
        first = 30 + int((n - 30) * 0.8)  # number of the test part's first session, from 0
        r = SIMPLE[first - 1 : n - 1]
        found.append(r.mean() - 1.6448536 * r.std(ddof=1))
    rows = {row["key"]: row for row in claims_on_the_end(PRICES)}
    assert list(rows) == ["var_by_end_pct", "ends_that_print_the_var"]
    row = rows["var_by_end_pct"]
    expected = (np.median(found), min(found), max(found))
    assert (row["estimate"], row["low"], row["high"]) == pytest.approx(expected, rel=1e-6)
    assert found[-1] == pytest.approx(
        ROWS.loc["var_pct", "normal, 95 % level, test part"]["estimate"], rel=1e-6
    )
    told = rows["ends_that_print_the_var"]
    assert told["estimate"] == sum(f"{x:.2f}" == "-3.21" for x in found)
    for row in rows.values():
        assert row["n"] == len(found) == 60
        assert set(row) <= set(VALUE_COLUMNS)


def test_an_end_that_prints_the_papers_number_is_counted():
    """Prices whose last test part is stretched until it prints the number."""
    r = SIMPLE[325:]
    stretched = SIMPLE.copy()
    stretched[325:] = -3.21 + (r - r.mean() + 1.6448536 * r.std(ddof=1))
    close = 100 * np.cumprod(np.r_[1, 1 + stretched / 100])
    (told,) = [
        row
        for row in claims_on_the_end(PRICES.assign(close=close))
        if row["key"] == "ends_that_print_the_var"
    ]
    assert told["estimate"] >= 1


@pytest.mark.parametrize(
    ("lowest", "highest", "bottom", "top"),
    [
        (410.0, 440.0, 400, 450),
        (399.0, 451.0, 350, 500),
        (400.5, 449.5, 400, 450),
        (100.5, 899.0, 100, 900),
    ],
)
def test_ticks_of_fifty_dollars_enclose_the_path(lowest, highest, bottom, top):
    path = np.linspace(highest, lowest, 30)
    rows = {row["key"]: row for row in claims_on_figure_5([path, path])}
    assert list(rows) == ["figure_5_axis_bottom", "figure_5_axis_top"]
    for key, expected in (("figure_5_axis_bottom", bottom), ("figure_5_axis_top", top)):
        row = rows[key]
        assert [row["estimate"], row["low"], row["high"]] == [expected] * 3
        assert (row["protocol"], row["n"], row["unit"]) == ("as_published", 2, "dollars")
        assert set(row) <= set(VALUE_COLUMNS)


def test_seeds_that_disagree_leave_an_interval_that_ends_on_ticks():
    """Logarithms of the lows: mean, and the t quantile of two degrees times the spread."""
    lows = np.array([310.0, 410.0, 360.0])
    bottom, top = claims_on_figure_5([np.linspace(low, low + 30, 30) for low in lows])
    for row, closes, outward in ((bottom, lows, math.floor), (top, lows + 30, math.ceil)):
        logs = np.log(closes)
        half = stats.t.ppf(0.975, 2) * logs.std(ddof=1) * math.sqrt(1 + 1 / 3)
        for name, value in {
            "estimate": logs.mean(),
            "low": logs.mean() - half,
            "high": logs.mean() + half,
        }.items():
            assert row[name] == 50 * outward(math.exp(value) / 50), name
        assert row["low"] < row["estimate"] < row["high"]
        assert row["n"] == 3
