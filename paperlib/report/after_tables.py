"""Tables of what later prices answered, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from paperlib.stats.interval import Interval, interval_of


def later_closes_table(rows: pd.DataFrame, models: Mapping[str, str]) -> pd.DataFrame:
    """Lay out how each model forecast the closes after the paper.

    Args:
        rows: of one end date, as :func:`paperlib.after.tables.load_answers` has them.
        models: what to show, each with what to call it.
    """
    return pd.DataFrame(
        {
            "model": name,
            "MAPE of a run (%)": f"{interval_of(row, 'mape_pct'):.2f}",
            "MAE over persistence's": f"{interval_of(row, 'mae_ratio'):ratio}",
            "than tomorrow equals today": _word(row["verdict"]),
            "mean error (%)": f"{row['bias_pct']:+.1f}",
        }
        for name, row in _named(rows, models)
    )


def later_ranges_table(rows: pd.DataFrame, models: Mapping[str, str]) -> pd.DataFrame:
    """Lay out how far forecasts left the range that closes were trained on, and their lag.

    Arguments are those of :func:`later_closes_table`, but for networks that forecast closes alone.
    """
    return pd.DataFrame(
        {
            "model": name,
            "mean forecast": f"{row['mean_forecast']:.2f}",
            "highest": f"{row['highest_forecast']:.2f}",
            "trails": f"{row['behind']:.0f}",
            "MSE over the LSTM's": f"{interval_of(row, 'mse_over_lstm'):ratio}",
        }
        for name, row in _named(rows, models)
    )


def later_risk_table(rows: pd.DataFrame, models: Mapping[str, str]) -> pd.DataFrame:
    """Lay out violations of the value at risk at both levels, with both tests.

    Args:
        rows: backtests of one ticker and end date.
        models: what to show, each with what to call it.
    """
    lines = []
    for model, name in models.items():
        for _, row in rows[rows["model"] == model].sort_values("tail", ascending=False).iterrows():
            lines.append(
                {
                    "model": name,
                    "level": f"{1 - row['tail']:.0%}",
                    "due": f"{row['expected']:.1f}",
                    "violations": f"{row['violations']:.0f}",
                    "Kupiec p": f"{row['kupiec_p']:.2f}",
                    "Christoffersen p": f"{row['conditional_p']:.2f}",
                }
            )
    return pd.DataFrame(lines)


def later_coverage_table(rows: pd.DataFrame, levels: Sequence[int]) -> pd.DataFrame:
    """Lay out what central intervals of one model held, with ✗ where a promise is broken.

    Args:
        rows: of one model and end date, a row a ticker.
        levels: what intervals promise, per cent.

    Returns:
        Indexed by ticker, a column a level. A promise is broken if the 95 % interval of what was
        held leaves it out.
    """
    table = {}
    for level in levels:
        held = [interval_of(row, f"coverage_{level}") for _, row in rows.iterrows()]
        table[f"{level}%"] = [f"{share:.1f}" + " ✗" * _is_broken(share, level) for share in held]
    return pd.DataFrame(table, index=rows["ticker"]).rename_axis("ticker")


def later_promises_table(
    rows: pd.DataFrame, models: Mapping[str, str], levels: Sequence[int]
) -> pd.DataFrame:
    """Count the promises that central intervals broke, as :func:`later_coverage_table` marks them.

    Args:
        rows: of one end date, a row a model and ticker.
        models: what to show, each with what to call it.
        levels: what intervals promise, per cent.

    Returns:
        A row a model, with how many broke each level, how many all, and how many of these by
        holding too little.
    """
    lines = []
    for model, name in models.items():
        own = rows[rows["model"] == model]
        held = {
            level: [interval_of(row, f"coverage_{level}") for _, row in own.iterrows()]
            for level in levels
        }
        broken = {level: sum(_is_broken(one, level) for one in held[level]) for level in levels}
        too_little = sum(one.high < level for level in levels for one in held[level])
        counted = {f"{level}%": f"{number} of {len(own)}" for level, number in broken.items()}
        counted["all"] = f"{sum(broken.values())} of {len(own) * len(levels)}"
        lines.append({"model": name, **counted, "held too little": str(too_little)})
    return pd.DataFrame(lines)


def _is_broken(held: Interval, level: int) -> bool:
    return not held.low <= level <= held.high


def _named(rows: pd.DataFrame, models: Mapping[str, str]) -> Iterator[tuple[str, pd.Series]]:
    """Go through the rows of some models, with what to call each."""
    table = rows.set_index("model")
    for model, name in models.items():
        yield name, table.loc[model]


def _word(verdict: object) -> str:
    return "–" if pd.isna(verdict) else str(verdict)
