"""Numbers with any marks and signs: read as they are meant, or refused with their line."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from pricefiles import PLAIN, as_text, assert_same, edited, load, refusal, with_column
from pricewriters import GERMAN, made_up

PRICES = made_up(300, "2016-01-04")


@pytest.mark.parametrize("write", ["€{}", "{} €", "₹{}", "US${}", "{} USD", "EUR {}", "R${}"])
def test_signs_and_codes_of_a_currency_are_read(tmp_path, write):
    rows = PLAIN.rows(PRICES)
    rows[1:] = [[row[0], *map(write.format, row[1:5]), row[5]] for row in rows[1:]]
    assert_same(load(tmp_path, PLAIN.text(rows)), PRICES)
    rows[9][4] = "£" + re.sub("[^0-9.]", "", rows[9][4])
    assert ", line 10: the close '£" in refusal(tmp_path, PLAIN.text(rows))


def test_marks_of_thousands_of_india_and_switzerland_are_read(tmp_path):
    text = with_column(PRICES, "Vol", ["12,34,567"] * 300).replace(",Volume,", ",Shares,")
    assert (load(tmp_path, text)["volume"] == 1_234_567).all()
    swiss = as_text(PRICES, replace(PLAIN, thousands="’"))
    assert "1’0" in swiss
    assert_same(load(tmp_path, swiss), PRICES)
    for cell in ("12,345,67", "1,2,34,567", "12,34,56"):
        says = refusal(tmp_path, text.replace("12,34,567", cell, 1))
        assert f", line 2: the volume '{cell}' is not a number" in says


def test_prices_tell_their_decimal_mark_themselves(tmp_path):
    rows = [f"{day:%Y-%m-%d};90,{i + 100};0.0" for i, day in enumerate(PRICES.index)]
    says = refusal(tmp_path, "\n".join(["Date;Close;Stock Splits", *rows]))
    assert "may be 90100 or 90.1, and no price of the file tells" in says


def test_prices_in_two_currencies_are_refused(tmp_path):
    rows = PLAIN.rows(PRICES)
    rows[1:] = [[row[0], *(f"€{cell}" for cell in row[1:4]), f"${row[4]}", row[5]]
                for row in rows[1:]]  # fmt: skip
    says = refusal(tmp_path, PLAIN.text(rows))
    assert ", line 2: the close '$987.48' is in '$', the first one in '€'" in says


def test_whole_numbers_need_no_decimal_mark(tmp_path):
    whole = PRICES.round()
    text = "Date;Close\n" + "".join(f"{d:%Y-%m-%d};{c:.0f}\n" for d, c in whole["Close"].items())
    prices = load(tmp_path, text)
    np.testing.assert_array_equal(prices["close"], whole["Close"])
    assert "whole numbers" in prices.attrs["report"].layout


def test_numbers_that_may_be_read_either_way_are_refused(tmp_path):
    lines = [f"{day:%Y-%m-%d};10.{i + 100}" for i, day in enumerate(PRICES.index)]
    says = refusal(tmp_path, "Date;Close\n" + "\n".join(lines))
    assert ", line 2: the close '10.100' may be 10.1 or 10100, and no price" in says
    assert says.endswith("Write one with two decimals at least.")
    for cell, close in (("10.1000", 10.1), ("10.100,00", 10100)):
        mended = [lines[0].replace("10.100", cell), *lines[1:]]
        assert load(tmp_path, "Date;Close\n" + "\n".join(mended))["close"].iloc[0] == close
    german = edited(PRICES, 7, "Close", "985.10", GERMAN)
    says = refusal(tmp_path, german)
    assert "line 9: the close '985.10' is not a number with a decimal comma" in says
