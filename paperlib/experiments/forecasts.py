"""Every forecast of a test part: of the evaluated networks, and of simple models beside them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from paperlib.baselines import arima_paths, choose_orders, compare_orders, fit_arima, simple_paths
from paperlib.experiments.catalogue import EVALUATED, SEEDS, Run
from paperlib.recipe import AS_PUBLISHED, LEAK_FREE, PUBLISHED
from paperlib.windows import Windows, make_windows

FAR = 60  # for its "past 30 days"

NetworkPaths = dict[tuple[str, str, int], np.ndarray]
"""By recipe, protocol and seed the forecasts of a test part, (n, FAR) closes in dollars."""


class Forecasts(NamedTuple):
    """Everything that is forecast on one series; paths are (n, FAR) closes in dollars."""

    windows: Windows  # as published; the test part is the same under both protocols
    simple: dict[str, np.ndarray]  # by name: persistence, drift, mean return, ARIMAs
    orders: dict[str, tuple[int, int, int]]  # of each ARIMA
    arima_path: dict[str, np.ndarray]  # of each ARIMA: one path over the whole test part, (n,)
    converged: dict[str, bool]  # of each ARIMA: whether its likelihood found a maximum
    criteria: pd.DataFrame  # AIC and BIC by order
    adf_p: list[float]  # of the training closes and their differences
    networks: dict[tuple[str, str, int], np.ndarray]  # of every evaluated run, by its name

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


def forecast_all(
    prices: pd.DataFrame, networks: dict[tuple[str, str, int], np.ndarray]
) -> Forecasts:
    """Forecast a series' test part with every simple model, beside the evaluated networks.

    Args:
        prices: of the series.
        networks: of every evaluated run.
    """
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
        networks=networks,
    )


def one_step_models(made: Forecasts) -> dict[tuple[str, str | None], np.ndarray]:
    """Return the one-step forecasts, (n,) dollars, of each simple model and of each ensemble."""
    return {(name, None): paths[:, 0] for name, paths in made.simple.items()} | {
        (f"{recipe}_ensemble", protocol): paths.mean(axis=0)[:, 0]
        for (recipe, protocol), paths in made.by_model().items()
    }


def one_step_table(made: Forecasts) -> pd.DataFrame:
    """Lay out the networks' one-step forecasts for the store."""
    sessions = made.windows.test.sessions
    tables = [
        pd.DataFrame(paths[:, :, 0].T, columns=list(map(str, SEEDS))).assign(
            recipe=recipe, protocol=protocol, session=sessions.strftime("%Y-%m-%d")
        )
        for (recipe, protocol), paths in made.by_model().items()
    ]
    return pd.concat(tables).set_index(["recipe", "protocol", "session"]).reset_index()
