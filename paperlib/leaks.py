"""What each leak is worth: arms that differ in what scaling and selection may look at."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats
from scipy.special import comb

from paperlib.comparison import Interval, mean_ratio, prediction_interval
from paperlib.readings import value_row
from paperlib.recipe import LEAKS
from paperlib.store import load_runs, load_trials, select
from paperlib.verdicts import judge_ratio

TENS = 10  # seeds of which the best is reported
ARMS = {
    "leak_free": "honest",
    "scaler_leak": "scaler sees the test part",
    "validation_leak": "test part as validation set",
    "both_leaks": "both",
}


def all_runs() -> pd.DataFrame:
    """Read every stored run, those of chapter 13 among them."""
    return pd.concat([load_runs(), load_trials()], ignore_index=True)


def arms(dataset: str, recipe: str) -> dict[str, pd.DataFrame]:
    """Return the runs of each arm that was trained, indexed by seed; the honest one first."""
    runs = select(all_runs(), dataset=dataset, recipe=recipe, status="ok")
    found = {name: select(runs, protocol=name).set_index("seed").sort_index() for name in LEAKS}
    return {name: table for name, table in found.items() if len(table)}


def price_leaks(dataset: str, recipe: str = "published") -> pd.DataFrame:
    """Price the two leaks that act while training, alone and together, on equal training windows.

    Returns:
        Indexed by arm: ``n`` seeds; ``mape_pct`` and ``rmse_usd`` of a typical run with the
        interval of one (``..._low``, ``..._high``); ``mse`` and ``mape``, the honest error over
        this arm's, seed by seed, with the 95 % t interval of their mean, and the ``verdict`` on
        the claim that the arm's MSE is smaller.
    """
    found = arms(dataset, recipe)
    honest = found["leak_free"]
    rows = {}
    for name, runs in found.items():
        row: dict[str, object] = {"n": len(runs)}
        for column in ("mape_pct", "rmse_usd"):
            typical = prediction_interval(runs[f"test_{column}"])
            row |= dict(zip((column, f"{column}_low", f"{column}_high"), typical, strict=True))
        if name != "leak_free":
            squared = (honest["test_rmse_usd"] / runs["test_rmse_usd"]).dropna() ** 2
            relative = (honest["test_mape_pct"] / runs["test_mape_pct"]).dropna()
            row |= {"mse": mean_ratio(squared), "mape": mean_ratio(relative)}
            row["verdict"] = judge_ratio(row["mse"])
        rows[name] = row
    return pd.DataFrame(rows).T.rename_axis("arm")


def expected_best(errors: ArrayLike, size: int = TENS, axis: int = -1) -> np.ndarray | float:
    """Return the expected smallest of ``size`` errors drawn without replacement.

    The mean of the minimum over all subsets: the i-th smallest is the minimum of
    C(n - i, size - 1) of the C(n, size) subsets.

    Args:
        errors: (..., n), one a seed.
        size: how many seeds are tried, at most n.
        axis: along which the seeds lie.

    Raises:
        ValueError: if more are to be drawn than there are.
    """
    ordered = np.sort(np.asarray(errors, dtype=np.float64), axis=axis)
    n = ordered.shape[axis]
    if not 1 <= size <= n:
        raise ValueError(f"can't draw {size} of {n} seeds.")
    share = comb(n - np.arange(1, n + 1), size - 1) / comb(n, size)
    return np.moveaxis(ordered, axis, -1) @ share


def price_selection(dataset: str, recipe: str = "published") -> pd.DataFrame:
    """Price the report of the best of ten seeds, chosen by test error, in each arm.

    Returns:
        Indexed by arm: ``mse`` and ``mape``, an honest typical run's error (geometric mean) over
        the expected best of ten in this arm, with a 95 % bootstrap interval over seeds; and
        ``best_mape_pct`` and ``best_rmse_usd``, that expected best.
    """
    found = arms(dataset, recipe)
    rows = {}
    for name, runs in found.items():
        both = found["leak_free"].merge(runs, on="seed", suffixes=("", "_arm"))
        row: dict[str, object] = {}
        for short, column, power in (("mse", "test_rmse_usd", 2), ("mape", "test_mape_pct", 1)):
            pair = (both[column] ** power, both[f"{column}_arm"] ** power)
            row[short] = _bootstrap_over_seeds(*pair)
            row[f"best_{column.removeprefix('test_')}"] = expected_best(pair[1]) ** (1 / power)
        rows[name] = row
    return pd.DataFrame(rows).T.rename_axis("arm")


def leak_values(dataset: str) -> list[dict[str, object]]:
    """Answer the ledger's claims on leaks, for ``values.csv``.

    Where the scaler leak was not trained, the scale is the same without it, and the ratio is one.
    """
    prices = price_leaks(dataset)
    n = int(prices.loc["leak_free", "n"])
    rows = []
    for arm in ("scaler_leak", "validation_leak"):
        key, method = f"{arm}_mse_ratio", f"published, {n} seeds, honest MSE over leaky, dollars"
        ratio = prices["mse"].get(arm, 1.0)
        if arm not in prices.index:
            method = "the training part holds the extremes, so both arms are one"
        rows.append(value_row(key, ratio, method, n=n) | {"dataset": dataset})
    return rows


def _typical_over_best(honest: np.ndarray, arm: np.ndarray, axis: int = -1) -> np.ndarray:
    """Divide the geometric mean of honest errors by the expected best of ten of an arm."""
    return stats.gmean(honest, axis=axis) / expected_best(arm, axis=axis)


def _bootstrap_over_seeds(honest: ArrayLike, arm: ArrayLike) -> Interval:
    """Resample seeds, of both arms together, since equal seeds start from equal weights."""
    pair = (np.asarray(honest), np.asarray(arm))
    found = stats.bootstrap(
        pair,
        _typical_over_best,
        paired=True,
        vectorized=True,
        method="percentile",
        n_resamples=9999,
        rng=np.random.default_rng(0),
    )
    ends = found.confidence_interval
    return Interval(float(_typical_over_best(*pair)), float(ends.low), float(ends.high))
