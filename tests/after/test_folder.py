"""Later prices: what a folder must hold, and one sentence for each fault."""

from __future__ import annotations

import pytest
from after.conftest import prolong

from paperlib.after.folder import read_folder
from paperlib.machine.files import Hindrance
from paperlib.prices.findings import PriceFileError


@pytest.fixture
def folder(tmp_path, netflix, apple):
    netflix.to_csv(tmp_path / "NFLX.csv")
    apple.to_csv(tmp_path / "aapl.CSV")
    (tmp_path / "notes.txt").write_text("mine")
    return tmp_path


def test_files_are_found_by_ticker_and_end_with_netflix(folder, netflix):
    prolong("AAPL", 1, "2025-08-29").to_csv(folder / "aapl.CSV")
    found = read_folder(folder)
    assert list(found) == ["NFLX", "AAPL"]
    assert {prices.index[-1] for prices in found.values()} == {netflix.index[-1]}
    assert found["NFLX"]["close"].to_numpy() == pytest.approx(netflix["close"].to_numpy())


def test_netflix_alone_suffices(folder):
    (folder / "aapl.CSV").unlink()
    assert list(read_folder(folder)) == ["NFLX"]


def test_no_folder(tmp_path):
    with pytest.raises(Hindrance, match=r"nowhere: no such folder\. Name one that holds NFLX\.csv"):
        read_folder(tmp_path / "nowhere")


def test_no_netflix(folder):
    (folder / "NFLX.csv").unlink()
    with pytest.raises(Hindrance, match="no file is named NFLX"):
        read_folder(folder)


def test_two_files_of_one_ticker(folder, netflix):
    netflix.to_csv(folder / "nflx.txt")
    with pytest.raises(Hindrance, match=r"NFLX\.csv and nflx\.txt are both NFLX\. Leave one"):
        read_folder(folder)


@pytest.mark.parametrize(
    ("cut", "sentence"),
    [
        (lambda p: p.loc["2016-02":], r"NFLX\.csv: has no close of 2016-01-04, where the paper"),
        (lambda p: p.loc[:"2025-05"], r"has 42 sessions after 2025-03-31.*at least 60"),
        (lambda p: p.loc[:"2024"], "has 0 sessions after 2025-03-31"),
        (
            lambda p: p.drop(p.loc["2024-02-01":"2024-02-05"].index),
            "lacks 3 sessions .* 2024-02-01",
        ),
    ],
)
def test_a_file_that_lacks_sessions(cut, sentence, folder, netflix):
    cut(netflix).to_csv(folder / "NFLX.csv")
    with pytest.raises(PriceFileError, match=sentence):
        read_folder(folder)


def test_another_ticker_that_ends_too_early(folder, apple):
    apple.iloc[:-1].to_csv(folder / "aapl.CSV")
    with pytest.raises(PriceFileError, match="ends on 2025-07-30, before Netflix on 2025-07-31"):
        read_folder(folder)


@pytest.mark.parametrize("named", ["NFLX.csv", "aapl.CSV"])
def test_another_share_under_that_name(folder, named):
    prolong("NVDA", 2).to_csv(folder / named)
    with pytest.raises(PriceFileError, match=rf"{named}: moves otherwise than .* It is another"):
        read_folder(folder)


def test_a_share_adjusted_for_dividends_is_the_same(folder, apple):
    years = (apple.index - apple.index[0]).days.to_numpy()[:, None] / 365
    (apple * 0.98 ** (years[-1] - years).round()).round(4).to_csv(folder / "aapl.CSV")
    assert list(read_folder(folder)) == ["NFLX", "AAPL"]
