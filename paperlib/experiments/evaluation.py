"""How the stored recipes forecast the test part: run by run, by horizon, beside simple models."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from paperlib import metrics
from paperlib.experiments import store
from paperlib.experiments.catalogue import BUNDLED_WINDOW
from paperlib.experiments.forecasts import (
    FAR,
    Forecasts,
    evaluated_runs,
    one_step_table,
)
from paperlib.forecasting import path_errors, rmse_by_horizon
from paperlib.prices.series import fingerprint
from paperlib.recipe import HORIZON
from paperlib.stats.forecast_tests import (
    bootstrap_test,
    diebold_mariano,
    fixed_smoothing_test,
    loss_ratio,
)
from paperlib.stats.residuals import decompose_error, diagnose
from paperlib.stats.seeds import prediction_interval
from paperlib.windows import Part, Windows


def evaluate_runs(dataset: str, prices: pd.DataFrame, made: Forecasts) -> pd.DataFrame:
    """Describe each run's forecasts of the test part.

    Returns:
        One row a run, with dataset, recipe, protocol and seed, and the columns that
        ``data/results/README.md`` lists for ``evaluations.csv``.
    """
    rows = []
    for (recipe, protocol, seed), paths in made.networks.items():
        references = {
            "persistence": made.simple["persistence"],
            "arima": made.simple["arima_aic"],
            "rnn": made.networks["rnn", protocol, seed],
        }
        one_step = {name: of[:, 0] for name, of in references.items()}
        row = {"dataset": dataset, "recipe": recipe, "protocol": protocol, "seed": seed}
        row |= describe_forecast(paths[:, 0], made.windows, prices)
        row |= compare_forecast(paths[:, 0], made.windows.test, one_step)
        rows.append(row | describe_path(paths, made.windows.test))
    return pd.DataFrame(rows)


def describe_forecast(
    forecast: np.ndarray, windows: Windows, prices: pd.DataFrame
) -> dict[str, float]:
    """Score one-step forecasts of the test part, (n,) dollars, and test their errors."""
    part = windows.test
    before = prices["close"][: part.sessions[0]].iloc[:-1]
    right, moves = metrics.direction_hits(part.close, forecast, part.previous)
    tests = diagnose(pd.Series(part.close - forecast, index=part.sessions), prices)
    return {
        "rmse_usd": metrics.rmse(part.close, forecast),
        "mape_of_scaled": metrics.mape(*map(windows.scaler.scale, (part.close, forecast))) / 100,
        "mase": metrics.mase(part.close, forecast, before),
        "skill": metrics.skill(part.close, forecast, part.previous),
        "sessions_behind": metrics.sessions_behind(windows.scaler.scale(forecast), part.inputs),
        "direction_pct": 100 * right / moves if moves else np.nan,
        **{f"{share}_pct": x for share, x in decompose_error(part.close, forecast).items()},
        **tests["statistic"].to_dict(),
        **{f"{test}_p": p_value for test, p_value in tests["p_value"].items()},
    }


def compare_forecast(
    forecast: np.ndarray, part: Part, references: Mapping[str, np.ndarray]
) -> dict[str, float]:
    """Test one-step forecasts against others by squared error, in the three ways of the book.

    Returns:
        For each reference but the forecast itself the p-values, and the autocorrelation of the
        loss differential at lag 1.
    """
    found = {}
    squared = (part.close - forecast) ** 2
    for name, other in references.items():
        if other is forecast or np.array_equal(other, forecast):
            continue
        of_other = (part.close - other) ** 2
        found[f"dm_{name}_textbook_p"] = diebold_mariano(squared, of_other).p_value
        found[f"dm_{name}_fixed_p"] = fixed_smoothing_test(squared, of_other).p_value
        found[f"dm_{name}_bootstrap_p"] = bootstrap_test(squared, of_other).p_value
        found[f"dm_{name}_lag_1"] = float(pd.Series(squared - of_other).autocorr(1))
    return found


def describe_path(paths: np.ndarray, part: Part) -> dict[str, float]:
    """Measure how the error grows with the horizon, (n, 60) dollars."""
    near = rmse_by_horizon(part.close, paths, HORIZON)
    far = rmse_by_horizon(part.close, paths, FAR)
    return {
        "rmse_day_1": float(near[0]),
        "rmse_day_30": float(near[-1]),
        "rmse_30_days": float(np.sqrt(np.mean(near**2))),
        "growth_past_30_pct": float(100 * (far[-1] / far[HORIZON - 1] - 1)),
    }


def evaluate_horizons(dataset: str, made: Forecasts) -> pd.DataFrame:
    """Return the error of every model at each horizon from 1 to 30, on the same origins.

    Returns:
        One row a model, protocol and horizon, with the columns that ``data/results/README.md``
        lists for ``horizons.csv``.
    """
    close = made.windows.test.close
    models = {(name, ""): path[None] for name, path in made.simple.items()} | made.by_model()
    reference = path_errors(close, made.simple["persistence"], HORIZON) ** 2
    rows = []
    for (model, protocol), paths in models.items():
        squared = np.stack([path_errors(close, path, HORIZON) ** 2 for path in paths])
        for column in range(HORIZON):
            rmse = np.sqrt(squared[:, :, column].mean(axis=1))
            typical = prediction_interval(rmse) if len(rmse) > 1 else (rmse[0], np.nan, np.nan)
            ratio = loss_ratio(squared[:, :, column].mean(axis=0), reference[:, column], column + 1)
            rows.append((model, protocol, column + 1, len(reference), *typical, *ratio))
    columns = ["model", "protocol", "horizon", "n", "rmse_usd", "low", "high"]
    table = pd.DataFrame(rows, columns=[*columns, "ratio", "ratio_low", "ratio_high"])
    return table.assign(dataset=dataset)


def store_evaluation(
    dataset: str, prices: pd.DataFrame, made: Forecasts, evaluations: pd.DataFrame
) -> None:
    """Store how the evaluated runs forecast the test part, by run, by horizon and by session.

    Args:
        dataset: the series.
        prices: its prices.
        made: every forecast of its test part.
        evaluations: of :func:`evaluate_runs`.
    """
    digest = fingerprint(prices).sha256
    keys = [run.key(digest) for run in evaluated_runs(dataset)]
    horizons = evaluate_horizons(dataset, made)
    if dataset == BUNDLED_WINDOW:  # a forecast's error gives away the close, so no other series'
        store.save_forecasts(dataset, one_step_table(made))
    store.save_series("horizons.csv", horizons, ["dataset", "model", "protocol", "horizon"])
    store.save_series("evaluations.csv", evaluations.assign(key=keys), store.ID)
