"""What the errors of a forecast are made of, and what they still hang on."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats
from statsmodels.stats.diagnostic import acorr_ljungbox, het_arch
from statsmodels.tools.sm_exceptions import InterpolationWarning
from statsmodels.tsa.stattools import adfuller, grangercausalitytests, kpss

from paperlib.metrics import mse

LAGS = 5  # a week of sessions, where a test wants a number of lags
GRANGER_LAGS = (1, 2, 3, 5, 10)
VOLATILITY_SESSIONS = 20  # a month of sessions
SIGNED = ("price", "volatility")


def decompose_error(actual: ArrayLike, forecast: ArrayLike) -> dict[str, float]:
    """Split the MSE into shares, in per cent, by the two usual recipes.

    - Theil (1966) regresses what came on the forecast: ``bias``, the squared mean error;
      ``regression``, what a straight-line correction of the forecast would take away besides; and
      ``disturbance``, the rest. The three make 100.
    - Willmott (1981) regresses the forecast on what came: ``willmott_systematic`` is the share
      of the line's distance from what came; the rest scatters around the line.

    Args:
        actual: (n,) observed values.
        forecast: (n,) forecasts of them, not all alike.

    Raises:
        ValueError: for shapes that don't fit, values that are not finite, a forecast without an
            error, or one or an outcome that never changes.
    """
    y, y_hat = np.asarray(actual, dtype=np.float64), np.asarray(forecast, dtype=np.float64)
    whole = mse(y, y_hat)
    if whole == 0 or np.ptp(y) == 0 or np.ptp(y_hat) == 0:
        raise ValueError("the shares need errors, and forecasts and outcomes that change.")
    bias = (y - y_hat).mean() ** 2
    disturbance = np.mean((y - _line(y_hat, y)) ** 2)
    shares = {
        "bias": bias,
        "regression": whole - bias - disturbance,
        "disturbance": disturbance,
        "willmott_systematic": np.mean((_line(y, y_hat) - y) ** 2),
    }
    return {name: float(100 * share / whole) for name, share in shares.items()}


def _line(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the least-squares line of y on x, at each x."""
    fitted = stats.linregress(x, y)
    return fitted.intercept + fitted.slope * x


def diagnose(errors: pd.Series, prices: pd.DataFrame) -> pd.DataFrame:
    """Test one-step errors as section 4.2 does, and as is usual.

    - ``adf``, null: the errors have a unit root; ``kpss``, null: they are stationary;
    - ``ljung_box``, null: they have no autocorrelation up to lag 5, if of constant variance;
      ``arch_lm``, null: nor do the squares of their distances from the mean, among errors that are
      uncorrelated themselves;
    - ``size_and_price``, ``size_and_volatility``: Pearson's correlation of the error's size with
      the close, and with the standard deviation of the twenty log returns before it; ``..._now``
      and ``..._week`` with that of the twenty and the five returns up to the session itself;
      ``error_and_...`` of the error with its sign; null: zero, among independent errors, which
      these are not;
    - ``granger_volume_k``, null: the log volume of the k sessions before adds nothing to the
      errors of those sessions, where the error of the next is to be told; ``granger_change_5``
      the same of the change of the log volume, ``granger_size_5`` of the error's size.

    Args:
        errors: (n,) actual minus forecast in dollars, indexed by session.
        prices: with ``close`` and ``volume``, of these sessions and twenty-one before.

    Returns:
        One row a test, with ``statistic`` and ``p_value``; NaN for a test that cannot be made, as
        those of volume where a session has none.
    """
    e = errors.to_numpy(dtype=np.float64)
    close, size = prices["close"], np.abs(e)
    returns = np.log(close).diff()
    now = returns.rolling(VOLATILITY_SESSIONS).std()
    movers = {
        "price": close,
        "volatility": now.shift(1),
        "volatility_now": now,
        "volatility_week": returns.rolling(LAGS).std(),
    }
    movers = {name: values.loc[errors.index] for name, values in movers.items()}
    volume = np.log(prices["volume"].where(prices["volume"] > 0))
    log_volume, change = (x.loc[errors.index].to_numpy() for x in (volume, volume.diff()))
    adf = adfuller(e, result_object=True)
    ljung_box = acorr_ljungbox(e, lags=[LAGS]).iloc[0]
    rows = {
        "adf": (adf.statistic, adf.pvalue),
        "kpss": _kpss(e),
        "ljung_box": (ljung_box["lb_stat"], ljung_box["lb_pvalue"]),
        "arch_lm": het_arch(e - e.mean(), nlags=LAGS, result_object=True)[:2],
        **{f"size_and_{name}": stats.pearsonr(size, x) for name, x in movers.items()},
        **{f"error_and_{name}": stats.pearsonr(e, movers[name]) for name in SIGNED},
        **{f"granger_volume_{lags}": _granger(e, log_volume, lags) for lags in GRANGER_LAGS},
        f"granger_change_{LAGS}": _granger(e, change, LAGS),
        f"granger_size_{LAGS}": _granger(size, log_volume, LAGS),
    }
    return pd.DataFrame(
        {test: tuple(map(float, found)) for test, found in rows.items()},
        index=["statistic", "p_value"],
    ).T.rename_axis("test")


def _kpss(errors: np.ndarray) -> tuple[float, float]:
    with warnings.catch_warnings():  # its table of p-values ends at 0.01 and 0.1
        warnings.simplefilter("ignore", InterpolationWarning)
        found = kpss(errors, result_object=True)
    return found.statistic, found.pvalue


def _granger(errors: np.ndarray, outside: np.ndarray, lags: int) -> tuple[float, float]:
    if not np.isfinite(outside).all():
        return np.nan, np.nan
    table = np.column_stack([errors, outside])
    statistic, p_value, *_ = grangercausalitytests(table, [lags])[lags][0]["ssr_ftest"]
    return statistic, p_value
