"""What the forecasts of later closes were worth, by the register."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from paperlib import metrics
from paperlib.after.closes import LSTM, Later, sessions_behind
from paperlib.experiments.catalogue import share_initial_weights
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
        ``seeds``, ``sessions``; ``mape_pct`` of a typical run, with the 95 % prediction interval of
        one; ``mae_ratio``, over persistence's, with its 95 % interval and ``verdict``;
        ``mse_over_lstm`` with its 95 % interval over seeds and sessions, and which side of one it
        lies on (``beside_lstm``); ``bias_pct``, mean signed error in per cent of the close;
        ``behind``, sessions that it trails; and of networks that forecast closes
        ``mean_forecast``, ``mean_close`` and ``highest_forecast``, over the highest close that they
        were trained to forecast. These and ``bias_pct`` are rounded, and not told of models that
        follow the close, so that no close can be worked out of them.
    """
    came = close.loc[PAPER_END:].iloc[1:]
    y = came.to_numpy(dtype=np.float64)
    rows = []
    for name, of in forecasts.items():
        row = {"model": name, "seeds": len(of.forecast), "sessions": len(y)}
        row |= interval_columns("mape_pct", _of_one_run([metrics.mape(y, f) for f in of.forecast]))
        middle = of.forecast.mean(axis=0)
        row["bias_pct"] = round(float(100 * (middle / y - 1).mean()), 1)
        row["behind"] = sessions_behind(middle, close)
        if np.isfinite(of.trained_to):
            row["mean_forecast"] = round(float(middle.mean() / of.trained_to), 2)
            row["mean_close"] = round(float(y.mean() / of.trained_to), 1)
            highest = np.median(of.forecast.max(axis=1))
            row["highest_forecast"] = round(float(highest / of.trained_to), 2)
        if name != "persistence":
            naive = _errors(forecasts["persistence"], y)
            found = compare_with_persistence(_errors(of, y), naive)
            row |= interval_columns("mae_ratio", found.absolute) | {"verdict": found.verdict}
        if name != LSTM:
            over = over_lstm(of, forecasts[LSTM], y)
            row |= interval_columns("mse_over_lstm", over) | {"beside_lstm": side(over)}
        rows.append(row)
    return pd.DataFrame(rows)


def over_lstm(model: Later, lstm: Later, y: np.ndarray) -> Interval:
    """Compare squared errors, as the rules' question (b) does: in pairs of seeds, if they share.

    Args:
        model: what is held against the published LSTM.
        lstm: that network.
        y: (n,) closes that came.
    """
    if model.recipe is None or not share_initial_weights(model.recipe, lstm.recipe):
        return ratio_of_mean_losses(_errors(model, y).squared, _errors(lstm, y).squared, False)
    both = sorted(set(model.seeds) & set(lstm.seeds))
    mine, theirs = (
        _errors(of, y).squared[[of.seeds.index(seed) for seed in both]] for of in (model, lstm)
    )
    return ratio_of_mean_losses(mine, theirs, paired=True)


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


def _errors(of: Later, y: np.ndarray) -> Errors:
    return Errors(np.abs(of.forecast - y), (of.forecast - y) ** 2)


def _of_one_run(values: list[float]) -> Interval:
    """Return a typical run and the prediction interval of one; a model without seeds has none."""
    if len(values) == 1:
        return Interval(values[0], np.nan, np.nan)
    return prediction_interval(values)
