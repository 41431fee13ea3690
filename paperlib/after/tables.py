"""The store's tables of what later prices answered: rows of every end date that was asked."""

from __future__ import annotations

import pandas as pd

from paperlib.experiments import store

ORDER = {
    "closes": ["dataset", "model"],
    "distributions": ["dataset", "model"],
    "backtests": ["dataset", "model", "tail"],
    "tiers": ["dataset", "model", "tier"],
}
"""By table what identifies a row."""


def name_dataset(ticker: str, end: str) -> str:
    """Name the sessions of a ticker after the paper, to an end date such as ``2026-01-30``."""
    return f"{ticker.lower()} to {end}"


def save_answers(
    answers: dict[str, pd.DataFrame], end: str, arithmetic: str, prices: dict[str, str]
) -> None:
    """Replace the rows of one end date.

    Args:
        answers: rows by table, of which ``dataset`` is the ticker.
        end: the last session.
        arithmetic: that trained.
        prices: by ticker the first digits of the fingerprint of its file.
    """
    for name, rows in answers.items():
        named = rows.assign(
            ticker=rows["dataset"],
            dataset=[name_dataset(ticker, end) for ticker in rows["dataset"]],
            end=end,
            prices=rows["dataset"].map(prices),
            arithmetic=arithmetic,
        )
        store.save_series(f"after_{name}.csv", named, ORDER[name])


def load_answers(name: str) -> pd.DataFrame:
    """Read what was answered of all end dates: ``closes``, ``distributions`` and so on.

    Returns:
        A row an end date, ticker and model, as :func:`paperlib.after.answers.closes_rows`, or the
        tables of the same names in the store have them; without rows if nothing was asked yet.
    """
    return store.read_table(f"after_{name}.csv", [*ORDER[name], "end", "ticker"])
