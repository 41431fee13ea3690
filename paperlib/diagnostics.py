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
VOLATILITY_SESSIONS = 20  # a month of sessions


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
    - ``ljung_box``, null: they have no autocorrelation up to lag 5, among errors of even size;
      ``arch_lm``, null: nor do the squares of their distances from the mean, among errors that are
      uncorrelated themselves;
    - ``size_and_price``, ``size_and_volatility``: Pearson's correlation of the error's size with
      the close, and with the standard deviation of the twenty log returns before it; null: zero,
      among independent errors, which these are not;
    - ``granger_volume``, null: the log volume of the five sessions before adds nothing to the
      errors of those sessions, where the error of the next is to be told.

    Args:
        errors: (n,) actual minus forecast in dollars, indexed by session.
        prices: with ``close`` and ``volume``, of these sessions and twenty-one before.

    Returns:
        One row a test, with ``statistic`` and ``p_value``; NaN for a test that cannot be made, as
        that of volume without volume.
    """
    e = errors.to_numpy(dtype=np.float64)
    close = prices["close"]
    volatility = np.log(close).diff().rolling(VOLATILITY_SESSIONS).std().shift(1)
    adf = adfuller(e, result_object=True)
    ljung_box = acorr_ljungbox(e, lags=[LAGS]).iloc[0]
    rows = {
        "adf": (adf.statistic, adf.pvalue),
        "kpss": _kpss(e),
        "ljung_box": (ljung_box["lb_stat"], ljung_box["lb_pvalue"]),
        "arch_lm": het_arch(e - e.mean(), nlags=LAGS, result_object=True)[:2],
        "size_and_price": stats.pearsonr(np.abs(e), close.loc[errors.index]),
        "size_and_volatility": stats.pearsonr(np.abs(e), volatility.loc[errors.index]),
        "granger_volume": _granger(e, prices["volume"].loc[errors.index]),
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


def _granger(errors: np.ndarray, volume: pd.Series) -> tuple[float, float]:
    traded = volume.to_numpy(dtype=np.float64)
    if not (traded > 0).all():
        return np.nan, np.nan
    table = np.column_stack([errors, np.log(traded)])
    statistic, p_value, *_ = grangercausalitytests(table, [LAGS])[LAGS][0]["ssr_ftest"]
    return statistic, p_value
