"""The prices that the book has, and those that a reader brings: loaded, checked, identified."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from paperlib.paths import DATA
from paperlib.prices.basis import PriceComparison, bring_to_basis, compare
from paperlib.prices.checks import outside_range
from paperlib.prices.findings import PriceFileError, refuse
from paperlib.prices.reader import read_price_file
from paperlib.recipe import MIN_SESSIONS, PAPER_START, PUBLISHED

MOVING = 0.5  # share of the sessions on which the close of a price worth forecasting changes
PRICE_DIR = DATA / "prices"
BUNDLED = ("AAPL", "AMZN", "GOOG", "META", "NFLX", "NVDA")


def load_prices(source: str | Path | None = None) -> pd.DataFrame:
    """Load daily prices, checked.

    Args:
        source: ``None`` for the bundled Netflix series from 2016-01-04; a bundled ticker
            (``"AAPL"``) for all its sessions, from 2013-01-02; else the path of a price file.

    Returns:
        Prices indexed by session (``date``, ascending), columns open, high, low, close (dollars)
        and volume (shares), float64. A Netflix file quoted after the 10:1 split of 2025, if it has
        at least 30 sessions of the bundled series, is brought back to that series' basis.
        ``attrs["report"]`` is a :class:`~paperlib.prices.findings.PriceReport` of the whole file.

    Raises:
        PriceFileError: if the file can't be used, or a bundled file was altered.
    """
    if source is None:
        return _load_bundled("NFLX").loc[PAPER_START:]
    if str(source) in BUNDLED:
        return _load_bundled(str(source)).copy()
    path = Path(source)
    return bring_to_basis(path, read_price_file(path), _load_bundled("NFLX")["close"])


def compare_to_bundled(prices: pd.DataFrame) -> PriceComparison:
    """Compare closes with the bundled ones of Netflix: the same, other values, another share."""
    return compare(prices["close"], _load_bundled("NFLX")["close"])


def chapter_prices() -> pd.DataFrame:
    """Load the prices that the chapters' live cells follow, from 2016-01-04 on.

    They are those of the environment variable ``PRICES`` (a path or a ticker, as for
    :func:`load_prices`), or the bundled Netflix series if it is not set.

    Raises:
        PriceFileError: if the file can't be used, has fewer than 250 sessions since 2016-01-04, or
            a price that hardly ever changes in the training or the test part.
    """
    source = os.environ.get("PRICES") or None
    prices = load_prices(source).loc[PAPER_START:]
    if len(prices) < MIN_SESSIONS:
        raise PriceFileError(
            f"{source}: {len(prices)} sessions since {PAPER_START}, where the chapters begin, are "
            f"too few. Bring at least {MIN_SESSIONS}."
        )
    moves = prices["close"].diff().iloc[1:] != 0
    cut = int(PUBLISHED.train_share * len(moves))
    for part in (moves[:cut], moves[cut:]):
        if part.mean() < MOVING:
            raise PriceFileError(
                f"{source}: from {part.index[0]:%Y-%m-%d} to {part.index[-1]:%Y-%m-%d} the close "
                f"changes on {part.mean():.0%} of the sessions, and there is little to forecast. "
                f"Bring a price that changes on at least {MOVING:.0%} of them."
            )
    return prices


@cache
def _load_bundled(ticker: str) -> pd.DataFrame:
    """Read a frozen file whose bytes match the checksum stored beside it."""
    path = PRICE_DIR / f"{ticker}.csv"
    listed = (PRICE_DIR / "SHA256SUMS").read_text().splitlines()
    expected = {name: digest for digest, name in (line.split() for line in listed)}
    if hashlib.sha256(path.read_bytes()).hexdigest() != expected[path.name]:
        refuse(path, "altered since it was frozen. Restore it from the repository.")
    prices = read_price_file(path)
    report = replace(prices.attrs["report"], source=f"{ticker}, bundled")
    prices.attrs["report"] = report
    return prices


@dataclass(frozen=True)
class Fingerprint:
    """What identifies a price series: equal digests mean equal dates and closes to the cent."""

    sha256: str
    first: str
    last: str
    sessions: int

    def __str__(self) -> str:
        """Short enough for a page: sixteen digits of the digest, the window, the count."""
        return f"{self.sha256[:16]} · {self.first} to {self.last} · {self.sessions} sessions"


def fingerprint(prices: pd.DataFrame) -> Fingerprint:
    """Identify prices by the SHA-256 over lines of ``date,close in cents``."""
    cents = (prices["close"] * 100).round().astype("int64")
    dates = prices.index.strftime("%Y-%m-%d")
    text = "".join(f"{date},{cent}\n" for date, cent in zip(dates, cents, strict=True))
    return Fingerprint(
        hashlib.sha256(text.encode()).hexdigest(), dates[0], dates[-1], len(prices)
    )  # fmt: skip


def quality_counts(prices: pd.DataFrame) -> pd.Series:
    """Count what "cleaning" could act on, one number for each kind of flaw.

    Missing (NaN) where the prices lack the columns to tell.
    """
    present = prices.dropna(axis="columns", how="all")
    gap_days = prices.index.to_series().diff().dt.days
    outside = outside_range(prices, "close")
    counts = {
        "sessions with a blank cell": present.isna().any(axis=1).sum(),
        "repeated sessions": prices.index.duplicated().sum(),
        "sessions on a weekend": (prices.index.day_of_week >= 5).sum(),
        "gaps of more than four days": (gap_days > 4).sum(),
        "closes outside the day's low and high": outside.sum()
        if {"high", "low"} <= set(present)
        else np.nan,
        "sessions without volume": (prices["volume"] <= 0).sum() if "volume" in present else np.nan,
    }
    return pd.Series(counts, dtype="Int64")
