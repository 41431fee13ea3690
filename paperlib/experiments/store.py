"""The results store: what was computed, written so that a stop at any moment loses nothing.

A finished run is one line appended to a journal. The journal is folded into the sorted CSV files
when a session of ``make results`` starts and ends; a line that was cut short is computed again.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd

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
LOSSES = ["loss_epoch_1", "loss_epoch_2"]
"""Of training, by which a program that has changed is told."""
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
    return _read("runs.csv", [*ID, "epochs", "key"])


def load_histories() -> pd.DataFrame:
    """Read the stored training histories: one row per run and epoch."""
    files = sorted(RESULTS.glob("histories-*.csv.gz"))
    if not files:
        return pd.DataFrame(columns=[*ID, "epoch"])
    return pd.concat(map(pd.read_csv, files), ignore_index=True)


def load_values() -> pd.DataFrame:
    """Read what is known beside the training runs: one row a number, found by its ``key``."""
    return _read("values.csv", VALUE_COLUMNS)


def load_evaluations() -> pd.DataFrame:
    """Read how the evaluated runs forecast the test part: one row a run."""
    return _read("evaluations.csv", [*ID, "key", *EVALUATED_MEASURES])


def load_horizons() -> pd.DataFrame:
    """Read the error of every model by horizon: one row a model, protocol and horizon."""
    return _read("horizons.csv", ["dataset", "model", "protocol", "horizon"])


def load_forecasts() -> pd.DataFrame:
    """Read the bundled series' one-step forecasts of the test part.

    Returns:
        One row a recipe, protocol and session, in time order; dollars, a column a seed (``0`` ...).
    """
    table = _read("forecasts-nflx-2016-2023.csv.gz", ["recipe", "protocol", "session"])
    return table.assign(session=pd.to_datetime(table["session"]))


def load_trials() -> pd.DataFrame:
    """Read the sensitivity runs: one row each, as in :func:`load_runs`."""
    return _read("trials.csv", [*ID, "key"])


def load_density_runs() -> pd.DataFrame:
    """Read the stored runs of density networks: one row each."""
    return _read("density_runs.csv", ["dataset", "recipe", "seed", "key"])


def load_distributions() -> pd.DataFrame:
    """Read what each forecast distribution was worth: one row a dataset and model."""
    return _read("distributions.csv", ["dataset", "model"])


def load_backtests() -> pd.DataFrame:
    """Read how each forecast of risk fared: one row a dataset, model and tail."""
    return _read("backtests.csv", ["dataset", "model", "tail"])


def load_tiers() -> pd.DataFrame:
    """Read what each tier would have earned: one row a dataset, model and tier."""
    return _read("tiers.csv", ["dataset", "model", "tier"])


def load_coverage() -> pd.DataFrame:
    """Read what intervals around the paper's network hold, by center, method, horizon and level."""
    return _read("coverage.csv", ["dataset", "center", "method", "horizon", "level"])


def load_sessions() -> dict[str, pd.DataFrame]:
    """Read each model's forecast distributions of the bundled Netflix test part.

    Returns:
        By model a table indexed by session, with the columns of
        :func:`paperlib.probabilistic.scores.score_sessions`.
    """
    table = pd.read_csv(RESULTS / "sessions-nflx-2013-2023.csv.gz", parse_dates=["session"])
    tables = table.groupby("model", sort=False)
    return {str(name): rows.drop(columns="model").set_index("session") for name, rows in tables}


def _read(name: str, columns: list[str]) -> pd.DataFrame:
    path = RESULTS / name
    return pd.read_csv(path) if path.exists() else pd.DataFrame(columns=columns)


def save_series(name: str, rows: pd.DataFrame, order: list[str]) -> None:
    """Replace a table's rows of the series that ``rows`` are of.

    Args:
        name: of the file, such as ``values.csv``.
        rows: with a column ``dataset``.
        order: columns to sort by; they come first.
    """
    stored = _read(name, list(rows.columns))
    others = stored[~stored["dataset"].isin(rows["dataset"])]
    table = pd.concat([t for t in (others, rows) if len(t)])
    _replace(name, table[[*order, *(c for c in rows.columns if c not in order)]].sort_values(order))


def save_trials(rows: pd.DataFrame) -> None:
    """Replace the sensitivity runs."""
    _replace("trials.csv", rows[[*ID, *(c for c in rows.columns if c not in ID)]].sort_values(ID))


def save_values(rows: pd.DataFrame) -> None:
    """Replace the rows of ``values.csv`` that have the same series and key as one of these."""
    stored = load_values()
    named = set(zip(rows["dataset"], rows["key"], strict=True))
    old = [pair in named for pair in zip(stored["dataset"], stored["key"], strict=True)]
    table = pd.concat([stored[~np.array(old, dtype=bool)], rows])
    _replace("values.csv", table.sort_values([*VALUE_COLUMNS[:4], "method"]))


def save_sessions(dataset: str, sessions: dict[str, pd.DataFrame]) -> None:
    """Write forecast distributions by session, as :func:`load_sessions` returns them."""
    tables = [
        table.assign(model=model, session=table.index.strftime("%Y-%m-%d"))
        for model, table in sessions.items()
    ]
    rows = pd.concat(tables).set_index(["model", "session"]).reset_index()
    _replace(f"sessions-{dataset}.csv.gz", rows)


def save_forecasts(dataset: str, rows: pd.DataFrame) -> None:
    """Write a series' one-step forecasts, as :func:`load_forecasts` returns them."""
    _replace(f"forecasts-{dataset}.csv.gz", rows)


def select(table: pd.DataFrame, **equal: object) -> pd.DataFrame:
    """Return the rows of a store's table whose columns have these values."""
    for column, value in equal.items():
        table = table[table[column] == value]
    return table


def has_whole_history(runs: pd.DataFrame) -> pd.Series:
    """Tell for each run whether the store holds a row for every epoch it trained."""
    rows = load_histories().groupby(ID).size().rename("rows").reset_index()
    return (runs[ID].merge(rows, on=ID, how="left")["rows"] == runs["epochs"].to_numpy()).to_numpy()


def append(row: dict[str, object], history: pd.DataFrame) -> None:
    """Add a finished run to the journal, on disk before this returns."""
    line = json.dumps({"row": row, "history": history.to_dict(orient="list")})
    with _journal().open("a", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())


def fold(keep: pd.Series | None = None) -> pd.DataFrame:
    """Move the journal into the CSV files and return the runs.

    Args:
        keep: keys of the runs to keep; ``None`` for all.
    """
    runs, histories = [load_runs()], [load_histories()]
    if _journal().exists():
        for line in _journal().read_text(encoding="utf-8").splitlines():
            try:
                entry = json.loads(line)
            except json.JSONDecodeError:  # the process ended while it wrote this line
                continue
            runs.append(pd.DataFrame([entry["row"]]))
            of_run = {name: entry["row"][name] for name in ID}
            histories.append(pd.DataFrame(entry["history"]).assign(**of_run))
    rows = pd.concat([table for table in runs if len(table)] or runs, ignore_index=True)
    epochs = pd.concat([table for table in histories if len(table)] or histories)
    rows = rows.drop_duplicates(ID, keep="last")
    if keep is not None:
        rows = rows[rows["key"].isin(keep)]
    _write(rows.sort_values(ID), epochs)
    _journal().unlink(missing_ok=True)
    return rows


def _journal() -> Path:
    return RESULTS / ".journal.jsonl"


def _write(runs: pd.DataFrame, histories: pd.DataFrame) -> None:
    """Replace the files, runs last: a run counts as done only once its row is there."""
    histories = histories.merge(runs[ID], on=ID).drop_duplicates([*ID, "epoch"], keep="last")
    first = [*ID, "epoch"]
    columns = [*first, *(name for name in histories.columns if name not in first)]
    histories = histories[columns].sort_values(first)
    tables = {f"histories-{name}.csv.gz": rows for name, rows in histories.groupby("dataset")}
    for path in RESULTS.glob("histories-*.csv.gz"):
        if path.name not in tables:
            path.unlink()
    for name, table in {**tables, "runs.csv": runs}.items():
        _replace(name, table)


def _replace(name: str, table: pd.DataFrame) -> None:
    """Write a file beside the old one, then put it in its place."""
    draft = RESULTS / f".{name}"
    # Compressed without a time stamp: the same rows are the same bytes.
    compression = {"method": "gzip", "mtime": 0} if name.endswith(".gz") else None
    form = {"index": False, "float_format": "%.6g", "lineterminator": "\n"}
    table.to_csv(draft, compression=compression, **form)
    os.replace(draft, RESULTS / name)


def all_runs() -> pd.DataFrame:
    """Read every stored run, the sensitivity runs among them."""
    return pd.concat([load_runs(), load_trials()], ignore_index=True)
