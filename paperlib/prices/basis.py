"""On which side of a split Netflix's prices are quoted, and whether they are the bundled ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from paperlib.prices.findings import SHOWN, Finding, refuse

SPLIT_2025 = 10  # Netflix split its shares 10:1 on 2025-11-17
LARGEST_WRONG_SHARE = 0.1  # of a Netflix file's closes that may be far from the bundled ones
LEAST_COMMON = 30  # sessions
NEAR = 0.01  # a cent's rounding of a tenth of the lowest bundled close is 0.4 %
NEAR_MOVE = 0.005  # in any 30 sessions, at most 57 % of another bundled share's changes are so near
MOST, NEARLY_ALL = 0.5, 0.9


def find_factor(close: pd.Series, reference: pd.Series) -> float | None:
    """Tell by which factor the closes must be multiplied to be on the reference's basis.

    It is the median ratio, so that a few wrong rows change nothing.

    Args:
        close: of a file, indexed by session.
        reference: frozen closes of one share.

    Returns:
        The factor, if there are at least 30 common sessions and either the closes move from session
        to session as the reference does (nine tenths of the changes agree within half a per cent),
        or half of them are the reference's or a tenth of it. ``None`` for another share.
    """
    ratio = (reference / close).dropna()
    if len(ratio) < LEAST_COMMON:
        return None
    factor = float(ratio.median())
    usual = [whole for whole in (1.0, float(SPLIT_2025)) if abs(factor / whole - 1) < NEAR]
    moves_alike = (abs(ratio.pct_change()) < NEAR_MOVE).iloc[1:].mean() >= NEARLY_ALL
    agree = (abs(ratio / factor - 1) < NEAR).mean() >= MOST
    if moves_alike or (agree and usual):
        return usual[0] if usual else factor
    return None


def find_differences(close: pd.Series, reference: pd.Series) -> pd.Series:
    """Return close less reference, on the common sessions where that is more than rounding.

    Closes of which nearly all are whole tenths of a dollar were rounded to cents after the split
    of 2025 and brought back, so they may be off by five cents; others by half a cent.
    """
    common = close.index.intersection(reference.index)
    difference = close[common] - reference[common]
    tenths = close[common] * 10
    step = 0.1 if (abs(tenths - tenths.round()) < 1e-6).mean() >= NEARLY_ALL else 0.01
    return difference[abs(difference) > step / 2 + 1e-6 * reference[common]]


def bring_to_basis(path: Path, prices: pd.DataFrame, netflix: pd.Series) -> pd.DataFrame:
    """Bring a Netflix file to the basis of the bundled series; leave other shares as they are.

    Args:
        path: named in messages.
        prices: as the file has them, with a report, to which is added what was found and changed.
        netflix: the bundled closes.

    Raises:
        PriceFileError: if it is Netflix in another unit, on another basis or on several.
    """
    factor = find_factor(prices["close"], netflix)
    if factor is None:
        return prices
    if factor not in (1, SPLIT_2025):
        why = f"the closes are {1 / factor:.4g} times Netflix's in the bundled series"
        refuse(path, f"{why}, so in another unit or basis. Bring split-adjusted prices in dollars.")
    found = []
    if factor == SPLIT_2025:
        prices[["open", "high", "low", "close"]] *= SPLIT_2025
        prices["volume"] /= SPLIT_2025
        what = "rows quoted after Netflix's split of 2025-11-17"
        done = f"prices times {SPLIT_2025}, volumes (if any) divided by {SPLIT_2025}"
        found.append(Finding(what, len(prices), (), done))
    ratio = (prices["close"] / netflix).dropna()
    far = ratio[abs(ratio - 1) > NEAR].index
    if len(far) > LARGEST_WRONG_SHARE * len(ratio):
        why = f"{len(far)} of {len(ratio)} closes are not those of Netflix in the bundled series"
        why += f", first {far[0].date()}, though the others are: they may be on another basis"
        refuse(path, f"{why}. Bring split-adjusted prices.")
    differing = find_differences(prices["close"], netflix).index
    if len(differing):
        examples = tuple(differing[:SHOWN].strftime("%Y-%m-%d"))
        what = "closes other than the bundled Netflix series'"
        found.append(Finding(what, len(differing), examples, "kept"))
    report = prices.attrs["report"]
    prices.attrs["report"] = replace(report, findings=(*report.findings, *found))
    return prices


@dataclass(frozen=True)
class PriceComparison:
    """How closes compare with the bundled series of Netflix."""

    answer: str  # same to the cent, same within rounding, differs, no overlap or another share
    sessions: int  # in common
    differing: int  # of these, by more than rounding
    words: str

    def __str__(self) -> str:
        """One sentence."""
        return self.words


def compare(close: pd.Series, reference: pd.Series) -> PriceComparison:
    """Compare closes with frozen ones of one share, session by session."""
    common = close.index.intersection(reference.index)
    if not len(common):
        return PriceComparison("no overlap", 0, 0, "no session in common")
    differing = find_differences(close, reference).index
    n = len(common)
    on = f"{n} common sessions"
    if (abs(close[common] / reference[common] - 1) < NEAR).mean() < MOST:
        return PriceComparison("another share", n, len(differing), f"another share, by {on}")
    if len(differing):
        first = ", ".join(differing[:SHOWN].strftime("%Y-%m-%d"))
        words = f"differs on {len(differing)} of {on}, first {first}"
        return PriceComparison("differs", n, len(differing), words)
    cents = [(series[common] * 100).round() for series in (close, reference)]
    answer = "same to the cent" if cents[0].equals(cents[1]) else "same within rounding"
    return PriceComparison(answer, n, 0, f"the {answer} on {on}")
