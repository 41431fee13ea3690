"""Changes of the close as at a split: refused, or left out where they lie long ago."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from paperlib.pricereport import Finding, find_rows, refuse

# A 2:1 split on a day of up to +10 % changes the close by a factor of 1.8 or more. Netflix's
# largest true changes since 2002 stay below, 1.69 (2004-10-15) and 1.54 (2022-04-20), and so do all
# of the bundled shares. So a true change of 1.8 is refused, and a 3:2 split passes for a crash.
SPLIT_FACTOR = 1.8
DECLARED = 1.2  # smallest split in the file's own column that can be told from a day's move
BACK = 1.5  # the factor within which a close is back on the next row


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
