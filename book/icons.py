"""Cut the theme's icon fonts down to the icons that the site shows: 3 kB instead of 156."""

import logging
import re
from collections.abc import Iterable
from pathlib import Path

import pydata_sphinx_theme
from fontTools import subset

logging.getLogger("fontTools.subset").setLevel(logging.WARNING)  # otherwise it reports each table

WEBFONTS = Path("vendor", "fontawesome", "webfonts")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
CLASS = re.compile(r"\bfa-[a-z0-9-]+")
ESCAPED = re.compile(r"\\([0-9a-f]{4})\b")
ICON = re.compile(r"[\ue000-\uf8ff]")  # where fonts put what no alphabet has


def icons_shown(styles: Iterable[str], pages: Iterable[str]) -> set[str]:
    """Find the icons that pages with these styles may show.

    Args:
        styles: texts of the site's style sheets. A rule for a class ``fa-…`` counts if a page names
            the class, every other rule always.
        pages: texts of whatever may name a class: pages and scripts.

    Returns:
        The icons, a character each.
    """
    named = {name for text in pages for name in CLASS.findall(text)}
    shown: set[str] = set()
    for style in styles:
        plain = ESCAPED.sub(lambda match: chr(int(match[1], 16)), style)
        for selector, declarations in RULE.findall(plain):
            classes = set(CLASS.findall(selector))
            if not classes or classes & named:
                shown.update(ICON.findall(declarations))
    return shown


def cut_icon_fonts(site: Path) -> None:
    """Replace the icon fonts of a built site by fonts of the icons it shows.

    They are cut from the theme's own files, so that this can be done again after every build.
    """
    static = site / "_static"
    styles = [path.read_text("utf-8") for path in static.rglob("*.css")]
    scripts = [path for path in static.rglob("*.js") if "vendor" not in path.parts]
    named_in = [path for path in site.rglob("*.html") if static not in path.parents]
    shown = icons_shown(styles, (path.read_text("utf-8") for path in (*named_in, *scripts)))
    theme = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"
    for path in (static / WEBFONTS).glob("*.woff2"):
        options = subset.Options(flavor="woff2")
        font = subset.load_font(str(theme / WEBFONTS / path.name), options)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=map(ord, shown))
        cutter.subset(font)
        subset.save_font(font, str(path), options)
