"""A price file's text as named columns: separator, header rows, column names, one share."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path

from paperlib.prices.dates import is_date
from paperlib.prices.findings import quote, refuse
from paperlib.prices.names import SHARE_COLUMNS, Kind, is_name, known, plain, refuse_shares
from paperlib.prices.text import read_text

NumberedCells = tuple[int, list[str]]  # the line on which the row begins, and its cells

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
EXCEL_LINE = re.compile(r'\A"?sep=[^\r\n]*', re.IGNORECASE)  # what Excel asks for, sep=;
BEGINNING = 100  # rows in which the header is looked for, and that tell what a column holds


@dataclass(frozen=True)
class Table:
    """A file's used columns as text."""

    columns: dict[str, list[str]]  # date, close; open, high, low, volume, splits if there
    lines: list[int]  # of each row
    layout: str  # encoding, separator, header and the columns' own names, in words


def read_table(path: Path, kind: Kind) -> Table:
    """Find a file's layout and return its columns as text.

    Args:
        path: the file.
        kind: what it is to hold.

    Raises:
        PriceFileError: if it is not a text file of rows under column names, or has no date or not
            its values, two columns for the same thing, or several shares.
    """
    text, encoding = read_text(path, kind.wanted)
    text = EXCEL_LINE.sub("", text, count=1)
    separator = max(SEPARATORS, key=lambda mark: _header_score(text, mark, kind))
    rows = list(_read_rows(path, text, separator))
    if not rows:
        refuse(path, f"the file is empty but for separators. {kind.wanted}")
    (line, names), n_header, body = _part_header(path, rows, kind)
    _check_shape(path, names, body)
    places = _match_columns(path, line, names, [cells for _, cells in body], kind)
    for place, name in enumerate(names):
        if place not in places.values():
            refuse_shares(path, name, [row[place] for _, row in body if place < len(row)])
    own_names = ", ".join(
        f"{name} from {quote(names[places[name]])}" for name in ("date", kind.values)
    )
    rest = [quote(name) for i, name in enumerate(names) if name and i not in places.values()]
    own_names += f", without {', '.join(rest[:8])}" * bool(rest)
    header = f"{n_header} header row{'s' * (n_header > 1)}" + f" on line {line}" * (line > n_header)
    return Table(
        {name: [cells[place].strip() for _, cells in body] for name, place in places.items()},
        [line for line, _ in body],
        f"{encoding}, {SEPARATORS[separator]} separated, {header}, {own_names}",
    )


def _reader(text: str, separator: str) -> Iterator[list[str]]:
    lines = io.StringIO(text, newline="")
    return csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=True)


def _header_score(text: str, separator: str, kind: Kind) -> tuple[int, bool]:
    """Count the known names in the row that has most of them, and tell of several cells."""
    rows: list[list[str]] = []
    with suppress(csv.Error):  # told with its line when all rows are read
        rows.extend(islice(filter(any, _reader(text, separator)), BEGINNING))
    known_names = (_n_known(cells, kind) for cells in rows)
    return max(known_names, default=0), any(len(cells) > 1 for cells in rows[:1])


def _n_known(cells: list[str], kind: Kind) -> int:
    return len({known(name, kind) for name in cells} - {None}) if len(cells) > 1 else 0


def _read_rows(path: Path, text: str, separator: str) -> Iterator[NumberedCells]:
    """Yield the rows that are not blank, each with the line on which it begins."""
    reader = _reader(text, separator)
    line = 1
    try:
        for cells in reader:
            inside = [part for cell in cells for part in cell.splitlines()[1:]]
            if any(map(is_date, separator.join(inside).split(separator))):
                why = "a cell of several lines swallows rows: a quotation mark is missing or too"
                refuse(path, f"{why} many. Correct it.", line)
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as why:
        how = f"not readable as {SEPARATORS[separator]} separated text ({why})"
        refuse(path, f"{how}: a quotation mark too many or too few, perhaps. Correct it.", line)


def _part_header(
    path: Path, rows: list[NumberedCells], kind: Kind
) -> tuple[NumberedCells, int, list[NumberedCells]]:
    """Return the row of names, the number of header rows, and the rows of prices.

    The row of names is the one with most known names. Above it may stand titles and remarks, and
    beside it rows of tickers and labels, as yfinance and pandas-datareader stack them.
    """
    counts = [_n_known(cells, kind) for _, cells in rows[:BEGINNING]]
    at = counts.index(max(counts))
    line, names = rows[at]
    if not max(counts) and len(names) > 1 and any(cell[:1].isdigit() for cell in names):
        refuse(path, f"no column names: the row begins with {quote(names[0])}. {kind.wanted}", line)
    for above, cells in rows[:at]:
        if len(cells) == len(names) and any(map(is_date, cells)):
            refuse(path, f"a row of prices above the names in line {line}. Move it below.", above)
    first = at - (at > 0 and plain(rows[at - 1][1][0]) in SHARE_COLUMNS)
    stop = at + 1
    while stop < len(rows) and stop <= at + 2 and _is_label(rows[stop][1], names):
        stop += 1
    for label, cells in rows[first:at] + rows[at + 1 : stop]:
        words = list(dict.fromkeys(cell.strip() for cell in cells[1:] if cell.strip()))
        if len(words) > 1:
            shown = ", ".join(map(quote, words[:8]))
            why = f"the row names several shares or is no row of prices ({shown})"
            refuse(path, f"{why}. Keep the columns of one share, or delete the line.", label)
    return rows[at], stop - first, rows[stop:]


def _is_label(cells: list[str], names: list[str]) -> bool:
    """Tell a row of tickers, or of Date alone, from one of prices, or that is no row."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return 1 < len(cells) == len(names) and cells != names and all(map(is_name, filled))


def _match_columns(
    path: Path, line: int, names: list[str], body: list[list[str]], kind: Kind
) -> dict[str, int]:
    """Map our names to the places of the file's columns.

    Where no column is named as the date, it is the one that holds dates, whatever its name.
    """
    meanings = [known(name, kind) for name in names]
    has_date = "date" in meanings
    for place, ours in enumerate(meanings):
        cells = [row[place].strip() for row in body[:BEGINNING] if place < len(row)]
        if ours in (None, kind.values) and 2 * sum(map(is_date, cells)) > len(cells):
            meanings[place] = None if has_date else "date"
        elif cells[:3] == ["0", "1", "2"] and meanings.count("close") > 1:
            meanings[place] = None  # pandas' count of rows, under yfinance's name Price
    found: dict[str, int] = {}
    for place, ours in enumerate(meanings):
        if ours in found:
            both = f"{quote(names[found[ours]])} and {quote(names[place])}"
            refuse(path, f"two columns may be the {ours}, {both}. Remove or rename one.", line)
        if ours:
            found[ours] = place
    for name in ("date", kind.values):
        if name not in found:
            shown = ", ".join(quote(column) for column in names[:8])
            adjusted = any(plain(column).startswith("adj") for column in names)
            note = " (an adjusted close is not taken for it)" * (adjusted and name == "close")
            why = f"no column for the {name} among {shown}{note}."
            refuse(path, f"{_one_cell(names) if len(names) == 1 else why} {kind.wanted}", line)
    return found


def _one_cell(cells: list[str]) -> str:
    """Say how a row was read that should have several cells."""
    one = f"the row was read as one cell, {quote(cells[0])}"
    return f"{one}: part cells by commas, semicolons, tabs or pipes, without quotes around a row."


def _check_shape(path: Path, names: list[str], body: list[NumberedCells]) -> None:
    """Refuse a row that doesn't fit the header, and a header that comes again.

    Only the first column may have values and no name: elsewhere these hint at shifted cells, such
    as decimal commas in comma separated text.
    """
    named = max((place for place, name in enumerate(names) if name.strip()), default=0) + 1
    for line, cells in body:
        if cells == names:
            refuse(path, "the header comes again. Delete the line, or give one file alone.", line)
        pairs = zip_longest(cells[1:], names[1:], fillvalue="")
        if len(cells) < named or any(cell.strip() and not name.strip() for cell, name in pairs):
            why = f"{len(cells)} cells do not fit the {named} column names."
            if len(cells) > named:
                why += " Quote dates and numbers that hold the separator; name a nameless column."
            why = _one_cell(cells) if len(cells) == 1 else why
            remedy = "Correct the line, or delete it if it is a note or a total."
            refuse(path, f"{why} {remedy}", line)
