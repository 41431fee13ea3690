"""Checks of prices that were read: repeated rows, the exchange's calendar, splits, odd values."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from paperlib.pricereport import SHOWN, Finding, refuse

COLUMNS = ["open", "high", "low", "close", "volume"]
LEAST_SHARE = 0.5  # of a range's sessions that daily prices must have
CLOSED_SHARE = 0.1  # of rows that may fall on days without trading
FILLED_SHARE = 0.9  # of these that repeat the close before, where days were filled in
LONG_GAP = 5  # sessions missing in a row, a week
# A 2:1 split on a day of up to +10 % changes the close by a factor of 1.8 or more. Netflix's
# largest true changes since 2002 stay below, 1.69 (2004-10-15) and 1.54 (2022-04-20), and so do all
# of the bundled shares. So a true change of 1.8 is refused, and a 3:2 split passes for a crash.
SPLIT_FACTOR = 1.8
SPLITS = np.array([2.0, 2.5, *range(3, 21)])
DECLARED = 1.2  # smallest split in the file's own column that can be told from a day's move


def drop_repeated(path: Path, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Drop rows that repeat another, and refuse two rows of one date that differ.

    Args:
        path: named in messages.
        rows: the file's rows, indexed by date, with their ``line`` and the date as ``written``.
    """
    rows = rows.sort_index(kind="stable")
    values = rows.drop(columns=["line", "written"])
    repeated = values.reset_index().duplicated().to_numpy()
    kept = rows[~repeated]
    again = kept.index.duplicated()
    if again.any():
        second = kept[again].iloc[0]
        first = kept.loc[[second.name]].iloc[0]
        if first["written"] != second["written"]:
            refuse(
                path,
                f"a second row of {_day(second.name)}, at another time than in line "
                f"{first['line']}: these look like intraday prices. Bring one row a session.",
                second["line"],
            )
        refuse(
            path,
            f"a second row of {_day(second.name)}, with other values than line {first['line']}. "
            "Keep the right one.",
            second["line"],
        )
    return kept, _finding("rows that repeat another", rows[repeated], "dropped")


def drop_closed_days(path: Path, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Drop rows of days on which the New York exchange was closed; tell of missing sessions.

    Raises:
        PriceFileError: if more than a tenth of the rows are of such days, or if the rows are too
            few for daily prices.
    """
    from paperlib.earnings import trading_sessions  # here, since its calendar takes long to import

    first, last = rows.index[0], rows.index[-1]
    sessions = trading_sessions(first, last).as_unit(rows.index.unit)
    span = f"{len(rows)} rows from {_day(first)} to {_day(last)}, where the New York exchange had"
    step = rows.index.to_series().diff().dt.days.median()
    if step > 5:
        rhythm = "weekly" if step < 20 else "monthly" if step < 80 else "too rare"
        refuse(path, f"{span} {len(sessions)} sessions, look {rhythm}. Bring daily prices.")
    if len(rows) < LEAST_SHARE * len(sessions):
        refuse(path, f"{span} {len(sessions)} sessions: most are missing. Bring daily prices.")
    open_day = rows.index.isin(sessions)
    closed = rows[~open_day]
    if len(closed) > CLOSED_SHARE * len(rows):
        why = (
            "no share traded there, or wrong dates. Check the order of day and month, and bring "
            "daily prices from New York."
        )
        if (rows["close"].diff()[~open_day] == 0).mean() >= FILLED_SHARE:
            why = "filled-in days, which repeat the row before. Delete them."
        refuse(
            path,
            f"{len(closed)} of {len(rows)} rows are of days on which the New York exchange was "
            f"closed, first {_day(closed.index[0])}: {why}",
            closed["line"].iloc[0],
        )
    found = _finding("rows of days on which the exchange was closed", closed, "dropped")
    kept = rows[open_day]
    return kept, [*found, *_missing_sessions(kept.index, sessions)]


def _missing_sessions(present: pd.DatetimeIndex, sessions: pd.DatetimeIndex) -> list[Finding]:
    """Tell which sessions between the first and the last one kept the file lacks."""
    if not len(present):
        return []
    places = sessions.get_indexer(present)
    lacking = sessions[places[0] : places[-1]].difference(present)
    if not len(lacking):
        return []
    steps = np.diff(places) - 1  # sessions missing between a row and the next
    gaps = tuple(
        f"{_day(sessions[places[i] + 1])} to {_day(sessions[places[i + 1] - 1])}"
        for i in np.flatnonzero(steps >= LONG_GAP)
    )
    examples = tuple(_day(session) for session in lacking[:SHOWN])
    done = "left out: the next row follows at once"
    found = [Finding("sessions that are missing", len(lacking), examples, done)]
    if gaps:
        found.append(
            Finding(f"gaps of {LONG_GAP} sessions or more", len(gaps), gaps[:SHOWN], "kept")
        )
    return found


def refuse_splits(path: Path, rows: pd.DataFrame) -> None:
    """Refuse closes that change as at a split, by a factor of 1.8 or more from row to row.

    Where the file has a column of splits, the row of a split must not show it in the close, also
    if the factor is smaller.
    """
    change = np.log(rows["close"]).diff()
    if "splits" in rows:
        declared = rows["splits"].where(rows["splits"] > 0, 1.0)
        size = np.log(declared)
        shows = (abs(size) > np.log(DECLARED)) & (abs(change + size) < abs(change))
        if shows.any():
            row = rows[shows].iloc[0]
            refuse(
                path,
                f"a split of {row['splits']:g} on {_day(row.name)}, and the close changes with it: "
                "the prices are not adjusted for splits. Bring split-adjusted ones.",
                row["line"],
            )
    factors = np.exp(abs(change)).to_numpy()
    large = np.flatnonzero(factors >= SPLIT_FACTOR)
    if not large.size:
        return
    at = large[0]
    before, row, factor = rows.iloc[at - 1], rows.iloc[at], factors[at]
    jump = (
        f"the close {'rises' if change.iloc[at] > 0 else 'falls'} by a factor of {factor:.2f} from "
        f"{_day(before.name)} (line {before['line']}) to {_day(row.name)}"
    )
    returns = at + 1 < len(rows) and abs(change.iloc[at] + change.iloc[at + 1]) < np.log(1.5)
    if returns:
        refuse(path, f"{jump} and back on the next row. Correct or delete the row.", row["line"])
    nearest = SPLITS[np.argmin(abs(np.log(SPLITS / factor)))]
    like = "looks like a split that was not applied"
    if abs(np.log(nearest / factor)) < np.log(1.15):
        like += f" ({nearest:g} to 1)"
    refuse(path, f"{jump}: {like}. Bring split-adjusted prices, or correct the row.", row["line"])


def closes_outside(prices: pd.DataFrame) -> pd.Series:
    """Tell on which rows the close lies outside low and high by more than 32-bit noise."""
    noise = 1e-6 * prices["close"]
    above = prices["close"] > prices["high"] + noise
    return above | (prices["close"] < prices["low"] - noise)


def find_oddities(rows: pd.DataFrame) -> list[Finding]:
    """Tell of values that are kept though they look odd."""
    present = rows[COLUMNS].dropna(axis="columns", how="all")
    prices = [name for name in ("open", "high", "low") if name in present]
    odd = {
        "rows with a blank cell": present.isna().any(axis=1),
        "closes outside the day's low and high": closes_outside(rows),
        "opens, highs or lows of zero or less": (rows[prices] <= 0).any(axis=1),
        "negative volumes": rows["volume"] < 0,
    }
    return [found for what, which in odd.items() for found in _finding(what, rows[which], "kept")]


def _finding(what: str, rows: pd.DataFrame, done: str) -> list[Finding]:
    """Return a finding about these rows, or none if there are none."""
    examples = tuple(_shown(rows["line"].items()))
    return [Finding(what, len(rows), examples, done)] if len(rows) else []


def _shown(rows: Iterable[tuple[pd.Timestamp, int]]) -> list[str]:
    return [f"{_day(date)} (line {line})" for date, line in rows][:SHOWN]


def _day(date: pd.Timestamp) -> str:
    return f"{date:%Y-%m-%d}"
