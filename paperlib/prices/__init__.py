"""Bring prices, check them or refuse them; the sessions of the exchange.

May import the ground alone: ``paths`` and ``recipe``. It never loads torch. A reader's own file
comes in by :mod:`~paperlib.prices.reader`; ``python -m paperlib.prices`` tells what is in it.
"""

from paperlib.prices.calendar import session_of_quarter
from paperlib.prices.checks import SPLIT_FACTOR
from paperlib.prices.series import (
    chapter_prices,
    compare_to_bundled,
    fingerprint,
    load_prices,
    quality_counts,
)

__all__ = [
    "SPLIT_FACTOR",
    "chapter_prices",
    "compare_to_bundled",
    "fingerprint",
    "load_prices",
    "quality_counts",
    "session_of_quarter",
]
