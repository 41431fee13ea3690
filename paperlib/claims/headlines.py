"""The book in ten lines: what was claimed, what we find in the same unit, and the verdict."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from paperlib.claims.arima_evidence import STABLE
from paperlib.claims.ledger import load_claims, printed
from paperlib.claims.number_evidence import FIRST, values_of
from paperlib.claims.stored_runs import sound_runs
from paperlib.claims.verdicts import Judgement, judge
from paperlib.experiments.catalogue import PAPER_WINDOW
from paperlib.experiments.readings import ADMISSIBLE
from paperlib.experiments.store import load_values, select
from paperlib.recipe import ABLATIONS
from paperlib.stats.interval import Interval
from paperlib.stats.seeds import prediction_interval


class Headline(NamedTuple):
    """One line: a claim, the paper's number and ours in the same unit, the ledger's verdict."""

    claim: str
    paper: str
    here: str
    verdict: str


def judge_headlines() -> list[Headline]:
    """Write the ten lines, for the paper's window and the first reading of its L2."""
    models = [
        ("rnn_worse", "RNN", squared_ratio("test_rmse", "rnn_rmse")),
        ("arima_worse", "ARIMA", squared_ratio("test_rmse", "arima_rmse")),
    ]
    return [
        _accuracy(),
        *(_against(*model) for model in models),
        *_devices(),
        _thirty_days(),
        _risk(),
    ]


def squared_ratio(over: str, under: str) -> float:
    """Return the ratio of the MSEs that two printed RMSEs leave."""
    one, other = printed(over, under)
    return (one / other) ** 2


def _accuracy() -> Headline:
    claim, other = (load_claims()[name] for name in ("test_mape", "full_test_mape"))
    typical = {
        reading: prediction_interval(values_of(claim.recipe, reading, "test_mape_pct")).estimate
        for reading in ADMISSIBLE
    }
    naive = sound_runs(FIRST, claim.recipe)["persistence_mape_pct"].iloc[0]
    return Headline(
        "Error of its forecast (MAPE)",
        f"{claim}, elsewhere {other}",
        f"{min(typical.values()):.1f} to {max(typical.values()):.1f}%, by the reading; "
        f'"tomorrow equals today" has {naive:.2f}%',
        f"{claim}: {judge(claim).verdict}; {other}: {judge(other).verdict}",
    )


def _against(name: str, model: str, paper: float) -> Headline:
    found = judge(load_claims()[name])
    ours = Interval(*(1 / x for x in (found.ours[0], found.ours[2], found.ours[1])))
    return Headline(
        f"Its squared error over that of {model}", f"{paper:.2f}", f"{ours:ratio}", found.verdict
    )


def _devices() -> list[Headline]:
    lines = []
    for name, ablation in ABLATIONS.items():
        if ablation.cut is None:
            continue
        size, found = load_claims()[ablation.cut], judge(load_claims()[f"{name}_worse"])
        lines.append(
            Headline(
                f"What {ablation.device} does to the squared error",
                f"−{size}",
                change(found),
                found.verdict,
            )
        )
    return lines


def change(found: Judgement) -> str:
    """Write what a part does to an error, in per cent, of the ratio without ÷ with."""
    ours = [100 * (1 / x - 1) for x in (found.ours[0], found.ours[2], found.ours[1])]
    first, *ends = (f"{x:+.{0 if np.abs(ours).max() > 10 else 1}f}".replace("-", "−") for x in ours)
    return f"{first}% ({ends[0]} to {ends[1]})"


def _thirty_days() -> Headline:
    found = judge(load_claims()["lstm_stable_30_days"])
    not_asked = " or ".join(found.answers.not_asked)
    growth = Interval(*(STABLE / x for x in (found.ours[0], found.ours[2], found.ours[1])))
    return Headline(
        "Its error thirty days ahead over that of one day",
        '"stable"',
        f"{growth:ratio} times",
        f"{found.verdict} ({found.against} of {found.readings} readings; not asked {not_asked})",
    )


def _risk() -> Headline:
    claim = load_claims()["var"]
    shares = select(load_values(), key="share_below_printed_var_pct", dataset=PAPER_WINDOW)
    below = select(shares, method="test part")["estimate"].item()
    ways = select(load_values(), key="var_pct", dataset=PAPER_WINDOW)["method"]
    methods, levels, parts = ways.str.split(", ", expand=True).nunique()
    found = judge(claim)
    return Headline(
        "Value at risk, with no confidence level",
        str(claim).replace("-", "−"),
        f"its MAPE with a minus sign; {below:.1f}% of the test sessions fell farther",
        f"{found.verdict} ({found.agreeing} of {found.readings} estimates: {methods} methods, "
        f"{levels} levels, {parts} parts of the data, up to our end date)",
    )


def readme_table() -> str:
    """Write the ten lines as a Markdown table, for the README."""
    rows = [
        f"| {line.claim} | {line.paper} | {line.here} | *{line.verdict}* |"
        for line in judge_headlines()
    ]
    return "\n".join(["| | The paper | Here | Verdict |", "|---|---|---|---|", *rows])
