"""Writers of the layouts in which price files come, for tests: the same prices, many ways."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from paperlib.prices.calendar import trading_sessions

FIELDS = ["Open", "High", "Low", "Close", "Volume"]
DATE_STYLES = {  # how a date is written, and the words of the report
    "%Y-%m-%d": "dates year first",
    "%Y/%m/%d": "dates year first",
    "%Y%m%d": "dates as eight digits",
    "%m/%d/%Y": "dates month first",
    "%d.%m.%Y": "dates day first",
    "%d/%m/%Y": "dates day first",
    "%b %d, %Y": "dates month by name",
    "%d-%b-%Y": "dates month by name, day first",
    "%Y-%m-%d 00:00:00%z": "dates year first, times of day left out",
    "%m/%d/%Y 16:00:00": "dates month first, times of day left out",
}
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}


def made_up(sessions: int = 260, start: str = "2017-03-01") -> pd.DataFrame:
    """Prices of a share that never was, in whole cents, below and above a thousand dollars."""
    draws = np.random.default_rng(0)
    close = (985 * np.exp(np.cumsum(draws.normal(0, 0.02, sessions)))).round(2)
    spread = draws.uniform(0.5, 3, sessions).round(2)
    columns = {"Open": close, "High": close + spread, "Low": close - spread, "Close": close}
    dates = trading_sessions(
        pd.Timestamp(start), pd.Timestamp(start) + pd.Timedelta(days=2 * sessions)
    )
    volume = draws.integers(10, 2000, sessions) * 10_000
    return pd.DataFrame({**columns, "Volume": volume}, dates[:sessions]).round(2)


@dataclass(frozen=True)
class Layout:
    """One way to write prices."""

    date_style: str = "%Y-%m-%d"
    separator: str = ","
    decimal: str = "."
    thousands: str = ""
    dollar: str = ""
    volume_size: bool = False  # 9.40M
    header: str = "plain"  # or yfinance, yfinance without its last row
    names: tuple[str, ...] = ("Date", *FIELDS)  # renamed where a vendor does
    order: tuple[int, ...] = (0, 1, 2, 3, 4, 5)
    newest_first: bool = False
    quoting: int = csv.QUOTE_MINIMAL
    line_end: str = "\n"
    encoding: str = "utf-8"
    index_column: bool = False

    def number(self, value: float) -> str:
        text = f"{value:,.2f}" if value != int(value) or not self.volume_size else f"{value:,.0f}"
        marks = {",": self.thousands, ".": self.decimal}
        return "".join(marks.get(letter, letter) for letter in text)

    def volume(self, value: float) -> str:
        if self.volume_size:
            return self.number(value / 1e6 + 1e-12) + "M"
        return f"{value:.0f}"

    def rows(self, prices: pd.DataFrame) -> list[list[str]]:
        """The header rows and the rows of prices, as cells."""
        stamps = prices.index.tz_localize("America/New_York")
        dates = [
            stamp.strftime(self.date_style.replace("%z", ""))
            + (f"{stamp.strftime('%z')[:3]}:00" if "%z" in self.date_style else "")
            for stamp in stamps
        ]
        cells = {"Date": dates, "Volume": [self.volume(v) for v in prices["Volume"]]}
        for name in FIELDS[:-1]:
            cells[name] = [self.dollar + self.number(value) for value in prices[name]]
        columns = [cells[name] for name in ("Date", *FIELDS)]
        body = [list(row) for row in zip(*columns, strict=True)]
        body = body[::-1] if self.newest_first else body
        if self.header == "plain":
            body = [[row[place] for place in self.order] for row in [list(self.names), *body]]
            if self.index_column:
                body = [[str(i - 1) if i else "", *row] for i, row in enumerate(body)]
            return body
        head = [["Price", *self.names[1:]], ["Ticker", *["XYZ"] * 5], ["Date", *[""] * 5]]
        return (head if self.header == "yfinance" else head[:2]) + body

    def text(self, rows: list[list[str]]) -> str:
        file = io.StringIO(newline="")
        csv.writer(
            file, delimiter=self.separator, quoting=self.quoting, lineterminator=self.line_end
        ).writerows(rows)
        return file.getvalue()

    def content(self, prices: pd.DataFrame) -> bytes:
        return self.text(self.rows(prices)).encode(self.encoding)

    def words(self) -> list[str]:
        """What the report must say of it."""
        encoding = "UTF-16" if "16" in self.encoding else "UTF-8"
        decimal = {".": "decimal point", ",": "decimal comma"}[self.decimal]
        n_header = {"plain": 1, "yfinance": 3}.get(self.header, 2)
        header = f"{n_header} header row{'s' * (n_header > 1)}"
        separator = SEPARATORS[self.separator]
        return [encoding, f"{separator} separated", header, DATE_STYLES[self.date_style], decimal]


NASDAQ = Layout(
    date_style="%m/%d/%Y",
    dollar="$",
    thousands=",",
    names=("Date", "Open", "High", "Low", "Close/Last", "Volume"),
    order=(0, 4, 5, 1, 2, 3),
    newest_first=True,
)
INVESTING = Layout(
    date_style="%m/%d/%Y",
    thousands=",",
    volume_size=True,
    names=("Date", "Open", "High", "Low", "Price", "Vol."),
    order=(0, 4, 1, 2, 3, 5),
    newest_first=True,
    quoting=csv.QUOTE_ALL,
    encoding="utf-8-sig",
)
KAGGLE = Layout(order=(0, 4, 2, 3, 1, 5))
YFINANCE = Layout(header="yfinance")
HISTORY = Layout(date_style="%Y-%m-%d 00:00:00%z")
GERMAN = Layout(date_style="%d.%m.%Y", separator=";", decimal=",", thousands=".")
VENDORS = {
    "Kaggle": KAGGLE,
    "yfinance, three rows": YFINANCE,
    "yfinance, two rows": Layout(header="yfinance without its last row"),
    "Ticker.history": HISTORY,
    "Nasdaq": NASDAQ,
    "Investing.com": INVESTING,
    "German spreadsheet": GERMAN,
    "UTF-16, tabs": Layout(separator="\t", encoding="utf-16"),
}


@st.composite
def layouts(draw: st.DrawFn) -> Layout:
    """Any mixture of what layouts differ in."""
    decimal = draw(st.sampled_from(".,"))
    header = draw(st.sampled_from(["plain", "plain", "yfinance", "yfinance without its last row"]))
    close, volume = (
        draw(st.sampled_from(["Close", "Close/Last", "Price"])),
        draw(st.sampled_from(["Volume", "Vol."])),
    )
    names = ("Date", "Open", "High", "Low", close, volume)
    change_case = draw(st.sampled_from([str, str.upper, str.lower]))
    return Layout(
        date_style=draw(st.sampled_from(list(DATE_STYLES))),
        separator=draw(st.sampled_from(list(SEPARATORS))),
        decimal=decimal,
        thousands=draw(st.sampled_from(["", " ", "\u00a0", {".": ",", ",": "."}[decimal]])),
        dollar=draw(st.sampled_from(["", "$"])),
        volume_size=draw(st.booleans()),
        header=header,
        names=tuple(map(change_case, names)),
        order=tuple(draw(st.permutations(range(6)))),
        newest_first=draw(st.booleans()),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        line_end=draw(st.sampled_from(["\n", "\r\n", "\r"])),
        encoding=draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])),
        index_column=draw(st.booleans()),
    )
