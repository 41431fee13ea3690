"""What is no file, no text or no table is refused by what it is instead."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pricefiles import refusal, write

from paperlib.prices.findings import PriceFileError
from paperlib.prices.series import BUNDLED, load_prices

NO_TEXT = {
    "": "the file is empty",
    "\n\n": "the file is empty",
    ",,\n,,\n": "the file is empty but for separators",
    "Date,Close\n": "has a header and no rows",
    "<!DOCTYPE html>\n<html><body>no, not found</body></html>\n": r"a web page \(HTML\)",
    '{"chart": []}': "JSON",
    b"PK\x03\x04 xl/workbook.xml": "an Excel workbook, not text.*save the table as CSV",
    b"PK\x03\x04 prices.csv": "an archive, not text. Unpack or open it",
    b"\x1f\x8b\x08": "an archive, not text",
    b"PAR1": "a table in binary form, not text.*save the table as CSV",
    b"\xd0\xcf\x11\xe0": "an Excel workbook of the old format",
    b"Date,Close\n\x00\x00": "zero bytes",
    "Date,Close\n".encode("utf-16-le"): "zero bytes, as in a binary file or in UTF-16 without",
    b"\xff\xfeD": "neither UTF-8 nor UTF-16",
    b"Date,Close\n2016-01-04,\xa3 5\n": "line 2: neither UTF-8 nor UTF-16",
    'Date,Close\n"2016,1\n': "line 2: not readable as comma separated text",
}


@pytest.mark.parametrize(("content", "says"), NO_TEXT.items())
def test_what_is_no_table_is_refused(tmp_path, content, says):
    assert re.search(says, refusal(tmp_path, content))


def test_missing_files_folders_and_unreadable_files_are_refused(tmp_path, monkeypatch):
    with pytest.raises(PriceFileError, match="no such file") as refused:
        load_prices(tmp_path / "none.csv")
    assert [ticker for ticker in BUNDLED if ticker not in str(refused.value)] == []
    with pytest.raises(PriceFileError, match="a folder"):
        load_prices(tmp_path)
    with pytest.raises(PriceFileError, match=r"a\?b: no such file"):
        load_prices("a\nb")

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path, "Date,Close\n")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(PriceFileError, match=r"can't be read \(Permission denied\)"):
        load_prices(path)
