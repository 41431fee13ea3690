"""A price file's bytes as text, or what the file is instead."""

from __future__ import annotations

import re
from pathlib import Path

from paperlib.pricereport import refuse

WANTED = (
    "Bring a text file whose first row names the columns in English, Date and Close and if known "
    "Open, High, Low and Volume, as Kaggle, Yahoo, Nasdaq or Investing.com give it."
)
MARKUP = re.compile(r"<(!|\?|html|head|body|table|svg)", re.IGNORECASE)
UTF16 = (b"\xff\xfe", b"\xfe\xff")
SHEET = "Open it in a spreadsheet and save the sheet as CSV (UTF-8)."
UNPACK = "Unpack it and give the CSV file inside."
CONVERT = "Write its table as CSV and give that file."
BINARY = {  # how other kinds of files begin, what they are, and what to do
    b"PK\x03\x04": ("a zip archive", UNPACK),
    b"\xd0\xcf\x11\xe0": ("an Excel workbook of the old format", SHEET),
    b"\x1f\x8b": ("a gzip archive", UNPACK),
    b"BZh": ("a bzip2 archive", UNPACK),
    b"\xfd7zXZ": ("an xz archive", UNPACK),
    b"7z\xbc\xaf": ("a 7-Zip archive", UNPACK),
    b"PAR1": ("a Parquet file", CONVERT),
    b"ARROW1": ("a Feather file", CONVERT),
    b"\x89HDF": ("an HDF5 file", CONVERT),
    b"SQLite": ("a database", CONVERT),
    b"%PDF": ("a PDF document", "Get the prices as CSV where it came from."),
}


def read_text(path: Path) -> tuple[str, str]:
    """Return the file's text and the name of its encoding, UTF-8 or UTF-16.

    Raises:
        PriceFileError: if it is no file, not text, a web page, JSON, or empty.
    """
    if path.is_dir():
        refuse(path, "a folder. Give the path of the price file in it.")
    if not path.is_file():
        refuse(
            path, "no such file. Give the path of a price file, or a bundled ticker such as NFLX."
        )
    try:
        raw = path.read_bytes()
    except OSError as why:
        refuse(path, f"the file can't be read ({why.strerror}). Check its permissions.")
    for start, (kind, remedy) in BINARY.items():
        if raw.startswith(start):
            if b"xl/" in raw:
                kind, remedy = "an Excel workbook", SHEET
            refuse(path, f"{kind}, not text. {remedy}")
    encoding = "UTF-16" if raw.startswith(UTF16) else "UTF-8"
    try:
        text = raw.decode("utf-8-sig" if encoding == "UTF-8" else "utf-16")
    except UnicodeDecodeError as why:
        line = raw[: why.start].count(b"\n") + 1 if encoding == "UTF-8" else None
        refuse(path, f"neither UTF-8 nor UTF-16 text. {SHEET}", line)
    if "\0" in text:
        refuse(path, f"zero bytes, as in a binary file or in UTF-16 without its mark. {SHEET}")
    beginning = text.lstrip()
    if not beginning:
        refuse(path, f"the file is empty. {WANTED}")
    if MARKUP.match(beginning):
        refuse(path, f"a web page (HTML) or XML, not a table of prices as text. {WANTED}")
    if beginning[0] in "{[":
        refuse(path, f"JSON, not a table of prices as text. {WANTED}")
    return text, encoding
