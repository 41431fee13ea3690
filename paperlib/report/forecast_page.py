"""The report of a reader's forecast as a page: in a notebook, or as a file of its own."""

from __future__ import annotations

import html
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt

from paperlib.judging.forecast_report import NOT_DOLLARS, ForecastReport
from paperlib.machine.files import write
from paperlib.report.figures.forecasts import plot_zoom
from paperlib.report.pictures import as_png

SHOWN = 60  # sessions of the picture
STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}"
    "td,th{padding:.2rem .8rem;text-align:right}caption{text-align:left}img{max-width:100%}"
)


@dataclass(frozen=True)
class ForecastPage:
    """A report with its picture. The last value of a cell is shown as a page."""

    found: ForecastReport

    def html(self) -> str:
        """Return what stands between ``<body>`` and its end."""
        found = self.found
        faults = found.faults or ("Nothing that the forecasts show.",)
        read = f"<p>Read as {html.escape(found.read)}.</p>" if found.read else ""
        return (
            f"<p><strong>{html.escape(f'{found.name}: {found.sentence}')}</strong></p>{read}"
            f"{_items(found.statements())}{self._table()}"
            f"<p><strong>What looks wrong</strong></p>{_items(faults)}{self._picture()}"
        )

    def write(self, path: Path) -> None:
        """Write a page that needs nothing else.

        Raises:
            OSError: if it can't be written.
        """
        title = html.escape(f"{self.found.name}: what this forecast is worth")
        head = f'<meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
        page = f'<!doctype html><html lang="en"><head>{head}</head><body><h1>{title}</h1>'
        write(path, f"{page}{self.html()}</body></html>\n".encode())

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": str(self.found)}

    def _table(self) -> str:
        if self.found.verdict == NOT_DOLLARS:
            return ""
        table = self.found.errors.style.format("{:,.2f}", na_rep="–")
        about = (
            "<p>Errors: MAE and RMSE in dollars, MAPE in per cent.</p>"  # no table of the book's
        )
        return about + table.to_html(exclude_styles=True)

    def _picture(self) -> str:
        """Draw the last sessions: the forecast, the close, the close one session late."""
        rows = self.found.matched.rows[-SHOWN:]
        lines = {"the day before's close": rows["previous"], "your forecast": rows["forecast"]}
        figure = plot_zoom(rows["actual"], {k: x.to_numpy() for k, x in lines.items()})
        source = as_png(figure)
        plt.close(figure)
        behind = self.found.behind
        alt = (
            f"The last {len(rows)} sessions: closes, the same closes one session late, and the "
            f"forecast, which is nearest to the close {behind} before its date."
        )
        return f'<img alt="{alt}" src="data:image/png;base64,{source}">'


def _items(said: list[str] | tuple[str, ...]) -> str:
    return f"<ul>{''.join(f'<li>{html.escape(line)}</li>' for line in said)}</ul>"
