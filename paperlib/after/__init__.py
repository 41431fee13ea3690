"""What happened after the paper: the questions of the book's register, asked of later prices.

Nothing here trains on a session after the paper's window.
May import all rooms but ``report``.
"""
