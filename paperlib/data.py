"""From prices to windows: load, scale (eq. 9), window, split in time."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from paperlib.pricebasis import Comparison, bring_to_basis, compare
from paperlib.pricecheck import outside_range
from paperlib.pricefile import MIN_SESSIONS, read_price_file
from paperlib.pricereport import PriceFileError, refuse
from paperlib.recipe import PAPER_START, PUBLISHED, EvalProtocol, Recipe

MOVING = 0.5  # share of the sessions on which the close of a price worth forecasting changes
PRICE_DIR = Path(__file__).resolve().parent.parent / "data" / "prices"
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
        ``attrs["report"]`` is a :class:`~paperlib.pricereport.PriceReport` of the whole file.

    Raises:
        PriceFileError: if the file can't be used, or a bundled file was altered.
    """
    if source is None:
        return _load_bundled("NFLX").loc[PAPER_START:]
    if str(source) in BUNDLED:
        return _load_bundled(str(source)).copy()
    path = Path(source)
    return bring_to_basis(path, read_price_file(path), _load_bundled("NFLX")["close"])


def compare_to_bundled(prices: pd.DataFrame) -> Comparison:
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


@dataclass(frozen=True)
class Scaler:
    """Min-max scaling to [-1, 1] (eq. 9), with the minimum and maximum it was given."""

    low: float
    high: float

    def scale(self, dollars: np.ndarray) -> np.ndarray:
        """Return ``2 (x - min) / (max - min) - 1``; any shape."""
        return 2 * (dollars - self.low) / (self.high - self.low) - 1

    def unscale(self, scaled: np.ndarray) -> np.ndarray:
        """Undo :meth:`scale`."""
        return (np.asarray(scaled, dtype=np.float64) + 1) / 2 * (self.high - self.low) + self.low


@dataclass(frozen=True)
class Part:
    """Consecutive windows and what follows each. n windows, in time order."""

    inputs: np.ndarray  # (n, lookback) scaled closes, float32
    targets: np.ndarray  # (n,) scaled close of the session after each window, float32
    sessions: pd.DatetimeIndex  # (n,) the targets' dates
    close: np.ndarray  # (n,) the targets in dollars
    previous: np.ndarray  # (n,) the close before each target in dollars: persistence's forecast


@dataclass(frozen=True)
class Windows:
    """What one run trains on, selects with and is scored on."""

    train: Part
    validation: Part
    test: Part
    scaler: Scaler
    scaler_sessions: pd.DatetimeIndex  # whose minimum and maximum the scaler was given
    target: Literal["close", "log_return"] = "close"  # what is scaled

    def to_dollars(self, part: Part, scaled: np.ndarray) -> np.ndarray:
        """Turn scaled forecasts of a part's targets, (n,), into closes in dollars."""
        values = self.scaler.unscale(scaled)
        return values if self.target == "close" else part.previous * np.exp(values)

    def persistence(self, part: Part) -> np.ndarray:
        """Forecast that the close stays as it is: (n,) scaled, as a network's forecast."""
        if self.target == "close":
            return part.inputs[:, -1]
        return np.full(len(part.targets), self.scaler.scale(np.array(0.0)))


def make_windows(close: pd.Series, recipe: Recipe, protocol: EvalProtocol) -> Windows:
    """Scale, window and split a series of closes, or of their log returns, in time order.

    The first ``recipe.train_share`` of the windows train (of these the last
    ``recipe.train_windows`` alone, where that is given), the rest test. Under
    ``AS_PUBLISHED`` the test part doubles as validation and the scaler sees every session.
    Under ``LEAK_FREE`` the last tenth of the training windows validate, and the scaler sees the
    sessions up to the last training or validation target. The targets of each part are the same
    for closes and returns, but that the first training window lacks its first return and is left
    out.

    Args:
        close: dollars, indexed by session, ascending.
        recipe: gives ``lookback``, ``train_share``, ``train_windows`` and ``target``.
        protocol: what scaler and validation may look at.

    Raises:
        ValueError: for a missing or non-positive close, for unsorted dates, for fewer than 250
            sessions, for a part without windows, or for a constant price that can't be scaled.
    """
    dollars = checked_dollars(close)
    n_windows = len(dollars) - recipe.lookback
    n_train = int(n_windows * recipe.train_share)
    n_validation = round(n_train * protocol.validation_share)
    if min(n_train - n_validation, n_validation, n_windows - n_train) < 1:
        raise ValueError("too few windows to train, validate and test; shorten the lookback.")
    values = dollars
    if recipe.target == "log_return":
        values = np.append(np.nan, np.diff(np.log(dollars)))
    n_seen = len(dollars) if protocol.scaler_sees == "all" else n_train + recipe.lookback
    seen = values[:n_seen]
    scaler = Scaler(float(np.nanmin(seen)), float(np.nanmax(seen)))
    if scaler.low == scaler.high:
        raise ValueError("the price never changes; eq. 9 would divide by zero.")

    scaled = scaler.scale(values).astype(np.float32)
    inputs = np.lib.stride_tricks.sliding_window_view(scaled[:-1], recipe.lookback)

    def part(start: int, stop: int) -> Part:
        """Cut out the windows from number start up to, not including, number stop."""
        target = slice(start + recipe.lookback, stop + recipe.lookback)
        before = slice(target.start - 1, target.stop - 1)
        return Part(
            inputs[start:stop],
            scaled[target],
            close.index[target],
            dollars[target],
            dollars[before],
        )

    test = part(n_train, n_windows)
    fitted = n_train if protocol.validation == "test" else n_train - n_validation
    whole = 0 if recipe.target == "close" else 1  # the first return is not known
    first = max(whole, fitted - recipe.train_windows) if recipe.train_windows else whole
    validation = part(fitted, n_train) if protocol.validation == "train_tail" else test
    sessions = close.index[:n_seen]
    return Windows(part(first, fitted), validation, test, scaler, sessions, recipe.target)


def checked_dollars(close: pd.Series) -> np.ndarray:
    """Return the closes as float64, or say why they can't be windowed."""
    dollars = close.to_numpy(dtype=np.float64)
    if not (np.isfinite(dollars) & (dollars > 0)).all():
        raise ValueError(
            "closes must be positive numbers; drop or repair the sessions that lack one."
        )
    if not (close.index.is_monotonic_increasing and close.index.is_unique):
        raise ValueError("sessions must ascend and not repeat; sort the prices by date.")
    if len(dollars) < MIN_SESSIONS:
        raise ValueError(f"{len(dollars)} sessions are too few; {MIN_SESSIONS} are the least.")
    return dollars
