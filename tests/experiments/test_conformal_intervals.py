"""Half widths of every conformal method around persistence, and what their origins may know."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from paperlib.experiments.conformal_intervals import (
    conformal_half_widths,
    origin_volatility,
    score_conformal,
)
from paperlib.experiments.interval_coverage import split_calibration
from paperlib.prices.series import load_prices

CLOSE = load_prices()["close"].iloc[:600]
METHODS = ["split", "adaptive", "rolling", "normalised"]


def _around_persistence(close: pd.Series) -> tuple:
    """Forecasts of both parts, the parts, and the series: the arguments of this module."""
    _, calibration, test = split_calibration(close)
    paths = [np.repeat(part.previous[:, None], 30, axis=1) for part in (calibration, test)]
    return *paths, calibration, test, close


WIDTHS = conformal_half_widths(*_around_persistence(CLOSE))


def test_every_method_has_half_widths_of_every_origin():
    m, n = (len(part.close) for part in split_calibration(CLOSE)[1:])
    assert m == int(0.8 * 570) - int(0.72 * 570)
    assert list(WIDTHS) == METHODS
    assert WIDTHS["split"].shape == (30, 4)
    assert {WIDTHS[method].shape for method in METHODS[1:]} == {(n, 30, 4)}
    assert all((widths >= 0).all() for widths in WIDTHS.values())


def test_the_first_origin_rolls_over_the_calibration_block_and_the_next_over_later_errors():
    _, calibration, test = split_calibration(CLOSE)
    np.testing.assert_array_equal(WIDTHS["rolling"][0], WIDTHS["split"])
    m = len(calibration.close)
    known = np.append(calibration.close / calibration.previous, test.close / test.previous)
    for origin in (1, 7, m, len(test.close) - 1):
        sizes = np.sort(np.abs(np.log(known[origin : origin + m])))
        expected = sizes[math.ceil(0.9 * (m + 1)) - 1]
        np.testing.assert_allclose(WIDTHS["rolling"][origin, 0, 2], expected)


def test_volatility_is_that_of_the_returns_before_the_target():
    """Written out as the recursion: what it was, and six hundredths of the newest square."""
    _, _, test = split_calibration(CLOSE)
    r = 100 * np.diff(np.log(CLOSE.to_numpy()))
    variance = [np.mean(r[:30] ** 2)]
    for one in r:
        variance.append(0.94 * variance[-1] + 0.06 * one**2)
    place = CLOSE.index.get_indexer(test.sessions)
    found = origin_volatility(CLOSE, test)
    # Of the return to close k the number is k - 1, and the variance known before it has that, too.
    np.testing.assert_allclose(found, np.sqrt([variance[k - 1] for k in place]))


def test_normalised_widths_are_proportional_to_the_volatility_known_at_the_origin():
    volatility = origin_volatility(CLOSE, split_calibration(CLOSE)[2])
    finite = np.isfinite(WIDTHS["split"])
    per_unit = (WIDTHS["normalised"] / volatility[:, None, None])[:, finite]
    np.testing.assert_allclose(per_unit, np.broadcast_to(per_unit[:1], per_unit.shape))
    assert np.ptp(volatility) > 0.5


@pytest.mark.parametrize("origin", [0, 1, 17, 60, 100])
def test_no_close_after_an_origin_changes_its_interval(origin):
    test = split_calibration(CLOSE)[2]
    later = CLOSE.index >= test.sessions[origin]
    wild = np.random.default_rng(0).uniform(0.2, 5, len(CLOSE))
    found = conformal_half_widths(*_around_persistence(CLOSE.where(~later, CLOSE * wild)))
    for method, widths in found.items():
        if method == "split":
            np.testing.assert_array_equal(widths, WIDTHS["split"])
            continue
        np.testing.assert_array_equal(widths[: origin + 1], WIDTHS[method][: origin + 1])
        # Else the test could not fail: the next origin knows the first of these closes.
        assert (widths[origin + 1, 0] != WIDTHS[method][origin + 1, 0]).any(), method


def test_scores_are_of_these_half_widths():
    _, _, test = split_calibration(CLOSE)
    table = score_conformal(*_around_persistence(CLOSE)).set_index(["method", "horizon", "level"])
    assert len(table) == 4 * 30 * 4
    sizes = np.abs(np.log(test.close / test.previous))
    for method in METHODS:
        half = np.broadcast_to(WIDTHS[method], (len(test.close), 30, 4))[:, 0, 2]
        row = table.loc[(method, 1, 0.9)]
        assert row["n"] == len(test.close)
        assert row["coverage"] == np.mean(sizes <= half)
        assert row["width"] == pytest.approx(200 * half.mean())
        missed = np.maximum(sizes - half, 0).mean()
        assert row["winkler"] == pytest.approx(200 * half.mean() + 100 * 20 * missed)
