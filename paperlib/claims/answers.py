"""The whole ledger as tables: every claim with its verdict, and how many there are of each."""

from __future__ import annotations

import numpy as np
import pandas as pd

from paperlib.claims.arima_evidence import OF_GROWTH, STABLE
from paperlib.claims.comparisons import is_negligible
from paperlib.claims.ledger import Claim, chapter_order, load_claims
from paperlib.claims.verdicts import Judgement, judge
from paperlib.claims.words import FRACTION, in_words
from paperlib.stats.interval import Interval, scientific

MEANINGS = {
    "as the paper says": ("reproduced", "holds", "adds up"),
    "could be so": ("compatible",),
    "against it": ("refuted", "contradicted", "impossible as printed"),
    "hangs on a choice": ("depends on the reading", "in this period only"),
    "no effect of any size": ("open, within ±5%",),
    "can't be told": ("open", "not testable", "mixed"),
}
"""What each verdict says of a statement of the paper, in a few words for a visitor."""
OURS = "a question of ours"
SAME = "counted with another"
ERRORS = ("mse", "mape", "rmse", "mae")
"""Measures of which a change within 5 % either way is told as negligible."""


def all_verdicts() -> pd.DataFrame:
    """Judge every claim.

    Returns:
        A row a claim, in the order of the chapters, by its id, with ``chapter``, ``place``,
        ``claim``, ``paper``, ``certainty``, our answer (``ours``), the ``verdict``, the ``size`` of
        a comparison of errors, the ``family`` of claims of one quantity, under how many
        ``readings`` it could be so, the ``width`` of a number's interval, what is found
        ``elsewhere``, the ``reading`` of our answer, ``counts`` (for the paper's quantity itself,
        *counted with another* claim of the same one, or *a question of ours*), ``kind``, and the
        figure or table that shows it (``shown``).
    """
    rows = {}
    order = chapter_order()
    for claim in sorted(load_claims().values(), key=lambda claim: order.index(claim.chapter)):
        found = judge(claim)
        rows[claim.id] = {
            "chapter": claim.chapter,
            "place": claim.place,
            "claim": claim.words,
            "paper": str(claim),
            "certainty": claim.certainty,
            "ours": show_ours(found, claim),
            "verdict": found.verdict,
            "size": size_of(found, claim),
            "family": claim.same_as or claim.id,
            "readings": show_readings(found, claim),
            "width": show_width(found, claim),
            "elsewhere": show_elsewhere(found),
            "reading": in_words(found.reading),
            "counts": _counts(claim),
            "kind": claim.kind,
            "shown": claim.shown,
        }
    return pd.DataFrame(rows).T.rename_axis("id")


def _counts(claim: Claim) -> str:
    if claim.kind == "check" or claim.asked:
        return OURS
    return SAME if claim.same_as else "yes"


def count_verdicts(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Count measured quantities by verdict: what is stated in several places counts once.

    A quantity whose statements have different verdicts is *mixed*.

    Args:
        verdicts: of :func:`all_verdicts`.

    Returns:
        ``meaning``, ``verdict`` and how many ``comparisons``, ``numbers`` and ``others`` (sums,
        identities, and what can't be tested) have it, a row for each verdict that was given.

    Raises:
        ValueError: for a verdict without a meaning.
    """
    told = verdicts[verdicts["counts"] != OURS]
    nothing = told["verdict"].eq("open") & told["size"].eq("within ±5%")
    told = told.assign(verdict=told["verdict"].mask(nothing, "open, within ±5%"))
    counted = told[told["counts"] == "yes"].set_index("family")
    given = told.groupby("family")["verdict"].agg(
        lambda of: of.iloc[0] if of.nunique() == 1 else "mixed"
    )
    meaning_of = {name: meaning for meaning, names in MEANINGS.items() for name in names}
    if left := set(given) - set(meaning_of):
        raise ValueError(f"no meaning is given for the verdict {min(left)!r}.")
    of_numbers = ("number", "rate", "p_value", "deterministic")
    kinds = {"comparison": "comparisons", **dict.fromkeys(of_numbers, "numbers")}
    kind = counted["kind"].map(kinds).fillna("others")
    table = pd.crosstab(given.rename("verdict"), kind.reindex(given.index))
    table = table.reindex(columns=["comparisons", "numbers", "others"], fill_value=0)
    order = [name for name in meaning_of if name in table.index]
    table = table.loc[order].rename_axis(columns=None).reset_index()
    table.insert(0, "meaning", table["verdict"].map(meaning_of))
    return table


def show_readings(found: Judgement, claim: Claim) -> str:
    """Write under how many readings a claim could be so.

    Of a comparison, how many contradict as well, and which questions can't be asked; of a number,
    one that could print it, where the one that speaks for its row could not. A dash stands where
    there is but one reading.
    """
    if found.answers:
        told = [f"{found.agreeing} of {found.readings}"]
        told += [f"{found.against} against"] * (found.against > 0)
        return "; ".join([*told, *(f"not asked {of}" for of in found.answers.not_asked)])
    if found.readings < 2:
        return "–"
    alone = f', such as "{in_words(found.alone[0])}"' if found.alone else ""
    return f"{found.agreeing} of {found.readings}{alone}"


def show_width(found: Judgement, claim: Claim) -> str:
    """Write how wide a number's interval is, high end over low end, empty where it has none.

    Of a number in a row also how many readings could print the whole row.
    """
    if not found.width > 0:
        return ""
    width = "from zero" if np.isinf(found.width) else f"×{found.width:.3g}"
    return f"{width}, its whole row under {found.whole_row}" if claim.row else width


def show_elsewhere(found: Judgement) -> str:
    """Write what a comparison comes to on other stocks and in other periods, an arm each.

    It is a ratio, or where a measure may be zero a difference.
    """
    if not (found.answers and found.answers.elsewhere):
        return "–"
    effects = found.answers.elsewhere.values()
    if found.answers.is_difference:
        return "; ".join(f"a difference of {Interval(*effect):.1f}" for effect in effects)
    return "; ".join(f"{Interval(*np.exp(effect)):ratio}" for effect in effects)


def show_ours(found: Judgement, claim: Claim) -> str:
    """Write our answer in the claim's unit, with the interval that decided; a dash for none.

    Of a comparison it is the ratio, without over with: above one means that the part helps; of
    "stable" also the growth that it is made of. Where the reading of a number's row could not print
    the number, the nearest that could stands beside it.
    """
    if found.ours is None:
        return "–"
    ours = _write(found.ours, claim, found.reading)
    if claim.value == OF_GROWTH:
        return f"{ours}, {STABLE} over a growth to {STABLE / found.ours.estimate:.3g}"
    if found.alone:
        reading, alone = found.alone
        return f"read with its row: {ours}; read alone: {_write(alone, claim, reading)}"
    return ours


def _write(ours: Interval, claim: Claim, reading: str) -> str:
    form = scientific if claim.kind == "p_value" else "{:.3g}".format
    is_fraction = FRACTION in reading
    first, *ends = map(form, ours)
    text = first if is_fraction else claim.in_unit(first)
    if not (np.isnan(ours[1:]).any() or ends[0] == ends[1]):
        text = f"{text} ({ends[0]} to {ends[1]})"
    return f"{text} as a fraction, of scaled closes" if is_fraction else text


def size_of(found: Judgement, claim: Claim) -> str:
    """Tell whether a comparison of errors is of any size under the first reading."""
    measured = claim.columns[0] if claim.columns else claim.value
    if not (found.answers and found.ours and any(name in measured for name in ERRORS)):
        return ""
    effect = Interval(*np.log(found.ours))
    return "within ±5%" if is_negligible(effect) else "beyond ±5%"


def judge_chapter(chapter: str) -> pd.DataFrame:
    """List the claims that a chapter, named by its file, shows, with our answer and the verdict."""
    shown = [(claim, judge(claim)) for claim in load_claims().values() if claim.chapter == chapter]
    return pd.DataFrame(
        {
            "claim": claim.words,
            "paper": "a check of ours" if claim.kind == "check" else str(claim),
            "ours": show_ours(found, claim),
            "verdict": found.verdict,
            "readings": show_readings(found, claim),
        }
        for claim, found in shown
    )
