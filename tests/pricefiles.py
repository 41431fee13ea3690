"""Price files for tests: written, read, and refused with a message of the right form."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pricewriters import FIELDS, Layout

from paperlib.prices.findings import PriceFileError
from paperlib.prices.series import load_prices

PLAIN = Layout()


def write(tmp_path: Path, content: bytes | str) -> Path:
    """Write a price file, to the byte."""
    path = tmp_path / "prices.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def load(tmp_path: Path, content: bytes | str) -> pd.DataFrame:
    """Read what a price file has."""
    return load_prices(write(tmp_path, content))


def refusal(tmp_path: Path, content: bytes | str) -> str:
    """The message with which a file is refused, without its path."""
    path = write(tmp_path, content)
    with pytest.raises(PriceFileError) as refused:
        load_prices(path)
    message = str(refused.value)
    assert message.startswith(str(path))
    assert not re.search(r"[\n\r\x00-\x1f]", message)
    assert message.endswith(".")
    return message.removeprefix(str(path))


def assert_same(read: pd.DataFrame, written: pd.DataFrame) -> None:
    """What was read has the sessions and the columns that were written, under our names."""
    fields = [name for name in FIELDS if name in written]
    assert read.index.name == "date"
    assert list(read.index) == list(written.index)
    assert list(read.columns) == [name.lower() for name in FIELDS]
    names = [name.lower() for name in fields]
    np.testing.assert_array_equal(read[names].to_numpy(), written[fields].to_numpy())


def as_text(prices: pd.DataFrame, layout: Layout = PLAIN) -> str:
    """Prices as a file has them."""
    return layout.text(layout.rows(prices))


def edited(prices: pd.DataFrame, row: int, field: str, cell: str, layout: Layout = PLAIN) -> str:
    """A file with one cell replaced; row 0 is the first row of prices."""
    rows = layout.rows(prices)
    n_header = len(rows) - len(prices)
    place = ["Date", *FIELDS].index(field)
    at = layout.order.index(place) if layout.header == "plain" else place
    rows[row + n_header][at + layout.index_column] = cell
    return layout.text(rows)


def renamed(prices: pd.DataFrame, **names: str) -> str:
    """A file with other names of columns."""
    return as_text(prices, replace(PLAIN, names=tuple(names.get(n, n) for n in PLAIN.names)))


def with_column(prices: pd.DataFrame, name: str, cells: object) -> str:
    """A file with one column more."""
    return prices.rename_axis("Date").assign(**{name: cells}).to_csv()


def with_dates(prices: pd.DataFrame, dates: list[str]) -> str:
    """A file with its dates written otherwise."""
    rows = PLAIN.rows(prices)
    return PLAIN.text([rows[0], *[[d, *row[1:]] for d, row in zip(dates, rows[1:], strict=True)]])
