"""The simple forecasts: against pandas, scipy and a simulated GARCH; and no look ahead."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from arch import arch_model
from scipy import stats

from paperlib.prices.series import load_prices
from paperlib.probabilistic.features import log_returns
from paperlib.probabilistic.volatility import ewma_volatility, garch_student_t, static_student_t

RETURNS = log_returns(load_prices("NFLX")).to_numpy()
TRAIN = 2000


def test_volatility_is_pandas_exponential_mean_from_the_same_start():
    start = np.mean(RETURNS[:30] ** 2)
    squares = pd.Series(np.r_[start, RETURNS**2])
    expected = np.sqrt(squares.ewm(alpha=0.06, adjust=False).mean())
    np.testing.assert_allclose(ewma_volatility(RETURNS), expected)


@pytest.mark.parametrize("model", [static_student_t, garch_student_t])
def test_a_later_return_changes_no_earlier_forecast(model):
    changed = RETURNS.copy()
    changed[2300:] *= 3
    before, after = model(RETURNS, TRAIN), model(changed, TRAIN)
    assert before.scale.shape == (1, len(RETURNS) + 1)
    for name in ("location", "scale", "df"):
        np.testing.assert_array_equal(
            getattr(before, name)[:, :2301], getattr(after, name)[:, :2301]
        )


def test_only_the_training_part_is_estimated_on():
    whole, part = static_student_t(RETURNS, TRAIN), static_student_t(RETURNS[:TRAIN], TRAIN)
    assert whole.df[0, 0] == part.df[0, 0]
    assert stats.t.fit(RETURNS[:TRAIN])[0] == pytest.approx(whole.df[0, 0])


def test_garch_follows_its_recursion():
    made = garch_student_t(RETURNS, TRAIN)
    p = arch_model(RETURNS[:TRAIN], dist="t").fit(disp="off").params
    variance = made.scale[0] ** 2 * p["nu"] / (p["nu"] - 2)
    shock = (RETURNS - p["mu"]) ** 2
    expected = p["omega"] + p["alpha[1]"] * shock + p["beta[1]"] * variance[:-1]
    np.testing.assert_allclose(variance[1:], expected, rtol=1e-6)
    assert (made.location == p["mu"]).all()


def test_garch_finds_the_process_that_made_the_returns():
    n, df, rng = 6000, 6.0, np.random.default_rng(0)
    shocks = rng.standard_t(df, n) * np.sqrt((df - 2) / df)
    variance, returns = np.full(n, 4.0), np.empty(n)
    for t in range(n):
        if t:
            variance[t] = 0.2 + 0.1 * (returns[t - 1] - 0.05) ** 2 + 0.85 * variance[t - 1]
        returns[t] = 0.05 + shocks[t] * np.sqrt(variance[t])
    made = garch_student_t(returns, 5000)
    assert made.df[0, 0] == pytest.approx(df, rel=0.25)
    volatility = made.scale[0, :-1] * np.sqrt(made.df[0, 0] / (made.df[0, 0] - 2))
    np.testing.assert_allclose(volatility[100:], np.sqrt(variance[100:]), rtol=0.15)


@pytest.mark.parametrize("returns", [np.ones(29), np.zeros(40), np.full(40, np.nan)])
def test_no_volatility_can_start_from_these(returns):
    with pytest.raises(ValueError, match="30 finite returns"):
        ewma_volatility(returns)
