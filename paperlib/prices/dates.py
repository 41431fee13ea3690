"""Dates from a price file's text: one way of writing, and one reading, for the whole column."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from babel.dates import get_month_names

from paperlib.prices.calendar import trading_sessions
from paperlib.prices.findings import quote, refuse

NEW_YORK = ZoneInfo("America/New_York")
LANGUAGES = ("en", "en_GB", "de", "es", "fr", "it", "pt", "nl")  # whose names of months are read
FIRST_YEAR = 1900
MOST_MISFIT = 0.1  # of dates that the calendar lacks, or the reverse, where it tells readings apart
SAMPLE = 20  # cells by which ways of writing are ruled out before the whole column is read
LONGEST = 60  # characters of a date, or of the name of a share
SHORT = "years of two digits"
FORMATS = {  # in words, and for strptime; D stands before eight digits, M for a month by name
    "year first": [f"%Y{mark}%m{mark}%d" for mark in "-/."],
    "as eight digits": ["D%Y%m%d"],
    "month first": [f"%m{mark}%d{mark}%Y" for mark in "-/."],
    "day first": [f"%d{mark}%m{mark}%Y" for mark in "-/."],
    "month by name": ["M%m %d, %Y", "M%m %d %Y", "M%m-%d-%Y"],
    "month by name, day first": [f"%d{mark}M%m{mark}%Y" for mark in ("-", " ", "")] + ["%d.M%m %Y"],
    f"month first, {SHORT}": [f"%m{mark}%d{mark}%y" for mark in "-/."],
    f"day first, {SHORT}": [*(f"%d{mark}%m{mark}%y" for mark in "-/."), "%d-M%m-%y", "%d M%m %y"],
    f"year first, {SHORT}": [*(f"%y{mark}%m{mark}%d" for mark in "-/."), "%y-M%m-%d"],
}
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
STAMP = re.compile(
    rf"(?:(?P<weekday>{'|'.join(DAYS)})[a-z]*\.?,? )?(?P<date>.*?[^ .])\.?"
    r"(?:[T ]+(?P<hour>[01]?[0-9]|2[0-3])[:.](?P<minute>[0-5][0-9])(?:[:.][0-5][0-9](?:\.[0-9]+)?)?"
    r"(?: ?[ap]m| ?(?P<zone>Z|UTC|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9]))?)?",
    re.IGNORECASE,
)
SECONDS = "[0-9]{10}|[0-9]{13}"
NO_DATES = {  # what stands there instead, and the remedy
    r"": "the date is missing. Write it as 2016-01-04, or delete the row.",
    r"[0-9]{5}(\.[0-9]+)?": "looks like a spreadsheet's number of a day. Give the column the "
    "format yyyy-mm-dd there and save it again.",
    SECONDS: "looks like a time stamp in seconds. Write dates as 2016-01-04.",
    r"[0-9]{8}": "is no day of the calendar, eight digits being read year first. Correct it.",
}


def parse_dates(
    path: Path, cells: list[str], lines: list[int], latest: dt.date | None = None
) -> tuple[pd.DatetimeIndex, str]:
    """Return the column's dates and how they are written, in words.

    They are read in the only way in which the whole column can be. Where cells alone don't tell,
    or years are short, it is the one in which the rows run in time order on sessions of the
    exchange. A time of day is left out: the date counts as written, and if it has both an hour
    other than midnight and a time zone, as the date in New York at that moment.

    Args:
        path: the file, for a refusal.
        cells: of the column.
        lines: on which they stand.
        latest: that a date may be; by default today.

    Raises:
        PriceFileError: for a cell that can't be read as most can, and if the column can be read in
            more than one way.
    """
    stamps = [_stamp(cell) for cell in cells]
    hours = [int(stamp["hour"] + stamp["minute"]) for stamp in stamps if stamp and stamp["zone"]]
    if 0 in hours and any(hours):
        why = "some moments are midnight and others not, as of dates elsewhere"
        refuse(path, f"{why}. Write New York's dates alone, as 2016-01-04.", lines[0])
    sample = stamps[:: max(1, len(stamps) // SAMPLE)]
    readings = {
        (words, form): [_date(stamp, form, latest) for stamp in stamps]
        for words, forms in FORMATS.items()
        for form in forms
        if any(_date(stamp, form, latest) for stamp in sample)
    }
    if not readings:
        refuse(path, f"{quote(cells[0])} {_why_no_date(cells[0])}", lines[0])
    best = max(readings, key=lambda way: sum(date is not None for date in readings[way]))
    if None in readings[best]:
        row = readings[best].index(None)
        why = _why_no_date(
            cells[row], f"is no date up to {latest or 'today'}, {best[0]}, as most are."
        )
        refuse(path, f"{quote(cells[row])} {why}", lines[row])
    whole = {words: dates for (words, _), dates in readings.items() if None not in dates}
    if len(whole) > 1 or SHORT in best[0]:
        whole = {words: dates for words, dates in whole.items() if _fits(dates)}
    if len(whole) != 1:
        why = "may be read in more than one way, or none that fits the exchange's sessions"
        refuse(path, f"dates such as {quote(cells[0])} {why}. Write them as 2016-01-04.", lines[0])
    ((words, dates),) = whole.items()
    _refuse_exchanged(path, dates, lines)
    timed = ", times of day left out" * any(stamp and stamp["hour"] for stamp in stamps)
    return pd.DatetimeIndex(dates, name="date").as_unit("us"), f"dates {words}{timed}"


@cache
def is_date(cell: str) -> bool:
    """Tell whether a cell is a date in some way of writing, or a time stamp, which is refused."""
    stamp = _stamp(cell) if len(cell) < LONGEST else None
    return bool(re.fullmatch(SECONDS, cell)) or any(
        _date(stamp, form) for forms in FORMATS.values() for form in forms
    )


def _stamp(cell: str) -> re.Match[str] | None:
    """Part a cell into weekday, date, time of day and zone, the date in a form for strptime."""
    cell = re.sub(r"(\d)[年년月월] ?(?=\d)", r"\1-", cell).rstrip("日일")
    cell = re.sub(r"^([0-9]{8})(\.0)?(?![0-9.])", r"D\1", cell)
    for name in re.findall(r"[^\W\d_]{3,10}\.?", cell):
        if number := _months().get(name.casefold().rstrip(".")):
            cell = cell.replace(name, f"M{number:02d}")
    return STAMP.fullmatch(re.sub(r"([-/.]) ", r"\1", cell))


def _date(stamp: re.Match[str] | None, form: str, latest: dt.date | None = None) -> dt.date | None:
    try:
        date = dt.datetime.strptime(stamp["date"], form).date() if stamp else dt.date.min
        if stamp and stamp["zone"] and int(stamp["hour"] + stamp["minute"]):
            offset = re.sub("UTC|Z", "+0000", stamp["zone"].upper())
            moment = f"{date} {stamp['hour']}:{stamp['minute']} {offset}"
            date = dt.datetime.strptime(moment, "%Y-%m-%d %H:%M %z").astimezone(NEW_YORK).date()
    except (ValueError, OverflowError):
        return None
    if stamp and stamp["weekday"] and stamp["weekday"].casefold() != DAYS[date.weekday()]:
        return None
    may_be = date.year >= FIRST_YEAR and date <= (latest or dt.datetime.now(NEW_YORK).date())
    return date if may_be else None


def _why_no_date(cell: str, otherwise: str = "is not a date such as 2016-01-04.") -> str:
    for pattern, why in NO_DATES.items():
        if re.fullmatch(pattern, cell):
            return why if cell else f"stands for a date: {why}"
    return f"{otherwise} Correct it, or delete the line if it is a note."


def _fits(dates: list[dt.date]) -> bool:
    return _backward(dates) == 0 and _misfit(dates) <= MOST_MISFIT * len(dates)


def _misfit(dates: list[dt.date]) -> int:
    """Count the dates that are no sessions, and the sessions between that have no date."""
    index = pd.DatetimeIndex(dates)
    return len(index.symmetric_difference(trading_sessions(index.min(), index.max())))


def _backward(dates: list[dt.date]) -> int:
    """Count the steps from row to row against the time order of most."""
    steps = np.sign(np.diff([date.toordinal() for date in dates]))
    return int(min((steps > 0).sum(), (steps < 0).sum()))


def _refuse_exchanged(path: Path, dates: list[dt.date], lines: list[int]) -> None:
    """Refuse days and months exchanged where the day is 12 or less, as old pandas wrote them.

    They are if the rows run in time order only where each date or its exchange may stand.
    """
    other = [d.replace(month=d.day, day=d.month) if d.day <= 12 else d for d in dates]
    nearest = [[dates[0]], [other[0]]]  # to the row before, from either reading of the first row
    for back in nearest:
        for pair in zip(dates[1:], other[1:], strict=True):
            steps = [abs(date - back[-1]) for date in pair]
            back.append(pair[steps[1] < steps[0]])
    best = min(nearest, key=_backward)
    if 10 * _backward(best) < _backward(dates) and _misfit(best) < _misfit(dates):
        row = next(i for i, date in enumerate(dates) if date != best[i])
        why = f"day and month seem exchanged: as {best[row]} this row, and perhaps others so"
        refuse(path, f"{why}, would run in time order. Correct the dates.", lines[row])


@cache
def _months() -> dict[str, int]:
    """Map names of months to their numbers; no name means two months."""
    return {
        name.casefold().rstrip("."): number
        for language in LANGUAGES
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, locale=language).items()
    }
