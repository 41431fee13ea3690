"""A price file's bytes as text, or what the file is instead."""

from __future__ import annotations

import re
from pathlib import Path

from paperlib.prices.findings import refuse

MARKUP = re.compile(r"\{|\[\s*[\[{]|<(!|\?|html|head|body|table|svg)", re.IGNORECASE)
TICKERS = "AAPL, AMZN, GOOG, META, NFLX or NVDA"
CSV = "Unpack or open it, save the table as CSV (UTF-8), and give that."
ARCHIVES = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf")
TABLES = (b"PAR1", b"ARROW1", b"\x89HDF", b"SQLite")
BINARY = {  # how other kinds of files begin
    **dict.fromkeys(ARCHIVES, "an archive"),
    **dict.fromkeys(TABLES, "a table in binary form"),
    b"\xd0\xcf\x11\xe0": "an Excel workbook of the old format",
    b"%PDF": "a PDF document",
}


def read_text(path: Path, wanted: str) -> tuple[str, str]:
    """Return the file's text and the name of its encoding, UTF-8 or UTF-16.

    Args:
        path: the file.
        wanted: what to bring instead of one that holds no table.

    Raises:
        PriceFileError: if it is no file, not text, a web page, JSON, or empty.
    """
    try:
        if path.is_dir():
            refuse(path, "a folder. Give the path of the file in it.")
        raw = path.read_bytes()
    except FileNotFoundError:
        refuse(path, f"no such file. Give a price file's path, or a bundled ticker: {TICKERS}.")
    except OSError as why:
        refuse(path, f"the file can't be read ({why.strerror}). Check its permissions.")
    for start, kind in BINARY.items():
        if raw.startswith(start):
            refuse(path, f"{'an Excel workbook' if b'xl/' in raw else kind}, not text. {CSV}")
    encoding = "UTF-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "UTF-8"
    try:
        text = raw.decode("utf-8-sig" if encoding == "UTF-8" else "utf-16")
    except UnicodeDecodeError as why:
        line = raw[: why.start].count(b"\n") + 1 if encoding == "UTF-8" else None
        refuse(path, "neither UTF-8 nor UTF-16 text. Save the table as CSV (UTF-8).", line)
    if "\0" in text:
        refuse(path, f"zero bytes, as in a binary file or in UTF-16 without its mark. {CSV}")
    text = text.strip("\ufeff\x1a")  # a second mark; what ends a file of DOS
    beginning = text.lstrip()
    if not beginning:
        refuse(path, f"the file is empty. {wanted}")
    if MARKUP.match(beginning):
        refuse(path, f"a web page (HTML), XML or JSON, not a table as text. {wanted}")
    return text, encoding
