"""What errors are made of and hang on, against other formulas and series of known kind."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats
from scipy.signal import lfilter

from paperlib.stats.residuals import decompose_error, diagnose

# On a grid, so that a series either changes by far more than rounding or not at all.
VALUES = st.integers(-1000, 1000).map(lambda n: n / 8)
PAIRS = st.integers(3, 30).flatmap(
    lambda n: st.tuples(
        hnp.arrays(np.float64, n, elements=VALUES), hnp.arrays(np.float64, n, elements=VALUES)
    )
)
N, BEFORE = 400, 30  # sessions with an error, and sessions of prices before them


def _assume_shares(y: np.ndarray, y_hat: np.ndarray) -> None:
    assume(np.ptp(y) > 0 and np.ptp(y_hat) > 0 and (y != y_hat).any())


# --- shares of the error -------------------------------------------------------------------------


def test_shares_by_hand():
    """Came 0, 2, 1, 3; forecast 1, 3, 3, 5. The errors -1, -1, -2, -2 have an MSE of 2.5.

    Their mean is -1.5, so the bias is 2.25. Around their means: came -3/2, 1/2, -1/2, 3/2 and
    forecast -2, 0, 0, 2, with products of 6 in all and squares of 5 and of 8. What came lies on
    the forecast with a slope of 6/8, which leaves 5 - 36/8 = 0.5 of squares, 0.125 a session. The
    rest, 0.125, is the regression's. The forecast lies on what came with a slope of 6/5: that line
    is off by 1.5 plus 1/5 of each distance from the mean: 2.25 + 5/4 * 0.04 = 2.3.
    """
    found = decompose_error([0, 2, 1, 3], [1, 3, 3, 5])
    expected = {"bias": 2.25, "regression": 0.125, "disturbance": 0.125, "willmott_systematic": 2.3}
    assert found == pytest.approx({name: 100 * share / 2.5 for name, share in expected.items()})


@given(PAIRS)
def test_bias_regression_and_disturbance_make_a_hundred(pair):
    _assume_shares(*pair)
    found = decompose_error(*pair)
    shares = [found[name] for name in ("bias", "regression", "disturbance")]
    assert sum(shares) == pytest.approx(100)
    assert min(shares) > -1e-6


@given(PAIRS)
def test_shares_are_theils_by_spread_and_correlation(pair):
    """As Theil writes them: (s_f - r s_y)² and (1 - r²) s_y², with biased standard deviations."""
    _assume_shares(*pair)
    y, y_hat = pair
    whole, r = np.mean((y - y_hat) ** 2), np.corrcoef(y, y_hat)[0, 1]
    found = decompose_error(y, y_hat)
    assert found["bias"] == pytest.approx(100 * (y.mean() - y_hat.mean()) ** 2 / whole, abs=1e-6)
    regression = (y_hat.std() - r * y.std()) ** 2
    assert found["regression"] == pytest.approx(100 * regression / whole, abs=1e-6)
    disturbance = (1 - r**2) * y.var()
    assert found["disturbance"] == pytest.approx(100 * disturbance / whole, abs=1e-6)


@given(PAIRS)
def test_willmotts_share_is_that_of_a_fitted_line(pair):
    """His unsystematic part, the scatter of the forecast around its line, is what is left."""
    _assume_shares(*pair)
    y, y_hat = pair
    line = np.polyval(np.polyfit(y, y_hat, 1), y)
    whole = np.mean((y_hat - y) ** 2)
    found = decompose_error(y, y_hat)["willmott_systematic"]
    assert found == pytest.approx(100 * np.mean((line - y) ** 2) / whole, abs=1e-6)
    assert found == pytest.approx(100 - 100 * np.mean((y_hat - line) ** 2) / whole, abs=1e-6)


def test_an_error_that_is_always_the_same_is_all_bias():
    y = np.random.default_rng(0).normal(size=50)
    expected = {"bias": 100, "regression": 0, "disturbance": 0, "willmott_systematic": 100}
    assert decompose_error(y, y + 3) == pytest.approx(expected, abs=1e-9)


def test_a_forecast_that_swings_too_far_is_all_regression():
    y = np.random.default_rng(1).normal(size=50)
    expected = {"bias": 0, "regression": 100, "disturbance": 0, "willmott_systematic": 100}
    assert decompose_error(y, y.mean() + 2 * (y - y.mean())) == pytest.approx(expected, abs=1e-9)


def test_noise_in_outcomes_is_theils_disturbance_and_noise_in_forecasts_not_systematic():
    """Theil asks what the forecast could tell, Willmott what was there to tell."""
    signal, noise = np.random.default_rng(2).normal(size=(2, 20_000))
    outcome_noisy = decompose_error(signal + noise, signal)
    assert outcome_noisy["disturbance"] > 99.5
    assert outcome_noisy["willmott_systematic"] == pytest.approx(50, abs=2)
    forecast_noisy = decompose_error(signal, signal + noise)
    assert forecast_noisy["disturbance"] == pytest.approx(50, abs=2)
    assert forecast_noisy["willmott_systematic"] < 0.5


@given(PAIRS, st.integers(-10, 10), st.sampled_from([-1, 1]), VALUES)
def test_shares_have_neither_unit_nor_origin(pair, power, sign, shift):
    _assume_shares(*pair)
    y, y_hat = pair
    factor = sign * 2.0**power
    found = decompose_error(factor * (y + shift), factor * (y_hat + shift))
    assert found == pytest.approx(decompose_error(y, y_hat), abs=1e-6)


@pytest.mark.parametrize(
    ("actual", "forecast", "says"),
    [
        ([1.0, 2.0, 3.0], [1.0, 2.0], "one length"),
        ([1.0, 2.0, np.nan], [1.0, 2.0, 4.0], "finite"),
        ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], "need errors"),
        ([1.0, 2.0, 3.0], [2.0, 2.0, 2.0], "forecasts and outcomes that change"),
        ([2.0, 2.0, 2.0], [1.0, 2.0, 3.0], "forecasts and outcomes that change"),
    ],
)
def test_shares_that_do_not_exist_are_refused(actual, forecast, says):
    with pytest.raises(ValueError, match=says):
        decompose_error(actual, forecast)


# --- tests of the errors -------------------------------------------------------------------------


def _prices(seed: int) -> pd.DataFrame:
    """A random walk in logs and a volume without memory, (BEFORE + N) sessions."""
    rng = np.random.default_rng(seed)
    close = 100 * np.exp(rng.normal(0, 0.02, BEFORE + N).cumsum())
    volume = rng.lognormal(15, 0.5, BEFORE + N)
    sessions = pd.bdate_range("2016-01-04", periods=BEFORE + N)
    return pd.DataFrame({"close": close, "volume": volume}, index=sessions)


def _on_sessions(errors: np.ndarray) -> pd.Series:
    return pd.Series(errors, index=_prices(0).index[BEFORE:])


def _noise(seed: int) -> pd.Series:
    return _on_sessions(np.random.default_rng(seed).normal(size=N))


def _with_arch_effects(seed: int) -> pd.Series:
    """Each variance follows the square before; signs, and so the levels, stay unforeseeable."""
    e = np.random.default_rng(seed).normal(size=N)
    for t in range(1, N):
        e[t] *= np.sqrt(0.3 + 0.7 * e[t - 1] ** 2)
    return _on_sessions(e)


# Not asserted: Ljung and Box's test where variances cluster, and Engle's where levels do. Each is
# made for the other's null and rejects too often then.
@pytest.mark.parametrize(
    ("errors", "rejected", "kept"),
    [
        (_noise(3), {"adf"}, {"kpss", "ljung_box", "arch_lm"}),
        (_noise(4).cumsum(), {"kpss", "ljung_box"}, {"adf"}),
        (_with_arch_effects(5), {"adf", "arch_lm"}, {"kpss"}),
        (_on_sessions(lfilter([1, 0.5], [1], _noise(6))), {"adf", "ljung_box"}, {"kpss"}),
        (_noise(20) + np.linspace(-1, 1, N), {"kpss", "ljung_box"}, set()),
    ],
    ids=["white noise", "random walk", "arch", "moving average", "trend"],
)
def test_each_test_rejects_what_it_should(errors, rejected, kept):
    p_values = diagnose(errors, _prices(7)).loc[sorted(rejected | kept), "p_value"]
    assert set(p_values.index[p_values < 0.05]) == rejected


def test_a_bias_is_neither_a_unit_root_nor_an_autocorrelation():
    errors, prices = _noise(19), _prices(19)
    tests = ["adf", "kpss", "ljung_box"]
    there, biased = (diagnose(e, prices).loc[tests] for e in (errors, errors + 20))
    pd.testing.assert_frame_equal(biased, there, rtol=1e-6)


def test_the_table_has_a_row_a_test():
    found = diagnose(_noise(8), _prices(8))
    assert list(found.index) == [
        "adf",
        "kpss",
        "ljung_box",
        "arch_lm",
        "size_and_price",
        "size_and_volatility",
        "size_and_volatility_now",
        "size_and_volatility_week",
        "error_and_price",
        "error_and_volatility",
        "granger_volume_1",
        "granger_volume_2",
        "granger_volume_3",
        "granger_volume_5",
        "granger_volume_10",
        "granger_change_5",
        "granger_size_5",
    ]
    assert list(found.columns) == ["statistic", "p_value"]
    assert found["p_value"].between(0, 1).all()


def test_ljung_box_sums_the_squared_autocorrelations_of_a_week():
    e = _noise(9)
    centred = e.to_numpy() - e.mean()
    r = [centred[k:] @ centred[:-k] / (centred @ centred) for k in range(1, 6)]
    statistic = N * (N + 2) * sum(x**2 / (N - k) for k, x in enumerate(r, start=1))
    found = diagnose(e, _prices(9)).loc["ljung_box"]
    assert tuple(found) == pytest.approx((statistic, stats.chi2.sf(statistic, 5)))


def _lagged(series: np.ndarray) -> np.ndarray:
    """The five values before each but the first five, (n - 5, 5)."""
    return np.column_stack([series[5 - k : len(series) - k] for k in range(1, 6)])


def _residual_squares(y: np.ndarray, *regressors: np.ndarray) -> float:
    x = np.column_stack([np.ones(len(y)), *regressors])
    return float(((y - x @ np.linalg.lstsq(x, y)[0]) ** 2).sum())


def test_arch_lm_regresses_each_square_on_those_of_the_week_before():
    e = _noise(10)
    squares = (e - e.mean()).to_numpy() ** 2
    y = squares[5:]
    r_squared = 1 - _residual_squares(y, _lagged(squares)) / ((y - y.mean()) ** 2).sum()
    statistic = (N - 5) * r_squared
    found = diagnose(e, _prices(10)).loc["arch_lm"]
    assert tuple(found) == pytest.approx((statistic, stats.chi2.sf(statistic, 5)))


def test_granger_asks_what_a_week_of_log_volume_adds_to_a_week_of_errors():
    e, prices = _noise(11), _prices(11)
    y, volume = e.to_numpy(), np.log(prices["volume"].to_numpy()[BEFORE:])
    without = _residual_squares(y[5:], _lagged(y))
    with_volume = _residual_squares(y[5:], _lagged(y), _lagged(volume))
    left = N - 5 - 11
    statistic = (without - with_volume) / 5 / (with_volume / left)
    found = diagnose(e, prices).loc["granger_volume_5"]
    assert tuple(found) == pytest.approx((statistic, stats.f.sf(statistic, 5, left)))


def test_granger_of_changes_and_of_sizes_are_of_those():
    e, prices = _noise(11), _prices(11)
    found = diagnose(e, prices)
    size = diagnose(e.abs(), prices).loc["granger_volume_5"]
    pd.testing.assert_series_equal(found.loc["granger_size_5"], size, check_names=False)
    grown = prices.assign(volume=np.exp(np.log(prices["volume"]).diff().fillna(0)))
    change = diagnose(e, grown).loc["granger_volume_5"]
    pd.testing.assert_series_equal(found.loc["granger_change_5"], change, check_names=False)


def test_errors_driven_by_the_volume_before_are_found_and_volume_driven_by_errors_is_not():
    prices, noise = _prices(12), _noise(12)
    log_volume = np.log(prices["volume"])
    driven = (noise + log_volume.shift(3)).loc[noise.index]
    assert diagnose(driven, prices).loc["granger_volume_5", "p_value"] < 1e-6
    # The other way round the volume follows the errors, and tells nothing of the next.
    followed = prices.assign(volume=np.exp(log_volume + noise.shift(3, fill_value=0)))
    followed["volume"] = followed["volume"].fillna(prices["volume"])
    assert diagnose(noise, followed).loc["granger_volume_5", "p_value"] > 0.05


@pytest.mark.parametrize("volume", [np.nan, 0.0])
def test_without_volume_there_is_no_test_of_it_and_the_others_stand(volume):
    prices, e = _prices(13), _noise(13)
    whole = diagnose(e, prices)
    prices.iloc[-1, prices.columns.get_loc("volume")] = volume
    found = diagnose(e, prices)
    of_volume = found.index[found.index.str.startswith("granger")]
    assert found.loc[of_volume].isna().all(axis=None)
    rest = found.index.drop(of_volume)
    pd.testing.assert_frame_equal(found.loc[rest], whole.loc[rest])


def test_volume_before_the_errors_is_not_needed():
    prices, e = _prices(14), _noise(14)
    whole = diagnose(e, prices)
    prices.iloc[: BEFORE - 1, prices.columns.get_loc("volume")] = np.nan  # a change needs one
    pd.testing.assert_frame_equal(diagnose(e, prices), whole)


def test_the_size_of_errors_is_correlated_with_price_and_with_volatility_before():
    prices, e = _prices(15), _noise(15)
    close = prices["close"].to_numpy()
    found = diagnose(e, prices)
    # The close of a session and, of the twenty returns that end the session before, the spread.
    volatility = [
        np.std(np.diff(np.log(close[t - 21 : t])), ddof=1) for t in range(BEFORE, len(close))
    ]
    week = [
        np.std(np.diff(np.log(close[t - 5 : t + 1])), ddof=1) for t in range(BEFORE, len(close))
    ]
    for test, other in (
        ("size_and_price", close[BEFORE:]),
        ("size_and_volatility", volatility),
        ("size_and_volatility_week", week),
    ):
        r = np.corrcoef(np.abs(e), other)[0, 1]
        t = r * np.sqrt((N - 2) / (1 - r**2))
        assert found.loc[test, "statistic"] == pytest.approx(r)
        assert found.loc[test, "p_value"] == pytest.approx(2 * stats.t.sf(abs(t), N - 2))


def test_errors_that_grow_with_the_price_are_found():
    prices = _prices(16)
    e = _noise(16) * prices["close"].loc[_noise(16).index] ** 2
    found = diagnose(e, prices).loc["size_and_price"]
    assert found["statistic"] > 0.3
    assert found["p_value"] < 1e-6


def test_volatility_looks_only_at_sessions_before():
    prices, e = _prices(17), _noise(17)
    close = prices.columns.get_loc("close")
    before = diagnose(e, prices)
    last, last_but_one = prices.copy(), prices.copy()
    last.iloc[-1, close] *= 2
    last_but_one.iloc[-2, close] *= 2
    changed = [(diagnose(e, x) != before).any(axis=1) for x in (last, last_but_one)]
    of_the_day = {"size_and_price", "error_and_price"}
    of_the_day |= {"size_and_volatility_now", "size_and_volatility_week"}
    assert set(before.index[changed[0]]) == of_the_day
    before_it = {"size_and_volatility", "error_and_volatility"}
    assert set(before.index[changed[1]]) == of_the_day | before_it


def test_twenty_one_sessions_before_are_enough():
    prices, e = _prices(18), _noise(18)
    whole = diagnose(e, prices)
    pd.testing.assert_frame_equal(diagnose(e, prices.iloc[BEFORE - 21 :]), whole)
    short = diagnose(e, prices.iloc[BEFORE - 20 :])
    assert short.loc["size_and_volatility"].isna().all()
