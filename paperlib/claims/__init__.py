"""What the paper prints, our numbers beside it, and the verdict on each.

The ledger is ``data/claims.yaml``; a verdict is computed (:mod:`~paperlib.claims.verdicts`).
May import all rooms but ``report``.
"""

from paperlib.claims.answers import all_verdicts, count_verdicts, judge_chapter
from paperlib.claims.arithmetic import ARITHMETIC
from paperlib.claims.by_reading import ask_readings
from paperlib.claims.changes import changed_verdicts
from paperlib.claims.closest_reading import nearest_readings
from paperlib.claims.headlines import judge_headlines
from paperlib.claims.ledger import load_claims, printed
from paperlib.claims.open_choices import deviation_log
from paperlib.claims.readings import FIGURE_4_SAMPLES
from paperlib.claims.rounding import extremes
from paperlib.claims.verdicts import judge
from paperlib.claims.words import in_words

__all__ = [
    "ARITHMETIC",
    "FIGURE_4_SAMPLES",
    "all_verdicts",
    "ask_readings",
    "changed_verdicts",
    "count_verdicts",
    "deviation_log",
    "extremes",
    "in_words",
    "judge",
    "judge_chapter",
    "judge_headlines",
    "load_claims",
    "nearest_readings",
    "printed",
]
