"""Which prices runs are made on: the paper's to the cent; walks whose order says nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from paperlib.experiments import price_series
from paperlib.experiments.catalogue import BUNDLED_WINDOW, PAPER_WINDOW
from paperlib.experiments.price_series import ENDS, load_late_series, load_series, random_walk
from paperlib.prices.calendar import trading_sessions
from paperlib.prices.series import fingerprint, load_prices


def test_a_walk_has_the_returns_of_the_series_and_no_others():
    close = load_prices()["close"]
    walk = random_walk(close, 3)
    steps, drawn = (np.diff(np.log(series)) for series in (close, walk))
    assert walk.index.equals(close.index)
    assert walk.iloc[0] == close.iloc[0]
    nearest = np.abs(np.sort(steps)[:, None] - drawn).min(axis=0)
    assert nearest.max() < 1e-9
    assert len(np.unique(drawn.round(9))) < len(np.unique(steps.round(9)))  # with replacement


def test_equal_numbers_give_equal_walks_and_others_do_not():
    close = load_prices()["close"]
    pd.testing.assert_series_equal(random_walk(close, 5), random_walk(close, 5))
    assert not np.allclose(random_walk(close, 5), random_walk(close, 6))


def test_the_past_of_a_walk_says_nothing_of_its_next_return():
    """Its returns have no autocorrelation; the mean over a hundred walks is near zero."""
    close = load_prices()["close"]
    found = [pd.Series(np.diff(np.log(random_walk(close, n)))).autocorr(1) for n in range(100)]
    assert abs(np.mean(found)) < 4 / np.sqrt(100 * len(close))


def test_the_paper_window_needs_netflix_to_the_cent_and_to_its_end(tmp_path, monkeypatch):
    """The later closes are made up; what counts is that the digest of all of them is asked for."""
    bundled = load_prices()[["close"]]
    later = trading_sessions(pd.Timestamp("2023-09-22"), pd.Timestamp("2025-03-31"))
    whole = pd.concat([bundled, pd.DataFrame({"close": 400.25}, index=later)])
    monkeypatch.setattr(price_series, "PAPER_SHA256", fingerprint(whole).sha256)
    path = tmp_path / "prices.csv"
    whole.rename_axis("date").to_csv(path)
    assert list(load_series(str(path))) == [BUNDLED_WINDOW, PAPER_WINDOW]
    refused = {
        "another share": load_prices("AAPL"),
        "ends too early": bundled,
        "a cent off": whole.assign(close=whole["close"] + 0.01 * (whole.index == later[5])),
        "lacks a session": whole.drop(later[7]),
        "rounded after the split": (whole / 10).round(1),
        "before the window": load_prices()
        .loc[:"2016-01-01"]
        .reindex(trading_sessions(pd.Timestamp("2010-01-04"), pd.Timestamp("2011-01-31")))
        .assign(close=9.0),
    }
    for prices in refused.values():
        prices.rename_axis("date").to_csv(path)
        with pytest.raises(ValueError, match=r"prices\.csv: not Netflix.*Leave PRICES out"):
            load_series(str(path))
    assert list(load_series(None)) == [BUNDLED_WINDOW]


def test_other_ends_are_taken_only_from_prices_that_fit(monkeypatch):
    assert load_late_series(None) == {}
    prices = load_prices()
    monkeypatch.setattr(price_series, "load_prices", lambda file: prices)
    assert load_late_series("file.csv") == {}
    digest = fingerprint(prices.loc[:"2020-02-28"]).sha256
    monkeypatch.setitem(ENDS, "early", ("2020-02-28", digest))
    assert load_late_series("file.csv")["early"].index[-1] == pd.Timestamp("2020-02-28")
