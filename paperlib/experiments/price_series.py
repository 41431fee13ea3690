"""Which prices the runs are made on: both windows, other ends, other tickers, random walks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from paperlib.experiments.catalogue import BUNDLED_WINDOW, PAPER_WINDOW
from paperlib.prices.series import BUNDLED, fingerprint, load_prices
from paperlib.recipe import PAPER_END, PAPER_START

PAPER_SHA256 = "14fe4a93c801207e280da256ab5e2bddf5d80915436def69fd73f8936110d56e"
"""Fingerprint of the closes of the paper's window, 2,324 sessions, which are not ours to ship."""

WALKS = {f"walk-{number:03d}": number for number in range(100)}
OTHER_TICKERS = {t: f"{t.lower()}-2016-2023" for t in BUNDLED if t != "NFLX"}

ENDS = {
    "nflx-2016-2025-02": (
        "2025-02-28",
        "371b662cf4d3774c1be1d4d2963283d0678f08c10e28c76533b08048553f9de6",
    ),
    "nflx-2016-2025-04": (
        "2025-04-30",
        "21a322908678b11b39b196b235edebc097e588b1a20bd28687d47d26c9b9af2c",
    ),
    "nflx-2016-2025-05": (
        "2025-05-30",
        "654c45d96a58def5bc50b35557c13dfcbc1bc55554c9ea0889aa8a93b0b30879",
    ),
}
"""Other days on which the paper's data may end, and the fingerprint of the closes until then."""


def load_series(paper_file: str | None) -> dict[str, pd.DataFrame]:
    """Load the bundled window and, from a file that covers it, the paper's.

    Raises:
        PriceFileError: if the file can't be read.
        ValueError: if it is not Netflix, to the cent, from 2016-01-04 to 2025-03-31: other closes
            would replace the stored results by those of another series.
    """
    series = {BUNDLED_WINDOW: load_prices()}
    if paper_file:
        prices = load_prices(paper_file).loc[PAPER_START:PAPER_END]
        if not len(prices) or fingerprint(prices).sha256 != PAPER_SHA256:
            raise ValueError(
                f"{paper_file}: not Netflix's closes to the cent for every session from "
                f"{PAPER_START} to {PAPER_END}, on which the stored results rest (prices rounded "
                "after the split of 2025 are not enough). Leave PRICES out to compute the bundled "
                "window alone."
            )
        series[PAPER_WINDOW] = prices
    return series


def load_late_series(paper_file: str | None) -> dict[str, pd.DataFrame]:
    """Cut the paper's file at the other ends that its data may have.

    Returns:
        Prices by name; without an end that the file does not reach, or where a close is another.
    """
    prices = load_prices(paper_file).loc[PAPER_START:] if paper_file else None
    found = {}
    for name, (last, sha256) in ENDS.items() if prices is not None else ():
        until = prices.loc[:last]
        if len(until) and fingerprint(until).sha256 == sha256:
            found[name] = until
    return found


def trial_series(
    windows: dict[str, pd.DataFrame], late: dict[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Lay out every series that the sensitivity runs are made on.

    Args:
        windows: prices of the book's windows by name.
        late: prices until the other ends, by name, as far as they are at hand.
    """
    bundled = windows[BUNDLED_WINDOW]
    walks = {name: random_walk(bundled["close"], n).to_frame() for name, n in WALKS.items()}
    tickers = {
        name: load_prices(ticker).loc[PAPER_START:] for ticker, name in OTHER_TICKERS.items()
    }
    return {**windows, **late, **walks, **tickers}


def random_walk(close: pd.Series, number: int) -> pd.Series:
    """Simulate closes whose log returns are drawn from a series' own, each alike and independent.

    The returns keep their distribution (its mean and its tails, as it has them) and lose their
    order, so that the past says nothing of the next one. The best forecast of the next close is
    then today's times a constant, as near to one as the mean return is to zero.

    Args:
        close: (n,) dollars, indexed by session.
        number: which walk; equal numbers give equal walks.

    Returns:
        (n,) dollars, indexed as ``close``, from the same first close.
    """
    steps = np.diff(np.log(close.to_numpy(dtype=np.float64)))
    drawn = np.random.default_rng([2016, number]).choice(steps, size=len(steps))
    path = np.append(0.0, np.cumsum(drawn))
    return pd.Series(close.iloc[0] * np.exp(path), index=close.index, name="close")
