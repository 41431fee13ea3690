"""Which tables are worked out of which runs. What comes out is tested with the plan."""

from __future__ import annotations

import pytest

from paperlib.claims.parts import part_of_densities, parts_of_window
from paperlib.experiments.catalogue import BUNDLED_WINDOW, PAPER_WINDOW
from paperlib.experiments.density_runs import load_density_series
from paperlib.experiments.folding import PART_FILES
from paperlib.prices.series import load_prices

PRICES = load_prices()


@pytest.fixture(scope="module")
def parts():
    """Those of a window, by name, as of the paper's; nothing is read of pieces to list them."""
    series = load_density_series({BUNDLED_WINDOW: PRICES})
    found = parts_of_window(PAPER_WINDOW, PRICES, pytest.fail)
    found.append(part_of_densities(BUNDLED_WINDOW, PRICES, series, pytest.fail))
    return {part.name: part for part in found}


def test_every_part_has_its_files(parts):
    assert set(parts) == set(PART_FILES)


def test_only_the_papers_window_is_compared_over_sessions():
    names = {part.name for part in parts_of_window(BUNDLED_WINDOW, PRICES, pytest.fail)}
    assert names == {"evaluation", "intervals"}


def test_networks_are_read_and_rows_are_counted_on(parts):
    """Four recipes under two protocols; ten published and ten calibrated; one hundred densities,
    and twenty that are trained anew."""
    assert {name: len(part.pieces) for name, part in parts.items()} == {
        "evaluation": 4 * 2 * 10,
        "intervals": 2 * 10,
        "distributions": 10 * (3 + 5 + 2) + 10 * 2 + 10,
        "sessions": 2 * 7 * 10 + 1,  # and an ARIMA
    }
    assert parts["evaluation"].pieces < parts["evaluation"].runs
    shared = parts["intervals"].pieces & parts["evaluation"].pieces
    assert len(shared) == 10
    assert shared == parts["intervals"].pieces & parts["distributions"].pieces


def test_a_part_is_another_if_a_run_or_its_arithmetic_is(parts):
    part = parts["sessions"]
    key = min(part.pieces)
    sources = {
        part.source({}),
        part.source({key: "another"}),
        part._replace(pieces=part.pieces - {key}).source({}),
    }
    assert len(sources) == 3
    assert part.source({"elsewhere": "another"}) == part.source({})
