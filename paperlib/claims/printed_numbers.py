"""The verdict on printed numbers: could one run have printed them, and under which readings?

The rules were fixed before the first run that they ask for; the book's page on how claims are
judged has them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from paperlib.claims.rounding import as_number, overlap, stands_for
from paperlib.stats.interval import OPEN, Interval

REFUTED, COMPATIBLE, REPRODUCED = "refuted", "compatible", "reproduced"

Reading = Hashable  # of the training and of the measure together, such as ("no L2", "dollars")


@dataclass(frozen=True)
class Cell:
    """One printed number and what one run would print, under each reading."""

    printed: float | str
    runs: Mapping[Reading, Interval]  # a typical run with the 95 % prediction interval of one
    asked: int  # readings in all; under those that have no interval nothing could be printed
    missing: int = 0  # readings among them whose runs are not stored: they may yet print it
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
        low, high = stands_for(self.printed)
        if low <= ours <= high:  # as any epoch from 80 on is "80+"
            return 0.0, 0.0
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
    reading: Reading  # that speaks for the number, or for its row
    ours: Interval  # under it
    width: float  # of the interval of the nearest reading that could print it, as a factor
    whole_row: int  # readings that could print all numbers of the row
    alone: tuple[Reading, Interval] | None  # the nearest that could print it, where that one can't


def judge_row(
    cells: Mapping[str, Cell], aligned: Iterable[Mapping[str, Reading]]
) -> dict[str, NumberAnswer]:
    """Judge the numbers of one row of a table, or of a pair, or one alone.

    Each verdict is the number's own, under all its readings: *refuted* if none could print it,
    *open* while such runs are missing. The interval shown is that of the row's nearest reading, the
    least mean distance over the row's cells; of a number alone, that of the nearest reading that
    could print it, if there is one.

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

    def prints_all(row: Mapping[str, Reading]) -> bool:
        """Tell whether one reading could print every number of the row."""
        return all(cell.is_compatible(row[name]) for name, cell in cells.items())

    def distance(row: Mapping[str, Reading]) -> tuple[float, ...]:
        """Return the mean distance of the row's cells, as ratios and as differences."""
        return tuple(np.mean([cell.distance(row[name]) for name, cell in cells.items()], axis=0))

    whole = [row for row in shared if prints_all(row)]
    nearest = min(whole if whole and len(cells) == 1 else shared, key=distance)
    return {name: _judge(cell, nearest[name], len(whole)) for name, cell in cells.items()}


def _judge(cell: Cell, nearest: Reading, whole_row: int) -> NumberAnswer:
    printing = [reading for reading in cell.runs if cell.is_compatible(reading)]
    if printing:
        verdict = REPRODUCED if cell.is_exact else COMPATIBLE
    else:
        verdict = OPEN if cell.missing else REFUTED
    shown = min(printing, key=cell.distance) if printing else nearest
    return NumberAnswer(
        verdict,
        len(printing),
        cell.asked,
        nearest,
        cell.runs[nearest],
        cell.width(shown),
        whole_row,
        (shown, cell.runs[shown]) if printing and nearest not in printing else None,
    )


def _apart(one: float, other: float) -> float:
    return abs(float(np.log(one / other))) if one * other > 0 else np.inf
