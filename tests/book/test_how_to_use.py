"""The figures that pages on the results name follow from the store and the code."""

from __future__ import annotations

import io
import re

import nbformat
import pandas as pd
import pytest

from paperlib.experiments.catalogue import RECIPES, SEEDS
from paperlib.experiments.density_runs import DATASETS
from paperlib.experiments.reference_fits import load_hashes
from paperlib.experiments.store import (
    RESULTS,
    load_density_runs,
    load_elsewhere,
    load_histories,
    load_readings,
    load_runs,
    load_trials,
)
from paperlib.experiments.tasks import products
from paperlib.models import build_model
from paperlib.paths import ROOT
from paperlib.prices.series import load_prices
from paperlib.recipe import ABLATIONS, AS_PUBLISHED, PUBLISHED
from paperlib.training import Fit, fit, save_fit
from paperlib.windows import make_windows

PAGE = " ".join((ROOT / "book" / "how_to_use.md").read_text(encoding="utf-8").split())
README = (ROOT / "README.md").read_text(encoding="utf-8")
RUNS = load_runs()
TICKERS = 10_000


def round_to(x: float, digits: int) -> float:
    """Keep so many digits."""
    return float(f"{x:.{digits - 1}e}")


def test_the_plan_for_many_tickers_adds_up():
    seconds, epochs = RUNS["seconds"].mean(), RUNS["epochs"].mean()
    assert f"{seconds:.1f} seconds of one core, {epochs:.0f} epochs" in PAGE
    per_ticker = (2 + len(ABLATIONS)) * 2 * len(SEEDS)
    assert len(ABLATIONS) == 5
    assert {"published", "rnn", *ABLATIONS} < set(RECIPES)
    runs = TICKERS * per_ticker
    assert f"are {per_ticker} runs a ticker, {per_ticker * seconds / 3600:.2f} core-hours" in PAGE
    assert f"are {runs / 1e6:.1f} million runs" in PAGE
    hours = runs * seconds / 3600
    assert f"{round_to(hours, 2):,.0f} core-hours: {hours / 2400:.1f} days on a hundred" in PAGE

    row = round_to((RESULTS / "runs.csv").stat().st_size / len(RUNS), 1)
    assert f"has {row:.0f} bytes, so that table has {round_to(runs * row / 1e6, 1):.0f} MB" in PAGE
    size = sum(path.stat().st_size for path in RESULTS.glob("histories-*.csv.gz"))
    rows = runs * epochs
    compressed = rows * size / len(load_histories())
    assert f"{round_to(rows / 1e6, 1):.0f} million rows, {compressed / 1e9:.0f} GB" in PAGE
    assert f"100,000 runs ({round_to(1e5 / per_ticker, 1):.0f} tickers)" in PAGE


def test_the_size_of_a_piece_is_that_of_its_weights():
    windows = make_windows(load_prices()["close"], PUBLISHED, AS_PUBLISHED)
    short = fit(PUBLISHED.__class__(epochs=1, train_windows=64), windows, seed=0)
    history = short.history.loc[[1] * 64]
    file = io.BytesIO()
    model = build_model(PUBLISHED, 0, 0)
    save_fit(Fit(PUBLISHED, 0, model, 1, history, "ok", ""), file)
    weights = len(file.getvalue()) - len(history.reset_index().to_json())
    assert f"keeps {round_to(weights / 1e3, 2):.0f} kB of weights" in PAGE
    whole = round_to(weights / 1e3, 2) + 10
    assert f"{round_to(1.4e6 * whole / 1e6, 2):.0f} GB in three million files" in PAGE


def test_the_number_of_reference_fits_is_told_alike():
    numbers = {8: "eight"}
    told = (RESULTS / "README.md").read_text(encoding="utf-8")
    assert f"trains {numbers[len(load_hashes())]} short fits" in told
    assert f"{numbers[len(load_hashes())].capitalize()} short fits" in PAGE


def test_how_long_everything_takes_is_the_sum_of_its_parts():
    """Two cores; beside the stored seconds, intervals around 10 + 10 networks a window."""
    windows = len(DATASETS)
    around = 10 * 45 + 10 * 22
    assert len(products("nflx-2016-2023", "").published) == 10
    tables = load_runs(), load_trials(), load_density_runs()
    seconds = sum(table["seconds"].sum() for table in tables)
    minutes = (seconds + windows * around) / 60 / 2
    assert f"about {round_to(minutes, 2):.0f} for both windows from nothing" in README


def test_the_hours_of_the_page_are_those_of_the_store():
    """On two cores; with the paper's window goes what has another end of it."""
    tables = load_runs(), load_trials(), load_density_runs(), load_readings()
    stored = pd.concat([table[["dataset", "seconds"]] for table in tables])
    papers = stored["dataset"].str.contains("-2025")
    around = 10 * 45 + 10 * 22
    elsewhere = load_elsewhere()["seconds"].sum() / 3600 / 2
    bundled, on_papers = (
        (of["seconds"].sum() + around) / 3600 / 2 for of in (stored[~papers], stored[papers])
    )
    told = re.search(r"some (\w+) hours for the bundled series.*?window", PAGE)
    assert told[1] == "four" and round(bundled) == 4
    assert "two to three more for the stocks and periods" in told[0] and 2 < elsewhere < 3
    assert "eight to nine more with a file" in told[0] and 8 < on_papers < 9
    assert f"about {round_to(60 * bundled, 2):.0f} for the bundled one" in README
    whole = bundled + on_papers + elsewhere
    assert "some fifteen hours on two cores, or thirty of one" in PAGE and round(whole) == 15
    assert "all but half an hour" in PAGE and 2 * around / 3600 == pytest.approx(0.5, abs=0.2)
    more = load_readings()["seconds"].sum() / 3600 + 2 * elsewhere
    assert "some thirteen hours of one core more" in README and round(more) == 13


def test_a_letter_of_the_book_stands_in_the_chapters_that_its_row_names():
    """In their formulas, in text or in a sentence that code makes."""
    page = (ROOT / "book" / "how_to_use.md").read_text(encoding="utf-8")
    table = page.partition("### The book's own")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| \$(.+?)\$ \| (.+) \|$", table, re.MULTILINE)
    assert len(rows) > 20
    for letters, meanings in rows:
        for chapter in re.findall(r"notebooks/(\w+)\.ipynb", meanings):
            cells = nbformat.read(ROOT / "notebooks" / f"{chapter}.ipynb", 4).cells
            told = " ".join(
                math.replace("\\\\", "\\")
                for cell in cells
                for math in re.findall(r"\$\$?[^$]+\$", cell.source)
            )
            for letter in letters.split(",\\ "):
                found = re.search(rf"(?<![a-zA-Z\\]){re.escape(letter)}(?![a-zA-Z])", told)
                assert found, (letter, chapter)


def test_the_rows_that_the_page_takes_out_are_stored():
    """Else its commands would have nothing made again."""
    page = (ROOT / "book" / "how_to_use.md").read_text(encoding="utf-8")
    found = re.findall(r"grep -v '(\^[^']+)' data/results/(\S+) > rest", page)
    counts = {}
    for pattern, name in found:
        lines = (RESULTS / name).read_text(encoding="utf-8").splitlines()
        counts[name] = sum(bool(re.match(pattern, line)) for line in lines)
    assert counts == {"runs.csv": 2 * len(SEEDS), "parts.csv": 1}
    assert len(SEEDS) == 10
    assert "These twenty take" in page


def test_the_number_that_the_page_computes_again_is_the_stored_one(
    capsys: pytest.CaptureFixture[str],
):
    """To the last digit on the same arithmetic only."""
    page = (ROOT / "book" / "how_to_use.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    exec(compile(code, "how_to_use.md", "exec"), {})
    stored, again = map(float, capsys.readouterr().out.split())
    assert again == pytest.approx(stored, rel=1e-3)
