"""The report that travels with prices, and the form of a refusal."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, replace

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from pricewriters import made_up

from paperlib.prices.findings import Finding, PriceFileError, PriceReport, quote, refuse
from paperlib.prices.series import load_prices
from paperlib.report.tables import show_price_report

REPORT = PriceReport(
    source="my <b>.csv",
    layout="UTF-8, comma separated",
    rows=262,
    sessions=260,
    first="2017-03-01",
    last="2018-03-12",
    findings=(Finding("rows that repeat another", 2, ("2017-03-07 (line 262)",), "dropped"),),
)


def test_it_tells_in_plain_text_what_was_read_and_done():
    assert str(REPORT) == (
        "my <b>.csv: 262 rows read, 260 sessions kept, 2017-03-01 to 2018-03-12. "
        "Read as UTF-8, comma separated.\n"
        "- rows that repeat another: 2, dropped; first 2017-03-07 (line 262)"
    )
    clean = replace(REPORT, findings=())
    assert str(clean).endswith("- nothing was dropped, changed or odd")


def test_a_notebook_shows_it_as_a_table():
    page = BeautifulSoup(show_price_report(REPORT).html, "html.parser")
    assert page.caption.text == "tab-price-report: Price report of my <b>.csv."
    rows = [[cell.text.strip() for cell in row("td")] for row in page.tbody("tr")]
    assert rows == [
        ["rows read", "262"],
        ["sessions kept", "260"],
        ["first and last session", "2017-03-01 and 2018-03-12"],
        ["read as", "UTF-8, comma separated"],
        ["rows that repeat another", "2, dropped; first 2017-03-07 (line 262)"],
    ]
    clean = BeautifulSoup(show_price_report(replace(REPORT, findings=())).html, "html.parser")
    assert clean.tbody("td")[-1].text == "nothing"


def test_it_can_not_be_changed():
    with pytest.raises(FrozenInstanceError):
        REPORT.rows = 1


def test_frames_carry_it_through_what_is_done_with_them(tmp_path):
    made_up().rename_axis("Date").to_csv(tmp_path / "mine.csv")
    prices = load_prices(tmp_path / "mine.csv")
    report = prices.attrs["report"]
    assert report.source == "mine.csv"
    same = {
        "slice": prices.loc["2017-06":],
        "column": prices["close"],
        "copy": prices.copy(),
        "deepcopy": copy.deepcopy(prices),
        "pickle": pickle.loads(pickle.dumps(prices)),
        "concat": pd.concat([prices.iloc[:100], prices.iloc[100:]]),
        "arithmetic": prices * 2,
        "rolling": prices.pct_change(),
    }
    for what, frame in same.items():
        assert frame.attrs.get("report", report) == report, what
    assert same["concat"].attrs["report"] == report
    other = load_prices("AAPL")
    assert "report" not in pd.concat([prices, other]).attrs
    pd.testing.assert_frame_equal(same["deepcopy"], prices)


def test_a_refusal_is_one_line_that_begins_with_the_path(tmp_path):
    with pytest.raises(PriceFileError) as problem:
        refuse(tmp_path / "a.csv", "one\ntwo\u2028three.", 7)
    assert str(problem.value) == f"{tmp_path / 'a.csv'}, line 7: one?two?three."
    assert quote("a\nb") == r"'a\nb'"
    assert len(quote("a" * 1000)) < 50


def test_a_notebook_shows_a_refusal_without_a_traceback():
    source = "from paperlib.prices.series import load_prices\nload_prices('missing.csv')"
    notebook = new_notebook(cells=[new_code_cell(source)])
    NotebookClient(notebook, kernel_name="python3", allow_errors=True).execute()
    (error,) = notebook.cells[0].outputs
    assert error.ename == "PriceFileError"
    assert error.evalue.startswith("missing.csv: no such file.")
    assert error.traceback == [f"PriceFileError: {error.evalue}"]
