"""The numbers on the test part that are not of one training run, as ``values.csv`` keeps them.

They are of simple models, of the mean forecast of ten seeds (an *ensemble*, a model of its own), of
differences between models, and readings of the paper's claims.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from paperlib import metrics
from paperlib.claims.readings import (
    ValueRow,
    claims_on_arima,
    claims_on_figure_4,
    claims_on_horizons,
    claims_on_prices,
    errors_with_units,
    value_row,
)
from paperlib.experiments import store
from paperlib.experiments.catalogue import SEEDS
from paperlib.experiments.evaluation import (
    compare_forecast,
    describe_forecast,
    describe_path,
    evaluate_runs,
    store_evaluation,
)
from paperlib.experiments.forecasts import Forecasts, NetworkPaths, forecast_all, one_step_models
from paperlib.experiments.store import VALUE_COLUMNS, select
from paperlib.recipe import AS_PUBLISHED
from paperlib.stats.forecast_tests import clark_west, confidence_set, loss_ratio
from paperlib.stats.interval import Interval
from paperlib.stats.seeds import proportion


def score(
    dataset: str,
    prices: pd.DataFrame,
    made: Forecasts,
    evaluations: pd.DataFrame,
    runs: pd.DataFrame,
) -> pd.DataFrame:
    """Work out every such number of one series.

    Args:
        dataset: the series.
        prices: its prices.
        made: every forecast of its test part.
        evaluations: of :func:`paperlib.experiments.evaluation.evaluate_runs`.
        runs: the stored training runs of the series, the first ten seeds of each recipe.

    Returns:
        One row a number, with the columns ``store.VALUE_COLUMNS``.
    """
    rows = [
        *score_models(made, prices),
        *score_persistence(made, prices),
        *score_directions(made),
        *score_confidence_set(made),
        *score_networks(made),
        *score_orders(made),
        *claims_on_arima(made, runs),
        *claims_on_horizons(made, evaluations, runs),
        *claims_on_figure_4(made),
        *claims_on_prices(prices),
    ]
    return pd.DataFrame(rows).assign(dataset=dataset).reindex(columns=VALUE_COLUMNS)


def score_models(made: Forecasts, prices: pd.DataFrame) -> Iterator[ValueRow]:
    """Score the one-step forecasts of each simple model and of each ensemble."""
    part, scaler = made.windows.test, made.windows.scaler
    history = prices["close"][: part.sessions[0]].iloc[:-1]
    persistence = made.simple["persistence"][:, 0]
    for (model, protocol), forecast in one_step_models(made).items():
        of = {"model": model, "protocol": protocol, "n": len(forecast)}
        how = f"ARIMA{made.orders[model]}" if model in made.orders else "one step ahead"
        for key, (value, unit) in errors_with_units(part.close, forecast, scaler).items():
            yield value_row(key, value, how, unit, **of)
        yield value_row("mase", metrics.mase(part.close, forecast, history), how, **of)
        ratio = loss_ratio((part.close - forecast) ** 2, (part.close - persistence) ** 2)
        yield value_row("mse_over_persistence", ratio, "block bootstrap over sessions", **of)
        for key, value in compare_forecast(forecast, part, {"persistence": persistence}).items():
            unit = "p-value" if key.endswith("_p") else ""
            yield value_row(key, value, "squared errors", unit, **of)
        if model.startswith("arima") or model in ("drift", "mean_return"):
            found = clark_west(part.close, persistence, forecast)
            yield value_row("clark_west_p", found.p_value, "one-sided", "p-value", **of)


def score_persistence(made: Forecasts, prices: pd.DataFrame) -> Iterator[ValueRow]:
    """Look at persistence's errors as at those of a run."""
    paths = made.simple["persistence"]
    found = describe_forecast(paths[:, 0], made.windows, prices)
    found |= describe_path(paths, made.windows.test)
    for name in ("rmse_usd", "mase", "skill", "direction_pct"):  # scored with the other models
        found.pop(name)
    for name, value in found.items():
        yield value_row(name, value, "as evaluations.csv", model="persistence", n=len(paths))


def score_directions(made: Forecasts) -> Iterator[ValueRow]:
    """Count the right signs of each model's forecast, and those of "it always rises"."""
    part = made.windows.test
    always_up = {("always_up", None): part.previous + 1}
    for (model, protocol), forecast in (one_step_models(made) | always_up).items():
        right, moves = metrics.direction_hits(part.close, forecast, part.previous)
        if moves:
            share = Interval(*(100 * x for x in proportion(right, moves)))
            of = {"model": model, "protocol": protocol, "n": moves}
            yield value_row("direction_pct", share, "right signs, exact interval", "%", **of)


def score_confidence_set(made: Forecasts) -> Iterator[ValueRow]:
    """Tell which of the models may be the best."""
    close = made.windows.test.close
    models = one_step_models(made)
    rivals = [(name, None) for name in ("persistence", "drift", "mean_return", "arima_aic")]
    rivals += [of for of in models if of[1] == AS_PUBLISHED.name]
    losses = pd.DataFrame({of[0]: (close - models[of]) ** 2 for of in rivals})
    for model, found in confidence_set(losses).iterrows():
        of = {"model": model, "n": len(losses)}
        how = "model confidence set, squared errors"
        yield value_row("confidence_set_p", found["p_value"], how, "p-value", **of)


def score_networks(made: Forecasts) -> Iterator[ValueRow]:
    """Compare each network's mean loss over seeds with persistence, over other test periods."""
    close = made.windows.test.close
    naive = (close - made.simple["persistence"][:, 0]) ** 2
    for (recipe, protocol), paths in made.by_model().items():
        losses = ((close - paths[:, :, 0]) ** 2).mean(axis=0)
        of = {"model": recipe, "protocol": protocol, "n": len(close)}
        how = "mean loss of the seeds, block bootstrap over sessions"
        yield value_row("mse_over_persistence", loss_ratio(losses, naive), how, **of)


def score_orders(made: Forecasts) -> Iterator[ValueRow]:
    """Keep what the order of ARIMA was chosen by."""
    for order, criteria in made.criteria.iterrows():
        for name, value in criteria.items():
            yield value_row(f"arima_order_{name}", value, "training part", model=f"ARIMA{order}")
    for name, converged in made.converged.items():
        how = f"ARIMA{made.orders[name]}: 1 if its likelihood found a maximum"
        yield value_row("arima_converged", float(converged), how, model=name)
    for d, p_value in enumerate(made.adf_p):
        how = f"training closes, differenced {d} times"
        yield value_row("arima_adf_p", p_value, how, "p-value", model=f"d={d}")


def evaluate(dataset: str, prices: pd.DataFrame, networks: NetworkPaths) -> None:
    """Score every evaluated run and simple model on the test part, and store the answers.

    Args:
        dataset: the series, whose training runs are stored.
        prices: its prices.
        networks: forecasts of every evaluated run.
    """
    made = forecast_all(prices, networks)
    evaluations = evaluate_runs(dataset, prices, made)
    runs = select(store.load_runs(), dataset=dataset)
    values = score(dataset, prices, made, evaluations, runs[runs["seed"].isin(SEEDS)])
    store.save_values(values)
    store_evaluation(dataset, prices, made, evaluations)
