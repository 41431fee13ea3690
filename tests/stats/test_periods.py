"""Intervals over periods equal scipy's, and decide as Holm's method does."""

from __future__ import annotations

import gc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats
from statsmodels.stats.multitest import multipletests

from paperlib.stats.periods import holm_intervals, mean_over_periods, neighbours_correlation

EIGHT = hnp.arrays(np.float64, 8, elements=st.floats(-3, 3), unique=True)
FAMILY = st.lists(EIGHT, min_size=1, max_size=6).map(
    lambda of: dict(zip("abcdef", of, strict=False))
)


def test_eight_periods_by_hand():
    """Mean 0.2, standard deviation 0.1, so 0.2 ± 2.365 · 0.1 / √8."""
    effects = 0.2 + 0.1 * np.array([1, -1] * 4) * np.sqrt(7 / 8)
    found = mean_over_periods(effects)
    assert found == pytest.approx(
        (0.2, 0.2 - 2.3646 * 0.1 / 8**0.5, 0.2 + 2.3646 * 0.1 / 8**0.5), abs=1e-5
    )


@given(EIGHT)
def test_the_interval_is_scipys(effects):
    expected = stats.ttest_1samp(effects, 0).confidence_interval(0.95)
    assert mean_over_periods(effects)[1:] == pytest.approx(tuple(expected))


@pytest.fixture(scope="module")
def few_objects():
    """Leave what is there out of the garbage that statsmodels collects in each call."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("few_objects")
@given(FAMILY)
def test_an_adjusted_interval_leaves_out_zero_exactly_where_holm_rejects(effects):
    p_values = [stats.ttest_1samp(of, 0).pvalue for of in effects.values()]
    rejected = multipletests(p_values, alpha=0.05, method="holm")[0]
    found = holm_intervals(effects)
    assert list(found) == list(effects)
    near = np.abs(np.array(p_values)[:, None] * np.arange(1, 7) - 0.05).min() < 1e-9
    if not near:  # within rounding of the threshold either answer is right
        assert [of.low > 0 or of.high < 0 for of in found.values()] == list(rejected)


def with_p_value(p_value: float) -> np.ndarray:
    """Make eight effects of one standard deviation whose mean has this p-value."""
    spread = np.array([1, -1] * 4) * np.sqrt(7 / 8)
    return spread + stats.t.isf(p_value / 2, 7) / np.sqrt(8)


@pytest.mark.parametrize(
    ("p_values", "rejected"),
    [
        ((0.03, 0.04), (False, False)),  # each alone would be; the least must be below 0.025
        ((0.02, 0.04), (True, True)),  # then the next is held against 0.05
        ((0.04, 0.01, 0.03), (False, True, False)),  # 0.03 against 0.025 ends it, 0.04 or not
        ((0.009, 0.6, 0.6, 0.6, 0.6), (True, False, False, False, False)),
        ((0.011, 0.6, 0.6, 0.6, 0.6), (False, False, False, False, False)),
    ],
)
def test_holm_by_hand(p_values, rejected):
    family = {str(number): with_p_value(p) for number, p in enumerate(p_values)}
    assert stats.ttest_1samp(family["0"], 0).pvalue == pytest.approx(p_values[0])
    assert tuple(found.low > 0 for found in holm_intervals(family).values()) == rejected


@given(FAMILY)
def test_adjusting_widens_and_moves_nothing(effects):
    for name, adjusted in holm_intervals(effects).items():
        plain = mean_over_periods(effects[name])
        assert adjusted.estimate == plain.estimate
        assert adjusted.low <= plain.low + 1e-12
        assert adjusted.high >= plain.high - 1e-12


def test_one_effect_alone_is_not_adjusted():
    effects = np.arange(8.0)
    assert holm_intervals({"a": effects})["a"] == mean_over_periods(effects)


def test_an_effect_that_never_varies_needs_no_test():
    found = holm_intervals({"none": np.zeros(8), "one": np.ones(8)})
    assert found["none"] == (0, 0, 0)
    assert found["one"] == (1, 1, 1)


@pytest.mark.parametrize("effects", [[1.0], [1.0, np.nan], [[1.0, 2.0]]])
def test_too_little_is_refused(effects):
    with pytest.raises(ValueError, match="at least two finite effects"):
        mean_over_periods(effects)


def test_neighbours():
    assert neighbours_correlation([1, 2, 3, 4, 5]) == pytest.approx(1)
    assert neighbours_correlation([1, -1, 1, -1, 1]) == pytest.approx(-1)
