"""A file of several shares is refused, whatever its column of names is called."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from pricewriters import FIELDS, made_up

from paperlib.prices.findings import PriceFileError
from paperlib.prices.series import load_prices

PRICES = made_up()
N = len(PRICES)


def _write(tmp_path: Path, column: object, name: str = "Company") -> Path:
    """A file with one more column."""
    path = tmp_path / "prices.csv"
    PRICES.rename_axis("Date").assign(**{name: column}).to_csv(path)
    return path


def _each(length: int, *values: str) -> list[str]:
    """Each value on so many rows, again and again."""
    return [values[i // length % len(values)] for i in range(N)]


@pytest.mark.parametrize(
    "name",
    [
        *("Company", "Stock", "Security", "act_symbol", "Index", "ISIN", "Stock Symbol"),
        *("Instrument", "Ticker", "Date.of"),
    ],
)
def test_two_shares_one_after_the_other_are_refused(tmp_path, name):
    path = _write(tmp_path, _each(130, "AAL", "AAPL"), name)
    seems = "" if name == "Ticker" else ", it seems"
    message = re.escape(f"{name!r} names 2 shares{seems} ('AAL', 'AAPL'). Keep one, or remove")
    with pytest.raises(PriceFileError, match=message):
        load_prices(path)


@pytest.mark.parametrize(
    "column",
    [
        ["AAL"] * (N - 3) + ["AAPL"] * 3,
        _each(1, "AAL", "AAPL"),
        _each(1, "GOOG", "GOOGL", "AMZN", "F", "T"),
        _each(90, "7203.T", "6758.T"),
        _each(90, "US64110L1061", "US02079K3059"),
        _each(90, "삼성전자", "카카오"),
        ["", ""] + ["AAL", "AAPL"] * (N // 2 - 1),
        _each(100, "MON", "SUN"),
    ],
)
def test_names_of_any_kind_are_noticed(tmp_path, column):
    with pytest.raises(PriceFileError, match="Keep one, or remove the column"):
        load_prices(_write(tmp_path, column))


def test_an_index_of_names_is_noticed(tmp_path):
    names = _each(130, "AAL", "AAPL")
    path = tmp_path / "prices.csv"
    PRICES.rename_axis("Date").reset_index().set_axis(names).to_csv(path)
    with pytest.raises(PriceFileError, match="'' names 2 shares"):
        load_prices(path)


@pytest.mark.parametrize(
    "column",
    [
        ["NFLX"] * N,
        [f"Headline of {day:%Y-%m-%d}" for day in PRICES.index],
        ["dividend" if i % 60 == 0 else "split" if i == 70 else "" for i in range(N)],
        ["holiday ahead" if i % 50 == 0 else "-" for i in range(N)],
        PRICES.index.strftime("%A"),
        PRICES.index.strftime("%B"),
        _each(90, "Mar 31, 2017", "Jun 30, 2017"),
        np.arange(N) % 2 == 0,
        _each(2, "Up", "Down"),
        _each(5, "BUY", "SELL", "HOLD"),
        _each(3, "-0.32%", "1.20%"),
        _each(3, "1.2M", "800K", "$3", "1e-05"),
        _each(90, "5", "7"),
    ],
    ids=lambda column: str(column[0])[:12],
)
def test_notes_and_what_no_share_is_called_stay_allowed(tmp_path, column):
    prices = load_prices(_write(tmp_path, column))
    np.testing.assert_array_equal(prices, PRICES[FIELDS])
