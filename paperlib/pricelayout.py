"""A price file's text as named columns: separator, header rows, column names, one share."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile, zip_longest
from pathlib import Path

from paperlib.pricereport import quote, refuse
from paperlib.priceshares import SHARE_COLUMNS, is_name, refuse_several, refuse_shares
from paperlib.pricetext import WANTED, read_text

Row = tuple[int, list[str]]  # the line on which the row begins, and its cells

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
# "Adj Close" is not among these on purpose: it is adjusted for dividends, so it is another series.
KNOWN = {
    "date": "date",
    "datetime": "date",
    "timestamp": "date",
    "open": "open",
    "high": "high",
    "low": "low",
    "close": "close",
    "close/last": "close",
    "price": "close",
    "volume": "volume",
    "vol.": "volume",
    "vol": "volume",
    "stock splits": "splits",
}
# Excel itself asks for such a first line, sep=; or "sep=;"
EXCEL_LINE = re.compile(r'"?sep=([^\r\n]?)[",;\t ]*(?=[\r\n]|$)', re.IGNORECASE)
SEPARATE = "Separate cells by commas, semicolons or tabs instead, and delete the line."
ONE_CELL = (
    "the row was read as one cell, {}: cells separated by commas, semicolons or tabs are read, "
    "with no quotes around a whole row."
)
STACKED = ("price", "ticker", "")  # how yfinance's header rows begin, but for the last


@dataclass(frozen=True)
class Table:
    """A file's used columns as text."""

    columns: dict[str, list[str]]  # date, close; open, high, low, volume, splits if there
    lines: list[int]  # of each row
    layout: str  # encoding, separator, header and the columns' own names, in words


def read_table(path: Path) -> Table:
    """Find a file's layout and return its columns as text.

    Raises:
        PriceFileError: if it is not a text file of rows under column names, or has no date or no
            close, two columns for the same thing, or several shares.
    """
    text, encoding = read_text(path)
    if for_excel := EXCEL_LINE.match(text):
        separator, text = for_excel[1], text[for_excel.end() :]
        if separator not in SEPARATORS:
            refuse(path, f"the line asks for the separator {quote(separator)}. {SEPARATE}", 1)
    else:
        separator = _find_separator(text)
    rows = list(_read_rows(path, text, separator))
    if not rows:
        refuse(path, f"the file is empty but for separators. {WANTED}")
    names, n_header = _read_header(path, rows)
    places = _match_columns(path, rows[0][0], names)
    body = rows[n_header:]
    _check_shape(path, rows[0][1], names, body)
    _check_one_share(path, names, places, body)
    own_names = ", ".join(f"{name} from {quote(names[places[name]])}" for name in ("date", "close"))
    return Table(
        {name: [cells[place].strip() for _, cells in body] for name, place in places.items()},
        [line for line, _ in body],
        f"{encoding}, {SEPARATORS[separator]} separated, {n_header} header row"
        f"{'s' * (n_header > 1)}, {own_names}",
    )


def _reader(text: str, separator: str) -> Iterator[list[str]]:
    lines = io.StringIO(text, newline="")
    return csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)


def _find_separator(text: str) -> str:
    """Choose the separator under which most names of the first row that has cells are known.

    Where none are, one that gives several cells tells best what is wrong.
    """

    def score(separator: str) -> tuple[int, bool]:
        """Count the known names, and tell whether there are several cells."""
        try:
            first = next(row for row in _reader(text, separator) if any(row))
        except (csv.Error, StopIteration):
            return 0, False
        return sum(_plain(name) in KNOWN for name in first), len(first) > 1

    return max(SEPARATORS, key=score)


def _read_rows(path: Path, text: str, separator: str) -> Iterator[Row]:
    """Yield the rows that are not blank, each with the line on which it begins."""
    reader = _reader(text, separator)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as why:
        kind = SEPARATORS[separator]
        refuse(path, f"not readable as {kind} separated text ({why}). {WANTED}", line)


def _plain(name: str) -> str:
    """Bring a column's name to one form: lower case, without stars or the .1 of pandas' repeats."""
    return re.sub(r"\.[0-9]+$", "", re.sub(r"[\s_]+", " ", name.lower()).strip(" *\"'"))


def _read_header(path: Path, rows: list[Row]) -> tuple[list[str], int]:
    """Return the columns' names and the number of header rows.

    yfinance stacks rows: one of names, one of tickers, and one with nothing but Date.
    """
    corners = [_plain(cells[0]) for _, cells in rows[:3]]
    stacked = sum(1 for _ in takewhile(lambda corner: corner in STACKED, corners[:2]))
    has_dates = any(KNOWN.get(_plain(name)) == "date" for name in rows[0][1])
    if has_dates:
        _refuse_second_header(path, rows)
    label = rows[stacked][1] if stacked < len(rows) else []
    labelled = [KNOWN.get(_plain(name), name.strip()) for name in label]
    n_header = stacked + (labelled[:1] == ["date"] and not any(labelled[1:]))
    if has_dates or not stacked or n_header == 1:
        return rows[0][1], 1
    levels = [cells[1:] for _, cells in rows[:stacked]]
    levels.sort(key=lambda cells: -sum(_plain(name) in KNOWN for name in cells))
    if stacked == 2:
        refuse_several(path, levels[1])
    return ["Date", *levels[0]], n_header


def _refuse_second_header(path: Path, rows: list[Row]) -> None:
    """Refuse what pandas writes of yfinance's frame after ``reset_index``: tickers, no date."""
    label = [KNOWN.get(_plain(name)) for name in rows[0][1]]
    for line, cells in rows[1:2]:
        filled = {place: cell.strip() for place, cell in enumerate(cells) if cell.strip()}
        if label.index("date") not in filled and all(map(is_name, filled.values())):
            ticker = filled[max(filled)]
            refuse(path, f"a second header row ({quote(ticker)}). Delete the line.", line)


def _check_one_share(path: Path, names: list[str], places: dict[str, int], body: list[Row]) -> None:
    for place, name in enumerate(names):
        cells = [row[place].strip() for _, row in body if place < len(row)]
        if _plain(name) in SHARE_COLUMNS:
            refuse_several(path, cells)
        elif place not in places.values():
            refuse_shares(path, name, cells)


def _match_columns(path: Path, line: int, names: list[str]) -> dict[str, int]:
    """Map our names to the places of the file's columns."""
    found: dict[str, int] = {}
    for place, name in enumerate(names):
        ours = KNOWN.get(_plain(name))
        if ours in found:
            both = f"{quote(names[found[ours]])} and {quote(name)}"
            refuse(path, f"two columns may be the {ours}, {both}. Remove or rename one.", line)
        if ours:
            found[ours] = place
    for name in ("date", "close"):
        if name not in found and len(names) == 1:
            refuse(path, f"{ONE_CELL.format(quote(names[0]))} {WANTED}", line)
        if name not in found:
            shown = ", ".join(quote(column) for column in names[:8])
            adjusted = any(_plain(column).startswith("adj") for column in names)
            note = " (an adjusted close is not taken for it)" * (adjusted and name == "close")
            refuse(path, f"no column for the {name} among {shown}{note}. {WANTED}", line)
    return found


def _check_shape(path: Path, header: list[str], names: list[str], body: list[Row]) -> None:
    """Refuse a row that doesn't fit the header, and a header that comes again.

    Only the first column may have values and no name: elsewhere these hint at shifted cells, such
    as decimal commas in comma separated text.
    """
    named = max(place for place, name in enumerate(names) if name.strip()) + 1
    for line, cells in body:
        if cells == header:
            refuse(path, "the header comes again. Delete the line, or give one file alone.", line)
        pairs = zip_longest(cells[1:], names[1:], fillvalue="")
        if len(cells) < named or any(cell.strip() and not name.strip() for cell, name in pairs):
            misfit = f"{len(cells)} cells do not fit the {named} column names."
            why = ONE_CELL.format(quote(cells[0])) if len(cells) == 1 else misfit
            remedy = "Correct the line, or delete it if it is a note or a total."
            refuse(path, f"{why} {remedy}", line)
