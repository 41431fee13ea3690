"""Checks of prices that were read: repeated rows, the exchange's calendar, splits, odd values."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from paperlib.prices.calendar import trading_sessions
from paperlib.prices.findings import SHOWN, Finding, find_rows, refuse
from paperlib.prices.numbers import PRICES

COLUMNS = [*PRICES, "volume"]
MANY = 0.1  # of rows whose date has one already, or on days without trading: no slip
FEW = 0.2  # of the missing sessions that still are, where wrong dates are put right
LEAST_SHARE = 0.5  # of a range's sessions that daily prices must have
FILLED_SHARE = 0.9  # of days without trading that repeat the close before, where filled in
ELSEWHERE = "no share traded there, or wrong dates. Check them, and bring prices from New York."
LONG_GAP = 5  # sessions missing in a row, a week
WRONG_NAMES = 0.5  # of closes outside low and high, where names of columns are exchanged
UNLIKE_PRICES = 100  # times the close is a usual volume, where volumes can be told from prices
# A 2:1 split on a day of up to +10 % changes the close by a factor of 1.8 or more. Netflix's
# largest true changes since 2002 stay below, 1.69 (2004-10-15) and 1.54 (2022-04-20), and so do all
# of the bundled shares. So a true change of 1.8 is refused, and a 3:2 split passes for a crash.
SPLIT_FACTOR = 1.8
DECLARED = 1.2  # smallest split in the file's own column that can be told from a day's move
BACK = 1.5  # the factor within which a close is back on the next row


def drop_priceless(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Drop rows without any price: holidays, and sessions that a vendor left blank."""
    blank = rows[PRICES].isna().all(axis=1)
    return rows[~blank], find_rows("rows without any price", rows[blank], "dropped")


def drop_repeated(path: Path, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Drop rows that repeat another, and refuse two rows of one date that differ.

    Args:
        path: named in messages.
        rows: the file's rows, indexed by date, with their ``line`` and the date as ``written``.
    """
    rows = rows.sort_index(kind="stable")
    repeated = rows.drop(columns=["line", "written"]).reset_index().duplicated().to_numpy()
    kept = rows[~repeated]
    again = kept.index.duplicated()
    if again.any():
        second = kept[again].iloc[0]
        first = kept.loc[[second.name]].iloc[0]
        why = f"with other values than line {first['line']}. Keep the right one."
        if again.mean() > MANY or first["written"] != second["written"]:
            why = f"as line {first['line']} is: intraday prices, or those of several shares. Bring "
            why += "one row a session, of one share."
        refuse(path, f"a second row of {second.name.date()}, {why}", second["line"])
    return kept, find_rows("rows that repeat another", rows[repeated], "dropped")


def drop_closed_days(path: Path, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Drop rows of days on which the New York exchange was closed; tell of missing sessions.

    Raises:
        PriceFileError: if more than a tenth of the rows are of such days, or if the rows are too
            few for daily prices.
    """
    first, last = rows.index[0], rows.index[-1]
    sessions = trading_sessions(first, last).as_unit(rows.index.unit)
    span = f"{len(rows)} rows from {first.date()} to {last.date()}, where the New York exchange had"
    if len(rows) < LEAST_SHARE * len(sessions):
        gap = rows.iloc[rows.index.diff().argmax()]
        every = f"are not daily: a row every {(last - first).days / len(rows):.1f} days"
        longest = f"the longest gap ends on {gap.name.date()} (line {gap['line']})"
        refuse(path, f"{span} {len(sessions)} sessions, {every}; {longest}. Bring daily prices.")
    open_day = rows.index.isin(sessions)
    closed = rows[~open_day]
    what = "rows of days on which the New York exchange was closed"
    lacking, one = len(sessions.difference(rows.index)), pd.Timedelta(days=1)
    back = [d.replace(month=d.day, day=d.month) if d.day <= 12 else d for d in closed.index]
    guesses = {
        "a day early, as of moments elsewhere": rows.index + one,
        "a day late, as of moments elsewhere": rows.index - one,
        "exchanged in day and month": rows.index[open_day].union(pd.DatetimeIndex(back)),
    }
    better = [
        how for how, dates in guesses.items() if len(sessions.difference(dates)) < FEW * lacking
    ]
    if len(closed) > SHOWN and (better or len(closed) > MANY * len(rows)):
        why = f"dates seem {better[0]}. Correct them." if better else ELSEWHERE
        if (rows["close"].diff()[~open_day] == 0).mean() >= FILLED_SHARE:
            why = "filled-in days, which repeat the row before. Delete them."
        first = f"{len(closed)} of {len(rows)} {what}, first {closed.index[0].date()}"
        refuse(path, f"{first}: {why}", closed["line"].iloc[0])
    found = find_rows(what, closed, "dropped; if the share trades elsewhere, these are sessions")
    kept = rows[open_day]
    return kept, [*found, *_missing_sessions(kept.index, sessions)]


def _missing_sessions(present: pd.DatetimeIndex, sessions: pd.DatetimeIndex) -> list[Finding]:
    """Tell which sessions between the first and the last one kept the file lacks."""
    places = sessions.get_indexer(present)
    lacking = sessions[places.min(initial=0) : places.max(initial=0)].difference(present)
    if not len(lacking):
        return []
    gaps = tuple(
        f"{sessions[places[i] + 1].date()} to {sessions[places[i + 1] - 1].date()}"
        for i in np.flatnonzero(np.diff(places) > LONG_GAP)
    )
    examples = tuple(lacking[:SHOWN].strftime("%Y-%m-%d"))
    done = "left out: the next row follows at once"
    found = [Finding("sessions that are missing", len(lacking), examples, done)]
    what = f"gaps of {LONG_GAP} sessions or more"
    return [*found, Finding(what, len(gaps), gaps[:SHOWN], "kept")] if gaps else found


def drop_before_split(
    rows: pd.DataFrame, start: str, least: int
) -> tuple[pd.DataFrame, list[Finding]]:
    """Leave out rows before a change as at a split, if ``least`` rows since ``start`` follow it.

    So a true crash long before the chapters begin is no reason to refuse a file.
    """
    jumps = rows.index[abs(np.log(rows["close"]).diff()) >= np.log(SPLIT_FACTOR)]
    early = jumps[jumps < start]
    if not len(early) or len(rows.loc[start:]) < least:
        return rows, []
    what = f"rows before the close changed by a factor of {SPLIT_FACTOR} or more"
    before = rows[rows.index < early[-1]]
    return rows.loc[early[-1] :], find_rows(what, before, f"left out, up to {early[-1].date()}")


def refuse_splits(path: Path, rows: pd.DataFrame) -> None:
    """Refuse closes that change as at a split, by a factor of 1.8 or more from row to row.

    Where the file has a column of splits, the row of a split must not show it in the close, also
    if the factor is smaller.
    """
    change = np.log(rows["close"]).diff()
    if "splits" in rows:
        size = np.log(rows["splits"].where(rows["splits"] > 0, 1.0))
        shows = (abs(size) > np.log(DECLARED)) & (abs(change + size) < abs(change))
        if shows.any():
            row = rows[shows].iloc[0]
            split = f"a split of {row['splits']:g} on {row.name.date()}, and the close changes so"
            refuse(path, f"{split}: it was not applied. Bring split-adjusted prices.", row["line"])
    large = np.flatnonzero(abs(change) >= np.log(SPLIT_FACTOR))
    if not large.size:
        return
    at = large[0]
    before, row = rows.iloc[at - 1], rows.iloc[at]
    jump = f"the close {'rises' if change.iloc[at] > 0 else 'falls'} by a factor of "
    jump += f"{np.exp(abs(change.iloc[at])):.2f} from {before.name.date()} (line {before['line']})"
    jump += f" to {row.name.date()}"
    if abs(change.iloc[at : at + 2].sum()) < np.log(BACK) and at + 1 < len(rows):
        refuse(path, f"{jump} and back on the next row. Correct or delete the row.", row["line"])
    why = "looks like a split that was not applied. Bring split-adjusted prices or correct the row"
    refuse(path, f"{jump}: {why}; if it is true, delete the rows before it.", row["line"])


def outside_range(prices: pd.DataFrame, name: str) -> pd.Series:
    """Tell on which rows open or close lies outside low and high by more than 32-bit noise."""
    noise = 1e-6 * prices["close"]
    above = prices[name] > prices["high"] + noise
    return above | (prices[name] < prices["low"] - noise)


def refuse_misplaced(path: Path, rows: pd.DataFrame) -> None:
    """Refuse columns under wrong names, and a row whose cells moved to the next column."""
    outside = outside_range(rows, "close")
    if outside.mean() > WRONG_NAMES:
        why = f"{outside.sum()} of {len(rows)} closes lie outside the day's low and high"
        refuse(path, f"{why}: names of columns are exchanged, or prices mixed. Correct them.")
    ratio = rows["volume"].where(rows["volume"] > 0) / rows["close"]
    moved = (abs(np.log(ratio)) < np.log(SPLIT_FACTOR)) & rows[PRICES].isna().any(axis=1)
    if ratio.median() > UNLIKE_PRICES and moved.any():
        row = rows[moved].iloc[0]
        why = f"a price is blank, and the volume {row['volume']:g} looks like a price"
        refuse(path, f"{why}: cells moved to the next column. Correct the row.", row["line"])


def find_oddities(rows: pd.DataFrame) -> list[Finding]:
    """Tell of values that are kept though they look odd."""
    real = rows[PRICES].where(rows[PRICES] > 0)
    far = abs(np.log(real.div(rows["close"], axis=0))) > np.log(SPLIT_FACTOR)
    disordered = outside_range(real, "open") | (real["high"] < real["low"])
    odd = {
        "rows with a blank cell": rows[COLUMNS].dropna(axis=1, how="all").isna().any(axis=1),
        "closes outside the day's low and high": outside_range(rows, "close"),
        "opens outside the day's low and high, or highs below lows": disordered,
        "opens, highs or lows far from the close": far.any(axis=1),
        "opens, highs or lows of zero or less": (rows[PRICES] <= 0).any(axis=1),
        "negative volumes": rows["volume"] < 0,
    }
    return [found for what, which in odd.items() for found in find_rows(what, rows[which], "kept")]
