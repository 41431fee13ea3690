"""Does a pipeline's forecast move when prices change that come after it? Then it looks ahead."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from paperlib.judging.closes import as_closes
from paperlib.judging.placebo_walks import Pipeline, check_unit, run

JOLT = 2.0  # log: later prices go up sevenfold, then down, beyond any range that is known
MOVED = 1e-6  # relative: less is rounding


class LookAhead(NamedTuple):
    """Which forecasts moved."""

    last: pd.Timestamp  # the last session whose close was left as it is
    moved: int  # forecasts up to the session after, which moved
    of: int
    largest: float  # relative
    first: pd.Timestamp | None  # the earliest that moved

    @property
    def verdict(self) -> str:
        """*looks ahead*, or *does not, here*."""
        return "looks ahead" if self.moved else "does not look ahead here"

    def __str__(self) -> str:
        """One or two sentences."""
        said = f"It {self.verdict}: closes after {self.last:%Y-%m-%d} were changed, and of "
        said += f"{self.of} forecasts that must not know of them {self.moved} moved"
        return f"{said}, the first {self.first:%Y-%m-%d}." if self.first is not None else f"{said}."


def look_ahead(pipeline: Pipeline, prices: str | Path | pd.DataFrame | pd.Series) -> LookAhead:
    """Change the prices of the second half of a pipeline's test part, and see what moves.

    A forecast of session t may know the closes up to t - 1. So of prices that change after a
    session, forecasts up to the session after must not know. Later closes go up, and once more
    down; what moves either time counts.

    Args:
        pipeline: the reader's own function.
        prices: as for :func:`paperlib.judging.closes.as_closes`.

    Raises:
        ValueError: if the pipeline returns no forecasts, others each time on the same prices, or
            the same on other prices.
    """
    close = as_closes(prices)
    made, again = run(pipeline, close), run(pipeline, close)
    check_unit(made, close)
    if not made.index.equals(again.index) or _moved(made, again).any():
        raise ValueError(
            "the pipeline forecasts otherwise each time on the same prices: set its seeds, then "
            "run this again."
        )
    if not _moved(made, run(pipeline, 2 * close).reindex(made.index)).any():
        raise ValueError(
            "the pipeline forecasts the same of other prices: it does not use the closes that it "
            "is given, but perhaps a global name."
        )
    last = close.index[close.index.get_loc(made.index[len(made) // 2]) - 1]
    early = made.index[made.index <= made.index[len(made) // 2]]
    after = close.index > last
    moved, largest = np.zeros(len(early), dtype=bool), 0.0
    for jolt in (JOLT, -JOLT):
        changed = run(pipeline, close * np.exp(jolt * after)).reindex(early)
        if changed.isna().any():
            raise ValueError("the dates that the pipeline forecasts follow prices: fix its split.")
        moved |= _moved(made.loc[early], changed)
        largest = max(largest, float((changed / made.loc[early] - 1).abs().max()))
    first = early[moved][0] if moved.any() else None
    return LookAhead(last, int(moved.sum()), len(early), largest, first)


def _moved(made: pd.Series, other: pd.Series) -> np.ndarray:
    return ~np.isclose(made, other, rtol=MOVED, atol=0)
