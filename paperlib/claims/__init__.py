"""What the paper prints, our numbers beside it, and the verdict on each.

The ledger is ``data/claims.yaml``; a verdict is computed (:mod:`~paperlib.claims.verdicts`).
May import all rooms but ``report``.
"""

import lazy_loader

# A file is read when a name of it is asked for: torch alone takes two seconds.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "answers": ["all_verdicts", "count_verdicts", "judge_chapter"],
        "arithmetic": ["ARITHMETIC"],
        "by_reading": ["ask_readings"],
        "changes": ["changed_verdicts"],
        "closest_reading": ["nearest_readings"],
        "headlines": ["judge_headlines"],
        "ledger": ["load_claims", "printed"],
        "open_choices": ["deviation_log"],
        "readings": ["FIGURE_4_SAMPLES"],
        "rounding": ["extremes"],
        "verdicts": ["judge"],
        "words": ["in_words"],
    },
)
