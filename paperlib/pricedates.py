"""Dates from a price file's text: one way of writing for the whole column."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from paperlib.pricereport import quote, refuse

MONTHS = [
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
]
NEW_YORK = ZoneInfo("America/New_York")
FIRST_YEAR = 1900
CLOCK = (
    r"(?:[T ]+(?P<hour>[01]?[0-9]|2[0-3]):(?P<minute>[0-5][0-9])(?::[0-5][0-9](?:\.[0-9]+)?)?"
    r"(?: ?[AaPp][Mm]| ?(?P<zone>Z|UTC|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9]))?)?"
)
YEAR, ONE_OR_TWO, NAME = r"(?P<y>[0-9]{4})", "[0-9]{1,2}", r"(?P<name>[A-Za-z]{3,9})"
SEPARATOR, AGAIN = "(?P<separator>[-/.])", "(?P=separator)"
DATE_FORMS = {  # in words, and as a pattern
    "year first": rf"{YEAR}{SEPARATOR}(?P<m>{ONE_OR_TWO}){AGAIN}(?P<d>{ONE_OR_TWO})",
    "as eight digits": rf"{YEAR}(?P<m>[0-9]{{2}})(?P<d>[0-9]{{2}})",
    "in numbers, year last": rf"(?P<a>{ONE_OR_TWO}){SEPARATOR}(?P<b>{ONE_OR_TWO}){AGAIN}{YEAR}",
    "month by name": rf"{NAME}\.? (?P<d>{ONE_OR_TWO}),? {YEAR}",
    "month by name, day first": rf"(?P<d>{ONE_OR_TWO})(?P<separator>[- ]){NAME}\.?{AGAIN}{YEAR}",
}
DATE_PATTERNS = {form: re.compile(pattern + CLOCK) for form, pattern in DATE_FORMS.items()}
NO_DATES = {  # what stands there instead, and the remedy
    r"": "the date is missing. Write it as 2016-01-04, or delete the row.",
    r"[0-9]{5}(\.[0-9]+)?": "looks like a spreadsheet's number of a day. Give the column the "
    "format yyyy-mm-dd there and save it again.",
    r"[0-9]{10}|[0-9]{13}": "looks like a time stamp in seconds. Write dates as 2016-01-04.",
    r"[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{2}.*|[0-9]{1,2}[- ][A-Za-z]{3,9}\.?[- ][0-9]{2}|"
    r"[A-Za-z]{3,9}\.? [0-9]{1,2},? [0-9]{2}": "has a year of two digits, which may be read in "
    "more than one way. Write dates as 2016-01-04.",
}


def parse_dates(path: Path, cells: list[str], lines: list[int]) -> tuple[pd.DatetimeIndex, str]:
    """Return the column's dates and how they are written, in words.

    A time of day is left out: the date counts as written, and if it has both an hour other than
    midnight and a time zone, as the date in New York at that moment.

    Raises:
        PriceFileError: for a cell that is no date, is written otherwise than most or lies in the
            future, and if the column fits both the day-first and the month-first order.
    """
    forms = [date_form(cell) for cell in cells]
    main = Counter(form for form in forms if form).most_common(1)[0][0] if any(forms) else ("", "")
    words, separator = main
    shown = f"{words} with {separator}" if separator else words
    for cell, form, line in zip(cells, forms, lines, strict=True):
        if not form:
            refuse(path, f"{quote(cell)} {_why_no_date(cell)}", line)
        if form != main:
            refuse(
                path,
                f"the date {quote(cell)} is not written as most are ({shown}). Write all dates in "
                "one way, best as 2016-01-04.",
                line,
            )
    found = [match for cell in cells if (match := DATE_PATTERNS[words].fullmatch(cell))]
    order = "md"
    if "year last" in words:
        order, words = _day_and_month(path, found, lines)
    today = dt.datetime.now(NEW_YORK).date()
    dates = []
    for match, line in zip(found, lines, strict=True):
        date = _date(match, order)
        if date is None:
            refuse(path, f"{quote(match[0])} is no day of the calendar. Correct the date.", line)
        if date > today:
            refuse(path, f"{quote(match[0])} lies in the future. Correct or delete the row.", line)
        dates.append(date)
    timed = ", times of day left out" * any(match["hour"] for match in found)
    return pd.DatetimeIndex(dates, name="date").as_unit("us"), f"dates {words}{timed}"


def date_form(cell: str) -> tuple[str, str] | None:
    """Tell how a date is written and its separator, which one hand does not change; or no date."""
    for form, pattern in DATE_PATTERNS.items():
        if match := pattern.fullmatch(cell):
            return form, match.groupdict().get("separator", "")
    return None


def _why_no_date(cell: str) -> str:
    for pattern, why in NO_DATES.items():
        if re.fullmatch(pattern, cell):
            return why if cell else f"stands for a date: {why}"
    return "is not a date such as 2016-01-04. Correct the line, or delete it if it is a note."


def _day_and_month(path: Path, found: Sequence[re.Match[str]], lines: list[int]) -> tuple[str, str]:
    """Tell from the whole column which of the first two numbers is the month."""
    day_first = [i for i, match in enumerate(found) if int(match["a"]) > 12 >= int(match["b"])]
    month_first = [i for i, match in enumerate(found) if int(match["b"]) > 12 >= int(match["a"])]
    if day_first and month_first:
        odd, rule = min((day_first, month_first), key=len), max((day_first, month_first), key=len)
        refuse(
            path,
            f"the order of day and month in {quote(found[odd[0]][0])} is not that of "
            f"{quote(found[rule[0]][0])} in line {lines[rule[0]]}. Write dates as 2016-01-04.",
            lines[odd[0]],
        )
    if day_first or month_first:
        return ("dm", "day first") if day_first else ("md", "month first")
    refuse(
        path,
        f"dates such as {quote(found[0][0])} may have the day or the month first, and no row "
        "tells which. Write dates as 2016-01-04.",
        lines[0],
    )


def _date(match: re.Match[str], order: str) -> dt.date | None:
    part = match.groupdict()
    if "a" in part:
        part["m"], part["d"] = (part["a"], part["b"]) if order == "md" else (part["b"], part["a"])
    elif "name" in part:
        name = part["name"].lower().removesuffix("t" * (part["name"].lower() == "sept"))
        places = [i for i, month in enumerate(MONTHS, 1) if name in (month, month[:3])]
        part["m"] = str(places[0] if places else 0)
    try:
        date = dt.date(int(part["y"]), int(part["m"]), int(part["d"]))
    except ValueError:
        return None
    if date.year < FIRST_YEAR:
        return None
    hour, minute = int(part["hour"] or 0), int(part["minute"] or 0)
    if not part["zone"] or (hour, minute) == (0, 0):
        return date
    offset = part["zone"].replace("UTC", "+0000").replace("Z", "+0000").replace(":", "")
    moment = dt.datetime.strptime(f"{date} {hour}:{minute} {offset}", "%Y-%m-%d %H:%M %z")
    return moment.astimezone(NEW_YORK).date()
