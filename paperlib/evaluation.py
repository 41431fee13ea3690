"""How the stored recipes forecast the test part: run by run, by horizon, beside simple models.

Training is repeated here, since the store keeps no weights; same seed, same network.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import joblib
import numpy as np
import pandas as pd

from paperlib import metrics
from paperlib.baselines import (
    arima_paths,
    choose_orders,
    compare_orders,
    fit_arima,
    simple_paths,
)
from paperlib.comparison import prediction_interval
from paperlib.data import Part, Windows, make_windows
from paperlib.diagnostics import decompose_error, diagnose
from paperlib.forecasting import forecast_paths, path_errors, rmse_by_horizon
from paperlib.grid import EVALUATED, SEEDS, Run
from paperlib.predictive_accuracy import (
    bootstrap_test,
    diebold_mariano,
    fixed_smoothing_test,
    loss_ratio,
)
from paperlib.recipe import AS_PUBLISHED, LEAK_FREE, PUBLISHED
from paperlib.training import fit

HORIZON = 30  # sessions, as the paper's "30 days"
FAR = 60  # for its "past 30 days"


class Forecasts(NamedTuple):
    """Everything that is forecast on one series; paths are (n, FAR) closes in dollars."""

    windows: Windows  # as published; the test part is the same under both protocols
    simple: dict[str, np.ndarray]  # by name: persistence, drift, mean return, ARIMAs
    orders: dict[str, tuple[int, int, int]]  # of each ARIMA
    arima_path: dict[str, np.ndarray]  # of each ARIMA: one path over the whole test part, (n,)
    converged: dict[str, bool]  # of each ARIMA: whether its likelihood found a maximum
    criteria: pd.DataFrame  # AIC and BIC by order
    adf_p: list[float]  # of the training closes and their differences
    networks: dict[tuple[str, str, int], np.ndarray]  # by recipe, protocol and seed

    def one_name_per_order(self) -> list[tuple[str, tuple[int, int, int]]]:
        """List the ARIMAs, those of one order once."""
        names = {order: name for name, order in reversed(self.orders.items())}
        return [(name, order) for name, order in self.orders.items() if names[order] == name]

    def by_model(self) -> dict[tuple[str, str], np.ndarray]:
        """Stack the seeds of each recipe and protocol: (seeds, n, FAR)."""
        names = dict.fromkeys((recipe, protocol) for recipe, protocol, _ in self.networks)
        return {
            name: np.stack([path for of, path in self.networks.items() if of[:2] == name])
            for name in names
        }


def evaluated_runs(dataset: str) -> list[Run]:
    """Name the runs whose forecasts are looked at in detail."""
    return [
        Run(dataset, name, recipe, protocol, seed)
        for name, recipe in EVALUATED.items()
        for protocol in (AS_PUBLISHED, LEAK_FREE)
        for seed in SEEDS
    ]


def forecast_run(run: Run, prices: pd.DataFrame) -> np.ndarray:
    """Train a run and forecast 60 sessions from before each test target: (n, 60) dollars."""
    windows = make_windows(prices["close"], run.recipe, run.protocol)
    fitted = fit(run.recipe, windows, run.seed)
    return forecast_paths(fitted.model, windows.test, windows.scaler, FAR)


def forecast_networks(
    dataset: str, prices: pd.DataFrame, jobs: int
) -> dict[tuple[str, str, int], np.ndarray]:
    """Train every evaluated run and forecast, in parallel; paths by recipe, protocol and seed."""
    runs = evaluated_runs(dataset)
    paths = joblib.Parallel(n_jobs=jobs)(joblib.delayed(forecast_run)(run, prices) for run in runs)
    names = [(run.recipe_name, run.protocol.name, run.seed) for run in runs]
    return dict(zip(names, paths, strict=True))


def forecast_all(dataset: str, prices: pd.DataFrame, jobs: int) -> Forecasts:
    """Train every evaluated run and every simple model of a series, and forecast its test part."""
    windows = make_windows(prices["close"], PUBLISHED, AS_PUBLISHED)
    close = prices["close"].to_numpy()
    first = len(close) - len(windows.test.close)
    chosen = choose_orders(close[:first])
    criteria = compare_orders(close[:first], chosen.cut_off[1])
    orders = {
        "arima_cut_off": chosen.cut_off,
        "arima_last_lag": chosen.last_lag,
        **{f"arima_{name}": criteria[name].idxmin() for name in criteria},
    }
    fits = {order: fit_arima(close[:first], order) for order in set(orders.values())}
    arimas = {order: arima_paths(fitted, close, first, FAR) for order, fitted in fits.items()}
    return Forecasts(
        windows=windows,
        simple=simple_paths(close, first, FAR) | {name: arimas[orders[name]] for name in orders},
        orders=orders,
        arima_path={name: fits[orders[name]].forecast(len(close) - first) for name in orders},
        converged={name: fits[orders[name]].mle_retvals["converged"] for name in orders},
        criteria=criteria,
        adf_p=chosen.adf_p,
        networks=forecast_networks(dataset, prices, jobs),
    )


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


def one_step_table(made: Forecasts) -> pd.DataFrame:
    """Lay out the one-step forecasts of the networks as :func:`paperlib.store.load_forecasts`."""
    sessions = made.windows.test.sessions
    tables = [
        pd.DataFrame(paths[:, :, 0].T, columns=list(map(str, SEEDS))).assign(
            recipe=recipe, protocol=protocol, session=sessions.strftime("%Y-%m-%d")
        )
        for (recipe, protocol), paths in made.by_model().items()
    ]
    return pd.concat(tables).set_index(["recipe", "protocol", "session"]).reset_index()


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
