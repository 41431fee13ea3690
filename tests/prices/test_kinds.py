"""Kinds of price files met in the wild: each is read rightly, or refused with what is wrong."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from babel.dates import get_month_names
from pricewriters import FIELDS, KAGGLE, YFINANCE, Layout, made_up

from paperlib.prices.calendar import trading_sessions
from paperlib.prices.dates import LANGUAGES
from paperlib.prices.findings import PriceFileError
from paperlib.prices.names import known, plain
from paperlib.prices.series import load_prices

PRICES = made_up(300, "2016-01-04")
PLAIN = Layout()


def _load(tmp_path: Path, content: str, name: str = "prices.csv") -> pd.DataFrame:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8", newline="")
    return load_prices(path)


def _refusal(tmp_path: Path, content: str) -> str:
    with pytest.raises(PriceFileError) as refusal:
        _load(tmp_path, content)
    return str(refusal.value).removeprefix(str(tmp_path / "prices.csv"))


def _text(prices: pd.DataFrame = PRICES, layout: Layout = PLAIN) -> str:
    return layout.text(layout.rows(prices))


def _assert_same(read: pd.DataFrame, fields: list[str] = FIELDS) -> None:
    names = [name.lower() for name in fields]
    assert list(read.index) == list(PRICES.index)
    np.testing.assert_array_equal(read[names].to_numpy(), PRICES[fields].to_numpy())


def _renamed(**names: str) -> str:
    return _text(layout=replace(PLAIN, names=tuple(names.get(n, n) for n in PLAIN.names)))


def _with_column(name: str, cells: object) -> str:
    return PRICES.rename_axis("Date").assign(**{name: cells}).to_csv()


def _changed(at: int, **values: float) -> pd.DataFrame:
    changed = PRICES.astype(float)
    for name, value in values.items():
        changed.iloc[at, FIELDS.index(name)] = value
    return changed


def _split(ratio: float, at: int = 150) -> pd.DataFrame:
    before = PRICES.copy()
    before.iloc[:at, :4] = (before.iloc[:at, :4] * ratio).round(2)
    return before


INVESTING = {  # date, close, open, high, low, volume, as the site's downloads name them
    "English": ("Date", "Price", "Open", "High", "Low", "Vol."),
    "German": ("Datum", "Zuletzt", "Eröffn.", "Hoch", "Tief", "Vol."),
    "Spanish": ("Fecha", "Último", "Apertura", "Máximo", "Mínimo", "Vol."),
    "French": ("Date", "Dernier", "Ouv.", "Plus Haut", "Plus Bas", "Vol."),
    "Italian": ("Data", "Ultimo", "Apertura", "Massimo", "Minimo", "Vol."),
    "Portuguese": ("Data", "Último", "Abertura", "Máxima", "Mínima", "Vol."),
    "Dutch": ("Datum", "Laatste", "Open", "Hoog", "Laag", "Vol."),
    "Polish": ("Data", "Ostatnio", "Otwarcie", "Max.", "Min.", "Wol."),
    "Turkish": ("Tarih", "Şimdi", "Açılış", "Yüksek", "Düşük", "Hac."),
    "Swedish": ("Datum", "Senaste", "Öppen", "Högst", "Lägst", "Vol."),
    "Russian": ("Дата", "Цена", "Откр.", "Макс.", "Мин.", "Объём"),
    "Chinese": ("日期", "收盘", "开盘", "高", "低", "交易量"),
    "Japanese": ("日付け", "終値", "始値", "高値", "安値", "出来高"),
    "Korean": ("날짜", "종가", "시가", "고가", "저가", "거래량"),
}


@pytest.mark.parametrize("names", INVESTING.values(), ids=INVESTING)
def test_investing_com_is_read_in_its_languages(tmp_path, names):
    date, close, *others, volume = names
    layout = replace(
        PLAIN, date_style="%d.%m.%Y", separator=",", decimal=",", thousands=".", quoting=1,
        volume_size=True, newest_first=True, order=(0, 4, 1, 2, 3, 5),
        names=(date, *others, close, volume), encoding="utf-8-sig",
    )  # fmt: skip
    _assert_same(_load(tmp_path, "\ufeff" + _text(layout=layout)))


def test_no_name_of_a_column_or_a_month_has_two_meanings():
    from paperlib.prices.names import _table

    columns = [plain(name) for names in _table()["columns"].values() for name in names]
    assert len(columns) == len(set(columns))
    months: dict[str, set[int]] = {}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, locale=language).items():
                months.setdefault(name.casefold().rstrip("."), set()).add(number)
    assert all(len(numbers) == 1 for numbers in months.values())


@pytest.mark.parametrize(
    "name", ["", "Unnamed: 0", "index", "time", "Price", "trade_date", "observation_date", "<DATE>"]
)
def test_the_column_of_dates_is_found_whatever_its_name(tmp_path, name):
    _assert_same(_load(tmp_path, _renamed(Date=name)))
    stamps = replace(PLAIN, names=(name, *FIELDS), date_style="%s")
    assert "'1451" in _refusal(tmp_path, _text(layout=stamps))


def test_what_yfinance_writes_is_read_without_its_second_and_third_row(tmp_path):
    head, _, _, *body = YFINANCE.rows(PRICES)
    _assert_same(_load(tmp_path, YFINANCE.text([head, *body])))


@pytest.mark.parametrize(
    "name",
    [
        *("4. close", "Close Price", "Last Price", "PX_LAST", "Last", "<CLOSE>", "XYZ.Close"),
        *("('Close', 'XYZ')", "BRK-B.Close", "Schlusskurs", "closing_price"),
        "Close Close price adjusted for splits.",
    ],
)
def test_the_close_is_known_by_its_names(tmp_path, name):
    _assert_same(_load(tmp_path, _renamed(Close=name)))


@pytest.mark.parametrize(
    "name",
    [
        *("Adj Close", "adj_close", "adjClose", "adjusted_close", "XYZ.Adjusted", "ADJ.Close"),
        *("Close_ADJ", "Prev Close", "Previous Close", "% Close", "Close change"),
        "Adj Close Adjusted close price adjusted for splits and dividends.",
    ],
)
def test_other_closes_are_not_taken_for_it(tmp_path, name):
    assert known(name) is None
    assert "no column for the close among" in _refusal(tmp_path, _renamed(Close=name))
    _assert_same(_load(tmp_path, _with_column(name, 1.5)))


def test_two_closes_are_refused_and_several_shares_side_by_side(tmp_path):
    both = _refusal(tmp_path, _with_column("Last", 1.5))
    assert "line 1: two columns may be the close, 'Close' and 'Last'. Remove or rename" in both
    stacked = "Attributes,Close,Close\nSymbols,AAA,BBB\nDate,,\n2016-01-04,5.25,6.25\n"
    assert ", line 2: the row names several shares" in _refusal(tmp_path, stacked)
    one = stacked.replace("BBB", "AAA").replace("Close,Close", "Close,Open")
    assert "1 sessions are too few" in _refusal(tmp_path, one)


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
    prices = _load(tmp_path, above + _text())
    _assert_same(prices)
    line = above.count("\n") + 1
    assert f"header row on line {line}" in prices.attrs["report"].layout or "Name," in above
    broken = above + _text().replace("2016-01-05", "never")
    assert f", line {line + 2}: 'never'" in _refusal(tmp_path, broken)


def test_a_file_without_names_of_columns_is_told_so(tmp_path):
    says = _refusal(tmp_path, _text().partition("\n")[2])
    assert ", line 1: no column names: the row begins with '2016-01-04'. Bring" in says


DATES = [f"{day.month}/{day.day}/{day.year}" for day in PRICES.index]
WRITTEN = {
    "Mon, Jan 04, 2016": [f"{day:%a, %b %d, %Y}" for day in PRICES.index],
    "Monday, January 4, 2016": [f"{day:%A, %B} {day.day}, {day.year}" for day in PRICES.index],
    "2016年1月4日": [f"{day.year}年{day.month}月{day.day}日" for day in PRICES.index],
    "2016년 1월 4일": [f"{day.year}년 {day.month}월 {day.day}일" for day in PRICES.index],
    "2016- 01- 04": [f"{day:%Y- %m- %d}" for day in PRICES.index],
    "2016. 01. 04.": [f"{day:%Y. %m. %d.}" for day in PRICES.index],
    "20160104.0": [f"{day:%Y%m%d}.0" for day in PRICES.index],
    "4. Januar 2016": [
        f"{day.day}. {get_month_names('wide', locale='de')[day.month]} {day.year}"
        for day in PRICES.index
    ],
    "04-ene-2016": [
        f"{day:%d}-{get_month_names('abbreviated', locale='es')[day.month]}-{day.year}"
        for day in PRICES.index
    ],
    "04/01/2016 16.00.00": [f"{day:%d/%m/%Y} 16.00.00" for day in PRICES.index],
    "1/4/2016 4:00 PM": [f"{date} 4:00 PM" for date in DATES],
    "01/04/16": [f"{day:%m/%d/%y}" for day in PRICES.index],
    "04.01.16": [f"{day:%d.%m.%y}" for day in PRICES.index],
    "4-Jan-16": [f"{day.day}-{day:%b-%y}" for day in PRICES.index],
}


def _with_dates(dates: list[str]) -> str:
    rows = PLAIN.rows(PRICES)
    return PLAIN.text([rows[0], *[[d, *row[1:]] for d, row in zip(dates, rows[1:], strict=True)]])


@pytest.mark.parametrize("dates", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("backward", [False, True])
def test_dates_are_read_as_they_are_written(tmp_path, dates, backward):
    header, *rows = _with_dates(dates).splitlines(keepends=True)
    _assert_same(_load(tmp_path, header + "".join(rows[::-1] if backward else rows)))


def test_a_weekday_that_is_not_the_dates_is_refused(tmp_path):
    dates = [*WRITTEN["Mon, Jan 04, 2016"]]
    dates[7] = dates[7].replace("Wed", "Tue")
    assert f", line 9: '{dates[7]}' is no date" in _refusal(tmp_path, _with_dates(dates))


def test_days_and_months_exchanged_are_refused(tmp_path):
    """As old pandas wrote dates that it had read with the month first where it could."""
    for styles in (("%Y-%d-%m", "%Y-%m-%d"), ("%d/%m/%Y", "%m/%d/%Y")):
        dates = [day.strftime(styles[day.day > 12]) for day in PRICES.index]
        assert "line 2: day and month seem exchanged: as 2016-01-04" in _refusal(
            tmp_path, _with_dates(dates)
        )
    one = [f"{day:%Y-%m-%d}" for day in PRICES.index]
    one[190] = f"{PRICES.index[190]:%Y-%d-%m}"
    says = _refusal(tmp_path, _with_dates(one))
    assert f"line 192: day and month seem exchanged: as {PRICES.index[190].date()}" in says


def test_rows_out_of_order_are_no_sign_of_exchanged_dates(tmp_path):
    shuffled = PRICES.sample(frac=1, random_state=0)
    _assert_same(_load(tmp_path, _text(shuffled)))


def test_eight_digits_with_the_day_first_are_refused(tmp_path):
    dates = [f"{day:%d%m%Y}" for day in PRICES.index]
    assert "eight digits being read year first" in _refusal(tmp_path, _with_dates(dates))


def test_the_last_days_of_a_year_may_be_closed(tmp_path):
    """The calendar of the exchange must reach past the last date asked for."""
    filled = PRICES.asfreq("D").ffill()[:"2016-12-31"]
    says = _refusal(tmp_path, _text(filled))
    assert "filled-in days, which repeat the row before. Delete them." in says
    with_saturday = PRICES[:"2016-12-30"]
    with_saturday = pd.concat([with_saturday, with_saturday.iloc[[-1]].set_axis(
        [pd.Timestamp("2016-12-31")])])  # fmt: skip
    assert _load(tmp_path, _text(with_saturday)).index[-1] == pd.Timestamp("2016-12-30")
    coin = pd.date_range("2021-01-01", "2022-12-31")
    rows = "".join(f"{day:%Y-%m-%d},{31000 + i}.5\n" for i, day in enumerate(coin))
    assert "on which the New York exchange was closed" in _refusal(tmp_path, "Date,Close\n" + rows)
    assert len(trading_sessions(pd.Timestamp("2022-12-31"), pd.Timestamp("2022-12-31"))) == 0


@pytest.mark.parametrize("cell", ["", "null", "."])
def test_rows_without_any_price_are_dropped_and_told_at_once(tmp_path, cell):
    lines = _text().splitlines()
    for at in (50, 51, 120, 200):
        lines[at] = lines[at].partition(",")[0] + f",{cell}" * 4 + ",0"
    prices = _load(tmp_path, "\n".join(lines))
    blank, missing = prices.attrs["report"].findings
    assert (blank.what, blank.count, blank.done) == ("rows without any price", 4, "dropped")
    assert blank.examples[0].endswith("(line 51)")
    assert missing.count == 4
    nothing = "Date,Close\n2016-01-04,\n2016-01-05,.\n"
    assert "no row has a price" in _refusal(tmp_path, nothing)


def test_blank_holidays_are_dropped_as_fred_writes_them(tmp_path):
    days = pd.bdate_range(PRICES.index[0], PRICES.index[-1])
    closes = PRICES["Close"].reindex(days)
    text = "DATE,Close\n" + "".join(
        f"{day:%Y-%m-%d},{'.' if np.isnan(close) else close}\n" for day, close in closes.items()
    )
    prices = _load(tmp_path, text)
    _assert_same(prices, ["Close"])
    (found,) = prices.attrs["report"].findings
    assert found.count == len(days) - len(PRICES)


def test_several_bad_closes_are_counted(tmp_path):
    bad = _changed(4, Close=0)
    bad.iloc[9, 3] = -1
    says = _refusal(tmp_path, _text(bad))
    assert "line 6: the close '0.00' is not a positive price (rows of this kind: 2). Cor" in says


@pytest.mark.parametrize("write", ["€{}", "{} €", "₹{}", "US${}", "{} USD", "EUR {}", "R${}"])
def test_signs_and_codes_of_a_currency_are_read(tmp_path, write):
    rows = PLAIN.rows(PRICES)
    rows[1:] = [[row[0], *map(write.format, row[1:5]), row[5]] for row in rows[1:]]
    _assert_same(_load(tmp_path, PLAIN.text(rows)))
    rows[9][4] = "£" + re.sub("[^0-9.]", "", rows[9][4])
    assert ", line 10: the close '£" in _refusal(tmp_path, PLAIN.text(rows))


def test_marks_of_thousands_of_india_and_switzerland_are_read(tmp_path):
    text = _with_column("Vol", ["12,34,567"] * 300).replace(",Volume,", ",Shares,")
    assert (_load(tmp_path, text)["volume"] == 1_234_567).all()
    swiss = _text(layout=replace(PLAIN, thousands="’"))
    assert "1’0" in swiss
    _assert_same(_load(tmp_path, swiss))
    for cell in ("12,345,67", "1,2,34,567", "12,34,56"):
        says = _refusal(tmp_path, text.replace("12,34,567", cell, 1))
        assert f", line 2: the volume '{cell}' is not a number" in says


def test_pipes_brackets_and_a_second_mark_are_read(tmp_path):
    _assert_same(_load(tmp_path, _text(layout=replace(PLAIN, separator="|"))))
    names = tuple(f"<{name.upper()}>" for name in PLAIN.names)
    layout = replace(PLAIN, separator="\t", names=names, date_style="%Y/%m/%d")
    _assert_same(_load(tmp_path, _text(layout=layout)))
    _assert_same(_load(tmp_path, "\ufeff\ufeff" + _text()))


@pytest.mark.parametrize(
    "name", ["Stock Splits", "split_coefficient", "splitFactor", "Split Ratio", "stock split"]
)
def test_the_files_own_splits_are_known_by_their_names(tmp_path, name):
    for ratio in (1.5, 2.0):
        splits = np.where(np.arange(300) == 150, ratio, 1.0)
        applied = PRICES.assign(**{name: splits})
        _assert_same(_load(tmp_path, applied.rename_axis("Date").to_csv()))
        unadjusted = _split(ratio).assign(**{name: splits})
        unadjusted.iloc[150:, :4] *= 1.1  # a good day hides much of it
        says = _refusal(tmp_path, unadjusted.rename_axis("Date").to_csv())
        assert f"a split of {ratio:g} on 2016-08-08, and the close changes so" in says


def test_a_true_crash_before_the_chapters_begin_is_left_out(tmp_path):
    """As every whole history of Apple has one, on 2000-09-29."""
    long = made_up(900, "2014-01-02")
    long.iloc[:100, :4] *= 2.1
    prices = _load(tmp_path, _text(long))
    assert prices.index[0] == long.index[100]
    (found,) = prices.attrs["report"].findings
    assert (found.what, found.count) == ("rows before the close changed by a factor of 1.8 or more",
                                         100)  # fmt: skip
    assert found.done == f"left out, up to {long.index[100]:%Y-%m-%d}"
    few = _refusal(tmp_path, _text(long[:"2016-12-01"]))
    assert "looks like a split that was not applied" in few
    late = _refusal(tmp_path, _text(_split(2.1)))
    assert "line 152: the close falls by a factor of 2." in late
    assert late.endswith("if it is true, delete the rows before it.")


def test_columns_under_exchanged_names_are_refused(tmp_path):
    spread = PRICES.assign(Close=(PRICES["Close"] + 0.01).round(2))
    says = _refusal(tmp_path, _text(spread).replace("High,Low,Close", "High,Close,Low"))
    assert "300 of 300 closes lie outside the day's low and high: names of columns" in says


def test_a_row_whose_cells_moved_is_refused(tmp_path):
    lines = _text().splitlines()
    date, *cells = lines[100].split(",")
    lines[100] = ",".join([date, "", *cells[:-1]])
    says = _refusal(tmp_path, "\n".join(lines))
    assert ", line 101: a price is blank, and the volume" in says
    lines[100] = ",".join([date, *cells[1:], ""])
    assert ", line 101: the close rises by a factor of" in _refusal(tmp_path, "\n".join(lines))


def test_a_quoted_cell_that_swallows_rows_is_refused(tmp_path):
    lines = _with_column("Note", "").splitlines()
    lines[100] += '"see'
    lines[103] += 'next"'
    says = _refusal(tmp_path, "\n".join(lines))
    assert ", line 101: a cell of several lines swallows rows: a quotation mark" in says
    lines[101] = lines[102] = lines[103] = ""
    lines[100] += '\nthe news of the day"'
    assert len(_load(tmp_path, "\n".join(lines))) == 297


def test_open_high_and_low_out_of_order_are_told(tmp_path):
    middle = PRICES["Close"].iloc[9]
    odd = {
        "opens outside the day's low and high, or highs below lows": [
            _changed(9, Open=middle * 1.05),
            _changed(9, Open=middle * 0.95),
            _changed(9, High=middle * 0.9, Open=np.nan),
        ],
        "opens, highs or lows far from the close": [
            _changed(9, High=middle * 100),
            _changed(9, Low=middle / 100),
        ],
    }
    for what, frames in odd.items():
        for frame in frames:
            content = frame.rename_axis("Date").to_csv()
            findings = _load(tmp_path, content).attrs["report"].findings
            assert [found.examples for found in findings if found.what == what] == [
                ("2016-01-15 (line 11)",)
            ]


def test_prices_above_the_names_are_refused(tmp_path):
    head, *rows = _text().splitlines()
    text = "\n".join([*rows[:2], head, *rows[2:]])
    assert ", line 1: a row of prices above the names in line 3. Move it" in _refusal(
        tmp_path, text
    )


def test_rows_swallowed_in_a_later_column_are_noticed(tmp_path):
    lines = PRICES.rename_axis("Date").assign(Note="").reset_index().to_csv().splitlines()
    lines[294] += '"see note'
    lines[300] += 'end"'
    assert ", line 295: a cell of several lines swallows" in _refusal(tmp_path, "\n".join(lines))


def test_digits_without_zeros_are_no_dates(tmp_path):
    """2017111 is January 11 or November 1."""
    dates = [f"{day.year}{day.month}{day.day}" for day in PRICES.index]
    assert ", line 2: '201614' is no date" in _refusal(tmp_path, _with_dates(dates))


def test_days_and_months_exchanged_before_sorting_are_refused(tmp_path):
    long = made_up(900, "2016-01-04")
    year = long.index.year == 2018
    dates = [
        day.replace(month=day.day, day=day.month) if late and day.day <= 12 else day
        for day, late in zip(long.index, year, strict=True)
    ]
    says = _refusal(tmp_path, _text(long.set_axis(pd.DatetimeIndex(dates)).sort_index()))
    assert re.search(r"rows of days on which .*: dates seem exchanged in day and month", says)


def test_midnight_elsewhere_is_refused(tmp_path):
    """London's midnight as UTC is midnight in winter and an hour before in summer."""
    moments = PRICES.index.tz_localize("Europe/London").tz_convert("UTC")
    says = _refusal(tmp_path, _with_dates([f"{t:%Y-%m-%dT%H:%M:%S}.000Z" for t in moments]))
    assert "some moments are midnight and others not, as of dates elsewhere" in says


@pytest.mark.parametrize("name", ["Close_LOG", "Close_PREV", "Close_MA20", "Close SMA"])
def test_a_feature_is_not_taken_for_the_close(tmp_path, name):
    assert "no column for the close" in _refusal(tmp_path, _renamed(Close=name))
    _assert_same(_load(tmp_path, _with_column(name, 4.5)))


def test_columns_that_are_not_used_are_named(tmp_path):
    layout = _load(tmp_path, _renamed(Open="Offen")).attrs["report"].layout
    assert "close from 'Close', without 'Offen'," in layout
    turnover = _with_column("Stuecke", 5)
    assert "two columns may be the volume, 'Volume' and 'Stuecke'" in _refusal(tmp_path, turnover)


def test_prices_tell_their_decimal_mark_themselves(tmp_path):
    rows = [f"{day:%Y-%m-%d};90,{i + 100};0.0" for i, day in enumerate(PRICES.index)]
    says = _refusal(tmp_path, "\n".join(["Date;Close;Stock Splits", *rows]))
    assert "may be 90100 or 90.1, and no price of the file tells" in says


def test_prices_in_two_currencies_are_refused(tmp_path):
    rows = PLAIN.rows(PRICES)
    rows[1:] = [[row[0], *(f"€{cell}" for cell in row[1:4]), f"${row[4]}", row[5]]
                for row in rows[1:]]  # fmt: skip
    says = _refusal(tmp_path, PLAIN.text(rows))
    assert ", line 2: the close '$987.48' is in '$', the first one in '€'" in says


@pytest.mark.parametrize("stamp", ["9999-12-31 23:59:59-05:00", "0001-01-01T01:00:00Z"])
def test_moments_at_the_ends_of_time_are_no_dates(tmp_path, stamp):
    _assert_same(_load(tmp_path, _with_column("valid_to", [stamp, *[""] * 299])))
    dates = [f"{day:%Y-%m-%d} 16:00:00-05:00" for day in PRICES.index]
    dates[7] = stamp
    assert f", line 9: '{stamp}' is no date up to today" in _refusal(tmp_path, _with_dates(dates))


def test_volumes_and_paths_of_any_size_are_no_crash(tmp_path):
    text = _text().replace(",2870000\n", ",1e306M\n", 1)
    assert "is not a number" in _refusal(tmp_path, text)
    with pytest.raises(PriceFileError, match="can't be read|no such file"):
        load_prices("Date,Close\n" * 1000)


def test_a_right_row_at_a_wrong_place_is_no_exchange(tmp_path):
    for day in ("2017-01-04", "2017-01-05", "2016-02-03"):
        moved = pd.concat([PRICES.drop(day), PRICES.loc[[day]]])
        _assert_same(_load(tmp_path, _text(moved)))


@pytest.mark.parametrize(
    "row", ["yyyy-mm-dd,USD,USD,USD,USD,shares", "日期,开盘,最高,最低,收盘,成交量"]
)
def test_a_second_row_of_words_is_named(tmp_path, row):
    head, _, body = _text().partition("\n")
    says = _refusal(tmp_path, f"{head}\n{row}\n{body}")
    assert ", line 2: the row names several shares or is no row of prices" in says


def test_a_slip_in_the_year_is_named(tmp_path):
    says = _refusal(tmp_path, _text().replace("2016-01-04", "1916-01-04"))
    assert "the longest gap ends on 2016-01-05 (line 3)" in says


def test_long_texts_take_no_time(tmp_path):
    """Of quadratic patterns; the test would not end."""
    cells = ["1" * 1900 + "-" * 3000 + "x", "word " * 2000, *[""] * 298]
    _assert_same(_load(tmp_path, _with_column("News", cells)))


def test_minute_bars_are_refused_as_such(tmp_path):
    clock = [f"{9 + i // 60:02d}:{i % 60:02d}" for i in range(300)]
    bars = PRICES.reset_index(drop=True).assign(Date="2016-01-04", Time=clock)
    says = _refusal(tmp_path, bars[["Date", "Time", *FIELDS]].to_csv(index=False))
    assert "line 3: a second row of 2016-01-04, as line 2 is: intraday prices, or those" in says


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("Jan 05, 2016,1,2,3,4,5", "Quote dates and numbers that hold the separator"),
        ("2016-01-05,1,25,2,25,3,25,4,25,5", "Quote dates and numbers that hold the separator"),
        ("7,2016-01-05,1,2,3,4,5", "name a nameless column"),
    ],
)
def test_a_comma_too_many_is_explained(tmp_path, row, says):
    lines = _text().splitlines()
    lines[1] = row
    assert re.search(rf", line 2: \d+ cells do not fit the 6 column names\..*{says}",
                     _refusal(tmp_path, "\n".join(lines)))  # fmt: skip


def test_a_name_that_the_terminal_lacks_is_printed_all_the_same(tmp_path):
    name = "网飞.csv"
    (tmp_path / name).write_text(_text(layout=KAGGLE), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "paperlib.prices"],
        env=os.environ | {"PRICES": str(tmp_path / name), "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        check=True,
    )
    assert b"\\u7f51\\u98de.csv: 300 rows read, 300 sessions kept" in done.stdout
