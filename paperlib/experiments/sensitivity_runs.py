"""Make the sensitivity runs, and keep each in ``trials.csv`` as it finishes.

Keys are those of every run, so that one which ``runs.csv`` has is not made again.
"""

from __future__ import annotations

from collections.abc import Iterator

import joblib
import numpy as np
import pandas as pd

from paperlib.baselines import arima_paths, choose_orders, compare_orders, fit_arima
from paperlib.experiments import store
from paperlib.experiments.catalogue import Run
from paperlib.experiments.runner import PROBE_TOLERANCE, execute, probe
from paperlib.experiments.sensitivity import Arima, trial_grid
from paperlib.experiments.store import LOSSES
from paperlib.forecasting import whole_paths
from paperlib.metrics import point_errors
from paperlib.prices.series import fingerprint
from paperlib.recipe import AS_PUBLISHED, HORIZON, PUBLISHED
from paperlib.windows import make_windows


def run_missing_trials(series: dict[str, pd.DataFrame], jobs: int) -> Iterator[tuple[int, int]]:
    """Make the trials that the store lacks, keeping each as it finishes.

    Missing is also what is stale (:func:`find_stale_trials`). Rows of these series that no longer
    belong to a trial are dropped. Yields (done, to do) after each trial.
    """
    digests = {name: fingerprint(prices).sha256 for name, prices in series.items()}
    wanted = {t.key(digests[name]): t for name in series for t in trial_grid(name)}
    for key in store.load_runs()["key"]:
        wanted.pop(key, None)
    stored = store.load_trials()
    stale = find_stale_trials(stored, wanted, series, jobs)
    elsewhere = ~stored["dataset"].isin(list(series))
    kept = stored[elsewhere | (stored["key"].isin(list(wanted)) & ~stored["key"].isin(stale))]
    if len(kept) < len(stored):
        store.save_trials(kept)
    missing = [trial for key, trial in wanted.items() if key not in set(kept["key"])]
    parallel = joblib.Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1)
    finished = parallel(joblib.delayed(execute_trial)(t, series[t.dataset]) for t in missing)
    for done, rows in enumerate(finished, start=1):
        kept = pd.concat([kept, pd.DataFrame(rows)]) if len(kept) else pd.DataFrame(rows)
        store.save_trials(kept)
        yield done, len(missing)


def find_stale_trials(
    stored: pd.DataFrame,
    wanted: dict[str, Run | Arima],
    series: dict[str, pd.DataFrame],
    jobs: int,
) -> set[str]:
    """Tell which stored trials the program would no longer make as they are.

    Of each recipe and protocol one trial's first epoch is trained again (relative 1e-3); if
    it differs, every trial of that recipe and protocol is stale.

    Returns:
        Their keys.
    """
    first: dict[tuple[str, str], str] = {}
    for key in stored["key"]:
        if isinstance(trial := wanted.get(key), Run):
            first.setdefault((trial.recipe_name, trial.protocol.name), key)
    runs = [wanted[key] for key in first.values()]
    probed = joblib.Parallel(n_jobs=jobs)(
        joblib.delayed(probe)(run, series[run.dataset]) for run in runs
    )
    before = stored.set_index("key")
    stale = set()
    for (of, key), history in zip(first.items(), probed, strict=True):
        then = float(before.loc[key, LOSSES[0]])
        if not np.isclose(history["train_loss"].iloc[0], then, rtol=PROBE_TOLERANCE, atol=0):
            same = (stored["recipe"] == of[0]) & (stored["protocol"] == of[1])
            stale |= set(stored.loc[same, "key"])
    return stale


def execute_trial(trial: Run | Arima, prices: pd.DataFrame) -> list[dict[str, object]]:
    """Make one trial and return its rows."""
    if isinstance(trial, Arima):
        return execute_arima(trial, prices)
    row, history = execute(trial, prices)
    return [row | dict(zip(LOSSES, history["train_loss"], strict=False))]


def execute_arima(trial: Arima, prices: pd.DataFrame) -> list[dict[str, object]]:
    """Forecast the test part by ARIMA in the three ways that table 2 may be read.

    The order is that of the lowest AIC, as in the ledger.

    Returns:
        Rows of ``arima``, one step ahead; ``arima_30``, paths of thirty sessions from each origin;
        and ``arima_path``, one path over the whole test part.
    """
    close = prices["close"].to_numpy(dtype=np.float64)
    windows = make_windows(prices["close"], PUBLISHED, AS_PUBLISHED)
    test = windows.test
    first = len(close) - len(test.close)
    orders = compare_orders(close[:first], choose_orders(close[:first]).cut_off[1])
    order = orders["aic"].idxmin()
    fitted = fit_arima(close[:first], order)
    paths = arima_paths(fitted, close, first, HORIZON)
    ways = {
        "arima": (test.close, paths[:, 0]),
        "arima_30": tuple(of.ravel() for of in whole_paths(test.close, paths, HORIZON)),
        "arima_path": (test.close, fitted.forecast(len(test.close))),
    }
    digest = fingerprint(prices).sha256
    about = {
        "dataset": trial.dataset,
        "protocol": AS_PUBLISHED.name,
        "seed": 0,
        "status": "ok",
        "order": " ".join(map(str, order)),
        "key": trial.key(digest),
        "prices": digest[:16],
    }
    return [
        about
        | {"recipe": way}
        | {
            f"test_{key}": error
            for key, error in point_errors(*pair, *map(windows.scaler.scale, pair)).items()
        }
        for way, pair in ways.items()
    ]
