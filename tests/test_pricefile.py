"""Every price file is read rightly, or refused with one sentence: file, row, remedy."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paperlib.data import PriceFileError, load_prices

KAGGLE = ["Date", "Close", "High", "Low", "Open", "Volume"]
YAHOO = ["Date", "Open", "High", "Low", "Close", "Adj Close", "Volume"]


def _table(sessions: int = 260) -> pd.DataFrame:
    """Made-up prices of a made-up share, in whole cents."""
    draws = np.random.default_rng(0)
    close = (50 * np.exp(np.cumsum(draws.normal(0, 0.02, sessions)))).round(2)
    columns = {"Open": close, "High": close + 1, "Low": close - 1, "Close": close}
    table = pd.DataFrame({**columns, "Adj Close": close / 2, "Volume": 1000})
    dates = pd.bdate_range("2017-03-01", periods=sessions).strftime("%Y-%m-%d")
    return table.assign(Date=dates).astype({"Volume": int})


def _write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "prices.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("columns", [KAGGLE, YAHOO, ["Close", "Date"]])
def test_layouts_are_read(tmp_path, columns):
    table = _table()
    prices = load_prices(_write(tmp_path, table[columns].to_csv(index=False)))
    assert list(prices.columns) == ["open", "high", "low", "close", "volume"]
    assert prices.index.name == "date"
    assert list(prices.index.strftime("%Y-%m-%d")) == list(table["Date"])
    np.testing.assert_array_equal(prices["close"], table["Close"])
    assert prices["open"].isna().all() == ("Open" not in columns)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(YAHOO), st.randoms(use_true_random=False), st.sampled_from(["\n", "\r\n"]))
def test_order_of_columns_and_rows_case_and_line_ends_do_not_matter(tmp_path, columns, rnd, end):
    expected = load_prices(_write(tmp_path, _table().to_csv(index=False)))
    rows = list(range(260))
    random.Random(rnd.random()).shuffle(rows)
    shuffled = _table().iloc[rows][columns].rename(columns=str.upper)
    path = _write(tmp_path, "\ufeff" + shuffled.to_csv(index=False, lineterminator=end))
    pd.testing.assert_frame_equal(load_prices(path), expected)


def _corrupt(row: int, column: str, cell: str) -> str:
    table = _table().astype(object)
    table.loc[row, column] = cell
    return table.to_csv(index=False)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        ("Date,Close\n", "0 sessions are too few"),
        (_table(249).to_csv(index=False), "249 sessions are too few.*at least 250"),
        (_table().drop(columns="Close").to_csv(index=False), "line 1: no column 'close'"),
        (_table().drop(columns="Date").to_csv(index=False), "line 1: no column 'date'"),
        (_table().to_csv(index=False, sep=";"), "line 1: no column 'date'.*plain CSV"),
        ("date,Date,close\n", "line 1: two columns are called 'date'"),
        ("<!DOCTYPE html>\n<html><body>no, not found</body></html>\n", "line 2: 2 cells under 1"),
        (_corrupt(7, "Date", "03/10/2017"), "line 9: '03/10/2017' is not a date"),
        (_corrupt(7, "Date", "2017-02-30"), "line 9: '2017-02-30' is not a date"),
        (_corrupt(7, "Date", ""), "line 9: '' is not a date"),
        (_corrupt(7, "Date", "2017-03-01"), "line 9: the date 2017-03-01 comes a second time"),
        (_corrupt(0, "Close", ""), "line 2: the close '' is not a positive price"),
        (_corrupt(0, "Close", "0"), "line 2: the close '0' is not a positive price"),
        (_corrupt(259, "Close", "-3.5"), "line 261: the close '-3.5' is not a positive price"),
        (_corrupt(3, "Close", "$1,180.49"), r"line 5: the close '\$1,180.49' is not a number"),
        (_corrupt(3, "Close", "nan"), "line 5: the close 'nan' is not a number"),
        (_corrupt(3, "Close", "inf"), "line 5: the close 'inf' is not a number"),
        (_corrupt(3, "Volume", "9.40M"), "line 5: the volume '9.40M' is not a number"),
        (_table().to_csv(index=False) + "2018-03-01,1,2\n", "line 262: 3 cells under 7"),
    ],
)
def test_what_is_refused_and_how(tmp_path, text, says):
    path = _write(tmp_path, text)
    with pytest.raises(PriceFileError, match=says) as refusal:
        load_prices(path)
    assert str(refusal.value).startswith(str(path))
    assert "\n" not in str(refusal.value)


def test_line_numbers_count_blank_lines(tmp_path):
    lines = _corrupt(7, "Date", "never").splitlines()
    path = _write(tmp_path, "\n".join([*lines[:3], "", *lines[3:]]))
    with pytest.raises(PriceFileError, match="line 10: 'never'"):
        load_prices(path)


def test_binary_and_missing_files_are_refused(tmp_path):
    path = tmp_path / "prices.csv"
    with pytest.raises(PriceFileError, match="no such file.*NFLX"):
        load_prices(path)
    for content in (b"\xff\xfe\x00binary", b"Date,Close\n\x00\x00", b'Date,Close\n"2016,1\n'):
        path.write_bytes(content)
        with pytest.raises(PriceFileError):
            load_prices(path)


def test_a_blank_outside_date_and_close_is_kept_as_missing(tmp_path):
    prices = load_prices(_write(tmp_path, _corrupt(5, "Volume", "")))
    assert prices["volume"].isna().sum() == 1


def test_a_price_file_error_is_a_value_error():
    assert issubclass(PriceFileError, ValueError)
