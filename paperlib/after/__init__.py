"""What happened after the paper: the questions of the book's register, asked of later prices.

Nothing here trains on a session after the paper's window.
May import all rooms but ``report``.
"""

import lazy_loader

# A file is read when a name of it is asked for: torch alone takes two seconds.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={"frozen": ["load_frozen"], "tables": ["load_answers"]},
)
