"""What the forecasts of later closes were worth, by the register."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from paperlib import metrics
from paperlib.after.closes import LSTM, Later, sessions_behind
from paperlib.experiments.density_scores import interval_columns
from paperlib.judging.accuracy import Comparison
from paperlib.recipe import PAPER_END
from paperlib.stats.forecast_tests import fixed_smoothing_test, loss_ratio
from paperlib.stats.interval import Interval
from paperlib.stats.seeds import prediction_interval
from paperlib.stats.seeds_and_sessions import ratio_of_mean_losses

BELOW, ABOVE, OPEN = "below", "above", "open"


class Errors(NamedTuple):
    """Errors of a model, (seeds, n)."""

    absolute: np.ndarray  # dollars
    squared: np.ndarray  # dollars squared


def closes_rows(forecasts: dict[str, Later], close: pd.Series) -> pd.DataFrame:
    """Score every model's forecasts of the later closes: a row each, for ``after_closes.csv``.

    Args:
        forecasts: by model, persistence and the published LSTM among them.
        close: dollars by session, of the paper's window and after it.

    Returns:
        ``seeds``, ``sessions``; ``mape_pct``, the mean over seeds, with the 95 % prediction
        interval of one run; ``mae_ratio``, over persistence's, with its 95 % interval and
        ``verdict``; ``mse_over_lstm`` with its 95 % interval over seeds and sessions; ``bias_pct``,
        mean signed error in per cent of the close; ``behind``, sessions that it trails; and over
        the highest close that the networks of closes were trained to forecast ``mean_forecast``,
        ``mean_close`` and, of these networks, ``highest_forecast``.
    """
    came = close.loc[PAPER_END:].iloc[1:]
    y = came.to_numpy(dtype=np.float64)
    errors = {name: _errors(of.forecast, y) for name, of in forecasts.items()}
    naive, lstm = errors["persistence"], errors[LSTM]
    trained_to = forecasts[LSTM].trained_to
    rows = []
    for name, of in forecasts.items():
        mapes = [metrics.mape(y, one) for one in of.forecast]
        middle = of.forecast.mean(axis=0)
        row = {"model": name, "seeds": len(of.forecast), "sessions": len(y)}
        row |= interval_columns("mape_pct", _of_one_run(mapes))
        row |= {
            "bias_pct": float(100 * (middle / y - 1).mean()),
            "behind": sessions_behind(middle, close),
            "mean_forecast": float(middle.mean() / trained_to),
            "mean_close": float(y.mean() / trained_to),
            # Of other models it would tell a close.
            "highest_forecast": float(np.median(of.forecast.max(axis=1)) / of.trained_to),
        }
        if name != "persistence":
            found = compare_with_persistence(errors[name], naive)
            row |= interval_columns("mae_ratio", found.absolute) | {"verdict": found.verdict}
        if name != LSTM:
            over = ratio_of_mean_losses(errors[name].squared, lstm.squared, paired=False)
            row |= interval_columns("mse_over_lstm", over) | {"beside_lstm": side(over)}
        rows.append(row)
    return pd.DataFrame(rows)


def compare_with_persistence(errors: Errors, naive: Errors) -> Comparison:
    """Judge errors as a reader's own forecast is, seeds averaged session by session."""
    mine, other = (of.absolute.mean(axis=0) for of in (errors, naive))
    squares = loss_ratio(errors.squared.mean(axis=0), naive.squared.mean(axis=0))
    return Comparison(loss_ratio(mine, other), squares, fixed_smoothing_test(mine, other))


def side(ratio: Interval) -> str:
    """Say on which side of one an interval lies: *below*, *above*, or it is *open*."""
    if ratio.high < 1:
        return BELOW
    return ABOVE if ratio.low > 1 else OPEN


def _errors(forecast: np.ndarray, y: np.ndarray) -> Errors:
    return Errors(np.abs(forecast - y), (forecast - y) ** 2)


def _of_one_run(values: list[float]) -> Interval:
    """Return the mean over seeds and the prediction interval of one run; a single one has none."""
    if len(values) == 1:
        return Interval(values[0], np.nan, np.nan)
    return prediction_interval(values)
