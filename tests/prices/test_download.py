"""make data, with a stand-in for yfinance: no test uses the network."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
import yfinance

from paperlib.prices import download
from paperlib.prices.series import compare_to_bundled, load_prices

NETFLIX = load_prices()


def _as_yahoo(prices: pd.DataFrame) -> pd.DataFrame:
    """A frame as yfinance returns it with one level of columns, after the split of 2025."""
    dollars = prices[["open", "high", "low", "close"]] / 10
    frame = dollars.assign(adj=dollars["close"], volume=prices["volume"] * 10)
    frame.columns = ["Open", "High", "Low", "Close", "Adj Close", "Volume"]
    return frame.rename_axis("Date").assign(Dividends=0.0, **{"Stock Splits": 0.0})


GOOD = _as_yahoo(NETFLIX)


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "downloads" / "NFLX.csv"
    monkeypatch.setattr(download, "TARGET", path)
    return path


@pytest.fixture
def yahoo(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What the stand-in answers, and how it was asked."""
    said: dict[str, object] = {"answer": GOOD}

    def stand_in(*args: object, **kwargs: object) -> object:
        said["asked"] = (args, kwargs)
        if isinstance(said["answer"], Exception):
            raise said["answer"]
        return said["answer"]

    monkeypatch.setattr(yfinance, "download", stand_in)
    return said


def _refusal(target: Path) -> str:
    with pytest.raises(SystemExit) as stop:
        download.main()
    message = str(stop.value)
    assert message.startswith("error: ")
    assert "\n" not in message
    assert [path.name for path in target.parent.glob(".*")] == []
    return message


def test_good_prices_are_kept_and_told(target, yahoo, capsys):
    download.main()
    prices = load_prices(target)
    assert str(compare_to_bundled(prices)) == "the same to the cent on 1943 common sessions"
    told = capsys.readouterr().out
    assert told.startswith("Downloading Netflix's daily prices since 2016-01-04 from Yahoo to ")
    assert "1943 sessions kept" in told
    assert "the same to the cent on 1943 common sessions" in told
    assert [path.name for path in target.parent.iterdir()] == ["NFLX.csv"]


def test_closes_are_asked_for_without_adjustment_for_dividends(target, yahoo):
    download.main()
    (ticker,), how = yahoo["asked"]
    assert (ticker, how["start"], how["auto_adjust"]) == ("NFLX", "2016-01-04", False)


def test_stacked_columns_are_read(target, yahoo):
    columns = pd.MultiIndex.from_product([GOOD.columns, ["NFLX"]], names=["Price", "Ticker"])
    yahoo["answer"] = GOOD.set_axis(columns, axis=1)
    download.main()
    assert target.read_text().startswith("Price,Open,High")
    assert len(load_prices(target)) == 1943


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (OSError("could not resolve\nhost"), r"failed \(OSError: could not resolve host\)"),
        (GOOD.iloc[:0], r"no prices came \(no network, or Yahoo refuses to answer\)"),
        (None, "no prices came"),
        (GOOD.iloc[:200], "can't be used: 200 sessions are too few"),
        (GOOD.drop(columns="Close"), "can't be used: line 1: no column for the close"),
        (_as_yahoo(load_prices("AAPL")), "not Netflix's"),
    ],
)
@pytest.mark.parametrize("before", [True, False])
def test_a_bad_answer_never_replaces_a_good_file(target, yahoo, answer, says, before):
    if before:
        download.main()
    yahoo["answer"] = answer
    message = _refusal(target)
    assert re.search(says, message)
    assert "PRICES=file make book" in message
    assert target.exists() == before
    if before:
        assert len(load_prices(target)) == 1943


def test_fewer_sessions_than_before_do_not_replace_a_file(target, yahoo):
    download.main()
    yahoo["answer"] = GOOD.iloc[10:]
    assert "lacks 10 sessions that NFLX.csv has, which stays as it was" in _refusal(target)
    assert len(load_prices(target)) == 1943


@pytest.mark.parametrize("text", ["<html>", "Date,Close\nmine,5\n"])
def test_a_file_that_cannot_be_read_is_not_replaced(target, yahoo, text):
    target.parent.mkdir()
    target.write_text(text)
    assert "NFLX.csv can't be read; delete or move it to take the download." in _refusal(target)
    assert target.read_text() == text


@pytest.mark.parametrize("before", [True, False])
def test_other_closes_than_the_bundled_ones_are_not_kept(target, yahoo, before):
    if before:
        download.main()
    wrong = GOOD.copy()
    wrong.iloc[50:70, wrong.columns.get_loc("Close")] += 0.02  # 1 % of 1943 sessions are 19
    yahoo["answer"] = wrong
    assert (
        "not kept: beside the bundled ones, what came differs on 20 of 1943 common sessions"
        in _refusal(target)
    )
    assert target.exists() == before
    if before:
        assert compare_to_bundled(load_prices(target)).differing == 0
    wrong.iloc[50] = GOOD.iloc[50]
    download.main()
    assert compare_to_bundled(load_prices(target)).differing == 19
