"""A figure is shown as SVG and as a small PNG, with its name and caption below it."""

from __future__ import annotations

import base64
import io

import matplotlib.pyplot as plt
import nbformat
import pytest
from PIL import Image

from book.pages import number_figures
from paperlib.report import pictures

CAPTION = "What is < 1, and $x$."


@pytest.fixture
def outputs(monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    """What a notebook would store of a figure that is shown."""
    shown: list[dict] = []

    def display(data: dict, raw: bool, metadata: dict | None = None) -> None:
        assert raw
        shown.append(nbformat.v4.new_output("display_data", data, metadata=metadata or {}))

    monkeypatch.setattr(pictures, "display", display)
    figure, ax = plt.subplots(figsize=(4, 3))
    ax.plot([1, 2], color="#0072B2")
    pictures.show_figure(figure, CAPTION, "fig-of-a-test")
    return shown


def test_a_figure_is_shown_in_two_forms_and_closed(outputs):
    picture = outputs[0].data
    assert "<svg" in picture["image/svg+xml"] and "<dc:date>" not in picture["image/svg+xml"]
    dots = Image.open(io.BytesIO(base64.b64decode(picture["image/png"])))
    assert dots.size == pytest.approx((4 * 96, 3 * 96), rel=0.1)
    assert (0, 114, 178) in {colour for _, colour in dots.convert("RGB").getcolors()}
    assert plt.get_fignums() == []


def test_the_line_below_has_name_and_caption_and_no_markup_of_its_own(outputs):
    line = outputs[1].data
    assert line["text/html"] == "<p>fig-of-a-test: What is &lt; 1, and $x$.</p>"
    assert line["text/plain"] == f"fig-of-a-test: {CAPTION}"


@pytest.mark.parametrize("chosen", [{}, {"classes": "whole"}])
def test_the_book_numbers_a_figure_and_does_not_show_its_caption_twice(outputs, chosen):
    own = {"image": {"alt": "A line."}} | ({"figure": chosen} if chosen else {})
    cell = nbformat.v4.new_code_cell(metadata={"mystnb": own})
    cell.outputs = outputs
    staged = nbformat.v4.new_notebook(cells=[cell, nbformat.v4.new_markdown_cell("Text.")])
    found = nbformat.reads(number_figures(nbformat.writes(staged).encode()).decode(), 4).cells[0]
    about = {"name": "fig-of-a-test", "caption": CAPTION}
    assert found.metadata["mystnb"] == {"image": {"alt": "A line."}, "figure": chosen | about}
    assert [list(output.data)[:2] for output in found.outputs] == [["image/png", "image/svg+xml"]]


def test_a_name_of_another_form_is_refused():
    with pytest.raises(ValueError, match="a figure's name is fig- and words in small letters"):
        pictures.show_figure(plt.figure(), CAPTION, "Figure 1")
    plt.close("all")
