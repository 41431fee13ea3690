"""Simple forecasts: persistence, drift, mean return, and ARIMA by the paper's own steps.

Each is estimated once, on the closes before the first test target, and rolled forward: a forecast
reads every close up to its origin, with the parameters as they were.
"""

from __future__ import annotations

import warnings
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from statsmodels.tsa.arima.model import ARIMA, ARIMAResults
from statsmodels.tsa.stattools import acf, adfuller, pacf

MAX_LAG = 10  # how far the correlograms are read, two weeks
MAX_ORDER = 2  # of p and q, where the information criteria choose


def simple_paths(close: ArrayLike, first: int, horizon: int) -> dict[str, np.ndarray]:
    """Forecast by persistence, by the mean change and by the mean log return of the training part.

    Args:
        close: (n,) dollars, in time order.
        first: number of the first target; the means are of the closes before it.
        horizon: sessions ahead.

    Returns:
        For each of ``persistence`` ("tomorrow equals today"), ``drift`` and ``mean_return``
        (n - first, horizon) dollars, laid out as by :func:`paperlib.forecasting.forecast_paths`.

    Raises:
        ValueError: if fewer than two closes come before the first target, or none after.
    """
    dollars = np.asarray(close, dtype=np.float64)
    if not 2 <= first < len(dollars):
        raise ValueError(f"the first target must leave closes on both sides, got number {first}.")
    today = dollars[first - 1 : -1, None]
    steps = np.arange(1, horizon + 1)
    change = np.diff(dollars[:first]).mean()
    log_return = np.diff(np.log(dollars[:first])).mean()
    return {
        "persistence": np.repeat(today, horizon, axis=1),
        "drift": today + change * steps,
        "mean_return": today * np.exp(log_return * steps),
    }


class Orders(NamedTuple):
    """What the paper's steps say of (p, d, q), and the p-values of the ADF tests on the way."""

    cut_off: tuple[int, int, int]  # p and q: the leading lags outside the band
    last_lag: tuple[int, int, int]  # p and q: the last lag outside the band
    adf_p: list[float]  # of the series, then differenced: until below 0.05, or twice


def choose_orders(train: ArrayLike) -> Orders:
    """Choose (p, d, q) as section 3.3 does: d by the ADF test, p from the PACF, q from the ACF.

    The paper does not say how a correlogram is read. Box & Jenkins look for the lag at which it
    cuts off: here the number of leading lags outside the 95 % band of white noise. Less strictly,
    any lag outside the band counts, up to ten.

    Args:
        train: (n,) closes.
    """
    series = np.asarray(train, dtype=np.float64)
    adf_p = [_adf_p_value(series)]
    while adf_p[-1] >= 0.05 and len(adf_p) <= 2:
        series = np.diff(series)
        adf_p.append(_adf_p_value(series))
    d = len(adf_p) - 1
    band = 1.96 / np.sqrt(len(series))
    outside = [np.abs(correlogram(series, nlags=MAX_LAG)[1:]) > band for correlogram in (pacf, acf)]
    p, q = (int(np.argmin(np.append(lags, False))) for lags in outside)
    last_p, last_q = (int(max(np.flatnonzero(lags) + 1, default=0)) for lags in outside)
    return Orders((p, d, q), (last_p, d, last_q), adf_p)


def _adf_p_value(series: np.ndarray) -> float:
    return float(adfuller(series, result_object=True).pvalue)


def fit_arima(train: ArrayLike, order: tuple[int, int, int]) -> ARIMAResults:
    """Estimate an ARIMA (eq. 14) by maximum likelihood.

    Without a constant once differenced, as eq. 14 has none; ARIMA(0, 1, 0) is then persistence.
    """
    with warnings.catch_warnings():  # its search may start outside the stationary region
        warnings.simplefilter("ignore")
        return ARIMA(np.asarray(train, dtype=np.float64), order=order).fit()


def compare_orders(train: ArrayLike, d: int) -> pd.DataFrame:
    """Return AIC and BIC of every ARIMA(p, d, q) with p and q up to two, indexed by order."""
    orders = [(p, d, q) for p, q in product(range(MAX_ORDER + 1), repeat=2)]
    fits = {order: fit_arima(train, order) for order in orders}
    rows = [{"aic": fit.aic, "bic": fit.bic} for fit in fits.values()]
    index = pd.Index(list(fits), name="order", tupleize_cols=False)
    return pd.DataFrame(rows, index=index)


def arima_paths(fitted: ARIMAResults, close: ArrayLike, first: int, horizon: int) -> np.ndarray:
    """Forecast 1 to ``horizon`` sessions ahead from before each target, parameters as fitted.

    Args:
        fitted: estimated on the closes before the first target.
        close: (n,) dollars, in time order.
        first: number of the first target.
        horizon: sessions ahead.

    Returns:
        (n - first, horizon) dollars, laid out as by :func:`paperlib.forecasting.forecast_paths`.
    """
    whole = fitted.apply(np.asarray(close, dtype=np.float64))
    rows = [
        whole.predict(start=target, end=target + horizon - 1, dynamic=0)
        for target in range(first, len(close))
    ]
    return np.stack(rows)
