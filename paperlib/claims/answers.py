"""The whole ledger as tables: every claim with its verdict, and how many there are of each."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from paperlib.claims.ledger import Claim, chapter_order, load_claims
from paperlib.claims.verdicts import Judgement, judge
from paperlib.experiments.catalogue import BUNDLED_WINDOW
from paperlib.stats.interval import scientific

MEANINGS = {
    "for the paper": ("consistent", "reproduced", "direction holds", "adds up"),
    "against it": ("differs", "contradicted", "impossible as printed"),
    "no effect to speak of": ("negligible", "no effect"),
    "can't be told": ("too imprecise to say", "inconclusive", "not testable"),
}
"""What each verdict says of a statement of the paper, in a few words for a visitor."""
OURS = "a question of ours"


def all_verdicts() -> pd.DataFrame:
    """Judge every claim.

    Returns:
        A row a claim, in the order of the chapters, by its id, with ``chapter``, ``place``,
        ``claim``, ``paper``, ``certainty``, our answer on the paper's window (``ours``) and on the
        bundled one (``bundled``), ``verdict``, the ``reading`` it answers, how many of the readings
        have this verdict (``agreeing``), the ``bundled_verdict`` beside it, whether it is a
        ``statement`` of the paper or a question of ours, ``kind``, and the figure or table that
        shows it (``shown``).
    """
    rows = {}
    order = chapter_order()
    for claim in sorted(load_claims().values(), key=lambda claim: order.index(claim.chapter)):
        found = judge(claim)
        beside = judge(claim, dataset=BUNDLED_WINDOW)
        rows[claim.id] = {
            "chapter": claim.chapter,
            "place": claim.place,
            "claim": claim.words,
            "paper": str(claim),
            "certainty": claim.certainty,
            "ours": show_ours(found, claim),
            "bundled": show_ours(beside, claim),
            "verdict": found.verdict,
            "reading": in_words(found.reading),
            "agreeing": _agreeing(found),
            "bundled_verdict": beside.verdict,
            "statement": claim.kind != "check" and not claim.asked,
            "kind": claim.kind,
            "shown": claim.shown,
        }
    return pd.DataFrame(rows).T.rename_axis("id")


def _agreeing(found: Judgement) -> str:
    """Write how many readings of a claim have its verdict: 2 of 7, or a dash where there is one."""
    return f"{found.agreeing} of {found.readings}" if found.readings > 1 else "–"


def count_verdicts(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Count claims by verdict.

    Args:
        verdicts: of :func:`all_verdicts`.

    Returns:
        ``meaning``, ``verdict`` and ``claims``, a row for each verdict that was given.

    Raises:
        ValueError: for a verdict without a meaning, such as *open*.
    """
    meaning_of = {name: meaning for meaning, names in MEANINGS.items() for name in names}
    if left := set(verdicts.loc[verdicts["statement"].astype(bool), "verdict"]) - set(meaning_of):
        raise ValueError(f"no meaning is given for the verdict {min(left)!r}.")
    meanings = verdicts["verdict"].map(meaning_of).where(verdicts["statement"], OURS)
    counts = pd.DataFrame({"meaning": meanings, "verdict": verdicts["verdict"]}).value_counts()
    table = counts.rename("claims").reset_index()
    order = [*MEANINGS, OURS]
    return table.sort_values(
        "meaning", key=lambda m: m.map(order.index), kind="stable"
    ).reset_index(drop=True)


FRACTIONS = ("mape_of_scaled",)
"""Measures that are no per cent though their claim is one; the sign would multiply by hundred."""

MEASURES_IN_WORDS = {
    "mape_of_scaled": "MAPE of scaled closes, as a fraction",
    "test_mape_pct": "MAPE of prices, %",
    "train_mape_pct": "MAPE of prices, %",
    **{
        f"{part}_{metric}_{unit}": f"{metric.upper()} {shown}"
        for part in ("train", "test")
        for metric in ("mae", "rmse", "mse")
        for unit, shown in (("usd", "in dollars"), ("scaled", "in scaled units"))
    },
    "theil_systematic_pct": "bias and regression (Theil)",
    "willmott_systematic_pct": "systematic (Willmott)",
    "willmott_random_pct": "unsystematic (Willmott)",
    "disturbance_pct": "disturbance (Theil)",
    "unbiased_pct": "all but squared bias",
    "bias_pct": "squared bias",
    "adf_p": "ADF",
    "size_and_volatility_now": "error's size, volatility of the month up to the day",
    "size_and_volatility_week": "error's size, volatility of the week up to the day",
    "size_and_volatility": "error's size, volatility of the month before",
    "size_and_price": "error's size, price",
    "error_and_price": "error with its sign, price",
    "error_and_volatility": "error with its sign, volatility of the month before",
    "granger_size_5": "volume for the error's size, five lags",
    "granger_change_5": "change of volume for the error, five lags",
    **{
        f"granger_volume_{lags}": f"volume for the error, lags: {lags}" for lags in (10, 5, 3, 2, 1)
    },
    "rmse_day_1": "RMSE of day 1",
    "rmse_day_30": "RMSE of day 30",
    "rmse_30_days": "RMSE over 30 days",
    "mse_day_30": "MSE of day 30",
    "mse_30_days": "MSE over 30 days",
    "published over single_layer": "two layers over one",
    "rnn over published": "RNN over LSTM",
}
"""What to call the measures that claims are judged by, longer names first."""


def in_words(reading: str) -> str:
    """Put a reading of a claim in a reader's words."""
    for name, title in MEASURES_IN_WORDS.items():
        reading = re.sub(rf"\b{name}(_p)?\b", title, reading)
    return reading


def judge_chapter(chapter: str) -> pd.DataFrame:
    """List the claims that a chapter, named by its file, shows, with our answer and the verdict."""
    rows = []
    for claim in load_claims().values():
        if claim.chapter == chapter:
            found = judge(claim)
            rows.append(
                {
                    "claim": claim.words,
                    "paper": "a check of ours" if claim.kind == "check" else str(claim),
                    "ours": show_ours(found, claim),
                    "verdict": found.verdict,
                    "reading": in_words(found.reading),
                }
            )
    return pd.DataFrame(rows)


def show_ours(found: Judgement, claim: Claim) -> str:
    """Write our answer in the claim's unit, with the interval that decided; a dash for none."""
    if found.ours is None:
        return "–"
    form = scientific if claim.kind == "p_value" else "{:.3g}".format
    first, *ends = map(form, found.ours)
    text = first if found.reading in FRACTIONS else claim.in_unit(first)
    if np.isnan(found.ours[1:]).any() or ends[0] == ends[1]:
        return text
    return f"{text} ({ends[0]} to {ends[1]})"
