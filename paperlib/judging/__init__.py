"""What a reader's own forecast, or the code that makes it, is worth.

A forecast comes in as a file or a table; a pipeline as a function. Both are held against "tomorrow
equals today", and looked at for what goes wrong in public.

May import all rooms but ``claims`` and ``report``.
"""

from paperlib.judging.forecast_report import judge_forecast
from paperlib.judging.later_prices import look_ahead
from paperlib.judging.placebo_walks import placebo

__all__ = ["judge_forecast", "look_ahead", "placebo"]
