"""The page of a report: what the text says, a picture, nothing from elsewhere; and the command."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from madeforecasts import CLOSE, HONEST, NAIVE

from paperlib.judging.forecast_report import judge_forecast
from paperlib.report import __main__ as command
from paperlib.report.forecast_page import ForecastPage

FOUND = judge_forecast(HONEST.rename("<b>"), CLOSE)


def test_a_page_says_what_the_text_says_and_needs_nothing_else(tmp_path):
    ForecastPage(FOUND).write(tmp_path / "page.html")
    page = BeautifulSoup((tmp_path / "page.html").read_text("utf-8"), "html.parser")
    said = page.get_text(" ", strip=True)
    assert all(line in said for line in (FOUND.sentence, *FOUND.statements()))
    assert page.html["lang"] == "en"
    assert page.h1
    assert "Errors: MAE and RMSE in dollars" in said
    assert "nearest to the close 1 before its date" in page.img["alt"]
    assert page.img["src"].startswith("data:")
    assert not page.select("script, link, [href]")


def test_a_notebook_shows_it_and_a_terminal_the_text():
    shown = ForecastPage(FOUND)._repr_mimebundle_()
    assert shown["text/plain"] == str(FOUND)
    assert "<html" not in shown["text/html"]


def test_a_files_name_can_not_be_markup():
    odd = HONEST.to_frame("forecast")
    found = judge_forecast(odd, CLOSE)
    object.__setattr__(found, "name", "<script>")
    assert "<script>" not in ForecastPage(found).html()


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A file of forecasts that make judge is given."""
    path = tmp_path / "made.csv"
    frame = pd.DataFrame({"Predictions": HONEST, "Lower": NAIVE - 20, "Upper": NAIVE + 20})
    frame.rename_axis("Date").to_csv(path)
    for name in ("LEVEL", "HTML"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FORECAST", str(path))
    monkeypatch.setenv("PRICES", "NFLX")
    return path


def test_the_command_prints_the_report(made, capsys):
    command.main()
    assert capsys.readouterr().out.startswith("made.csv: ")


def test_the_command_writes_a_page_and_takes_a_level(made, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("HTML", str(tmp_path / "page.html"))
    monkeypatch.setenv("LEVEL", "0.9")
    command.main()
    assert "Winkler score is" in capsys.readouterr().out
    assert "Winkler score is" in (tmp_path / "page.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("FORECAST", "", "error: name a file of forecasts: FORECAST="),
        ("FORECAST", "none.csv", "error: none.csv: no such file"),
        ("PRICES", "none.csv", "error: none.csv: no such file"),
        ("PRICES", "", "error: .*made.csv: no column of actual values"),
        ("LEVEL", "much", "error: LEVEL is a share between 0 and 1, such as 0.9, not 'much'"),
        ("LEVEL", "90", "error: LEVEL is a share between 0 and 1, such as 0.9, not '90'"),
        ("HTML", "no/such/folder.html", "error: .*folder.html: No such file or directory. Name"),
        (
            "HTML",
            "made.csv",
            "error: HTML names the page to write, such as page.html, not 'made.cs",
        ),
    ],
)
def test_what_is_wrong_is_told_in_one_line(made, monkeypatch, name, value, says):
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        command.main()
    assert re.match(says, str(ended.value))
    assert "\n" not in str(ended.value)
