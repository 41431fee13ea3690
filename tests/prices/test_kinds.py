"""Kinds of price files met in the wild: each is read rightly, or refused with what is wrong."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from babel.dates import get_month_names
from pricefiles import PLAIN, as_text, assert_same, load, refusal, renamed, with_column
from pricewriters import FIELDS, KAGGLE, made_up

from paperlib.prices.calendar import trading_sessions
from paperlib.prices.dates import LANGUAGES
from paperlib.prices.findings import PriceFileError
from paperlib.prices.names import PRICE_FILE, known, plain
from paperlib.prices.series import load_prices

PRICES = made_up(300, "2016-01-04")


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
    assert_same(load(tmp_path, "\ufeff" + as_text(PRICES, layout)), PRICES)


def test_no_name_of_a_column_or_a_month_has_two_meanings():
    from paperlib.prices.names import _table

    columns = [
        plain(name) for names in _table(PRICE_FILE.table)["columns"].values() for name in names
    ]
    assert len(columns) == len(set(columns))
    months: dict[str, set[int]] = {}
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, locale=language).items():
                months.setdefault(name.casefold().rstrip("."), set()).add(number)
    assert all(len(numbers) == 1 for numbers in months.values())


@pytest.mark.parametrize(
    "name",
    [
        *("4. close", "Close Price", "Last Price", "PX_LAST", "Last", "<CLOSE>", "XYZ.Close"),
        *("('Close', 'XYZ')", "BRK-B.Close", "Schlusskurs", "closing_price"),
        "Close Close price adjusted for splits.",
    ],
)
def test_the_close_is_known_by_its_names(tmp_path, name):
    assert_same(load(tmp_path, renamed(PRICES, Close=name)), PRICES)


@pytest.mark.parametrize(
    "name",
    [
        *("Adj Close", "adj_close", "adjClose", "adjusted_close", "XYZ.Adjusted", "ADJ.Close"),
        *("Close_ADJ", "Prev Close", "Previous Close", "% Close", "Close change"),
        "Adj Close Adjusted close price adjusted for splits and dividends.",
    ],
)
def test_other_closes_are_not_taken_for_it(tmp_path, name):
    assert known(name, PRICE_FILE) is None
    assert "no column for the close among" in refusal(tmp_path, renamed(PRICES, Close=name))
    assert_same(load(tmp_path, with_column(PRICES, name, 1.5)), PRICES)


def test_the_last_days_of_a_year_may_be_closed(tmp_path):
    """The calendar of the exchange must reach past the last date asked for."""
    filled = PRICES.asfreq("D").ffill()[:"2016-12-31"]
    says = refusal(tmp_path, as_text(filled))
    assert "filled-in days, which repeat the row before. Delete them." in says
    with_saturday = PRICES[:"2016-12-30"]
    with_saturday = pd.concat([with_saturday, with_saturday.iloc[[-1]].set_axis(
        [pd.Timestamp("2016-12-31")])])  # fmt: skip
    assert load(tmp_path, as_text(with_saturday)).index[-1] == pd.Timestamp("2016-12-30")
    coin = pd.date_range("2021-01-01", "2022-12-31")
    rows = "".join(f"{day:%Y-%m-%d},{31000 + i}.5\n" for i, day in enumerate(coin))
    assert "on which the New York exchange was closed" in refusal(tmp_path, "Date,Close\n" + rows)
    assert len(trading_sessions(pd.Timestamp("2022-12-31"), pd.Timestamp("2022-12-31"))) == 0


@pytest.mark.parametrize("cell", ["", "null", "."])
def test_rows_without_any_price_are_dropped_and_told_at_once(tmp_path, cell):
    lines = as_text(PRICES).splitlines()
    for at in (50, 51, 120, 200):
        lines[at] = lines[at].partition(",")[0] + f",{cell}" * 4 + ",0"
    prices = load(tmp_path, "\n".join(lines))
    blank, missing = prices.attrs["report"].findings
    assert (blank.what, blank.count, blank.done) == ("rows without any price", 4, "dropped")
    assert blank.examples[0].endswith("(line 51)")
    assert missing.count == 4
    nothing = "Date,Close\n2016-01-04,\n2016-01-05,.\n"
    assert "no row has a price" in refusal(tmp_path, nothing)


def test_blank_holidays_are_dropped_as_fred_writes_them(tmp_path):
    days = pd.bdate_range(PRICES.index[0], PRICES.index[-1])
    closes = PRICES["Close"].reindex(days)
    text = "DATE,Close\n" + "".join(
        f"{day:%Y-%m-%d},{'.' if np.isnan(close) else close}\n" for day, close in closes.items()
    )
    prices = load(tmp_path, text)
    assert_same(prices, PRICES[["Close"]])
    (found,) = prices.attrs["report"].findings
    assert found.count == len(days) - len(PRICES)


def test_several_bad_closes_are_counted(tmp_path):
    bad = _changed(4, Close=0)
    bad.iloc[9, 3] = -1
    says = refusal(tmp_path, as_text(bad))
    assert "line 6: the close '0.00' is not a positive price (rows of this kind: 2). Cor" in says


@pytest.mark.parametrize(
    "name", ["Stock Splits", "split_coefficient", "splitFactor", "Split Ratio", "stock split"]
)
def test_the_files_own_splits_are_known_by_their_names(tmp_path, name):
    for ratio in (1.5, 2.0):
        splits = np.where(np.arange(300) == 150, ratio, 1.0)
        applied = PRICES.assign(**{name: splits})
        assert_same(load(tmp_path, applied.rename_axis("Date").to_csv()), PRICES)
        unadjusted = _split(ratio).assign(**{name: splits})
        unadjusted.iloc[150:, :4] *= 1.1  # a good day hides much of it
        says = refusal(tmp_path, unadjusted.rename_axis("Date").to_csv())
        assert f"a split of {ratio:g} on 2016-08-08, and the close changes so" in says


def test_a_true_crash_before_the_chapters_begin_is_left_out(tmp_path):
    """As every whole history of Apple has one, on 2000-09-29."""
    long = made_up(900, "2014-01-02")
    long.iloc[:100, :4] *= 2.1
    prices = load(tmp_path, as_text(long))
    assert prices.index[0] == long.index[100]
    (found,) = prices.attrs["report"].findings
    assert (found.what, found.count) == ("rows before the close changed by a factor of 1.8 or more",
                                         100)  # fmt: skip
    assert found.done == f"left out, up to {long.index[100]:%Y-%m-%d}"
    few = refusal(tmp_path, as_text(long[:"2016-12-01"]))
    assert "looks like a split that was not applied" in few
    late = refusal(tmp_path, as_text(_split(2.1)))
    assert "line 152: the close falls by a factor of 2." in late
    assert late.endswith("if it is true, delete the rows before it.")


def test_columns_under_exchanged_names_are_refused(tmp_path):
    spread = PRICES.assign(Close=(PRICES["Close"] + 0.01).round(2))
    says = refusal(tmp_path, as_text(spread).replace("High,Low,Close", "High,Close,Low"))
    assert "300 of 300 closes lie outside the day's low and high: names of columns" in says


def test_a_row_whose_cells_moved_is_refused(tmp_path):
    lines = as_text(PRICES).splitlines()
    date, *cells = lines[100].split(",")
    lines[100] = ",".join([date, "", *cells[:-1]])
    says = refusal(tmp_path, "\n".join(lines))
    assert ", line 101: a price is blank, and the volume" in says
    lines[100] = ",".join([date, *cells[1:], ""])
    assert ", line 101: the close rises by a factor of" in refusal(tmp_path, "\n".join(lines))


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
            findings = load(tmp_path, content).attrs["report"].findings
            assert [found.examples for found in findings if found.what == what] == [
                ("2016-01-15 (line 11)",)
            ]


def test_days_and_months_exchanged_before_sorting_are_refused(tmp_path):
    long = made_up(900, "2016-01-04")
    year = long.index.year == 2018
    dates = [
        day.replace(month=day.day, day=day.month) if late and day.day <= 12 else day
        for day, late in zip(long.index, year, strict=True)
    ]
    says = refusal(tmp_path, as_text(long.set_axis(pd.DatetimeIndex(dates)).sort_index()))
    assert re.search(r"rows of days on which .*: dates seem exchanged in day and month", says)


@pytest.mark.parametrize("name", ["Close_LOG", "Close_PREV", "Close_MA20", "Close SMA"])
def test_a_feature_is_not_taken_for_the_close(tmp_path, name):
    assert "no column for the close" in refusal(tmp_path, renamed(PRICES, Close=name))
    assert_same(load(tmp_path, with_column(PRICES, name, 4.5)), PRICES)


def test_volumes_and_paths_of_any_size_are_no_crash(tmp_path):
    text = as_text(PRICES).replace(",2870000\n", ",1e306M\n", 1)
    assert "is not a number" in refusal(tmp_path, text)
    with pytest.raises(PriceFileError, match="can't be read|no such file"):
        load_prices("Date,Close\n" * 1000)


def test_a_slip_in_the_year_is_named(tmp_path):
    says = refusal(tmp_path, as_text(PRICES).replace("2016-01-04", "1916-01-04"))
    assert "the longest gap ends on 2016-01-05 (line 3)" in says


def test_long_texts_take_no_time(tmp_path):
    """Of quadratic patterns; the test would not end."""
    cells = ["1" * 1900 + "-" * 3000 + "x", "word " * 2000, *[""] * 298]
    assert_same(load(tmp_path, with_column(PRICES, "News", cells)), PRICES)


def test_minute_bars_are_refused_as_such(tmp_path):
    clock = [f"{9 + i // 60:02d}:{i % 60:02d}" for i in range(300)]
    bars = PRICES.reset_index(drop=True).assign(Date="2016-01-04", Time=clock)
    says = refusal(tmp_path, bars[["Date", "Time", *FIELDS]].to_csv(index=False))
    assert "line 3: a second row of 2016-01-04, as line 2 is: intraday prices, or those" in says


def test_a_name_that_the_terminal_lacks_is_printed_all_the_same(tmp_path):
    name = "网飞.csv"
    (tmp_path / name).write_text(as_text(PRICES, KAGGLE), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "paperlib.prices"],
        env=os.environ | {"PRICES": str(tmp_path / name), "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        check=True,
    )
    assert b"\\u7f51\\u98de.csv: 300 rows read, 300 sessions kept" in done.stdout
