"""Read a folder of later prices, one file a ticker."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from paperlib.judging.closes import on_every_session
from paperlib.machine.files import Hindrance
from paperlib.prices.findings import refuse
from paperlib.prices.series import BUNDLED, load_prices
from paperlib.recipe import PAPER_END, PAPER_START

FEWEST = 60  # later sessions that an answer needs
NEAR, OTHER = 0.01, 0.05  # of a day's log return, and of the sessions on which it is another one


def read_folder(folder: Path) -> dict[str, pd.DataFrame]:
    """Read the price files of a folder that are named after the book's tickers.

    Args:
        folder: holds ``NFLX.csv``, and the others' if they are at hand; any format that
            :func:`paperlib.prices.series.load_prices` reads.

    Returns:
        Prices by ticker, Netflix first, all up to Netflix's last session.

    Raises:
        Hindrance: if there is no such folder, or no file or two for a ticker that is needed.
        PriceFileError: if a file can't be read or does not cover what is asked.
    """
    if not folder.is_dir():
        raise Hindrance(f"{folder}: no such folder. Name one that holds NFLX.csv.")
    found: dict[str, pd.DataFrame] = {}
    for ticker in ("NFLX", *(name for name in BUNDLED if name != "NFLX")):
        files = sorted(f for f in folder.iterdir() if f.stem.upper() == ticker and f.is_file())
        if len(files) > 1:
            names = " and ".join(file.name for file in files)
            raise Hindrance(f"{folder}: {names} are both {ticker}. Leave one of them.")
        if not files and ticker == "NFLX":
            raise Hindrance(f"{folder}: no file is named NFLX. Put Netflix's prices there.")
        for file in files:
            prices = load_prices(file)
            _check_cover(file, prices)
            _check_share(file, prices, ticker)
            if found:
                last = found["NFLX"].index[-1]
                if prices.index[-1] < last:
                    refuse(
                        file,
                        f"ends on {prices.index[-1].date()}, before Netflix on {last.date()}. "
                        "Bring it up to that day, or leave it out.",
                    )
                prices = prices.loc[:last]
            found[ticker] = prices
    return found


def _check_cover(file: Path, prices: pd.DataFrame) -> None:
    """Refuse a file that lacks a session of the paper's window or after it."""
    close = prices["close"].loc[PAPER_START:]
    if not len(close) or str(close.index[0].date()) != PAPER_START:
        refuse(file, f"has no close of {PAPER_START}, where the paper begins. Bring one from then.")
    later = close.loc[PAPER_END:].iloc[1:] if PAPER_END in close.index else close.iloc[:0]
    if len(later) < FEWEST:
        refuse(
            file,
            f"has {len(later)} sessions after {PAPER_END}, where the paper ends. Bring at least "
            f"{FEWEST}.",
        )
    every = on_every_session(close)
    if len(missing := every.index[np.isnan(every)]):
        refuse(
            file,
            f"lacks {len(missing)} sessions since {PAPER_START}, first {missing[0].date()}. "
            "Bring one with all of them.",
        )


def _check_share(file: Path, prices: pd.DataFrame, ticker: str) -> None:
    """Refuse prices of another share. Dividends move a close, but hardly a day's return."""
    ours, theirs = (np.log(p["close"]).diff() for p in (load_prices(ticker), prices))
    apart = (ours - theirs).dropna().abs() > NEAR
    if apart.mean() > OTHER:
        refuse(
            file,
            f"moves otherwise than {ticker} in the bundled prices on {apart.sum()} of "
            f"{len(apart)} days. It is another share: name it after that one, or bring {ticker}'s.",
        )
