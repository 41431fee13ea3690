"""The claim ledger: what the paper prints, so that no chapter has to type it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import Any, Literal, get_args

from paperlib.machine.files import read_yaml
from paperlib.paths import DATA, ROOT

LEDGER = DATA / "claims.yaml"
Certainty = Literal["sure", "likely", "guess"]
Kind = Literal[
    "number",
    "rate",
    "comparison",
    "p_value",
    "deterministic",
    "arithmetic",
    "check",
    "untestable",
]


@dataclass(frozen=True)
class Claim:
    """One statement of the paper, as printed, and where our answer to it is found."""

    id: str
    place: str  # section, table or figure of the paper
    words: str  # what it says, in short
    printed: float | str  # as printed; "80+", a range or a word where the paper has no plain number
    kind: Kind
    chapter: str  # of this book, which shows it, by its file: "second_layer"
    shown: str  # the figure or table that does, by its name
    unit: str = ""  # empty where the paper gives none
    certainty: Certainty = "sure"  # of our reading of a damaged text
    recipe: str = ""  # number, rate, comparison, p_value: whose runs
    columns: tuple[str, ...] = ()  # the measure; several where the paper leaves the unit open
    over: str = ""  # number: of the ratio to this recipe, seed by seed; comparison: the baseline
    value: str = ""  # key in values.csv; the claim is open until it is there
    row: str = ""  # of a table, or a pair: one reading speaks for all claims that name it
    two_runs: str = ""  # check: its numbers may be of two runs, which differ in this measure
    why: str = ""  # untestable: the reason
    same_as: str = (
        ""  # id of the claim that is of the same measured quantity, and is counted for it
    )
    asked: bool = False  # by us: the paper does not state it, but its protocol implies it

    def __str__(self) -> str:
        """Show the number with its unit, as printed, and with a mark where it was hard to read."""
        mark = "" if self.certainty == "sure" else f" [{self.certainty}]"
        return f"{self.in_unit(str(self.printed))}{mark}"

    def in_unit(self, number: str) -> str:
        """Write a number, the paper's or ours, with the unit of this claim."""
        if self.unit == "p-value":
            return f"p {number}" if number.startswith("<") else f"p = {number}"
        return f"{number}{self.unit if self.unit in ('', '%') else f' {self.unit}'}"


def chapter_order() -> list[str]:
    """Return the files of the chapters in the order of the book, without folder and ending."""
    toc = read_yaml(ROOT / "_toc.yml")
    pages = [page["file"] for part in toc["parts"] for page in part["chapters"]]
    return [page.removeprefix("notebooks/") for page in pages if page.startswith("notebooks/")]


@cache
def load_claims() -> dict[str, Claim]:
    """Read the ledger, keyed by claim id.

    Raises:
        ValueError: if an id comes twice, a field is unknown, missing or has a value that is not
            one of those allowed, a claim does not say what its kind needs to be judged, or the
            claims of a row have no reading in common.
    """
    claims: dict[str, Claim] = {}
    for entry in read_yaml(LEDGER):
        claim = _read(entry)
        if claim.id in claims:
            raise ValueError(f"{LEDGER}: the claim {claim.id!r} comes twice; rename one.")
        claims[claim.id] = claim
    _check_rows(claims.values())
    for claim in claims.values():
        other = claims.get(claim.same_as) if claim.same_as else None
        if claim.same_as and (other is None or other.same_as):
            raise ValueError(f"{LEDGER}: {claim.id!r} counts with none: {claim.same_as!r}.")
    return claims


def printed(*claims: str) -> list[float]:
    """Return the printed numbers of some claims, by their ids; an integer stays one."""
    numbers = (load_claims()[claim].printed for claim in claims)
    return [number if isinstance(number, int) else float(number) for number in numbers]


def _read(entry: dict[str, Any]) -> Claim:
    """Make a claim of one entry, or say what is wrong with it."""
    name = entry.get("id")
    if unknown := set(entry) - {field.name for field in fields(Claim)}:
        raise ValueError(f"{LEDGER}: {name!r} has the unknown field {min(unknown)!r}.")
    needed = {field.name for field in fields(Claim) if field.default is MISSING}
    if missing := needed - set(entry):
        raise ValueError(f"{LEDGER}: {name!r} lacks the field {min(missing)!r}.")
    claim = Claim(**{**entry, "columns": tuple(entry.get("columns", ()))})
    for field, allowed in (("certainty", Certainty), ("kind", Kind)):
        if getattr(claim, field) not in get_args(allowed):
            raise ValueError(f"{LEDGER}: {name!r} has {field} {getattr(claim, field)!r}.")
    if not _can_be_judged(claim):
        raise ValueError(f"{LEDGER}: {name!r} lacks what a claim of its kind is judged by.")
    return claim


def _check_rows(claims: Iterable[Claim]) -> None:
    """Refuse a row of one claim, or of claims whose readings can't be told to be the same."""
    rows: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.row:
            rows.setdefault(claim.row, []).append(claim)
    for row, of_row in rows.items():
        kinds = {claim.kind for claim in of_row}
        aligned = len({len(claim.columns) for claim in of_row}) == 1  # none: stored values
        leads = any(
            claim.kind != "p_value" and (claim.columns or claim.unit != "%") for claim in of_row
        )
        known = kinds <= {"number", "deterministic", "p_value"}
        if len(of_row) < 2 or not (known and aligned and leads):
            raise ValueError(f"{LEDGER}: the row {row!r} has no reading that its claims share.")


def _can_be_judged(claim: Claim) -> bool:
    """Tell whether a claim names what its kind is judged by."""
    by_runs = bool(claim.recipe and claim.columns)
    return {
        "number": by_runs != bool(claim.value),
        "rate": bool(claim.recipe),
        "comparison": (by_runs and bool(claim.over) and len(claim.columns) == 1)
        != bool(claim.value),
        "p_value": by_runs,
        "deterministic": bool(claim.value),
        "arithmetic": not claim.two_runs,  # what may be of two runs is no identity
        "check": True,
        "untestable": bool(claim.why),
    }[claim.kind]
