"""Backtests of risk against published values, other formulas and every possible series."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats
from sklearn.metrics import mean_pinball_loss

from paperlib.stats.seeds import proportion
from paperlib.stats.var_backtests import (
    backtest,
    christoffersen,
    kupiec,
    shortfall_loss,
    tick_loss,
    violations,
)
from paperlib.stats.var_power import christoffersen_power, kupiec_power

FEW = settings(max_examples=40)
TAILS = st.sampled_from([0.01, 0.05, 0.3])
HITS = hnp.arrays(np.bool_, st.integers(2, 60))


def _with(count: int, of: int) -> np.ndarray:
    """Hits of which ``count`` are true."""
    return np.arange(of) < count


def _series(seed: int, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns with a VaR and a shortfall that change every session, each (n,) per cent."""
    rng = np.random.default_rng(seed)
    sd = rng.uniform(0.5, 2, n)
    return sd * rng.normal(size=n), -1.2 * sd, -1.7 * sd


# --- violations ----------------------------------------------------------------------------------


def test_a_return_below_its_var_is_a_violation_and_one_that_equals_it_is_not():
    found = violations([-3.0, -2.0, -1.0, 3.0], [-2.0, -2.0, -2.0, -2.0])
    assert found.dtype == bool
    assert found.tolist() == [True, False, False, False]


@pytest.mark.parametrize(
    ("returns", "var", "says"),
    [
        ([1.0, 2.0], [-1.0], "one length"),
        ([], [], "one length"),
        ([[1.0]], [[-1.0]], "one length"),
        ([np.nan], [-1.0], "finite"),
        ([1.0], [-np.inf], "finite"),
    ],
)
def test_returns_without_a_forecast_each_are_refused(returns, var, says):
    for function in (violations, lambda y, v: tick_loss(y, v, 0.05)):
        with pytest.raises(ValueError, match=says):
            function(returns, var)
    with pytest.raises(ValueError, match=says):
        shortfall_loss(returns, var, var, 0.05)


# --- coverage ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tail", "sessions", "below", "above"),
    [
        (0.01, 255, None, 7),
        (0.01, 510, 1, 11),
        (0.01, 1000, 4, 17),
        (0.05, 255, 6, 21),
        (0.05, 510, 16, 36),
        (0.05, 1000, 37, 65),
    ],
)
def test_kupiec_has_the_published_regions_at_5_per_cent(tail, sessions, below, above):
    """Those of Kupiec (1995), as in Jorion's Value at Risk: below < N < above is not rejected.

    For the first the table has no lower end, "N < 7". By its own formula none at all is rejected.
    """
    accepted = [kupiec(_with(n, sessions), tail).p_value >= 0.05 for n in range(sessions + 1)]
    assert np.flatnonzero(accepted).tolist() == list(range((below or 0) + 1, above))


def test_the_likelihood_ratios_are_the_published_ones():
    """As MathWorks print them for their example of ``cc``, a method of ``varbacktest``.

    Of 1043 sessions 57 are violations, and of the transitions 932 are from none to none, 53 to a
    violation, 53 back, and 4 from one to the next. So they come in 53 groups, here one of five.
    """
    hits = np.tile([False, True], 53)
    hits = np.r_[hits, [True] * 4, [False] * 933]
    assert (len(hits), hits.sum()) == (1043, 57)
    found = christoffersen(hits, 0.05)
    assert kupiec(hits, 0.05) == pytest.approx((0.46147, 0.49694), abs=5e-6)
    assert found.independence == pytest.approx((0.25866, 0.61104), abs=5e-6)
    assert found.conditional == pytest.approx((0.72013, 0.69763), abs=5e-6)


@FEW
@given(st.integers(1, 80), st.data(), TAILS)
def test_kupiec_is_a_ratio_of_binomial_likelihoods(n, data, tail):
    count = data.draw(st.integers(0, n))
    log = stats.binom.logpmf(count, n, [count / n, tail])
    expected = 2 * (log[0] - log[1])
    found = kupiec(_with(count, n), tail)
    assert found.statistic == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert found.p_value == pytest.approx(stats.chi2.sf(max(expected, 0), 1), abs=1e-6)


def test_kupiec_without_violations_and_with_nothing_else():
    assert kupiec([False] * 100, 0.05).statistic == pytest.approx(-200 * np.log(0.95))
    assert kupiec([True] * 100, 0.05).statistic == pytest.approx(-200 * np.log(0.05))


@pytest.mark.parametrize(("tail", "n"), [(0.05, 100), (0.01, 300), (0.1, 70)])
def test_kupiec_is_least_where_the_rate_is_right(tail, n):
    statistics = [kupiec(_with(count, n), tail).statistic for count in range(n + 1)]
    assert int(np.argmin(statistics)) == round(tail * n)
    assert 0 <= min(statistics) < 1e-12
    assert (np.diff(statistics)[round(tail * n) :] > 0).all()
    assert (np.diff(statistics)[: round(tail * n)] < 0).all()


# --- independence --------------------------------------------------------------------------------


def _step_by_step(hits: list[bool]) -> float:
    """The independence statistic from each transition's probability, one after another."""
    steps = list(pairwise(hits))
    ratio = 0.0
    for before, after in steps:
        alike = [b for a, b in steps if a == before]
        apart, together = alike.count(after) / len(alike), hits[1:].count(after) / len(steps)
        ratio += 2 * (np.log(apart) - np.log(together))
    return ratio


@FEW
@given(HITS, TAILS)
def test_christoffersen_step_by_step(hits, tail):
    expected = _step_by_step(hits.tolist())
    found = christoffersen(hits, tail)
    assert found.independence.statistic == pytest.approx(expected, abs=1e-9)
    assert found.independence.p_value == pytest.approx(stats.chi2.sf(max(expected, 0), 1), abs=1e-4)
    total = expected + kupiec(hits, tail).statistic
    assert found.conditional.statistic == pytest.approx(total, abs=1e-9)
    assert found.conditional.p_value == pytest.approx(stats.chi2.sf(total, 2), abs=1e-9)


def test_christoffersen_by_hand():
    """Of 4 transitions from none 1 is to a violation, of 3 from one 2 are, of all 7 then 3."""
    hits = [False, False, False, True, True, True, False, False]
    expected = 2 * np.log(
        (3 / 4) ** 3 * (1 / 4) * (2 / 3) ** 2 * (1 / 3) / ((3 / 7) ** 3 * (4 / 7) ** 4)
    )
    assert christoffersen(hits, 0.05).independence.statistic == pytest.approx(expected)


@pytest.mark.parametrize(
    "hits", [[False] * 50, [True] * 50, [False] * 49 + [True], [True] * 49 + [False], [True, False]]
)
def test_where_every_transition_starts_alike_nothing_speaks_against_independence(hits):
    found = christoffersen(hits, 0.05)
    assert found.independence == pytest.approx((0, 1), abs=1e-5)
    assert found.conditional.statistic == pytest.approx(kupiec(hits, 0.05).statistic)


@FEW
@given(HITS, TAILS)
def test_statistics_are_never_negative_and_p_values_never_above_one(hits, tail):
    for test in (kupiec(hits, tail), *christoffersen(hits, tail)):
        assert test.statistic >= 0
        assert 0 <= test.p_value <= 1


def test_rounding_does_not_turn_a_perfect_fit_into_a_negative_statistic():
    """A rate of 5 % where 1 - 0.95 is claimed; and 2 of 5 after a violation, 4 of 10 after none."""
    assert kupiec(_with(15, 300), 1 - 0.95) == (0, 1)
    hits = np.r_[[False] * 7, [True] * 3, [False, True] * 3]
    assert christoffersen(hits, 0.05).independence == (0, 1)


@FEW
@given(HITS, TAILS)
def test_the_order_of_sessions_is_nothing_to_kupiec(hits, tail):
    assert kupiec(hits[::-1], tail) == kupiec(hits, tail) == kupiec(np.sort(hits), tail)


def test_the_order_of_sessions_is_all_to_christoffersen():
    apart = np.arange(400) % 20 == 0
    clustered = _with(20, 400)
    assert christoffersen(apart, 0.05).independence.p_value > 0.1
    assert christoffersen(clustered, 0.05).independence.p_value < 1e-9
    assert kupiec(clustered, 0.05).p_value == pytest.approx(1)
    assert christoffersen(clustered, 0.05).conditional.p_value < 1e-9


@FEW
@given(HITS, TAILS)
def test_ones_and_zeros_are_hits_as_well(hits, tail):
    assert kupiec(hits.astype(float), tail) == kupiec(hits, tail)
    assert christoffersen(hits.astype(float), tail) == christoffersen(hits, tail)


@pytest.mark.parametrize("hits", [[], [[True, False]], [0, 2], [0.5, 1], [np.nan, 1]])
def test_hits_that_are_neither_true_nor_false_are_refused(hits):
    for test in (kupiec, christoffersen):
        with pytest.raises(ValueError, match="true or false"):
            test(hits, 0.05)


def test_a_single_session_has_no_transition():
    assert kupiec([True], 0.05).statistic == pytest.approx(-2 * np.log(0.05))
    with pytest.raises(ValueError, match="2 sessions or more"):
        christoffersen([True], 0.05)


@pytest.mark.parametrize("tail", [-0.05, 0, 0.5, 0.95, 5, np.nan])
def test_a_tail_that_is_none_is_refused_everywhere(tail):
    calls = [
        lambda: kupiec([True, False], tail),
        lambda: christoffersen([True, False], tail),
        lambda: kupiec_power(tail, 100, 1),
        lambda: christoffersen_power(tail, 100, 0.1),
        lambda: tick_loss([1.0], [-1.0], tail),
        lambda: shortfall_loss([1.0], [-1.0], [-2.0], tail),
        lambda: backtest([1.0, 1.0], [-1.0, -1.0], [-2.0, -2.0], tail),
    ]
    for call in calls:
        with pytest.raises(ValueError, match="between 0 and 0.5, such as 0.05"):
            call()


# --- losses --------------------------------------------------------------------------------------


@FEW
@given(st.integers(0, 2**32 - 1), TAILS)
def test_the_tick_loss_is_the_pinball_loss(seed, tail):
    returns, var, _ = _series(seed, 20)
    found = tick_loss(returns, var, tail)
    assert found.shape == (20,)
    expected = [mean_pinball_loss([y], [v], alpha=tail) for y, v in zip(returns, var, strict=True)]
    np.testing.assert_allclose(found, expected)


def test_the_losses_by_hand():
    """A violation of 1 below a VaR of -2, then a return of 3 above it; a shortfall of -4."""
    returns, var, shortfall = [-3.0, 1.0], [-2.0, -2.0], [-4.0, -4.0]
    assert tick_loss(returns, var, 0.05).tolist() == pytest.approx([0.95, 0.15])
    calm = 2 / 4 + np.log(4) - 1
    found = shortfall_loss(returns, var, shortfall, 0.05)
    assert found.tolist() == pytest.approx([calm + 1 / (0.05 * 4), calm])


@pytest.mark.parametrize("tail", [0.01, 0.05])
@pytest.mark.parametrize("freedom", [4, 30])
def test_the_expected_losses_are_least_for_the_true_pair(tail, freedom):
    """For Student's t, whose shortfall has a closed form; the expectation is over its quantiles."""
    returns = stats.t.ppf((np.arange(200_000) + 0.5) / 200_000, freedom)
    var = stats.t.ppf(tail, freedom)
    shortfall = -stats.t.pdf(var, freedom) / tail * (freedom + var**2) / (freedom - 1)
    assert returns[returns < var].mean() == pytest.approx(shortfall, rel=1e-2)

    def expected(v: float, e: float) -> float:
        ones = np.ones(len(returns))
        return float(shortfall_loss(returns, v * ones, e * ones, tail).mean())

    least = expected(var, shortfall)
    for v, e in product((0.9, 1.0, 1.1), (0.9, 1.0, 1.1)):
        if (v, e) != (1, 1) and e * shortfall <= v * var:
            assert expected(v * var, e * shortfall) > least
    ticks = [tick_loss(returns, np.full(len(returns), v * var), tail).mean() for v in (0.9, 1, 1.1)]
    assert np.argmin(ticks) == 1


@FEW
@given(st.integers(0, 2**32 - 1), st.floats(0.01, 100))
def test_another_unit_changes_no_difference_of_shortfall_losses(seed, factor):
    returns, var, shortfall = _series(seed, 20)
    found = shortfall_loss(factor * returns, factor * var, factor * shortfall, 0.05)
    expected = shortfall_loss(returns, var, shortfall, 0.05) + np.log(factor)
    np.testing.assert_allclose(found, expected, atol=1e-9)
    np.testing.assert_allclose(
        tick_loss(factor * returns, factor * var, 0.05), factor * tick_loss(returns, var, 0.05)
    )


@pytest.mark.parametrize("shortfall", [0.0, 1.0, -1.9])
@pytest.mark.parametrize("function", [shortfall_loss, backtest])
def test_a_shortfall_above_its_var_is_refused(function, shortfall):
    with pytest.raises(ValueError, match="no higher than its VaR"):
        function([1.0, 1.0], [-2.0, -2.0], [-3.0, shortfall], 0.05)


def test_a_forecast_that_sees_no_loss_is_backtested_but_for_the_joint_loss():
    found = backtest([-1.0, 1.0, 2.0], [1.0, 1.0, 1.0], [0.5, 0.5, 0.5], 0.05)
    assert found["violations"] == 1
    assert np.isnan(found["fz0_loss"])
    assert np.isfinite(found["tick_loss"])


def test_a_shortfall_of_zero_is_refused_even_where_the_var_is_above():
    with pytest.raises(ValueError, match="below zero"):
        shortfall_loss([1.0], [1.0], [0.0], 0.05)


def test_a_shortfall_may_equal_its_var():
    assert np.isfinite(shortfall_loss([-3.0], [-2.0], [-2.0], 0.05)).all()


# --- the whole backtest --------------------------------------------------------------------------


@FEW
@given(st.integers(0, 2**32 - 1), TAILS)
def test_a_backtest_puts_the_pieces_together(seed, tail):
    returns, var, shortfall = _series(seed, 80)
    found = backtest(returns, var, shortfall, tail)
    hits = returns < var
    share = proportion(hits.sum(), 80)
    assert all(type(value) is float for value in found.values())
    assert found == pytest.approx(
        {
            "sessions": 80,
            "violations": hits.sum(),
            "expected": 80 * tail,
            "share": share.estimate,
            "share_low": share.low,
            "share_high": share.high,
            "kupiec_p": kupiec(hits, tail).p_value,
            "independence_p": christoffersen(hits, tail).independence.p_value,
            "conditional_p": christoffersen(hits, tail).conditional.p_value,
            "tick_loss": tick_loss(returns, var, tail).mean(),
            "fz0_loss": shortfall_loss(returns, var, shortfall, tail).mean(),
            "shortfall_ratio": returns[hits].mean() / shortfall[hits].mean()
            if hits.any()
            else np.nan,
        },
        nan_ok=True,
    )


def test_violations_twice_as_deep_as_forecast_have_a_shortfall_ratio_of_two():
    """A shortfall that was forecast for a session without a violation is none of its business."""
    found = backtest([-4.0, -8.0, 1.0], [-1.0, -1.0, -1.0], [-2.0, -4.0, -90.0], 0.05)
    assert found["shortfall_ratio"] == pytest.approx(2)


@pytest.mark.filterwarnings("error")
def test_without_violations_there_is_no_shortfall_ratio():
    found = backtest([1.0] * 5, [-1.0] * 5, [-2.0] * 5, 0.05)
    assert np.isnan(found.pop("shortfall_ratio"))
    assert np.isfinite(list(found.values())).all()
    assert found["violations"] == found["share"] == 0
