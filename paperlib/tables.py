"""Tables for the pages: a caption, a header for every column, numbers as text of one form."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from IPython.display import HTML


def show_table(frame: pd.DataFrame, caption: str, formats: Mapping[str, str] | None = None) -> HTML:
    """Show a frame as an HTML table that a screen reader can follow.

    Args:
        frame: what to show; its index becomes the first column if it has a name.
        caption: what the table says, above it.
        formats: a format for a column, such as ``"{:.2f}"``; others are shown as they are.
    """
    shown = frame.reset_index() if frame.index.name else frame
    style = shown.style.hide(axis="index").format(dict(formats or {}), na_rep="–", escape="html")
    # Without styles there are no random ids: the same table gets the same bytes.
    return HTML(style.set_caption(caption).to_html(exclude_styles=True))


def scientific(value: float) -> str:
    """Write a positive number with two decimals, or below 0.01 as a power of ten: 6 × 10⁻⁷.

    What is below 10⁻⁹⁹, or zero because it was too small for the machine, is written as such.
    """
    if value >= 0.01:
        return f"{value:.2f}"
    if value < 1e-99:
        return "< 10⁻⁹⁹"
    mantissa, exponent = f"{value:.0e}".split("e")
    raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{mantissa} × 10{raised}"
