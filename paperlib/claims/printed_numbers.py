"""The verdict on printed numbers: could one run have printed them, and under which readings?

These are the rules of the second edition, fixed before the first run that they ask for (the book's
page on how claims are judged). The ledger is shown by those of :mod:`paperlib.claims.rules` until
all of these runs are stored.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from paperlib.claims.rounding import overlap
from paperlib.claims.rules import as_number, stands_for
from paperlib.stats.interval import Interval

REFUTED, COMPATIBLE = "refuted", "compatible"

Reading = Hashable  # of the training and of the measure together, such as ("no L2", "dollars")


@dataclass(frozen=True)
class Cell:
    """One printed number and what one run would print, under each reading that it can be read in.

    A cut, in per cent, is given as cuts; its distance is that of the ratios that it leaves.
    """

    printed: float | str
    runs: Mapping[Reading, Interval]  # a typical run with the 95 % prediction interval of one
    asked: int  # readings in all; under those that have no interval nothing could be printed
    is_cut: bool = False

    def is_compatible(self, reading: Reading) -> bool:
        """Tell whether some number that is printed so lies in the interval."""
        return overlap(stands_for(self.printed), self.runs[reading][1:])

    def distance(self, reading: Reading) -> float:
        """Return ``|ln(ours / printed)|``, infinite where signs or zeros forbid that."""
        return _apart(*self._as_ratios(self.runs[reading].estimate, as_number(self.printed)))

    def width(self, reading: Reading) -> float:
        """Return the interval's high end over its low one, infinite from zero or below on."""
        return float(np.exp(_apart(*self._as_ratios(*self.runs[reading][1:]))))

    def _as_ratios(self, *numbers: float) -> list[float]:
        return [1 - number / 100 for number in numbers] if self.is_cut else list(numbers)


@dataclass(frozen=True)
class NumberAnswer:
    """What is said of one printed number."""

    verdict: str  # REFUTED or COMPATIBLE
    compatible: int  # under so many readings
    of: int  # readings
    reading: Reading  # that speaks for the row
    ours: Interval  # under it
    width: float  # of that interval, as a factor


def judge_row(
    cells: Mapping[str, Cell], aligned: Iterable[Mapping[str, Reading]]
) -> dict[str, NumberAnswer]:
    """Judge the numbers of one row of a table, or of a pair: one reading speaks for all of them.

    Each is refuted or compatible by itself, under all its readings. The interval shown is that of
    the row's nearest reading: the least mean distance over the row's cells.

    Args:
        cells: by claim.
        aligned: the readings of the row: of each what it is called in each cell, as a reading in
            dollars is the MAE's in dollars and the MAPE's in per cent.

    Raises:
        ValueError: if no reading is there for all cells.
    """
    shared = [row for row in aligned if all(row[name] in cells[name].runs for name in cells)]
    if not shared:
        raise ValueError(f"no reading speaks for all of {', '.join(cells)}.")
    nearest = min(
        shared, key=lambda row: np.mean([cell.distance(row[name]) for name, cell in cells.items()])
    )
    return {name: _judge(cell, nearest[name]) for name, cell in cells.items()}


def _judge(cell: Cell, nearest: Reading) -> NumberAnswer:
    compatible = sum(map(cell.is_compatible, cell.runs))
    verdict = COMPATIBLE if compatible else REFUTED
    return NumberAnswer(
        verdict, compatible, cell.asked, nearest, cell.runs[nearest], cell.width(nearest)
    )


def _apart(one: float, other: float) -> float:
    return abs(float(np.log(one / other))) if one > 0 < other else np.inf
