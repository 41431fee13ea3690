"""Finished pieces of the results: each training or other computation, kept as it ends.

A piece is one file a kind of content, named by the key of what was computed: ``.json`` (what goes
into tables), and where there are any ``.npz`` (arrays) and ``.pt`` (weights). They lie in
``data/pieces``, a folder for each arithmetic, and git does not see them.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from paperlib.machine.files import write
from paperlib.paths import DATA

PIECES = DATA / "pieces"
Row = dict[str, Any]


@dataclass(frozen=True)
class Piece:
    """What one computation leaves."""

    rows: list[Row]  # for a table of the store
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)  # a training's history, say
    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    weights: bytes = b""  # of paperlib.training.save_fit


def keep(folder: Path, key: str, piece: Piece) -> None:
    """Write a piece; it is there when its JSON is, which comes last.

    Raises:
        OSError: if it can't be written; no half of it then counts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if piece.weights:
        write(folder / f"{key}.pt", piece.weights)
    if piece.arrays:
        file = io.BytesIO()
        np.savez(file, **piece.arrays)
        write(folder / f"{key}.npz", file.getvalue())
    tables = {name: table.to_dict(orient="list") for name, table in piece.tables.items()}
    text = json.dumps({"rows": piece.rows, "tables": tables, "arrays": list(piece.arrays)})
    write(folder / f"{key}.json", text.encode())


def is_kept(folder: Path, key: str, arrays: tuple[str, ...] = ()) -> bool:
    """Tell whether a piece is there, with these arrays among its own."""
    path = folder / f"{key}.json"
    return path.exists() and (not arrays or set(arrays) <= set(_read(path)["arrays"]))


def load(folder: Path, key: str) -> Piece:
    """Read a piece but for its weights, which :func:`paperlib.training.load_fit` reads."""
    kept = _read(folder / f"{key}.json")
    tables = {name: pd.DataFrame(columns) for name, columns in kept["tables"].items()}
    if not kept["arrays"]:
        return Piece(kept["rows"], tables)
    with np.load(folder / f"{key}.npz") as arrays:
        return Piece(kept["rows"], tables, dict(arrays))


def failed(row: Row, reason: str) -> Piece:
    """Make the piece of what could not be computed: its row says why, and no number is known."""
    return Piece([row | {"status": "failed", "reason": reason}])


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))
