"""The results store: what was computed, written so that a stop at any moment loses nothing.

A finished run is one line appended to a journal. The journal is folded into the sorted CSV files
when a session of ``make results`` starts and ends; a line that was cut short is computed again.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pandas as pd

RESULTS = Path(__file__).resolve().parent.parent / "data" / "results"
ID = ["dataset", "recipe", "protocol", "seed"]
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
    path = RESULTS / "runs.csv"
    return pd.read_csv(path) if path.exists() else pd.DataFrame(columns=[*ID, "epochs", "key"])


def load_histories() -> pd.DataFrame:
    """Read the stored training histories: one row per run and epoch."""
    files = sorted(RESULTS.glob("histories-*.csv.gz"))
    if not files:
        return pd.DataFrame(columns=[*ID, "epoch"])
    return pd.concat(map(pd.read_csv, files), ignore_index=True)


def load_values() -> pd.DataFrame:
    """Read what is known beside the training runs: one row a number, found by its ``key``."""
    path = RESULTS / "values.csv"
    return pd.read_csv(path) if path.exists() else pd.DataFrame(columns=VALUE_COLUMNS)


def save_values(rows: pd.DataFrame) -> None:
    """Replace the stored values of the series that ``rows`` are of.

    Args:
        rows: with the columns ``VALUE_COLUMNS``.
    """
    stored = load_values()
    others = stored[~stored["dataset"].isin(rows["dataset"])]
    table = pd.concat([t for t in (others, rows) if len(t)])[VALUE_COLUMNS]
    _replace("values.csv", table.sort_values(VALUE_COLUMNS[:4]))


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
