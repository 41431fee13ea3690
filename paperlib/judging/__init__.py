"""What a reader's own forecast, or the code that makes it, is worth.

A forecast comes in as a file or a table; a pipeline as a function. Both are held against "tomorrow
equals today", and looked at for what goes wrong in public.

May import all rooms but ``claims`` and ``report``.
"""

__all__: list[str] = []
