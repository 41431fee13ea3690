"""The verdict on printed numbers: could one run have printed them, and under which readings?

The rules were fixed before the first run that they ask for; the book's page on how claims are
judged has them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from paperlib.claims.rounding import as_number, overlap, stands_for
from paperlib.stats.interval import Interval

REFUTED, COMPATIBLE, REPRODUCED = "refuted", "compatible", "reproduced"

Reading = Hashable  # of the training and of the measure together, such as ("no L2", "dollars")


@dataclass(frozen=True)
class Cell:
    """One printed number and what one run would print, under each reading."""

    printed: float | str
    runs: Mapping[Reading, Interval]  # a typical run with the 95 % prediction interval of one
    asked: int  # readings in all; under those that have no interval nothing could be printed
    is_cut: bool = False  # in per cent: its distance is that of the ratio that it leaves
    is_exact: bool = False  # hangs on no seed: an interval has no width, and must be printed alike

    def is_compatible(self, reading: Reading) -> bool:
        """Tell whether some number that is printed so lies in the interval."""
        return overlap(stands_for(self.printed), self.runs[reading][1:])

    def distance(self, reading: Reading) -> tuple[float, float]:
        """Return ``|ln(ours / printed)|``, infinite where signs or zeros forbid it; the difference.

        The latter parts readings where the former can't.
        """
        ours, printed = self.runs[reading].estimate, as_number(self.printed)
        return _apart(*self._as_ratios(ours, printed)), abs(ours - printed)

    def width(self, reading: Reading) -> float:
        """Return the interval's high end over its low one, infinite if zero lies between.

        A number without an interval has none.
        """
        if self.is_exact:
            return np.nan
        return float(np.exp(_apart(*self._as_ratios(*self.runs[reading][1:]))))

    def _as_ratios(self, *numbers: float) -> list[float]:
        return [1 - number / 100 for number in numbers] if self.is_cut else list(numbers)


@dataclass(frozen=True)
class PValues(Cell):
    """A printed p-value, and those of each reading's runs; ``runs`` has their median and range."""

    of_runs: Mapping[Reading, Sequence[float]] = field(default_factory=dict)

    def is_compatible(self, reading: Reading) -> bool:
        """Tell whether more than one run lies on the printed side of 0.05.

        Or of 0.01, for a p-value printed as "< 0.01".
        """
        threshold = as_number(self.printed) if isinstance(self.printed, str) else 0.05
        below = isinstance(self.printed, str) or self.printed < threshold
        return sum((p < threshold) == below for p in self.of_runs[reading]) > 1

    def width(self, reading: Reading) -> float:
        """Return none: the range of ten runs' p-values is no prediction."""
        return np.nan

    def distance(self, reading: Reading) -> tuple[float, float]:
        """Return none for "< 0.01": the number that it belongs to chooses the reading."""
        return (0.0, 0.0) if isinstance(self.printed, str) else super().distance(reading)


@dataclass(frozen=True)
class NumberAnswer:
    """What is said of one printed number."""

    verdict: str
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

    def distance(row: Mapping[str, Reading]) -> tuple[float, ...]:
        """Return the mean distance of the row's cells, as ratios and as differences."""
        return tuple(np.mean([cell.distance(row[name]) for name, cell in cells.items()], axis=0))

    nearest = min(shared, key=distance)
    return {name: _judge(cell, nearest[name]) for name, cell in cells.items()}


def _judge(cell: Cell, nearest: Reading) -> NumberAnswer:
    compatible = sum(map(cell.is_compatible, cell.runs))
    found = REPRODUCED if cell.is_exact else COMPATIBLE
    verdict = found if compatible else REFUTED
    return NumberAnswer(
        verdict, compatible, cell.asked, nearest, cell.runs[nearest], cell.width(nearest)
    )


def _apart(one: float, other: float) -> float:
    return abs(float(np.log(one / other))) if one * other > 0 else np.inf
