"""``python -m paperlib.prices`` tells what is in a price file; ``make check`` calls it."""

from __future__ import annotations

import os
import sys

from paperlib.prices.findings import PriceFileError
from paperlib.prices.series import chapter_prices


def main() -> None:
    """Print the report of the prices that ``PRICES`` names, or why they are refused."""
    if not os.environ.get("PRICES"):
        sys.exit("error: name a price file, or a bundled ticker: PRICES=my_prices.csv make check")
    sys.stdout.reconfigure(errors="backslashreplace")  # a terminal may lack a name's letters
    try:
        print(chapter_prices().attrs["report"])
    except PriceFileError as problem:
        sys.exit(f"error: {problem}")


if __name__ == "__main__":
    main()
