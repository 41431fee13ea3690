"""``python -m paperlib.report`` judges a file of forecasts; ``make judge`` calls it."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from paperlib.judging.forecast_report import judge_forecast
from paperlib.prices.findings import PriceFileError

USAGE = "error: name a file of forecasts: FORECAST=my_forecast.csv PRICES=my_prices.csv make judge"


def promised() -> float | None:
    """Read what bounds promise.

    Raises:
        ValueError: if it is no share.
    """
    given = os.environ.get("LEVEL") or None
    if given and not re.fullmatch(r"0?\.\d*[1-9]\d*", given):
        raise ValueError(f"LEVEL is a share between 0 and 1, such as 0.9, not {given!r}")
    return float(given) if given else None


def main() -> None:
    """Print what the forecast that ``FORECAST`` names is worth, or why it can't be told.

    ``PRICES`` names the prices, ``LEVEL`` what bounds promise, ``HTML`` a page to write.
    """
    forecast, page = os.environ.get("FORECAST"), os.environ.get("HTML")
    if not forecast:
        sys.exit(USAGE)
    if page and Path(page).suffix not in (".html", ".htm"):
        sys.exit(f"error: HTML names the page to write, such as page.html, not {page!r}.")
    sys.stdout.reconfigure(errors="backslashreplace")  # a terminal may lack a name's letters
    try:
        found = judge_forecast(forecast, os.environ.get("PRICES") or None, promised())
        print(found)
        if page:
            from paperlib.report.forecast_page import ForecastPage  # draws, which takes seconds
            from paperlib.report.style import use_style

            use_style()
            ForecastPage(found).write(Path(page))
            print(f"\nWritten to {page}.")
    except (PriceFileError, ValueError) as problem:
        sys.exit(f"error: {problem}")
    except OSError as problem:
        sys.exit(f"error: {problem.filename}: {problem.strerror}. Name a page that can be written.")


if __name__ == "__main__":
    main()
