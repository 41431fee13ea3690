"""The basis of a Netflix file, and how its closes compare with the bundled ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from paperlib.prices.basis import find_factor
from paperlib.prices.findings import Finding, PriceFileError
from paperlib.prices.series import compare_to_bundled, load_prices

NETFLIX = load_prices()
PRICE_COLUMNS = ["open", "high", "low", "close"]


def _after_split(decimals: int = 2) -> pd.DataFrame:
    """Netflix as quoted since its 10:1 split of 2025, rounded."""
    quoted = NETFLIX.copy()
    quoted[PRICE_COLUMNS] = (quoted[PRICE_COLUMNS] / 10).round(decimals)
    quoted["volume"] *= 10
    return quoted


def _load(tmp_path, prices: pd.DataFrame) -> pd.DataFrame:
    prices.to_csv(tmp_path / "prices.csv")
    return load_prices(tmp_path / "prices.csv")


def test_a_file_quoted_after_the_split_of_2025_is_brought_back(tmp_path):
    prices = _load(tmp_path, _after_split())
    np.testing.assert_allclose(prices["close"], NETFLIX["close"], atol=0.051)
    np.testing.assert_allclose(prices["volume"], NETFLIX["volume"])
    what = "rows quoted after Netflix's split of 2025-11-17"
    done = "prices times 10, volumes (if any) divided by 10"
    assert prices.attrs["report"].findings == (Finding(what, 1943, (), done),)
    assert str(compare_to_bundled(prices)) == "the same within rounding on 1943 common sessions"


def test_more_decimals_bring_the_cents_back(tmp_path):
    prices = _load(tmp_path, _after_split(decimals=3))
    assert str(compare_to_bundled(prices)) == "the same to the cent on 1943 common sessions"


def test_wrong_rows_do_not_hide_the_basis_and_are_told(tmp_path):
    quoted = _after_split()
    quoted.iloc[[5, 500], 3] *= 1.3
    prices = _load(tmp_path, quoted)
    assert prices["close"].iloc[0] == pytest.approx(110.0)
    *_, wrong = prices.attrs["report"].findings
    assert wrong == Finding(
        "closes other than the bundled Netflix series'", 2, ("2016-01-11", "2017-12-27"), "kept"
    )
    says = "differs on 2 of 1943 common sessions, first 2016-01-11, 2017-12-27"
    assert str(compare_to_bundled(prices)) == says


def test_a_cent_of_difference_is_no_rounding(tmp_path):
    prices = NETFLIX.copy()
    prices.iloc[7, 3] += 0.01
    assert str(compare_to_bundled(_load(tmp_path, prices))).startswith("differs on 1 of 1943")
    noise = NETFLIX + 1e-6
    assert compare_to_bundled(_load(tmp_path, noise)).answer == "same to the cent"


@pytest.mark.parametrize("ticker", ["AAPL", "AMZN", "GOOG", "META", "NVDA"])
def test_other_shares_are_left_on_their_basis(tmp_path, ticker):
    prices = _load(tmp_path, load_prices(ticker))
    pd.testing.assert_frame_equal(prices, load_prices(ticker))
    assert prices.attrs["report"].findings == ()
    assert str(compare_to_bundled(prices)) == "another share, by 2699 common sessions"


@pytest.mark.parametrize("ticker", ["AAPL", "AMZN", "GOOG", "META", "NVDA"])
def test_no_stretch_of_another_share_passes_for_netflix(ticker):
    netflix, close = load_prices("NFLX")["close"], load_prices(ticker)["close"]
    for first in range(0, len(close) - 30, 23):
        assert find_factor(close.iloc[first : first + 30], netflix) is None


@pytest.mark.parametrize("factor", [100, 7, 0.9, 1000])
def test_netflix_in_another_unit_is_refused(tmp_path, factor):
    """Cents; the basis before the split of 2015; another currency."""
    other = NETFLIX.assign(**(NETFLIX[PRICE_COLUMNS] * factor).to_dict("series"))
    says = rf"prices\.csv: the closes are {factor:.4g} times Netflix's in the bundled series"
    with pytest.raises(PriceFileError, match=says):
        _load(tmp_path, other)


@pytest.mark.parametrize("place", [300, 1000, 1700])
def test_netflix_on_two_bases_is_refused(tmp_path, place):
    """A factor of 1.5 passes for a crash, but not where the closes are known."""
    mixed = NETFLIX.copy()
    mixed.iloc[:place, :4] *= 1.5
    with pytest.raises(PriceFileError, match=r"closes are (not those of Netflix|1\.5 times Netf)"):
        _load(tmp_path, mixed)


def test_many_wrong_rows_are_refused(tmp_path):
    wrong = NETFLIX.copy()
    wrong.iloc[::8, 3] *= 1.02
    says = "243 of 1943 closes are not those of Netflix in the bundled series, first 2016-01-04"
    with pytest.raises(PriceFileError, match=says):
        _load(tmp_path, wrong)


def test_coarser_rounding_is_told_and_not_refused(tmp_path):
    quoted = NETFLIX.assign(close=(NETFLIX["close"] / 10).round(1))
    prices = _load(tmp_path, quoted[["close"]])
    *_, wrong = prices.attrs["report"].findings
    assert (wrong.what, wrong.done) == ("closes other than the bundled Netflix series'", "kept")
    assert compare_to_bundled(prices).answer == "differs"


def test_fewer_than_thirty_common_sessions_tell_no_factor():
    close = NETFLIX["close"] / 10
    assert find_factor(close.iloc[:29], NETFLIX["close"]) is None
    assert find_factor(close.iloc[:30], NETFLIX["close"]) == 10


def test_without_common_sessions_there_is_no_comparison():
    later = NETFLIX.set_axis(NETFLIX.index + pd.DateOffset(years=20))
    assert str(compare_to_bundled(later)) == "no session in common"
