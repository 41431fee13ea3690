"""Download Netflix's prices from Yahoo, for your own use: ``make data``.

The file stays on the machine, outside the repository. It takes the place of an older one only after
:func:`paperlib.prices.series.load_prices` has read it, and never that of one that can't be read.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import sys
import warnings
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from paperlib.paths import DATA
from paperlib.prices.findings import PriceFileError
from paperlib.prices.series import compare_to_bundled, load_prices
from paperlib.recipe import PAPER_START

TARGET = DATA / "downloads" / "NFLX.csv"
DIFFERING_SHARE = 0.01  # of closes that may differ from the bundled ones by more than rounding
INSTEAD = (
    "Try again later, or bring a CSV of Netflix's prices from Kaggle or Yahoo: "
    "PRICES=file make book."
)


class DownloadError(Exception):
    """No usable prices came; the message is one sentence with the remedy."""


def fetch() -> pd.DataFrame:
    """Ask Yahoo for Netflix's daily prices since 2016 until yesterday in New York.

    Returns:
        Prices by date in yfinance's columns, adjusted for splits and not for dividends.

    Raises:
        DownloadError: if nothing comes.
    """
    import yfinance  # here, since nothing else needs it and it takes long to import

    logging.getLogger("yfinance").setLevel(logging.CRITICAL)  # its failures are told below
    today = dt.datetime.now(ZoneInfo("America/New_York")).date()
    try:
        with warnings.catch_warnings(action="ignore"):
            prices = yfinance.download(
                "NFLX",
                start=PAPER_START,
                end=today.isoformat(),  # not included: today's session may not be over
                auto_adjust=False,  # by default closes would be adjusted for dividends, too
                actions=True,  # the column of splits, by which the reader checks the closes
                multi_level_index=False,
                progress=False,
                threads=False,
            )
    except Exception as why:  # whatever a library that reads a web service may raise
        reason = " ".join(f"{type(why).__name__}: {why}".split())[:200]
        raise DownloadError(f"the download failed ({reason}). {INSTEAD}") from why
    if prices is None or prices.empty:
        reason = "no network, or Yahoo refuses to answer"
        raise DownloadError(f"no prices came ({reason}). {INSTEAD}")
    return prices


def keep_if_good(prices: pd.DataFrame, target: Path) -> None:
    """Write prices to a file, unless they are unusable, doubtful or fewer than the file has.

    Raises:
        DownloadError: if they are, or if the file can't be read; it is then as it was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    try:
        prices.to_csv(part)
        new = load_prices(part)
        bundled = compare_to_bundled(new)
        if bundled.answer in ("another share", "no overlap"):
            raise DownloadError(f"the prices that came are not Netflix's. {INSTEAD}")
        if bundled.differing > DIFFERING_SHARE * bundled.sessions:
            raise DownloadError(
                f"the prices that came were not kept: beside the bundled ones, what came {bundled}."
                f" {INSTEAD}"
            )
        if lost := len(_sessions(target).difference(new.index)):
            raise DownloadError(
                f"the download lacks {lost} sessions that {target.name} has, which stays as it "
                "was. Delete it to take the download."
            )
        os.replace(part, target)
    except PriceFileError as problem:
        why = str(problem).removeprefix(f"{part}").lstrip(":, ")
        raise DownloadError(f"the prices that came can't be used: {why} {INSTEAD}") from problem
    finally:
        part.unlink(missing_ok=True)


def _sessions(path: Path) -> pd.DatetimeIndex:
    """The sessions of a file, or none if it isn't there."""
    if not path.exists():
        return pd.DatetimeIndex([])
    try:
        return load_prices(path).index
    except PriceFileError as problem:
        remedy = "delete or move it to take the download"
        raise DownloadError(f"{os.path.relpath(path)} can't be read; {remedy}.") from problem


def main() -> None:
    """Announce the download, make it, and say what came."""
    shown = os.path.relpath(TARGET)
    where = f"from Yahoo to {shown}"
    print(f"Downloading Netflix's daily prices since {PAPER_START} {where}.", flush=True)
    try:
        keep_if_good(fetch(), TARGET)
    except DownloadError as problem:
        sys.exit(f"error: {problem}")
    prices = load_prices(TARGET)
    print(prices.attrs["report"])
    print(f"Compared with the bundled series: {compare_to_bundled(prices)}.")
    print(f"To use it: PRICES={shown} make book")


if __name__ == "__main__":
    main()
