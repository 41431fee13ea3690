"""Put one-step forecasts beside the closes that came and the closes before them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from paperlib.judging.closes import on_every_session
from paperlib.prices.findings import refuse

FEWEST = 60  # sessions


class Matched(NamedTuple):
    """Forecasts beside what came."""

    rows: pd.DataFrame  # by session: forecast, actual, previous; lower, upper, cutoff if there
    close: pd.Series  # dollars, of every session from the first known to the last, NaN if missing
    given: int  # forecasts that were brought
    left_out: str  # why the others could not be matched, in a sentence; empty if all were
    source: str  # where the actual values are from, in words
    apart: float  # median relative distance of the file's own actual values; NaN if not compared

    @property
    def history(self) -> pd.Series:
        """The closes before the first session that is forecast."""
        return self.close[self.close.index < self.rows.index[0]].dropna()

    def close_at(self, sessions: int) -> np.ndarray:
        """Return the close so many sessions before each date, after it if below zero; else NaN."""
        return self.close.shift(sessions).reindex(self.rows.index).to_numpy()


def match_forecasts(forecasts: pd.DataFrame, close: pd.Series | None, path: Path) -> Matched:
    """Match forecasts with closes by date.

    Args:
        forecasts: indexed by date, with ``forecast``; ``lower``, ``upper``, ``actual`` and
            ``cutoff`` if known. Those of more than a session ahead, by their cutoff, are left out.
        close: (n,) dollars by session, of :func:`paperlib.judging.closes.as_closes`, or ``None``
            to take the file's own ``actual``.
        path: of the file, for a refusal.

    Raises:
        PriceFileError: if there is nothing to match with, or fewer than 60 sessions match.
    """
    own = forecasts["actual"].dropna() if "actual" in forecasts else pd.Series(dtype=np.float64)
    own = own[~own.index.duplicated()]  # of a date with several cutoffs
    if close is None and own.empty:
        refuse(path, "no column of actual values. Add one, or name the prices: PRICES=my.csv.")
    source = "the file's own actual values" if close is None else "the prices"
    known = on_every_session(own if close is None else close)
    before = known.shift(1)
    given, (forecasts, others) = len(forecasts), _part_by_cutoff(forecasts, known.index)
    both = forecasts.index.intersection((known + before).dropna().index)
    left_out = _say_left_out(others | _unmatched(forecasts.index, known, both))
    if len(both) < FEWEST:
        first, last = (f"{known.index[i]:%Y-%m-%d}" for i in (0, -1))
        why = (
            f"only {len(both)} of {given} forecasts have a close and one the session before among "
            f"{source} ({first} to {last})."
        )
        refuse(path, " ".join(filter(None, (why, left_out, f"Bring at least {FEWEST}."))))
    rows = forecasts.loc[both].drop(columns="actual", errors="ignore")
    rows = rows.assign(actual=known.loc[both], previous=before.loc[both])
    apart = (own / known.reindex(own.index) - 1).abs().median()  # NaN if none
    return Matched(rows, known, given, left_out, source, float(apart))


def _part_by_cutoff(
    forecasts: pd.DataFrame, sessions: pd.DatetimeIndex
) -> tuple[pd.DataFrame, dict[str, pd.DatetimeIndex]]:
    """Return the forecasts that knew the session before their date, and the others' dates by kind.

    They did if no session lies between the cutoff and the date. Of several such the latest counts.
    """
    if "cutoff" not in forecasts:
        return forecasts, {}
    forecasts = forecasts.sort_values(["date", "cutoff"])
    dates = forecasts.index
    after = sessions.searchsorted(pd.DatetimeIndex(forecasts["cutoff"]), side="right")
    knew, earlier = sessions.searchsorted(dates) <= after, dates.duplicated("last")
    return forecasts[knew & ~earlier], {
        "made more than a session ahead, by their cutoff": dates[~knew],
        "with a later cutoff beside them that knew no session more": dates[knew & earlier],
    }


def _unmatched(
    dates: pd.DatetimeIndex, known: pd.Series, both: pd.DatetimeIndex
) -> dict[str, pd.DatetimeIndex]:
    """Part the dates that are not among those matched by why they are not."""
    rest = dates.difference(both)
    early, late = rest <= known.index[0], rest > known.index[-1]
    within = rest[~early & ~late]
    return {
        "without a session before, since closes begin there or later": rest[early],
        "after the last close": rest[late],
        "without a close of that day or of the session before": within.intersection(known.index),
        "on days when the exchange is closed, but a date is the session that a forecast is for": (
            within.difference(known.index)
        ),
    }


def _say_left_out(kinds: dict[str, pd.DatetimeIndex]) -> str:
    """Say what is left out, with the first of each kind; empty if nothing is."""
    said = [f"{len(of)} {why} ({of[0]:%Y-%m-%d})" for why, of in kinds.items() if len(of)]
    return f"Left out, with the first of each kind: {'; '.join(said)}." if said else ""
