"""Separators, header rows and names of columns: found as they stand, or refused with their line."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest
from pricefiles import PLAIN, as_text, assert_same, load, refusal, renamed, with_column
from pricewriters import FIELDS, YFINANCE, Layout, made_up

PRICES = made_up(300, "2016-01-04")


@pytest.mark.parametrize(
    "name", ["", "Unnamed: 0", "index", "time", "Price", "trade_date", "observation_date", "<DATE>"]
)
def test_the_column_of_dates_is_found_whatever_its_name(tmp_path, name):
    assert_same(load(tmp_path, renamed(PRICES, Date=name)), PRICES)
    stamps = replace(PLAIN, names=(name, *FIELDS), date_style="%s")
    assert "'1451" in refusal(tmp_path, as_text(PRICES, stamps))


def test_what_yfinance_writes_is_read_without_its_second_and_third_row(tmp_path):
    head, _, _, *body = YFINANCE.rows(PRICES)
    assert_same(load(tmp_path, YFINANCE.text([head, *body])), PRICES)


def test_two_closes_are_refused_and_several_shares_side_by_side(tmp_path):
    both = refusal(tmp_path, with_column(PRICES, "Last", 1.5))
    assert "line 1: two columns may be the close, 'Close' and 'Last'. Remove or rename" in both
    stacked = "Attributes,Close,Close\nSymbols,AAA,BBB\nDate,,\n2016-01-04,5.25,6.25\n"
    assert ", line 2: the row names several shares" in refusal(tmp_path, stacked)
    one = stacked.replace("BBB", "AAA").replace("Close,Close", "Close,Open")
    assert "1 sessions are too few" in refusal(tmp_path, one)


@pytest.mark.parametrize(
    "above",
    [
        "# Data source: made up\n",
        "XYZ - Historical Price and Volume Data\n\n",
        '"Data Download"\n"XYZ"\n\n"Disclaimer: none of this is real, at all."\n\n\n',
        "Name,XYZ\nExchange,none\n",
    ],
)
def test_lines_above_the_header_are_left_out_and_told(tmp_path, above):
    prices = load(tmp_path, above + as_text(PRICES))
    assert_same(prices, PRICES)
    line = above.count("\n") + 1
    assert f"header row on line {line}" in prices.attrs["report"].layout
    broken = above + as_text(PRICES).replace("2016-01-05", "never")
    assert f", line {line + 2}: 'never'" in refusal(tmp_path, broken)


def test_a_file_without_names_of_columns_is_told_so(tmp_path):
    says = refusal(tmp_path, as_text(PRICES).partition("\n")[2])
    assert ", line 1: no column names: the row begins with '2016-01-04'. Bring" in says


def test_pipes_brackets_and_a_second_mark_are_read(tmp_path):
    assert_same(load(tmp_path, as_text(PRICES, replace(PLAIN, separator="|"))), PRICES)
    names = tuple(f"<{name.upper()}>" for name in PLAIN.names)
    layout = replace(PLAIN, separator="\t", names=names, date_style="%Y/%m/%d")
    assert_same(load(tmp_path, as_text(PRICES, layout)), PRICES)
    assert_same(load(tmp_path, "\ufeff\ufeff" + as_text(PRICES)), PRICES)


def test_a_quoted_cell_that_swallows_rows_is_refused(tmp_path):
    lines = with_column(PRICES, "Note", "").splitlines()
    lines[100] += '"see'
    lines[103] += 'next"'
    says = refusal(tmp_path, "\n".join(lines))
    assert ", line 101: a cell of several lines swallows rows: a quotation mark" in says
    lines[101] = lines[102] = lines[103] = ""
    lines[100] += '\nthe news of the day"'
    assert len(load(tmp_path, "\n".join(lines))) == 297


def test_prices_above_the_names_are_refused(tmp_path):
    head, *rows = as_text(PRICES).splitlines()
    text = "\n".join([*rows[:2], head, *rows[2:]])
    assert ", line 1: a row of prices above the names in line 3. Move it" in refusal(tmp_path, text)


def test_rows_swallowed_in_a_later_column_are_noticed(tmp_path):
    lines = PRICES.rename_axis("Date").assign(Note="").reset_index().to_csv().splitlines()
    lines[294] += '"see note'
    lines[300] += 'end"'
    assert ", line 295: a cell of several lines swallows" in refusal(tmp_path, "\n".join(lines))


def test_columns_that_are_not_used_are_named(tmp_path):
    layout = load(tmp_path, renamed(PRICES, Open="Offen")).attrs["report"].layout
    assert "close from 'Close', without 'Offen'," in layout
    turnover = with_column(PRICES, "Stuecke", 5)
    assert "two columns may be the volume, 'Volume' and 'Stuecke'" in refusal(tmp_path, turnover)


@pytest.mark.parametrize(
    "row", ["yyyy-mm-dd,USD,USD,USD,USD,shares", "日期,开盘,最高,最低,收盘,成交量"]
)
def test_a_second_row_of_words_is_named(tmp_path, row):
    head, _, body = as_text(PRICES).partition("\n")
    says = refusal(tmp_path, f"{head}\n{row}\n{body}")
    assert ", line 2: the row names several shares or is no row of prices" in says


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("Jan 05, 2016,1,2,3,4,5", "Quote dates and numbers that hold the separator"),
        ("2016-01-05,1,25,2,25,3,25,4,25,5", "Quote dates and numbers that hold the separator"),
        ("7,2016-01-05,1,2,3,4,5", "name a nameless column"),
    ],
)
def test_a_comma_too_many_is_explained(tmp_path, row, says):
    lines = as_text(PRICES).splitlines()
    lines[1] = row
    assert re.search(rf", line 2: \d+ cells do not fit the 6 column names\..*{says}",
                     refusal(tmp_path, "\n".join(lines)))  # fmt: skip


def test_a_download_grouped_by_ticker_is_read(tmp_path):
    names, tickers, label, *body = YFINANCE.rows(PRICES)
    head = [["Ticker", *tickers[1:]], ["Price", *names[1:]], label]
    assert_same(load(tmp_path, YFINANCE.text([*head, *body])), PRICES)
    unnamed = [["", *names[1:]], ["", *tickers[1:]], label]
    assert_same(load(tmp_path, YFINANCE.text([*unnamed, *body])), PRICES)
    assert_same(load(tmp_path, YFINANCE.text([names, label, *body])), PRICES)


def test_lines_are_counted_with_blank_ones_and_line_breaks_in_cells(tmp_path):
    rows = PLAIN.rows(PRICES)
    rows = [[*row, "a note\nof two lines" if i == 3 else ""] for i, row in enumerate(rows)]
    rows[0][-1], rows[9][4] = "Note", "never"
    lines = PLAIN.text(rows).split("\n")
    text = "\n".join([lines[0], "", " , , ", *lines[1:]])
    assert text.split("\n")[12].split(",")[4] == "never"
    assert refusal(tmp_path, text).startswith(", line 13: the close 'never'")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_line_for_excel_that_names_the_separator_is_read(tmp_path, separator):
    text = Layout(separator=separator).text(PLAIN.rows(PRICES))
    for first in (f"sep={separator}\n", f'"sep={separator}"\r\n', "sep=\n", "sep=;\n"):
        assert_same(load(tmp_path, first + text), PRICES)
    broken = text.replace("2016-01-04", "never")
    assert refusal(tmp_path, first + broken).startswith(", line 3: 'never'")


@pytest.mark.parametrize("index", [True, False])
def test_a_second_header_row_of_the_ticker_is_read(tmp_path, index):
    """As pandas writes what yfinance returns, after reset_index."""
    frame = PRICES.rename_axis("Date")
    frame.columns = pd.MultiIndex.from_product([FIELDS, ["NFLX"]], names=["Price", "Ticker"])
    assert_same(load(tmp_path, frame.reset_index().to_csv(index=index)), PRICES)
