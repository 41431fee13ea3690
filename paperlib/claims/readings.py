"""Readings of the paper's claims that hang on prices and simple models, for ``values.csv``.

Where the paper leaves the reading open, each one is a row; the one nearest the paper speaks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product

import numpy as np
import pandas as pd

from paperlib import metrics
from paperlib.claims.ledger import printed
from paperlib.experiments.evaluation import describe_path
from paperlib.experiments.forecasts import Forecasts
from paperlib.experiments.store import select
from paperlib.forecasting import whole_paths
from paperlib.recipe import AS_PUBLISHED, HORIZON, LEAK_FREE, PUBLISHED
from paperlib.stats.interval import Interval
from paperlib.stats.seeds import mean_ratio, prediction_interval
from paperlib.windows import Scaler, make_windows

FIGURE_4_SAMPLES, FIGURE_4_STEP = 220, 0.25
PROTOCOLS = (AS_PUBLISHED.name, LEAK_FREE.name)
ValueRow = dict[str, object]
UNITS = {"usd": "dollars", "pct": "%", "scaled": "scaled"}


def value_row(
    key: str, found: float | Iterable[float], method: str, unit: str = "", **of: object
) -> ValueRow:
    """Make a row of a number, or of an estimate with its interval."""
    numbers = (found, np.nan, np.nan) if np.isscalar(found) else found
    return {"key": key, "method": method, "unit": unit, **of} | dict(
        zip(("estimate", "low", "high"), numbers, strict=True)
    )


def claims_on_prices(prices: pd.DataFrame) -> Iterator[ValueRow]:
    """Tell what the checks of the paper's units need to know of a series.

    Rounded to three digits, so that no close can be read off a series that is not ours to ship.
    """
    close = prices["close"]
    windows = make_windows(close, PUBLISHED, AS_PUBLISHED)
    scaler, train, test = windows.scaler, windows.train, windows.test
    unit = (scaler.high - scaler.low) / 2
    zero = metrics.mse(train.targets, np.zeros(len(train.targets)))
    told = AS_PUBLISHED.name
    for key, protocol, value, n, of_unit, method in (
        ("close_max", None, close.max(), len(close), "dollars", "whole series"),
        ("close_min", None, close.min(), len(close), "dollars", "whole series"),
        ("dollars_per_unit", told, unit, len(close), "dollars", "half the range (eq. 9)"),
        ("test_close_mean", told, test.close.mean(), len(test.close), "dollars", "test targets"),
        ("zero_forecast_mse", told, zero, len(train.targets), "scaled", "0 for each train target"),
    ):
        yield value_row(key, float(f"{value:.3g}"), method, of_unit, protocol=protocol, n=n)


def errors_with_units(
    close: np.ndarray, forecast: np.ndarray, scaler: Scaler
) -> dict[str, tuple[float, str]]:
    """Return every error of the paper with its unit, of forecasts (n,) in dollars."""
    found = metrics.point_errors(close, forecast, scaler.scale(close), scaler.scale(forecast))
    return {key: (error, UNITS[key.split("_")[1]]) for key, error in found.items()}


def claims_on_arima(made: Forecasts, runs: pd.DataFrame) -> Iterator[ValueRow]:
    """Read table 2's ARIMA in each way that the paper leaves open.

    One step ahead or as one path over the whole test part, in dollars or scaled, and of each order.
    """
    part, scaler = made.windows.test, made.windows.scaler
    for name, order in made.one_name_per_order():
        whole = whole_paths(part.close, made.simple[name], HORIZON)
        ways = {
            "one step ahead": (part.close, made.simple[name][:, 0]),
            "one path": (part.close, made.arima_path[name]),
            "paths of 30 sessions": (of.ravel() for of in whole),
        }
        for way, (came, forecast) in ways.items():
            errors = errors_with_units(came, forecast, scaler)
            for key, measure in (
                ("arima_mae", "mae_usd"),
                ("arima_mae", "mae_scaled"),
                ("arima_rmse", "rmse_usd"),
                ("arima_rmse", "rmse_scaled"),
                ("arima_mape_pct", "mape_pct"),
            ):
                value, unit = errors[measure]
                yield value_row(key, value, f"ARIMA{order}, {way}, {unit}", unit, n=len(forecast))
        mse = metrics.mse(part.close, made.simple[name][:, 0])
        for protocol, recipe in product(PROTOCOLS, ("published", "rnn")):
            of_runs = select(runs, recipe=recipe, protocol=protocol)["test_rmse_usd"] ** 2
            key = f"arima_over_{'lstm' if recipe == 'published' else 'rnn'}_mse"
            how = f"ARIMA{order}, one step ahead"
            yield value_row(key, mean_ratio(mse / of_runs), how, protocol=protocol, n=len(of_runs))


def claims_on_horizons(
    made: Forecasts, evaluations: pd.DataFrame, runs: pd.DataFrame
) -> Iterator[ValueRow]:
    """Read the claims on the error over 30 days and past them."""
    growths, over_days = {}, {}
    for name, order in made.one_name_per_order():
        found = describe_path(made.simple[name], made.windows.test)
        growths[order] = found["rmse_day_30"] / found["rmse_day_1"]
        over_days[order] = found["rmse_30_days"]
        for measure in ("rmse_day_30", "rmse_30_days"):
            growth = 100 * (found[measure] / found["rmse_day_1"] - 1)
            how = f"ARIMA{order}, {measure} over rmse_day_1"
            yield value_row("arima_growth_30_days_pct", growth, how, "%")
    for protocol in PROTOCOLS:
        lstm = select(evaluations, recipe="published", protocol=protocol)
        of = {"protocol": protocol, "n": len(lstm)}
        growth = lstm["rmse_day_30"] / lstm["rmse_day_1"]
        how = "RMSE of day 1 over that of day 30"
        yield value_row("lstm_growth_30_days_ratio", mean_ratio(1 / growth), how, **of)
        for order, of_arima in growths.items():
            how = f"RMSE of day 30 over that of day 1, ARIMA{order} over LSTM"
            ratio = mean_ratio(of_arima / growth)
            yield value_row("arima_over_lstm_growth_30_days", ratio, how, **of)
            ratio = mean_ratio((over_days[order] / lstm["rmse_30_days"]) ** 2)
            how = f"ARIMA{order}, paths of 30 sessions"
            yield value_row("arima_over_lstm_mse", ratio, how, **of)
        how = "RMSE of day 60 over that of day 30"
        growth = _one_run_growth(1 + lstm["growth_past_30_pct"] / 100)
        yield value_row("growth_past_30_days_pct", growth, how, "%", **of)
    by_seed = {
        name: select(runs, recipe=name, protocol=AS_PUBLISHED.name).set_index("seed")
        for name in ("published", "lookback_60")
    }
    longer, usual = (by_seed[name]["test_rmse_usd"] for name in ("lookback_60", "published"))
    growth = _one_run_growth((longer / usual).dropna())
    of = {"protocol": AS_PUBLISHED.name, "n": len(longer)}
    how = "test RMSE, lookback of 60 over 30"
    yield value_row("growth_past_30_days_pct", growth, how, "%", **of)


def claims_on_figure_4(made: Forecasts) -> Iterator[ValueRow]:
    """Read the axis of figure 4: the first and last tick that 220 closes call for.

    Ticks lie a quarter apart, as there; the axis reaches a twentieth of the range past the closes.
    All readings are kept as ``figure_4_reading_...``. The two claims are of one figure, so the one
    reading speaks for both that is nearest in sum.
    """
    windows = made.windows
    test, train = windows.test.targets, windows.train.targets
    low, width = test.min(), np.ptp(test)
    scalings = {
        "eq. 9": lambda x: x,
        "scaled to [0, 1] instead": lambda x: (x + 1) / 2,
        "the test part scaled alone to [0, 1]": lambda x: (x - low) / width,
    }
    samples = {
        "first of the test part": test[:FIGURE_4_SAMPLES],
        "last of the test part": test[-FIGURE_4_SAMPLES:],
        "first of the training part": train[:FIGURE_4_SAMPLES],
    }
    ticks = {
        f"{which}, {scaling}": _first_and_last_tick(rescale(closes))
        for (scaling, rescale), (which, closes) in product(scalings.items(), samples.items())
    }
    told = printed("figure_4_axis_bottom", "figure_4_axis_top")
    # Where no two ticks fit, such an axis has them closer together.
    ticks = {how: ends for how, ends in ticks.items() if ends[0] < ends[1]}
    nearest = min(ticks, key=lambda how: np.abs(np.subtract(ticks[how], told)).sum(), default=None)
    of = {"protocol": AS_PUBLISHED.name, "n": FIGURE_4_SAMPLES}
    for how, ends in ticks.items():
        for end, tick in zip(("bottom", "top"), ends, strict=True):
            yield value_row(f"figure_4_reading_{end}", tick, how, "scaled", **of)
            if how == nearest:
                yield value_row(f"figure_4_axis_{end}", tick, how, "scaled", **of)


def _first_and_last_tick(closes: np.ndarray) -> tuple[float, float]:
    low, high = float(closes.min()), float(closes.max())
    margin = (high - low) / 20
    bottom = np.ceil((low - margin) / FIGURE_4_STEP) * FIGURE_4_STEP
    top = np.floor((high + margin) / FIGURE_4_STEP) * FIGURE_4_STEP
    return float(bottom) + 0.0, float(top) + 0.0  # no minus zero


def _one_run_growth(ratios: pd.Series) -> Interval:
    """Return a typical run's growth in per cent, with the 95 % prediction interval of one run."""
    return Interval(*(100 * (x - 1) for x in prediction_interval(ratios)))
