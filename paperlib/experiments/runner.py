"""Make one run, of a network or of ARIMA: train, score, and keep what the results need of it.

A run is (recipe, protocol, prices, seed). Its key is a digest of all four as resolved, so renaming
or documenting something recomputes nothing, and changing a number recomputes what hangs on it.
"""

from __future__ import annotations

import io
import platform
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from paperlib import metrics
from paperlib.baselines import arima_paths, choose_orders, compare_orders, fit_arima
from paperlib.experiments.catalogue import Run
from paperlib.experiments.evaluation import describe_forecast, describe_path
from paperlib.experiments.forecasts import FAR
from paperlib.experiments.interval_coverage import calibrated_coverage, published_coverage
from paperlib.experiments.networks import mean_gates, weight_norm
from paperlib.experiments.pieces import Piece, failed
from paperlib.experiments.sensitivity import Arima
from paperlib.forecasting import forecast_paths, whole_paths
from paperlib.prices.series import fingerprint
from paperlib.recipe import AS_PUBLISHED, HORIZON, LEAK_FREE, PUBLISHED
from paperlib.stats.seeds import block_bootstrap_interval
from paperlib.training import Fit, fit, load_fit, predict, save_fit
from paperlib.training_curves import converged_epoch, summarise_run
from paperlib.windows import Part, Windows, make_windows

STORED_ERRORS = ("mse_scaled", "mae_scaled", "mae_usd", "rmse_usd", "mape_pct")


def execute(
    run: Run, prices: pd.DataFrame, products: tuple[str, ...] = (), kept: Path | None = None
) -> Piece:
    """Train and score one run.

    Args:
        run: what to train.
        prices: on which series.
        products: what is wanted beside its row, its history and its errors of the test part,
            ``errors``, (n,) dollars: ``paths``, forecasts of 60 sessions
            from before each test target, (n, 60) dollars; ``intervals``, what
            :mod:`paperlib.experiments.interval_coverage` works out of the network; ``measures``,
            in its row all that ``evaluations.csv`` has of the forecasts by themselves (of closes).
        kept: a file of its weights, in place of training if it is there; without one the weights
            are not part of the piece.
    """
    started = time.perf_counter()
    windows = make_windows(prices["close"], run.recipe, run.protocol)
    there = kept is not None and kept.exists()
    fitted = load_fit(kept) if there else fit(run.recipe, windows, run.seed)
    tables, arrays = {"history": fitted.history.reset_index()}, {}
    row = describe_run(run, fitted, windows)
    forecast = windows.to_dollars(windows.test, predict(fitted.model, windows.test.inputs))
    arrays["errors"] = windows.test.close - forecast
    row |= describe_closes(forecast, windows.test, prices["close"], run.recipe.lookback)
    if {"paths", "measures"} & set(products):
        paths = forecast_paths(fitted.model, windows.test, windows.scaler, FAR)
    if "paths" in products:
        arrays["paths"] = paths
    if "measures" in products:
        row |= describe_forecast(paths[:, 0], windows, prices)
        row |= describe_path(paths, windows.test)
    if "intervals" in products:
        made = calibrated_coverage if run.protocol == LEAK_FREE else published_coverage
        tables["coverage"], drawn = made(fitted.model, prices["close"], run.seed)
        arrays |= drawn
    sha256 = fingerprint(prices).sha256
    about = {
        "seconds": round(time.perf_counter() - started, 1),
        "key": run.key(sha256),
        "prices": sha256[:16],
        "torch": torch.__version__,
        "processor": platform.machine() + " " + torch.backends.cpu.get_cpu_capability(),
    }
    file = io.BytesIO()
    if kept is not None:
        save_fit(fitted, file)
    return Piece([row | about], tables, arrays, file.getvalue())


def describe_run(run: Run, fitted: Fit, windows: Windows) -> dict[str, object]:
    """Name and score a run; a failed one has the scores of the last weights that were finite."""
    train, test, history = windows.train, windows.test, fitted.history
    forecasts = {
        "train": (train, predict(fitted.model, train.inputs)),
        "test": (test, predict(fitted.model, test.inputs)),
        "persistence": (test, windows.persistence(test)),
    }
    scores = {
        f"{of}_{metric}": value
        for of, (part, scaled) in forecasts.items()
        for metric, value in _errors(windows, part, scaled).items()
    }
    sampled = block_bootstrap_interval((test.targets - forecasts["test"][1]) ** 2)
    training = summarise_run(history) if fitted.status == "ok" else {}
    return training | {
        "dataset": run.dataset,
        "recipe": run.recipe_name,
        "protocol": run.protocol.name,
        "seed": run.seed,
        "status": fitted.status,
        "epochs": len(history),
        "best_epoch": fitted.best_epoch,
        "converged_epoch": converged_epoch(history["val_loss"]),
        "best_val_loss": float(history["val_loss"].min()),
        **scores,
        "test_mse_scaled_low": sampled.low,
        "test_mse_scaled_high": sampled.high,
        "grad_norm_max": float(history["grad_norm_max"].max()),
        "clipped_share": float(history["clipped_share"].mean()),
        "lr_final": float(history["lr"].iloc[-1]),
        "weight_norm": weight_norm(fitted.model),
        "bias_norm": weight_norm(fitted.model, "bias"),
        **mean_gates(fitted.model, test.inputs),
    }


def describe_closes(
    forecast: np.ndarray, part: Part, close: pd.Series, lookback: int
) -> dict[str, float]:
    """Describe one-step forecasts in dollars, whatever the network forecasts.

    Args:
        forecast: (n,) dollars.
        part: the n windows, the last ones of the series.
        close: the whole series, dollars.
        lookback: sessions to a window.

    Returns:
        ``sessions_behind`` and ``direction_pct`` as in ``evaluations.csv``, and ``moves_ratio``,
        how far the forecasts move from the last close over how far closes do (standard
        deviations): zero for persistence, more than one for a forecast that strays.
    """
    before = np.lib.stride_tricks.sliding_window_view(close.to_numpy()[:-1], lookback)
    right, moves = metrics.direction_hits(part.close, forecast, part.previous)
    return {
        "sessions_behind": metrics.sessions_behind(forecast, before[-len(forecast) :]),
        "direction_pct": 100 * right / moves if moves else np.nan,
        "moves_ratio": float(np.std(forecast - part.previous) / np.std(part.close - part.previous)),
    }


def _errors(windows: Windows, part: Part, scaled: np.ndarray) -> dict[str, float]:
    """Return the errors of scaled forecasts (n,) that the store keeps."""
    dollars = windows.to_dollars(part, scaled)
    found = metrics.point_errors(part.close, dollars, part.targets, scaled)
    return {name: found[name] for name in STORED_ERRORS}


def execute_arima(trial: Arima, prices: pd.DataFrame) -> Piece:
    """Forecast the test part by ARIMA in the three ways that table 2 may be read.

    The order is that of the lowest AIC, as in the ledger.

    Returns:
        Rows of ``arima``, one step ahead; ``arima_30``, paths of thirty sessions from each origin;
        and ``arima_path``, one path over the whole test part; and the errors of the first,
        ``errors``, (n,) dollars. One row if no ARIMA could be fitted.
    """
    close = prices["close"].to_numpy(dtype=np.float64)
    recipe = replace(PUBLISHED, train_share=trial.train_share)
    windows = make_windows(prices["close"], recipe, AS_PUBLISHED)
    test = windows.test
    first = len(close) - len(test.close)
    sha256 = fingerprint(prices).sha256
    about = {
        "dataset": trial.dataset,
        "protocol": AS_PUBLISHED.name,
        "seed": 0,
        "status": "ok",
        "key": trial.key(sha256),
        "prices": sha256[:16],
    }
    try:
        orders = compare_orders(close[:first], choose_orders(close[:first]).cut_off[1])
        order = orders["aic"].idxmin()
        fitted = fit_arima(close[:first], order)
        paths = arima_paths(fitted, close, first, HORIZON)
    except (np.linalg.LinAlgError, ValueError) as problem:
        return failed(about | {"recipe": "arima"}, str(problem))
    ways = {
        "arima": (test.close, paths[:, 0]),
        "arima_30": tuple(of.ravel() for of in whole_paths(test.close, paths, HORIZON)),
        "arima_path": (test.close, fitted.forecast(len(test.close))),
    }
    about["order"] = " ".join(map(str, order))
    errors = test.close - paths[:, 0]
    return Piece(
        [
            about
            | {"recipe": way}
            | {
                f"test_{key}": error
                for key, error in metrics.point_errors(
                    *pair, *map(windows.scaler.scale, pair)
                ).items()
            }
            for way, pair in ways.items()
        ],
        arrays={"errors": errors},
    )
