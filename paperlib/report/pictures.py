"""Figures for the pages: a picture that any viewer shows, and below it a name and a caption."""

from __future__ import annotations

import base64
import html
import io
import re

import matplotlib.pyplot as plt
from IPython.display import display
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from PIL import Image

NAME = re.compile(r"fig(-[a-z0-9]+)+")
SVG_DOTS = 130  # an inch, of what a drawing holds as dots
PNG_DOTS = 96  # an inch: in a browser as large as the SVG
PNG_COLOURS = 64  # a third of the size, and no difference that the eye sees


def show_figure(figure: Figure, caption: str, name: str) -> None:
    """Show a figure that the text can cite, in a notebook's output.

    The picture is SVG, for the book, and PNG: JupyterLab draws no SVG of a notebook that it has not
    run itself. The book numbers the figure (``book/pages.py`` takes name and caption from the
    output's metadata); JupyterLab and GitHub know no numbers: there the text cites a name, and the
    line below the picture has it.

    Args:
        figure: what to show; it is closed.
        caption: what the figure says, as MyST without roles.
        name: ``fig-`` and what the figure shows, once in the book; cited as ``{numref}`fig-…```.

    Raises:
        ValueError: if the name is of another form.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"a figure's name is fig- and words in small letters, not {name!r}.")
    text = f"{name}: {caption}"
    box = _lay_out(figure)
    pictures = {"image/svg+xml": _svg(figure, box), "image/png": as_png(figure, box)}
    display(pictures | {"text/plain": text}, raw=True)
    plt.close(figure)  # else the notebook would show it once more
    line = {"text/html": f"<p>{html.escape(text)}</p>", "text/plain": text}
    display(line, raw=True, metadata={"figure": {"name": name, "caption": caption}})


def _lay_out(figure: Figure) -> Bbox:
    """Place a figure's parts, and return in inches what they take: once for both pictures."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    return figure.get_tightbbox().padded(plt.rcParams["savefig.pad_inches"])


def _svg(figure: Figure, box: Bbox) -> str:
    drawn = io.StringIO()
    # Without the date the same figure gets the same bytes.
    figure.savefig(drawn, format="svg", dpi=SVG_DOTS, bbox_inches=box, metadata={"Date": None})
    return drawn.getvalue()


def as_png(figure: Figure, box: Bbox | None = None) -> str:
    """Draw a figure as a small PNG, in base 64; by default with all that it shows."""
    drawn, small = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png", dpi=PNG_DOTS, bbox_inches=box or "tight")
    picture = Image.open(drawn).convert("RGB").quantize(PNG_COLOURS, dither=Image.Dither.NONE)
    picture.save(small, format="png", optimize=True)
    return base64.b64encode(small.getvalue()).decode()
