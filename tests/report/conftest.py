"""What tests of the report share: figures are closed after each of them."""

from __future__ import annotations

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pytest


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Close every figure, which pyplot would else keep."""
    yield
    plt.close("all")
