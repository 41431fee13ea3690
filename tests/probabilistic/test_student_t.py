"""Student-t mixtures, against scipy's and scoringrules' single ones, and against quadrature."""

from __future__ import annotations

import numpy as np
import pytest
import scoringrules
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special, stats

from paperlib.probabilistic.student_t import StudentMixture, combine, join

RNG = np.random.default_rng(0)
N = 40
SINGLE = StudentMixture(
    RNG.normal(0, 1, (1, N)), RNG.uniform(0.2, 5, (1, N)), RNG.uniform(2, 30, (1, N))
)
MIXED = StudentMixture(
    RNG.normal(0, 1, (3, N)), RNG.uniform(0.5, 5, (3, N)), RNG.uniform(2, 30, (3, N))
)
CAME = RNG.standard_t(2, N) * 5


def _cdf(mixture: StudentMixture, session: int, x: float) -> float:
    """Average scipy's distribution functions."""
    z = (x - mixture.location[:, session]) / mixture.scale[:, session]
    return float(special.stdtr(mixture.df[:, session], z).mean())


def test_a_single_one_scores_as_scoringrules_says():
    of = SINGLE.df[0], SINGLE.location[0], SINGLE.scale[0]
    np.testing.assert_allclose(SINGLE.crps(CAME), scoringrules.crps_t(CAME, *of), rtol=1e-6)
    np.testing.assert_allclose(SINGLE.log_score(CAME), scoringrules.logs_t(CAME, *of), rtol=1e-9)


def test_a_mixtures_crps_is_that_of_quadrature():
    found = MIXED.crps(CAME)
    for session in range(0, N, 8):
        y = CAME[session]
        points = {"limit": 400, "epsabs": 1e-9}
        below = integrate.quad(lambda x, s=session: _cdf(MIXED, s, x) ** 2, -4000, y, **points)[0]
        above = integrate.quad(
            lambda x, s=session: (1 - _cdf(MIXED, s, x)) ** 2, y, 4000, **points
        )[0]
        assert found[session] == pytest.approx(below + above, rel=1e-4)


def test_density_and_distribution_belong_together():
    step = 1e-5
    slope = (MIXED.cdf(CAME + step) - MIXED.cdf(CAME - step)) / (2 * step)
    np.testing.assert_allclose(np.exp(-MIXED.log_score(CAME)), slope, rtol=1e-4)


@settings(max_examples=30)
@given(probability=st.floats(0.001, 0.999))
def test_quantile_undoes_the_distribution_function(probability):
    np.testing.assert_allclose(MIXED.cdf(MIXED.quantile(probability)), probability, rtol=1e-9)


def test_quantiles_of_a_single_one_are_scipys():
    expected = stats.t.ppf(0.01, SINGLE.df[0], SINGLE.location[0], SINGLE.scale[0])
    np.testing.assert_allclose(SINGLE.quantile(0.01), expected, rtol=1e-9)


@pytest.mark.parametrize("tail", [0.05, 0.01])
def test_shortfall_is_the_mean_of_the_quantiles_below(tail):
    # By definition the average of the quantile function over (0, tail); s is put in as tail * s**8,
    # so that the steep end near zero gets its nodes.
    nodes, weights = np.polynomial.legendre.leggauss(80)
    s = (nodes + 1) / 2
    expected = sum(
        w / 2 * MIXED.quantile(float(tail * x**8)) * 8 * x**7
        for x, w in zip(s, weights, strict=True)
    )
    np.testing.assert_allclose(MIXED.shortfall(tail), expected, rtol=1e-5)
    assert (MIXED.shortfall(tail) < MIXED.quantile(tail)).all()


def test_combining_equals_averaging_distribution_functions():
    both = combine([SINGLE, MIXED])
    assert both.location.shape == (4, N)
    np.testing.assert_allclose(both.cdf(CAME), (SINGLE.cdf(CAME) + 3 * MIXED.cdf(CAME)) / 4)


def test_a_factor_scales_quantiles_and_scores():
    factor = RNG.uniform(0.5, 3, N)
    np.testing.assert_allclose(MIXED.times(factor).quantile(0.1), factor * MIXED.quantile(0.1))
    np.testing.assert_allclose(MIXED.times(factor).crps(factor * CAME), factor * MIXED.crps(CAME))


def test_sessions_that_follow_each_other_are_joined_in_their_order():
    whole = join([MIXED.at(slice(5)), MIXED.at(slice(5, 9)), MIXED.at(slice(9, None))])
    for array in ("location", "scale", "df"):
        np.testing.assert_array_equal(getattr(whole, array), getattr(MIXED, array))


def test_sessions_can_be_picked():
    np.testing.assert_array_equal(MIXED.at(slice(3, 7)).scale, MIXED.scale[:, 3:7])


@pytest.mark.parametrize("probability", [0.0, 1.0, -0.1, np.nan])
def test_no_quantile_outside_of_probabilities(probability):
    with pytest.raises(ValueError, match="between 0 and 1"):
        MIXED.quantile(probability)


@pytest.mark.parametrize(
    ("location", "scale", "df", "says"),
    [
        (np.zeros((1, 2)), np.ones((1, 3)), np.full((1, 2), 3.0), "must all be"),
        (np.zeros(2), np.ones(2), np.full(2, 3.0), "must all be"),
        (np.full((1, 2), np.nan), np.ones((1, 2)), np.full((1, 2), 3.0), "finite"),
        (np.zeros((1, 2)), np.zeros((1, 2)), np.full((1, 2), 3.0), "above 0"),
        (np.zeros((1, 2)), np.ones((1, 2)), np.ones((1, 2)), "above 1"),
    ],
)
def test_what_is_no_distribution_is_refused(location, scale, df, says):
    with pytest.raises(ValueError, match=says):
        StudentMixture(location, scale, df)
