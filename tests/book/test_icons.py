"""Icon fonts are cut to what pages may show: no more, no less."""

import shutil
from pathlib import Path

import pydata_sphinx_theme
from fontTools.ttLib import TTFont

from book.icons import WEBFONTS, cut_icon_fonts, icons_shown

STYLE = (
    '.fa-sun:before{content:"\\f185"}.fa-moon:before,.fa-night:before{content:"\uf186"}'
    '.toc>a:after{content:"\\f105"}.plain:after{content:"abc \\00a0"}'
)
THEME = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"


def test_icons_of_named_classes_and_of_the_themes_own_rules_are_kept():
    assert icons_shown([STYLE], ['<i class="fa-solid fa-night">']) == {"\uf186", "\uf105"}
    assert icons_shown([STYLE], ['x.classList.add("fa-sun")']) == {"\uf185", "\uf105"}
    assert icons_shown([STYLE], ["a sun-fa-sunny page"]) == {"\uf105"}


def test_fonts_hold_the_icons_shown_and_a_second_cut_changes_nothing(tmp_path: Path):
    fonts = tmp_path / "_static" / WEBFONTS
    shutil.copytree(THEME / WEBFONTS, fonts)
    (tmp_path / "_static" / "style.css").write_text(STYLE)
    (tmp_path / "index.html").write_text('<i class="fa-sun">')
    cut_icon_fonts(tmp_path)
    solid = fonts / "fa-solid-900.woff2"
    first = solid.read_bytes()
    assert set(TTFont(solid).getBestCmap()) == {0xF185, 0xF105}
    assert len(first) < 3000 < 100_000 < (THEME / WEBFONTS / solid.name).stat().st_size
    cut_icon_fonts(tmp_path)
    assert solid.read_bytes() == first
