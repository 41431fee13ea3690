"""Bring finished pieces into the tables of the store, and tell which rows still count."""

from __future__ import annotations

import pandas as pd

from paperlib.experiments import store
from paperlib.experiments.pieces import Piece
from paperlib.experiments.store import (
    ID,
    PART,
    load_histories,
    load_parts,
    read_table,
    replace_table,
    select,
)


def stored_arithmetics(name: str) -> dict[str, str]:
    """Tell under which arithmetic each run of a table was made.

    Runs whose history lacks an epoch are left out.

    Args:
        name: of the file, such as ``runs.csv``.

    Returns:
        By key.
    """
    rows = read_table(name, [*ID, "epochs", "key", "arithmetic"])
    if name == "runs.csv":
        epochs = load_histories().groupby(ID).size().rename("rows").reset_index()
        whole = rows[ID].merge(epochs, on=ID, how="left")["rows"].to_numpy() == rows["epochs"]
        rows = rows[whole.to_numpy()]
    return dict(zip(rows["key"], rows["arithmetic"], strict=True))


def fold(name: str, pieces: list[Piece], wanted: set[str], datasets: set[str]) -> None:
    """Bring finished pieces into a table of runs.

    Rows of these series that are not wanted any more go; those of other series stay.

    Args:
        name: of the file; of ``runs.csv`` the histories follow.
        pieces: whose rows take the place of those of the same key.
        wanted: keys that belong to the grid.
        datasets: the series that the grid is about.
    """
    stored = read_table(name, [*ID, "key"])
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
    replace_table(name, table)  # last: a run counts as done only once its row is there


def _save_histories(tables: list[pd.DataFrame], runs: pd.DataFrame) -> None:
    """Write the histories of runs; of two of one run the later."""
    histories = pd.concat([table for table in tables if len(table)] or tables)
    histories = histories.merge(runs[[*ID, "epochs"]], on=ID)
    histories = histories[histories["epoch"] <= histories.pop("epochs")]
    first = [*ID, "epoch"]
    histories = histories.drop_duplicates(first, keep="last").sort_values(first)
    histories = histories[[*first, *(c for c in histories.columns if c not in first)]]
    for dataset, rows in histories.groupby("dataset"):
        replace_table(f"histories-{dataset}.csv.gz", rows)


PART_FILES = {
    "evaluation": ("evaluations.csv", "horizons.csv", "values.csv"),
    "intervals": ("coverage.csv", "values.csv"),
    "distributions": ("distributions.csv", "backtests.csv", "tiers.csv"),
    "sessions": ("over_sessions.csv",),
}
"""Which files the parts of the tables are written to."""


def is_made(part: str, dataset: str, source: str, arithmetic: str) -> bool:
    """Tell whether a part of the tables is there, worked out of these pieces.

    Args:
        part: of :data:`PART_FILES`.
        dataset: of which series.
        source: digest of what it rests on.
        arithmetic: of this program on this machine (:mod:`paperlib.experiments.reference_fits`).
    """
    if not all((store.RESULTS / name).exists() for name in PART_FILES[part]):
        return False
    found = select(load_parts(), part=part, dataset=dataset, source=source)
    return bool((found["arithmetic"].isna() | (found["arithmetic"] == arithmetic)).any())


def note_made(part: str, dataset: str, source: str, arithmetic: str) -> None:
    """Note what a part of the tables was worked out of."""
    stored = load_parts()
    others = stored[(stored["part"] != part) | (stored["dataset"] != dataset)]
    row = pd.DataFrame([(part, dataset, source, arithmetic)], columns=PART)
    table = pd.concat([of for of in (others, row) if len(of)])
    replace_table("parts.csv", table.sort_values(PART[:2]))
