"""What of the results is still to be made, and what is worked out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from paperlib.experiments.engine import Task, on_one_thread
from paperlib.experiments.folding import fold, is_made, note_made, stored_arithmetics
from paperlib.experiments.pieces import is_kept, load
from paperlib.recipe import digest


class Part(NamedTuple):
    """Some tables of the store, or some rows of theirs, that are worked out of pieces."""

    name: str
    dataset: str
    runs: frozenset[str]  # keys of the runs whose rows or pieces it reads
    pieces: frozenset[str]  # keys of those whose pieces it reads
    make: Callable[[], None]
    seconds: float  # about what it takes

    def source(self, arithmetics: dict[str, str]) -> str:
        """Digest of what it rests on: runs, and the arithmetic that each was made under."""
        return digest([(key, arithmetics.get(key, "")) for key in sorted(self.runs | self.pieces)])


class Plan:
    """What is wanted, and what of it is still to be done."""

    def __init__(
        self,
        tasks: Iterable[Task],
        parts: list[Part],
        datasets: dict[str, set[str]],
        folder: Path,
        arithmetic: str,
    ) -> None:
        self.tasks: dict[str, Task] = {}
        for task in tasks:  # a reading that the grid has is not made, nor stored, again
            self.tasks.setdefault(task.key, task)
        self.datasets, self.folder, self.arithmetic = datasets, folder, arithmetic
        stored = {table: stored_arithmetics(table) for table in datasets}
        self.arithmetics = {
            key: stored[task.table][key]
            for key, task in self.tasks.items()
            if task.table and key in stored[task.table]
        }
        missing = {
            key
            for key, task in self.tasks.items()
            if task.table and self.arithmetics.get(key) != arithmetic
        }
        self.parts, wanted = self._close(parts, missing)
        self.pending = {
            key: task
            for key, task in self.tasks.items()
            if key in wanted and not is_kept(folder, key, task.arrays)
        }

    def _close(self, parts: list[Part], missing: set[str]) -> tuple[list[Part], set[str]]:
        """Follow what is missing: a part reads pieces, whose new rows may belong to other parts."""
        kept = {key for key in self.tasks if is_kept(self.folder, key)}
        wanted: set[str] = set()
        while True:
            rows = {key for key in wanted | missing | kept if self.tasks[key].table}
            expected = self.arithmetics | dict.fromkeys(rows, self.arithmetic)
            lacking = [part for part in parts if not self._is_made(part, expected)]
            pieces = missing.union(*(part.pieces for part in lacking))
            if pieces == wanted:
                return lacking, wanted
            wanted = pieces

    def seconds(self) -> tuple[float, float]:
        """Estimate what is to be done on one core: of pieces, side by side, and of parts."""
        pieces, parts = self.pending.values(), self.parts
        return sum(task.seconds for task in pieces), sum(part.seconds for part in parts)

    def fold(self) -> None:
        """Bring the pieces that are kept into the tables."""
        for table, datasets in self.datasets.items():
            wanted = {key for key, task in self.tasks.items() if task.table == table}
            lacking = (key for key in wanted if self.arithmetics.get(key) != self.arithmetic)
            ready = [key for key in sorted(lacking) if is_kept(self.folder, key)]
            made = [load(self.folder, key) for key in ready]
            for piece in made:
                for row in piece.rows:
                    row["arithmetic"] = self.arithmetic
            fold(table, made, wanted, datasets)
            self.arithmetics |= dict.fromkeys(ready, self.arithmetic)

    def make_parts(self) -> list[str]:
        """Work out the parts whose pieces are all there.

        Returns:
            Which failed, and why; these are left for another time.
        """
        problems = []
        ready = [part for part in self.parts if not (part.runs | part.pieces) & set(self.pending)]
        for part in ready:
            self.fold()
            self.parts.remove(part)
            print(f"\nWorking out the {part.name} of {part.dataset}.", flush=True)
            try:
                with on_one_thread():
                    part.make()
            except OSError:  # a full disk, say, ends it all
                raise
            except Exception as problem:
                name = f"{part.name} of {part.dataset}"
                problems.append(f"{name}: {type(problem).__name__}: {problem}")
            else:
                source = part.source(self.arithmetics)
                note_made(part.name, part.dataset, source, self.arithmetic)
        return problems

    def _is_made(self, part: Part, arithmetics: dict[str, str]) -> bool:
        return is_made(part.name, part.dataset, part.source(arithmetics), self.arithmetic)
