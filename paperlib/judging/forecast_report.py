"""All that can be said of a reader's forecast, in one report."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Real
from pathlib import Path

import numpy as np
import pandas as pd

from paperlib.judging import accuracy
from paperlib.judging.closes import FORECAST, as_closes, as_forecasts
from paperlib.judging.faults import find_faults, has_other_unit
from paperlib.judging.forecast_file import read_forecast_file
from paperlib.judging.matching import Matched, match_forecasts
from paperlib.prices.findings import refuse
from paperlib.stats.interval import scientific

NOT_DOLLARS = "not judged, since it is not in dollars"


@dataclass(frozen=True)
class ForecastReport:
    """What a forecast is worth. ``print`` it, or lay it out with ``report.ForecastPage``."""

    name: str
    read: str  # how the file was read, empty for a table
    matched: Matched
    errors: pd.DataFrame  # of :func:`paperlib.judging.accuracy.error_table`
    comparison: accuracy.Comparison
    direction: accuracy.Direction | None
    behind: int  # sessions, 1 for persistence
    bounds: accuracy.Bounds | None
    faults: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """*better than*, *worse than*, *level with* tomorrow equals today; or why it isn't told."""
        return NOT_DOLLARS if has_other_unit(self.matched) else self.comparison.verdict

    @property
    def sentence(self) -> str:
        """The verdict as a sentence."""
        if self.verdict == NOT_DOLLARS:
            return f"The forecast is {NOT_DOLLARS}."
        if self.verdict == accuracy.OPEN:
            return f"Is it better than tomorrow equals today? There are {accuracy.OPEN}."
        if self.verdict == accuracy.BETTER and self.faults:
            return (
                f"By its errors the forecast is {self.verdict} tomorrow equals today, but first "
                "see below what looks wrong."
            )
        return f"The forecast is {self.verdict} tomorrow equals today."

    def statements(self) -> list[str]:
        """Say everything but the errors and the faults, a sentence or two each."""
        rows, compared = self.matched.rows, self.comparison
        matched = (
            f"{len(rows)} of {self.matched.given} forecasts matched with {self.matched.source}, "
            f"{rows.index[0]:%Y-%m-%d} to {rows.index[-1]:%Y-%m-%d}."
        )
        said = [" ".join(filter(None, (matched, self.matched.left_out)))]
        if self.verdict == NOT_DOLLARS:  # all else would be numbers without a meaning
            return said
        more = " or more" * (self.behind == accuracy.LAGS)
        said += [
            f"Absolute error ÷ that of tomorrow equals today: {compared.absolute:ratio}. Robust "
            f"test: p = {scientific(compared.test.p_value)}.",
            f"Squared error ÷ that of tomorrow equals today: {compared.squared:ratio}, hence skill "
            f"{compared.skill:.2f}.",
            _direction_words(self.direction),
            f"Of the closes before its date it is nearest to that {self.behind}{more} "
            f"session{'s' * (self.behind != 1)} before; tomorrow equals today is the close 1 "
            "session before.",
        ]
        if self.bounds:
            said.append(_bounds_words(self.bounds))
        return said

    def __str__(self) -> str:
        """Plain text: the verdict, what was found, the errors, and what looks wrong."""
        looks = [f"- {fault}" for fault in self.faults] or ["- nothing that the forecasts show"]
        table = self.errors.map(lambda x: "–" if np.isnan(x) else f"{x:,.4g}").to_string()
        errors = ["", "Errors (MAE and RMSE in dollars, MAPE in per cent):", table]
        return "\n".join(
            [
                f"{self.name}: {self.sentence}",
                *([f"Read as {self.read}."] if self.read else []),
                *(f"- {said}" for said in self.statements()),
                *(errors if self.verdict != NOT_DOLLARS else []),
                "",
                "What looks wrong:",
                *looks,
            ]
        )


def judge_forecast(
    forecast: str | Path | pd.DataFrame | pd.Series,
    prices: str | Path | pd.DataFrame | pd.Series | None = None,
    level: float | None = None,
) -> ForecastReport:
    """Judge one-step forecasts of closes.

    Args:
        forecast: a file, a series of forecasts by date, or a table by date with ``forecast``, and
            if known ``lower``, ``upper``, ``actual`` and ``cutoff``, or as files call them. Each is
            dated by the session that it is for, and made the session before; a ``cutoff``, the last
            day that it knew, tells which were, and the others are left out.
        prices: a file, a bundled ticker, a table with a column of closes, or closes by date;
            ``None`` takes the ``actual`` that comes with the forecasts.
        level: that the bounds promise, between 0 and 1; their Winkler score needs it.

    Raises:
        PriceFileError: for a file that can't be used, fewer than 60 matched sessions, repeated
            dates, missing values, bounds that are not a pair, or a level without bounds.
        ValueError: for a level that is out of range.
    """
    if level is not None and not (isinstance(level, Real) and 0 < level < 1):
        raise ValueError(f"level must be a share between 0 and 1, such as 0.9, not {level!r}.")
    if isinstance(forecast, str | Path):
        path = Path(forecast)
        table = read_forecast_file(path)
    else:
        path, table = FORECAST, as_forecasts(forecast)
    if level is not None and "lower" not in table:
        refuse(path, "a level is what bounds promise, and there are none. Bring them, or no level.")
    matched = match_forecasts(table, None if prices is None else as_closes(prices), path)
    return ForecastReport(
        name=path.name,
        read=table.attrs.get("read", ""),
        matched=matched,
        errors=accuracy.error_table(matched),
        comparison=accuracy.compare(matched),
        direction=accuracy.direction(matched),
        behind=int(accuracy.distances(matched, first=1).mean().idxmin()),
        bounds=accuracy.score_bounds(matched, level),
        faults=tuple(find_faults(matched)),
    )


def _direction_words(found: accuracy.Direction | None) -> str:
    if found is None:
        return "It never says up or down."
    hits = 100 * np.array(found.hits)
    return (
        f"It has the direction right on {hits[0]:.0f}% ({hits[1]:.0f} to {hits[2]:.0f}%) of "
        f"{found.sessions} sessions; always up would on {found.up:.0%}."
    )


def _bounds_words(found: accuracy.Bounds) -> str:
    inside = 100 * np.array(found.coverage)
    promised = f", which promise {100 * found.level:g}%," if found.level else ""
    share = f"{inside[0]:.0f}% ({inside[1]:.0f} to {inside[2]:.0f}%) of the closes"
    held = f"The bounds{promised} hold {share}"
    if np.isinf(found.width):
        return (
            f"{held}. Their width and Winkler score are of logarithms, which a bound of zero or "
            "below has not: raise such bounds above zero."
        )
    score = (
        f"Their Winkler score is {found.winkler:.2f}% (lower is better)."
        if np.isfinite(found.winkler)
        else "Say what they promise for their Winkler score: LEVEL=0.9, in Python level=0.9."
    )
    return f"{held} and are {found.width:.1f}% wide on average. {score}"
