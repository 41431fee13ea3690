"""Bundled prices, their fingerprint and flaws, and the prices that chapters take."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pytest

from paperlib.prices import series
from paperlib.prices.findings import PriceFileError
from paperlib.prices.series import BUNDLED, chapter_prices, fingerprint, load_prices, quality_counts


def test_bundled_netflix_is_the_series_that_the_datasheet_describes():
    prices = load_prices()
    assert len(prices) == 1943
    assert prices.index[0] == pd.Timestamp("2016-01-04")
    assert prices.index[-1] == pd.Timestamp("2023-09-21")
    assert prices["close"].iloc[0] == 109.96
    assert prices["close"].iloc[-1] == 384.15
    assert prices.attrs["report"].source == "NFLX, bundled"
    assert list(prices.columns) == ["open", "high", "low", "close", "volume"]


@pytest.mark.parametrize("ticker", BUNDLED)
def test_every_bundled_ticker_is_whole(ticker):
    prices = load_prices(ticker)
    assert len(prices) == 2699
    assert prices.index[0] == pd.Timestamp("2013-01-02")
    assert (quality_counts(prices) == 0).all()


def test_nothing_after_the_frozen_window_is_shipped():
    assert max(load_prices(ticker).index[-1] for ticker in BUNDLED) == pd.Timestamp("2023-09-21")


def test_an_altered_bundled_file_is_noticed(tmp_path, monkeypatch):
    for name in ("NFLX.csv", "SHA256SUMS"):
        (tmp_path / name).write_bytes((series.PRICE_DIR / name).read_bytes())
    text = (tmp_path / "NFLX.csv").read_text().replace("109.96", "109.97")
    (tmp_path / "NFLX.csv").write_text(text)
    monkeypatch.setattr(series, "PRICE_DIR", tmp_path)
    with pytest.raises(PriceFileError, match=r"NFLX\.csv: altered since it was frozen"):
        series._load_bundled.__wrapped__("NFLX")


def test_changing_what_was_loaded_changes_nothing_for_the_next():
    prices = load_prices("NFLX")
    prices["close"] = 0.0
    assert (load_prices("NFLX")["close"] > 0).all()
    assert (load_prices()["close"] > 0).all()


def test_fingerprint_is_the_digest_of_dates_and_cents():
    prices = load_prices().iloc[:2]
    text = "2016-01-04,10996\n2016-01-05,10766\n"
    mark = fingerprint(prices)
    assert mark.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert (mark.first, mark.last, mark.sessions) == ("2016-01-04", "2016-01-05", 2)
    assert fingerprint(load_prices().iloc[:3]).last == "2016-01-06"
    assert str(mark) == f"{mark.sha256[:16]} · 2016-01-04 to 2016-01-05 · 2 sessions"
    assert fingerprint(prices + 1e-6) == mark  # 32-bit noise is not another series
    assert fingerprint(prices + 0.01) != mark


def test_quality_counts_tell_the_flaws_apart():
    """One flaw more of each kind than of the kind before, so that none can stand for another."""
    prices = load_prices().iloc[:90].copy()
    prices.iloc[0, prices.columns.get_loc("open")] = np.nan
    prices.iloc[1:5, prices.columns.get_loc("volume")] = 0
    prices.iloc[5:10, prices.columns.get_loc("high")] = 1.0
    dates = prices.index.to_numpy().copy()
    for first, day in ((10, "2016-01-23"), (15, "2016-01-31"), (20, "2016-02-06")):
        dates[first] = np.datetime64(day)  # two Saturdays and a Sunday
    dates[40:] += np.timedelta64(7, "D")
    dates[50:] += np.timedelta64(7, "D")
    dates[60:] += np.timedelta64(14, "D")
    prices.index = pd.DatetimeIndex(dates)
    prices = pd.concat([prices, prices.iloc[-1:]]).sort_index()
    assert quality_counts(prices).to_dict() == {
        "sessions with a blank cell": 1,
        "repeated sessions": 1,
        "sessions on a weekend": 3,
        "gaps of more than four days": 4,  # the three made, and one where a Tuesday moved away
        "closes outside the day's low and high": 5,
        "sessions without volume": 4,
    }


def test_columns_that_a_file_lacks_are_no_flaw():
    prices = load_prices().assign(open=np.nan, high=np.nan, low=np.nan, volume=np.nan)
    counts = quality_counts(prices)
    assert counts["sessions with a blank cell"] == 0
    assert counts[["closes outside the day's low and high", "sessions without volume"]].isna().all()


def test_chapters_follow_the_users_prices(monkeypatch, tmp_path):
    monkeypatch.delenv("PRICES", raising=False)
    pd.testing.assert_frame_equal(chapter_prices(), load_prices())
    monkeypatch.setenv("PRICES", "AAPL")
    pd.testing.assert_frame_equal(chapter_prices(), load_prices("AAPL").loc["2016-01-04":])
    load_prices("AAPL").loc[:"2016-03-01"].to_csv(tmp_path / "old.csv")
    monkeypatch.setenv("PRICES", str(tmp_path / "old.csv"))
    with pytest.raises(PriceFileError, match=r"old\.csv: 40 sessions since 2016-01-04"):
        chapter_prices()
