"""The results store: what was computed, one readable table a kind.

A finished run is a piece (:mod:`paperlib.experiments.pieces`), and is folded from there into the
sorted CSV files.
"""

from __future__ import annotations

import gzip

import numpy as np
import pandas as pd

from paperlib.experiments.pieces import Piece
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


def load_parts() -> pd.DataFrame:
    """Read of what the other tables were worked out: one row a part of them and series."""
    return _read("parts.csv", PART)


def _read(name: str, columns: list[str]) -> pd.DataFrame:
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
    stored = _read(name, list(rows.columns))
    others = stored[~stored["dataset"].isin(rows["dataset"])]
    table = pd.concat([t for t in (others, rows) if len(t)])
    _replace(name, table[[*order, *(c for c in rows.columns if c not in order)]].sort_values(order))


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


def known_keys(name: str, arithmetic: str) -> set[str]:
    """Name the runs of a table that need not be made again, by key.

    That is all but those of another arithmetic, and of ``runs.csv`` those whose history lacks an
    epoch. Rows that name no arithmetic are from before it was noted, and are taken as they are.

    Args:
        name: of the file, such as ``runs.csv``.
        arithmetic: of this program on this machine (:mod:`.reference_fits`).
    """
    rows = _read(name, [*ID, "epochs", "key", "arithmetic"])
    rows = rows[rows["arithmetic"].isin([arithmetic]) | rows["arithmetic"].isna()]
    if name == "runs.csv":
        epochs = load_histories().groupby(ID).size().rename("rows").reset_index()
        whole = rows[ID].merge(epochs, on=ID, how="left")["rows"].to_numpy() == rows["epochs"]
        rows = rows[whole.to_numpy()]
    return set(rows["key"])


def fold(name: str, pieces: list[Piece], wanted: set[str], datasets: set[str]) -> None:
    """Bring finished pieces into a table of runs.

    Rows of these series that are not wanted any more go; those of other series stay.

    Args:
        name: of the file; of ``runs.csv`` the histories follow.
        pieces: whose rows take the place of those of the same key.
        wanted: keys that belong to the grid.
        datasets: the series that the grid is about.
    """
    stored = _read(name, [*ID, "key"])
    rows = pd.DataFrame([row for piece in pieces for row in piece.rows])
    made = set(rows["key"]) if len(rows) else set()
    stays = stored["key"].isin(list(wanted - made)) | ~stored["dataset"].isin(list(datasets))
    if not made and stays.all():
        return
    table = pd.concat([of for of in (stored[stays], rows) if len(of)] or [stored[stays]])
    first = [column for column in ID if column in table]
    others = sorted(set(table) - set(first))  # whatever kind of run was the first to finish
    table = table[[*first, *others]].sort_values(first)
    if name == "runs.csv":
        histories = [
            piece.tables["history"].assign(**{of: piece.rows[0][of] for of in ID})
            for piece in pieces
        ]
        _save_histories([load_histories(), *histories], table)
    _replace(name, table)  # last: a run counts as done only once its row is there


def _save_histories(tables: list[pd.DataFrame], runs: pd.DataFrame) -> None:
    """Write the histories of runs; of two of one run the later."""
    histories = pd.concat([table for table in tables if len(table)] or tables)
    histories = histories.merge(runs[[*ID, "epochs"]], on=ID)
    histories = histories[histories["epoch"] <= histories.pop("epochs")]
    first = [*ID, "epoch"]
    histories = histories.drop_duplicates(first, keep="last").sort_values(first)
    histories = histories[[*first, *(c for c in histories.columns if c not in first)]]
    for dataset, rows in histories.groupby("dataset"):
        _replace(f"histories-{dataset}.csv.gz", rows)


def is_made(part: str, dataset: str, source: str, arithmetic: str) -> bool:
    """Tell whether a part of the tables is there, worked out of these pieces.

    Args:
        part: such as ``evaluation``.
        dataset: of which series.
        source: digest of the keys that it rests on.
        arithmetic: as for :func:`known_keys`.
    """
    found = select(load_parts(), part=part, dataset=dataset, source=source)
    return bool((found["arithmetic"].isna() | (found["arithmetic"] == arithmetic)).any())


def note_made(part: str, dataset: str, source: str, arithmetic: str) -> None:
    """Note what a part of the tables was worked out of."""
    stored = load_parts()
    others = stored[(stored["part"] != part) | (stored["dataset"] != dataset)]
    row = pd.DataFrame([(part, dataset, source, arithmetic)], columns=PART)
    table = pd.concat([of for of in (others, row) if len(of)])
    _replace("parts.csv", table.sort_values(PART[:2]))


def _replace(name: str, table: pd.DataFrame) -> None:
    """Put a file in the place of the old one, whole or not at all."""
    text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n").encode()
    # Compressed without a time stamp: the same rows are the same bytes.
    write(RESULTS / name, gzip.compress(text, mtime=0) if name.endswith(".gz") else text)


def all_runs() -> pd.DataFrame:
    """Read every stored run, the sensitivity runs among them."""
    return pd.concat([load_runs(), load_trials()], ignore_index=True)
