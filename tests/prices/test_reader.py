"""Every price file is read rightly, or refused with one sentence: file, row, remedy."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pricefiles import PLAIN, assert_same, edited, load, refusal, with_dates, write
from pricewriters import INVESTING, KAGGLE, NASDAQ, VENDORS, YFINANCE, Layout, layouts, made_up

from paperlib.prices.findings import PriceFileError
from paperlib.prices.series import load_prices

PRICES = made_up()
ANY_FILE = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("layout", VENDORS.values(), ids=VENDORS)
def test_each_vendors_layout_is_read(tmp_path, layout):
    prices = load(tmp_path, layout.content(PRICES))
    assert_same(prices, PRICES)
    for words in layout.words():
        assert words in prices.attrs["report"].layout


@ANY_FILE
@given(layouts())
def test_any_mixture_of_layouts_gives_the_same_prices(tmp_path, layout):
    prices = load(tmp_path, layout.content(PRICES))
    assert_same(prices, PRICES)
    report = prices.attrs["report"]
    assert (report.rows, report.sessions, report.findings) == (260, 260, ())
    for words in layout.words():
        assert words in report.layout


def test_files_as_the_vendors_write_them(tmp_path):
    """First lines typed from each vendor's own files, with made-up prices below."""
    beginnings = {
        "Date,Close/Last,Volume,Open,High,Low\n": (
            '03/01/2017,"$1,180.49",9123456,"$1,170.00","$1,190.10",$979.00\n'
        ),
        '\ufeff"Date","Price","Open","High","Low","Vol.","Change %"\n': (
            '"03/01/2017","1,180.49","1,170.00","1,190.10","979.00","9.40M","-0.32%"\n'
        ),
        "Price,Adj Close,Close,High,Low,Open,Volume\n"
        "Ticker,NFLX,NFLX,NFLX,NFLX,NFLX,NFLX\nDate,,,,,,\n": (
            "2017-03-01,590.2,1180.49,1190.1,979.0,1170.0,9123456\n"
        ),
        "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n": (
            "2017-03-01 00:00:00-05:00,1170.0,1190.1,979.0,1180.49,9123456,0.0,0.0\n"
        ),
        ",date,close\n": "0,2017-03-01,1180.49\n",
    }
    for header, row in beginnings.items():
        first = next(iter(row.splitlines()))
        days = PRICES.index[1:]
        more = ""
        for i, day in enumerate(days):
            line = re.sub(r"03/01/2017", f"{day:%m/%d/%Y}", first)
            zone = day.tz_localize("America/New_York").strftime("%z")
            line = line.replace("2017-03-01", f"{day:%Y-%m-%d}")
            more += line.replace("-05:00", f"{zone[:3]}:00").replace("0,20", f"{i + 1},20") + "\n"
        prices = load(tmp_path, header + row + more)
        assert (prices["close"] == 1180.49).all()
        assert len(prices) == 260
        if "Vol." in header:
            assert (prices["volume"] == 9_400_000).all()


def test_adjusted_closes_and_other_columns_are_left_alone(tmp_path):
    rows = PLAIN.rows(PRICES)
    extra = [["Adj Close", "Dividends", "Note"], *[["1.5", "0.0", "a, b"]] * len(PRICES)]
    wide = [[*row, *more] for row, more in zip(rows, extra, strict=True)]
    assert_same(load(tmp_path, PLAIN.text(wide)), PRICES)
    trailing = [[*row, ""] for row in rows]
    assert_same(load(tmp_path, PLAIN.text(trailing)), PRICES)
    assert_same(load(tmp_path, PLAIN.text([rows[0], *trailing[1:]])), PRICES)


@pytest.mark.parametrize("cell", ["", "-", "null", "N/A", "NaN"])
def test_a_blank_outside_date_and_close_is_kept_as_missing(tmp_path, cell):
    for field in ("Open", "High", "Low", "Volume"):
        prices = load(tmp_path, edited(PRICES, 5, field, cell))
        assert prices[field.lower()].isna().sum() == 1
        (found,) = prices.attrs["report"].findings
        assert (found.what, found.count, found.done) == ("rows with a blank cell", 1, "kept")
        assert found.examples == ("2017-03-08 (line 7)",)
    closes = [row[:1] + row[4:5] for row in PLAIN.rows(PRICES)]
    prices = load(tmp_path, PLAIN.text(closes))
    assert prices.drop(columns="close").isna().all(axis=None)
    assert prices.attrs["report"].findings == ()


def _without(*fields: str) -> str:
    places = [i for i, name in enumerate(PLAIN.names) if name not in fields]
    return PLAIN.text([[row[i] for i in places] for row in PLAIN.rows(PRICES)])


def _renamed(**names: str) -> Layout:
    return replace(PLAIN, names=tuple(names.get(name, name) for name in PLAIN.names))


TWO_SHARES = YFINANCE.rows(PRICES)
TWO_SHARES[1][3:] = ["ABC"] * 3
HEADERS = {
    "no close": (_without("Close"), "line 1: no column for the close among 'Date'"),
    "no date": (_without("Date"), "line 1: no column for the date among"),
    "a second close of pandas": (
        _renamed(Open="Close.1").content(PRICES),
        "line 1: two columns may be the close, 'Close.1' and 'Close'. Remove or rename one",
    ),
    "two dates": ("date,Date,close\n", "line 1: two columns may be the date, 'date' and 'Date'"),
    "two closes": (
        _renamed(Open="Price").content(PRICES),
        "line 1: two columns may be the close, 'Price' and 'Close'. Remove or rename one",
    ),
    "only an adjusted close": (
        _renamed(Close="Adj Close").content(PRICES),
        r"no column for the close.*\(an adjusted close is not taken for it\)",
    ),
    "two tickers in the header": (
        YFINANCE.text(TWO_SHARES),
        r"line 2: the row names several shares or is no row of prices \('XYZ', 'ABC'\). Keep",
    ),
    "two tickers in a column": (
        "Date,Name,Close\n2017-03-01,AAL,4\n2017-03-01,AAPL,5\n",
        r"'Name' names 2 shares \('AAL', 'AAPL'\)",
    ),
    "decimal commas without quotes": (
        "Date,Close,Volume,\n2017-03-01,985,10,1000\n",
        "line 2: 4 cells do not fit the 3 column names",
    ),
    "the header again": (
        PLAIN.text([*PLAIN.rows(PRICES), *PLAIN.rows(PRICES)[:1]]),
        "line 262: the header comes again",
    ),
    "too few cells": (
        _without() + "2018-03-14,1,2\n",
        "line 262: 3 cells do not fit the 6 column names",
    ),
    "a note below": (
        _without() + "Source: Nasdaq\n",
        "line 262: .*read as one cell, 'Source: Nasdaq'.*delete it if it is a note",
    ),
    "a wide note below": (_without() + "Source: a,,,,,\n", "line 262: 'Source: a' is no date"),
    "a total below": (_without() + "Total,,,,9,9\n", "line 262: 'Total' is no date"),
}


@pytest.mark.parametrize(("content", "says"), HEADERS.values(), ids=HEADERS)
def test_columns_and_rows_that_do_not_fit_are_refused(tmp_path, content, says):
    assert re.search(says, refusal(tmp_path, content))


CELLS = [
    ("Date", "", "stands for a date: the date is missing"),
    ("Date", "never", "'never' is no date up to today, year first, as most are. Correct it, or"),
    ("Date", "2017-02-30", "'2017-02-30' is no date up to today, year first, as most are"),
    ("Date", "1017-03-10", "'1017-03-10' is no date up to today"),
    ("Date", "2999-03-11", "'2999-03-11' is no date up to today"),
    ("Date", "03/10/2017", "is no date up to today, year first, as most are"),
    ("Date", "2017/03/10", "is no date up to today, year first, as most are"),
    ("Date", "17-03-10", "is no date up to today, year first, as most are"),
    ("Date", "42804", "looks like a spreadsheet's number of a day"),
    ("Date", "1489104000", "looks like a time stamp in seconds"),
    ("Close", "", "the close '' is not a positive price"),
    ("Close", "nan", "the close 'nan' is not a positive price"),
    ("Close", "0", "the close '0' is not a positive price"),
    ("Close", "-3.5", "the close '-3.5' is not a positive price"),
    ("Close", "inf", "the close 'inf' is not a number"),
    ("Close", "1e999", "the close '1e999' is not a number"),
    ("Close", "(985.10)", r"the close '\(985.10\)' is not a number"),
    ("Close", "985,10", "'985,10' is not a number with a decimal point, and groups of three if"),
    ("Close", "$1,80.22", r"'\$1,80.22' is not a number with a decimal point"),
    ("Close", "1 80.22", "'1 80.22' is not a number with a decimal point"),
    ("Close", "12'34'567.89", "is not a number with a decimal point"),
    ("Close", "9.40M", "the close '9.40M' is not a number"),
    ("Close", "€985.10", "the close '€985.10' is in '€', the first one in ''. Bring prices in one"),
    ("Close", "985.10 EUR", "'985.10 EUR' is in 'EUR', the first one in ''"),
    ("Close", "INF 5 EUR", "'INF 5 EUR' is in"),
    ("Close", "١٢٣", "is not a number"),
    ("Close", "a\nb", r"the close 'a\\nb' is not a number"),
    ("Volume", "many", "the volume 'many' is not a number"),
    ("Open", "1_000.5", "the open '1_000.5' is not a number"),
    ("Close", "9.85", r"the close falls by a factor of \d+\.\d\d .* and back on the next row"),
    ("Close", "98510", "and back on the next row. Correct or delete the row"),
]


@pytest.mark.parametrize(("field", "cell", "says"), CELLS)
@pytest.mark.parametrize("layout", [PLAIN, YFINANCE, KAGGLE], ids=["plain", "yfinance", "Kaggle"])
def test_a_cell_that_cannot_be_right_is_refused_with_its_line(tmp_path, layout, field, cell, says):
    line = 9 if layout is not YFINANCE else 11
    assert re.match(
        f", line {line}: .*{says}", refusal(tmp_path, edited(PRICES, 7, field, cell, layout))
    )


def _restyled(style: str, from_day_13: str) -> str:
    """Dates in one style up to the 12th of a month and in another from then on."""
    return with_dates(
        PRICES, [day.strftime(style if day.day <= 12 else from_day_13) for day in PRICES.index]
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (_restyled("%Y-%d-%m", "%Y-%d-%m"), "line 2: '2017-01-03' is no date up to|line 10: '2017"),
        (_restyled("%Y-%m-%d", "%m/%d/%Y"), "line 2: '2017-03-01' is no date up to today, month"),
        # as where a spreadsheet, or old pandas, took days for months wherever it could
        (
            _restyled("%Y-%d-%m", "%Y-%m-%d"),
            "day and month seem exchanged: as 2017-03-0. this row",
        ),
        (
            _restyled("%d/%m/%Y", "%m/%d/%Y"),
            "day and month seem exchanged: as 2017-03-0. this row",
        ),
        (_without().replace(",", " "), "line 1: .*read as one cell, 'Date Open.*part cells by"),
        (re.sub("(?m)^(.+)$", r'"\1"', _without()), "line 1: .*one cell.*without quotes around"),
        (_without().replace("\n2017-03-02,", "\n2017-03-02|"), "line 3: 5 cells do not fit"),
    ],
)
def test_plausible_files_that_would_be_misread_are_refused(tmp_path, content, says):
    assert re.search(says, refusal(tmp_path, content))


@ANY_FILE
@given(layouts(), st.integers(0, 259), st.sampled_from(["Date", "Close"]), st.text(max_size=8))
@example(NASDAQ, 0, "Close", "n/a")
@example(INVESTING, 259, "Date", "")
def test_one_bad_cell_is_named_in_any_layout(tmp_path, layout, row, field, junk):
    """A cell of text that no date and no number begins with."""
    cell = f"x{junk}"
    layout = replace(layout, quoting=1, line_end="\n", encoding="utf-8", newest_first=False)
    text = edited(PRICES, row, field, cell.replace("\x00", ""), layout)
    n_header = {"plain": 1, "yfinance": 3}.get(layout.header, 2)
    assert f", line {row + n_header + 1}: " in refusal(tmp_path, text)


@ANY_FILE
@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(tmp_path, content):
    refusal(tmp_path, content)


@ANY_FILE
@given(st.text(st.sampled_from(list('Date,Close;\t\n\r"0123456789-/.$ %')), max_size=200))
def test_no_text_raises_anything_else(tmp_path, text):
    refusal(tmp_path, "Date,Close\n" + text)


@ANY_FILE
@given(
    st.sampled_from(list(VENDORS.values())),
    st.integers(0, 20_000),
    st.integers(0, 30),
    st.one_of(st.binary(max_size=6), st.sampled_from([b'"', b",", b"\n", b";", b"-", b"."])),
)
def test_a_damaged_file_is_refused_or_read_as_prices(tmp_path, layout, at, length, damage):
    content = layout.content(PRICES)
    path = write(tmp_path, content[:at] + damage + content[at + length :])
    try:
        prices = load_prices(path)
    except PriceFileError as problem:
        assert str(problem).startswith(str(path))
    else:
        assert (prices["close"] > 0).all()
        common = prices.index.intersection(PRICES.index)
        assert len(common) >= 250
        ratio = prices["close"][common] / PRICES["Close"][common]
        assert (abs(np.log(ratio)) < np.log(4)).all()


def test_a_price_file_error_is_a_value_error():
    assert issubclass(PriceFileError, ValueError)
