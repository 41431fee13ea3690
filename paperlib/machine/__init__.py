"""What the project asks of the computer: the same bits, files written whole, one process at a time.

It knows nothing of prices or networks, and may import nothing of the package.
"""

__all__: list[str] = []
