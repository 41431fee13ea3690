"""One house style for all figures, and what their axes share."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import seaborn as sns
from matplotlib.axis import Axis
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter

# Okabe and Ito's colours, told apart by colour-blind readers; each means one thing in the book
# (a price is blue, as the part that trains is: most of a price is that part).
COLOURS = {
    "train": "#0072B2",
    "validation": "#E69F00",
    "test": "#D55E00",
    "model": "#009E73",
    "persistence": "#555555",
    "price": "#0072B2",
    "accent": "#CC79A7",
    "paper": "#000000",
    "helps": "#1B5E9E",
    "hurts": "#B8400E",
}
WIDE = (8.0, 3.4)  # inches; the text column of the site


def use_style() -> None:
    """Set the house style, and repeatable vector output, for the figures that follow."""
    sns.set_theme(context="notebook", style="ticks", palette=list(COLOURS.values()))
    plt.rcParams.update(
        {
            "figure.figsize": WIDE,
            "figure.constrained_layout.use": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.grid.axis": "y",
            "grid.color": "#DDDDDD",
            "axes.titlesize": "medium",
            "axes.titlelocation": "left",
            "legend.frameon": False,
            "lines.linewidth": 1.2,
            "date.converter": "concise",  # months, and a year where it begins: none touch
            "svg.hashsalt": "paperlib",  # the same figure gets the same bytes
        }
    )


def label_plainly(axis: Axis) -> None:
    """Label a logarithmic axis with a few plain numbers, whether it spans decades or a tenth."""
    low, high = sorted(axis.get_view_interval())
    if high / low < 4:
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    else:
        axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high / low < 100 else (1,)))
    axis.set_major_formatter("{x:g}")
    axis.set_minor_formatter(NullFormatter())


def side_by_side(x: float, n: int, width: float) -> np.ndarray:
    """Return n places side by side around x, so that equal dots do not hide each other."""
    return x + np.linspace(-width, width, n) if n > 1 else np.full(n, x)
