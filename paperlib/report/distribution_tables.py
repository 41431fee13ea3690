"""Tables of distributions and of risk, as text: scores, coverage, backtests and tiers."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from paperlib.probabilistic.scores import LEVEL_BAND, LEVELS, STANDINGS, standing
from paperlib.stats.interval import Interval, interval_of, scientific

FEWEST_VIOLATIONS = 5
"""Violations of each of two models that a ratio of their tick losses needs to have an interval.

Far out in the tail a tick loss is made by its few violations. A bootstrap sample holds none of k
with a probability of about exp(-k): 5 % at three, under 1 % at five. With fewer, an end of the
95 % interval says what the loss is without one, not what it is in another period.
"""


def share_text(row: pd.Series, name: str) -> str:
    """Write a stored share with its interval, in per cent."""
    share = Interval(*(100 * x for x in interval_of(row, name)))
    return f"{share:.1f%}"


def coverage_table(coverage: pd.DataFrame, methods: Mapping[tuple[str, str], str]) -> pd.DataFrame:
    """Lay out coverage, width and score of one series and level, 1 and 30 sessions ahead.

    Args:
        coverage: rows of one series and level, as :func:`paperlib.experiments.store.load_coverage`
            has them.
        methods: center and method of what to show, each with what to call it; those not there are
            left out.
    """
    table = coverage.set_index(["center", "method", "horizon"])
    lines = []
    for of, name in methods.items():
        if of not in table.index.droplevel("horizon"):
            continue
        line = {"intervals": name}
        for horizon in (1, 30):  # more columns are wider than a page
            row = table.loc[(*of, horizon)]
            low, high = row["coverage_low"], row["coverage_high"]
            seeds = f" ({low:.0f} to {high:.0f})" if high > low else ""
            line[f"{horizon} ahead: inside (%)"] = f"{row['coverage']:.0f}{seeds}"
            line[f"{horizon} ahead: log width"] = f"{row['width']:.3g}"
            line[f"{horizon} ahead: score"] = f"{row['winkler']:.3g}"
        lines.append(line)
    return pd.DataFrame(lines)


def score_table(scores: pd.DataFrame, models: Mapping[str, str]) -> pd.DataFrame:
    """Lay out what each model of one series is worth beside GARCH.

    Args:
        scores: rows of one series, as :func:`paperlib.experiments.store.load_distributions` has
            them.
        models: what to show, each with what to call it; those not there are left out.
    """
    table = scores.set_index("model")
    lines = []
    for model, name in models.items():
        if model in table.index:
            row = table.loc[model]
            line = {
                "model": name,
                "CRPS": f"{row['crps']:.3f}",
                "over GARCH": ratio_text(interval_of(row, "ratio")),
                "stands": "–" if model == "garch_t" else standing(interval_of(row, "ratio")),
                "over GARCH that knows as much": ratio_text(interval_of(row, "equal_ratio")),
            }
            line["inside 90% (%)"] = f"{interval_of(row, 'coverage_90'):.1f}"
            line["width of 90%"] = f"{row['width_90']:.2f}"
            lines.append(line)
    return pd.DataFrame(lines)


def ratio_text(ratio: Interval) -> str:
    """Write a ratio so that its ends show on which side of 1, and of 1.01, they lie.

    An end that is rounded to either gets a sign: <1.000 is below 1, by less than a thousandth.
    """
    ends = []
    for end in ratio[1:]:
        text = f"{end:.3f}"
        for bound in (1, LEVEL_BAND):
            if text == f"{bound:.3f}" and end != bound:
                text = f"{'<' if end < bound else '>'}{text}"
        ends.append(text)
    return f"{ratio.estimate:.3f} ({' to '.join(ends)})"


def count_standings(scores: pd.DataFrame, models: Collection[str]) -> pd.Series:
    """Count how models stand to GARCH, over all series, with no adjustment for their number.

    Args:
        scores: as :func:`paperlib.experiments.store.load_distributions` has them.
        models: those to count, but for GARCH itself.

    Returns:
        How many are *ahead*, *level*, *behind* and *not shown*, by the word.
    """
    counted = scores[scores["model"].isin(list(models)) & (scores["model"] != "garch_t")]
    words = [standing(interval_of(row, "ratio")) for _, row in counted.iterrows()]
    return pd.Series({word: words.count(word) for word in STANDINGS})


def further_scores(scores: pd.DataFrame, models: Mapping[str, str]) -> pd.DataFrame:
    """Lay out the remaining scores of one series, as :func:`score_table` does."""
    table = scores.set_index("model")
    lines = [
        {
            "model": name,
            "log score": _number(row["log_score"], "{:.3f}"),
            "pinball": f"{row['pinball']:.3f}",
            "Winkler, 90%": f"{row['winkler_90']:.1f}",
            **{f"inside {100 * x:g}% (%)": f"{row[f'coverage_{100 * x:g}']:.1f}" for x in LEVELS},
            "PIT p": _number(row["pit_p"], "{:.3f}"),
            "one network over GARCH": f"{interval_of(row, 'run_ratio'):.3f}",
        }
        for model, name in models.items()
        if model in table.index
        for row in [table.loc[model]]
    ]
    return pd.DataFrame(lines)


def backtest_table(backtests: pd.DataFrame, models: Mapping[str, str], tail: float) -> pd.DataFrame:
    """Lay out how each model's risk of one series fared at one level.

    *Order p* is Christoffersen's test of the order alone, *Christoffersen p* that of number and
    order together.
    """
    table = backtests[backtests["tail"] == tail].set_index("model")
    lines = []
    for model, name in models.items():
        row = table.loc[model]
        single = "–"
        if pd.notna(row["run_violations"]):
            low, high = row["run_violations_low"], row["run_violations_high"]
            single = f"{row['run_violations']:.0f} ({low:.0f} to {high:.0f})"
        lines.append(
            {
                "model": name,
                "violations": f"{row['violations']:.0f}",
                "one network's": single,
                "Kupiec p": scientific(row["kupiec_p"]),
                "order p": scientific(row["independence_p"]),
                "Christoffersen p": scientific(row["conditional_p"]),
                "tick loss": f"{row['tick_loss']:.3f}",
                "over GARCH's": "–"
                if model == "garch_t"
                else tick_ratio_text(row, table.loc["garch_t"]),
                "joint loss": _number(row["fz0_loss"], "{:.2f}"),
                "losses over shortfall": _number(row["shortfall_ratio"], "{:.2f}"),
            }
        )
    return pd.DataFrame(lines)


def tick_ratio_text(row: pd.Series, reference: pd.Series) -> str:
    """Write a model's tick loss over the reference's, with its interval or that there is none.

    Args:
        row: the model's backtest at one level, as
            :func:`paperlib.experiments.store.load_backtests` has it.
        reference: that of the model whose tick loss divides.
    """
    ratio = interval_of(row, "tick_ratio")
    if min(row["violations"], reference["violations"]) < FEWEST_VIOLATIONS:
        return f"{ratio.estimate:.2f} (too few)"
    return f"{ratio:.2f}"


def tier_table(tiers: pd.DataFrame, models: Mapping[str, str]) -> pd.DataFrame:
    """Lay out what each tier of one series would have earned."""
    lines = [
        {
            "forecast": name,
            "tier": row["tier"] if pd.notna(row["tier"]) else "–",
            "return (% a year)": f"{row['annual_return']:.1f}",
            "volatility (%)": f"{row['annual_volatility']:.1f}",
            "drawdown (%)": f"{row['max_drawdown']:.0f}",
            "Sharpe": f"{interval_of(row, 'sharpe'):.2f}",
            "Sharpe beyond buy and hold": f"{interval_of(row, 'sharpe_gain'):+.2f}",
            "beyond the budget": "–" if np.isnan(row["beyond"]) else share_text(row, "beyond"),
            "mean weight": f"{row['weight']:.2f}",
            "turnover a year": f"{row['turnover']:.1f}",
        }
        for model, name in models.items()
        for _, row in tiers[tiers["model"] == model].iterrows()
    ]
    return pd.DataFrame(lines)


def _number(value: float, form: str) -> str:
    """Write a number, or a dash where there is none."""
    return "–" if np.isnan(value) else form.format(value)
