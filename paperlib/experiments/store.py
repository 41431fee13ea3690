"""The results store: what was computed, one readable table a kind.

A finished run is a piece (:mod:`paperlib.experiments.pieces`), and is folded from there into the
sorted CSV files.
"""

from __future__ import annotations

import gzip

import numpy as np
import pandas as pd

from paperlib.machine.files import write
from paperlib.paths import DATA

RESULTS = DATA / "results"
ID = ["dataset", "recipe", "protocol", "seed"]
EVALUATED_MEASURES = [
    "bias_pct",
    "disturbance_pct",
    "willmott_systematic_pct",
    "rmse_day_30",
    "rmse_30_days",
]
"""Of ``evaluations.csv``, those from which further measures are worked out."""
COMPARED = ["dataset", "reading", "recipe", "over", "ratio", "low", "high", "seeds"]
PART = ["part", "dataset", "source", "arithmetic"]
VALUE_COLUMNS = [
    "key",
    "dataset",
    "protocol",
    "model",
    "estimate",
    "low",
    "high",
    "n",
    "unit",
    "method",
]


def load_runs() -> pd.DataFrame:
    """Read the stored runs: one row each, columns as in ``data/results/README.md``."""
    return read_table("runs.csv", [*ID, "epochs", "key"])


def load_histories() -> pd.DataFrame:
    """Read the stored training histories: one row per run and epoch."""
    files = sorted(RESULTS.glob("histories-*.csv.gz"))
    if not files:
        return pd.DataFrame(columns=[*ID, "epoch"])
    return pd.concat(map(pd.read_csv, files), ignore_index=True)


def load_values() -> pd.DataFrame:
    """Read what is known beside the training runs: one row a number, found by its ``key``."""
    return read_table("values.csv", VALUE_COLUMNS)


def load_evaluations() -> pd.DataFrame:
    """Read how the evaluated runs forecast the test part: one row a run."""
    return read_table("evaluations.csv", [*ID, "key", *EVALUATED_MEASURES])


def load_horizons() -> pd.DataFrame:
    """Read the error of every model by horizon: one row a model, protocol and horizon."""
    return read_table("horizons.csv", ["dataset", "model", "protocol", "horizon"])


def load_forecasts() -> pd.DataFrame:
    """Read the bundled series' one-step forecasts of the test part.

    Returns:
        One row a recipe, protocol and session, in time order; dollars, a column a seed (``0`` ...).
    """
    table = read_table("forecasts-nflx-2016-2023.csv.gz", ["recipe", "protocol", "session"])
    return table.assign(session=pd.to_datetime(table["session"]))


def load_trials() -> pd.DataFrame:
    """Read the sensitivity runs: one row each, as in :func:`load_runs`."""
    return read_table("trials.csv", [*ID, "key"])


def load_density_runs() -> pd.DataFrame:
    """Read the stored runs of density networks: one row each."""
    return read_table("density_runs.csv", ["dataset", "recipe", "seed", "key"])


def load_folds() -> pd.DataFrame:
    """Read the scores that density networks' inputs were chosen by: one row a run and series."""
    return read_table("folds.csv", ["dataset", "recipe", "seed", "key", "ratio"])


def load_distributions() -> pd.DataFrame:
    """Read what each forecast distribution was worth: one row a dataset and model."""
    return read_table("distributions.csv", ["dataset", "model"])


def load_backtests() -> pd.DataFrame:
    """Read how each forecast of risk fared: one row a dataset, model and tail."""
    return read_table("backtests.csv", ["dataset", "model", "tail"])


def load_tiers() -> pd.DataFrame:
    """Read what each tier would have earned: one row a dataset, model and tier."""
    return read_table("tiers.csv", ["dataset", "model", "tier"])


def load_coverage() -> pd.DataFrame:
    """Read what intervals around the paper's network hold, by center, method, horizon and level."""
    return read_table("coverage.csv", ["dataset", "center", "method", "horizon", "level"])


def load_over_sessions() -> pd.DataFrame:
    """Read how recipes compare over seeds and sessions: one row a dataset, reading and recipe."""
    return read_table("over_sessions.csv", COMPARED)


def load_readings() -> pd.DataFrame:
    """Read the runs of the admissible readings that no other table has: one row each."""
    return read_table("readings.csv.gz", [*ID, "key"])


def load_elsewhere() -> pd.DataFrame:
    """Read the runs on other stocks and in other periods: one row each."""
    columns = [*ID, "key", "status", "train_rmse_usd", "test_rmse_usd"]
    return read_table("elsewhere.csv.gz", columns)


def load_sessions() -> dict[str, pd.DataFrame]:
    """Read each model's forecast distributions of the bundled Netflix test part.

    Returns:
        By model a table indexed by session, with the columns of
        :func:`paperlib.probabilistic.scores.score_sessions`.
    """
    table = pd.read_csv(RESULTS / "sessions-nflx-2013-2023.csv.gz", parse_dates=["session"])
    tables = table.groupby("model", sort=False)
    return {str(name): rows.drop(columns="model").set_index("session") for name, rows in tables}


def load_parts() -> pd.DataFrame:
    """Read of what the other tables were worked out: one row a part of them and series."""
    return read_table("parts.csv", PART)


def read_table(name: str, columns: list[str]) -> pd.DataFrame:
    """Read a file of the store; without rows, and with these columns, if it is not there."""
    path = RESULTS / name
    if not path.exists():
        return pd.DataFrame(columns=columns)
    digests = dict.fromkeys(["key", "source", "arithmetic", "prices"], str)  # may look like numbers
    return pd.read_csv(path, dtype=digests)


def save_series(name: str, rows: pd.DataFrame, order: list[str]) -> None:
    """Replace a table's rows of the series that ``rows`` are of.

    Args:
        name: of the file, such as ``values.csv``.
        rows: with a column ``dataset``.
        order: columns to sort by; they come first.
    """
    stored = read_table(name, list(rows.columns))
    others = stored[~stored["dataset"].isin(rows["dataset"])]
    table = pd.concat([t for t in (others, rows) if len(t)])
    replace_table(
        name, table[[*order, *(c for c in rows.columns if c not in order)]].sort_values(order)
    )


def save_values(rows: pd.DataFrame) -> None:
    """Replace the rows of ``values.csv`` that have the same series and key as one of these."""
    stored = load_values()
    named = set(zip(rows["dataset"], rows["key"], strict=True))
    old = [pair in named for pair in zip(stored["dataset"], stored["key"], strict=True)]
    table = pd.concat([stored[~np.array(old, dtype=bool)], rows])
    replace_table("values.csv", table.sort_values([*VALUE_COLUMNS[:4], "method"]))


def save_sessions(dataset: str, sessions: dict[str, pd.DataFrame]) -> None:
    """Write forecast distributions by session, as :func:`load_sessions` returns them."""
    tables = [
        table.assign(model=model, session=table.index.strftime("%Y-%m-%d"))
        for model, table in sessions.items()
    ]
    rows = pd.concat(tables).set_index(["model", "session"]).reset_index()
    replace_table(f"sessions-{dataset}.csv.gz", rows)


def save_forecasts(dataset: str, rows: pd.DataFrame) -> None:
    """Write a series' one-step forecasts, as :func:`load_forecasts` returns them."""
    replace_table(f"forecasts-{dataset}.csv.gz", rows)


def select(table: pd.DataFrame, **equal: object) -> pd.DataFrame:
    """Return the rows of a store's table whose columns have these values."""
    if not equal:
        return table
    # One mask, since each selection copies all columns.
    return table[np.logical_and.reduce([table[name] == value for name, value in equal.items()])]


def replace_table(name: str, table: pd.DataFrame) -> None:
    """Put a file in the place of the old one, whole or not at all."""
    text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n").encode()
    path, compressed = RESULTS / name, name.endswith(".gz")
    if path.exists():
        before = path.read_bytes()
        if (gzip.decompress(before) if compressed else before) == text:
            return  # another library may compress the same rows to other bytes
    # Without a time stamp, since the same rows are the same bytes.
    write(path, gzip.compress(text, mtime=0) if compressed else text)


def all_runs() -> pd.DataFrame:
    """Read every stored run on a series of the book, those of readings and trials among them."""
    return pd.concat([load_runs(), load_readings(), load_trials()], ignore_index=True)
