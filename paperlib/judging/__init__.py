"""What a reader's own forecast, or the code that makes it, is worth.

A forecast comes in as a file or a table; a pipeline as a function. Both are held against "tomorrow
equals today", and looked at for what goes wrong in public.

May import all rooms but ``claims`` and ``report``.
"""

import lazy_loader

# A file is read when a name of it is asked for: torch alone takes two seconds.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "forecast_report": ["judge_forecast"],
        "later_prices": ["look_ahead"],
        "placebo_walks": ["placebo"],
    },
)
