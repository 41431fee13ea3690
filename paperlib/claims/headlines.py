"""The book in ten lines: what was claimed, what we find, and the verdict. All of it is computed."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from paperlib.claims.ledger import Claim, load_claims
from paperlib.claims.rules import judge_number
from paperlib.claims.verdicts import judge
from paperlib.experiments.catalogue import PAPER_WINDOW, SEEDS
from paperlib.experiments.results import compare_recipes, load_measures
from paperlib.experiments.store import load_trials, load_values, select
from paperlib.recipe import ABLATIONS
from paperlib.stats.interval import Interval
from paperlib.stats.seeds import Comparison, prediction_interval


class Headline(NamedTuple):
    """One line: a claim of the paper, our finding, the ledger's verdict."""

    claim: str
    finding: str
    verdict: str


def judge_headlines() -> list[Headline]:
    """Write the ten lines, for the primary cell."""
    return [_accuracy(), _against_rnn(), _against_arima(), *_devices(), _thirty_days(), _risk()]


def _runs(recipe: str) -> pd.DataFrame:
    runs = select(load_measures(), dataset=PAPER_WINDOW, protocol="as_published", status="ok")
    return select(runs[runs["seed"].isin(SEEDS)], recipe=recipe)


def _accuracy() -> Headline:
    runs = _runs("published")
    claim = load_claims()["test_mape"]
    read, without = (
        prediction_interval(_runs(name)["test_mape_pct"]) for name in ("published", "no_l2")
    )
    naive = runs["persistence_mape_pct"].iloc[0]
    return Headline(
        f"The LSTM forecasts the close with a MAPE of {claim}.",
        f"{_range(read)} for one run; without its L2 {_range(without)}. "
        f'"Tomorrow equals today" has {naive:.2f}%.',
        f"{judge(claim).verdict}; without L2: {judge_number(claim.printed, without)}",
    )


def _against_rnn() -> Headline:
    claim = load_claims()["rnn_worse"]
    found, without = judge(claim), _without_l2(claim)
    return Headline(
        "It is better than an RNN.",
        f"Its MSE is {_text(_inverse(found.ours))} times the RNN's; without L2 in both "
        f"{_text(_inverse(without.interval))}.",
        f"{found.verdict}; without L2: {without.verdict}",
    )


def _without_l2(claim: Claim) -> Comparison:
    """Make a comparison of the ledger again between recipes without L2."""
    return compare_recipes(f"{claim.recipe}_no_l2", "no_l2", PAPER_WINDOW)


def lstm_over_arima() -> Interval:
    """Return the LSTM's test MSE over ARIMA's, both one step ahead; its order is that by AIC."""
    claim = load_claims()["arima_worse"]
    order = select(load_trials(), dataset=PAPER_WINDOW, recipe="arima")["order"].item()
    rows = select(load_values(), key=claim.value, dataset=PAPER_WINDOW, protocol="as_published")
    method = f"ARIMA({order.replace(' ', ', ')}), one step ahead"
    one_step = select(rows, method=method).iloc[0]
    return _inverse(Interval(one_step["estimate"], one_step["low"], one_step["high"]))


def _against_arima() -> Headline:
    found = judge(load_claims()["arima_worse"])
    return Headline(
        "It is better than ARIMA.",
        f"Its MSE is {_text(lstm_over_arima())} times that of ARIMA one step ahead, and "
        f"{_text(_inverse(found.ours))} times along paths of thirty sessions.",
        found.verdict,
    )


def _devices() -> list[Headline]:
    lines = []
    for name, ablation in ABLATIONS.items():
        if ablation.cut is None:
            continue
        direction, size = load_claims()[f"{name}_worse"], load_claims()[ablation.cut]
        found, of_size, without = judge(direction), judge(size), _without_l2(direction)
        device = ablation.device[0].upper() + ablation.device[1:]
        lines.append(
            Headline(
                f"{device} cuts the test MSE by {size}.",
                f"Without it the MSE is {_text(found.ours)} times that with it; "
                f"without L2 in both {_text(without.interval)}.",
                f"{found.verdict}; without L2: {without.verdict}; the size: {of_size.verdict}",
            )
        )
    return lines


def _thirty_days() -> Headline:
    claims = load_claims()
    found, others = judge(claims["lstm_stable_30_days"]), judge(claims["arima_grows_more"])
    growth = _inverse(found.ours)
    return Headline(
        "Its error stays stable over thirty days, ARIMA's grows.",
        f"Thirty days ahead its RMSE is {_text(growth)} times that of one day. ARIMA's factor is "
        f"{_text(others.ours)} times as large, from a far smaller error.",
        f"{found.verdict}; that ARIMA's grows more: {others.verdict}",
    )


def _risk() -> Headline:
    claims = load_claims()
    same = judge(claims["var_is_mape"]).verdict
    shares = select(load_values(), key="share_below_printed_var_pct", dataset=PAPER_WINDOW)
    equal = "It equals the MAPE with its sign changed" if same == "holds" else "It is not the MAPE"
    test, train = (
        select(shares, method=f"{part} part")["estimate"].item() for part in ("test", "training")
    )
    return Headline(
        f"The value at risk is {claims['var']}.",
        f"{equal}. {test:.1f}% of the test sessions and {train:.1f}% of the training sessions fell "
        "below it. No level is printed.",
        judge(claims["var"]).verdict,
    )


def _range(run: Interval) -> str:
    return f"{run.estimate:.1f}% ({run.low:.1f} to {run.high:.1f})"


def _inverse(ratio: Interval | None) -> Interval | None:
    """Turn a ratio round, and its interval."""
    return ratio and Interval(1 / ratio.estimate, 1 / ratio.high, 1 / ratio.low)


def _text(ours: Interval | None) -> str:
    if ours is None:
        return "exactly 1"
    return f"{ours:ratio}"


def readme_table() -> str:
    """Write the ten lines as the README's Markdown table."""
    rows = [f"| {line.claim} | {line.finding} | *{line.verdict}* |" for line in judge_headlines()]
    return "\n".join(["| The paper says | We find | Verdict |", "|---|---|---|", *rows])
