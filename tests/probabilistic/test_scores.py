"""Scores against scipy, scikit-learn, scoringrules and plain counts; standings at their edges."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scoringrules
from scipy import stats
from sklearn.metrics import mean_pinball_loss

from paperlib.probabilistic.scores import (
    BY_CHANCE,
    LEVELS,
    PROBABILITIES,
    STANDINGS,
    TAILS,
    ends,
    flat_band,
    is_inside,
    quantile_name,
    relative_loss,
    score_draws,
    score_sessions,
    standing,
    summarise_scores,
)
from paperlib.probabilistic.student_t import StudentMixture
from paperlib.stats.forecast_tests import loss_ratio
from paperlib.stats.interval import Interval

RNG = np.random.default_rng(0)
N = 400
LOCATION, SCALE, DF = RNG.normal(0, 0.3, N), RNG.uniform(0.5, 3, N), RNG.uniform(3, 9, N)
FORECAST = StudentMixture(LOCATION[None], SCALE[None], DF[None])
CAME = LOCATION + SCALE * RNG.standard_t(DF)
SCORED = score_sessions(FORECAST, CAME)
QUANTILES = ["q_0.01", "q_0.025", "q_0.05", "q_0.1", "q_0.25", "q_0.5"]
QUANTILES += ["q_0.75", "q_0.9", "q_0.95", "q_0.975", "q_0.99"]
COLUMNS = ["return", "crps", "log_score", "pit", *QUANTILES, "shortfall_0.05", "shortfall_0.01"]


# --- session by session --------------------------------------------------------------------------


def test_a_session_has_its_scores_its_quantiles_and_its_shortfalls():
    assert list(SCORED) == COLUMNS
    assert [quantile_name(p) for p in PROBABILITIES] == QUANTILES
    np.testing.assert_array_equal(SCORED["return"], CAME)


def test_scores_of_a_student_t_are_scipys_and_scoringrules():
    of = stats.t(DF, LOCATION, SCALE)
    np.testing.assert_allclose(SCORED["log_score"], -of.logpdf(CAME))
    np.testing.assert_allclose(SCORED["pit"], of.cdf(CAME))
    np.testing.assert_allclose(SCORED["crps"], scoringrules.crps_t(CAME, DF, LOCATION, SCALE), 1e-5)
    for p in PROBABILITIES:
        np.testing.assert_allclose(SCORED[quantile_name(p)], of.ppf(p), atol=1e-9)


def test_quantiles_ascend_and_a_shortfall_is_below_its_quantile():
    assert (np.diff(SCORED[QUANTILES], axis=1) > 0).all()
    for tail in TAILS:
        assert (SCORED[f"shortfall_{tail:g}"] < SCORED[quantile_name(tail)]).all()


# --- samples -------------------------------------------------------------------------------------


def test_samples_score_as_plain_numpy_says():
    draws = RNG.normal(0, 2, (20, 200))
    came = RNG.normal(0, 2, 20)
    found = score_draws(draws, came)
    assert list(found) == COLUMNS
    np.testing.assert_allclose(found["crps"], scoringrules.crps_ensemble(came, draws))
    apart = np.abs(draws[:, :, None] - draws[:, None]).mean(axis=(1, 2))
    by_hand = np.abs(draws - came[:, None]).mean(axis=1) - apart / 2
    np.testing.assert_allclose(found["crps"], by_hand)
    assert found["log_score"].isna().all()
    for row, (sample, y) in enumerate(zip(draws, came, strict=True)):
        of = found.iloc[row]
        assert of["pit"] == sum(x <= y for x in sample) / 200
        for p in PROBABILITIES:
            assert of[quantile_name(p)] == pytest.approx(np.quantile(sample, p))
        assert of["shortfall_0.05"] == pytest.approx(np.mean(sorted(sample)[:10]))
        assert of["shortfall_0.01"] == pytest.approx(np.mean(sorted(sample)[:2]))


def test_the_worst_of_a_few_samples_is_one_at_least():
    found = score_draws(np.array([[3.0, -1.0, 2.0]]), np.zeros(1))
    assert found["shortfall_0.05"].tolist() == found["shortfall_0.01"].tolist() == [-1]
    assert found["pit"].tolist() == [pytest.approx(1 / 3)]


def test_the_order_of_samples_does_not_matter_and_they_stay_as_they_are():
    draws = RNG.normal(0, 1, (5, 30))
    before = draws.copy()
    shuffled = RNG.permuted(draws, axis=1)
    pd.testing.assert_frame_equal(score_draws(draws, CAME[:5]), score_draws(shuffled, CAME[:5]))
    np.testing.assert_array_equal(draws, before)


def test_many_draws_score_like_the_distribution_they_are_drawn_from():
    few, n = slice(40), 20_000
    made = FORECAST.at(few)
    draws = (LOCATION + SCALE * np.random.default_rng(1).standard_t(DF, (n, N))).T[few]
    found, exact = score_draws(draws, CAME[few]), score_sessions(made, CAME[few])
    of_scale = SCALE[few]
    for column, tolerance in {
        "crps": 0.02,
        "q_0.5": 0.05,
        "q_0.05": 0.1,
        "q_0.95": 0.1,
        "shortfall_0.05": 0.25,
    }.items():
        assert (np.abs(found[column] - exact[column]) / of_scale).max() < tolerance, column
    np.testing.assert_allclose(found["pit"], exact["pit"], atol=4 * 0.5 / np.sqrt(n))


# --- in sum --------------------------------------------------------------------------------------


def test_the_sum_of_sessions_by_scikit_learn_and_by_counting():
    found = summarise_scores(SCORED)
    assert found["n"] == N
    assert found["crps"] == pytest.approx(SCORED["crps"].mean())
    assert found["log_score"] == pytest.approx(SCORED["log_score"].mean())
    pinball = [mean_pinball_loss(CAME, SCORED[quantile_name(p)], alpha=p) for p in PROBABILITIES]
    assert found["pinball"] == pytest.approx(np.mean(pinball))
    for level, low, high in (
        (50, "q_0.25", "q_0.75"),
        (80, "q_0.1", "q_0.9"),
        (90, "q_0.05", "q_0.95"),
        (95, "q_0.025", "q_0.975"),
    ):
        inside = sum(a <= y <= b for a, y, b in zip(SCORED[low], CAME, SCORED[high], strict=True))
        assert found[f"coverage_{level}"] == pytest.approx(100 * inside / N)
        assert found[f"width_{level}"] == pytest.approx((SCORED[high] - SCORED[low]).mean())
    assert [ends(level) for level in LEVELS][2] == ("q_0.05", "q_0.95")


@pytest.mark.parametrize("level", LEVELS)
def test_the_interval_of_a_coverage_is_clopper_and_pearsons(level):
    found, name = summarise_scores(SCORED), f"coverage_{100 * level:g}"
    hits = round(found[name] * N / 100)
    exact = stats.binomtest(hits, N).proportion_ci(0.95, method="exact")
    assert found[f"{name}_low"] == pytest.approx(100 * exact.low)
    assert found[f"{name}_high"] == pytest.approx(100 * exact.high)


def test_a_return_on_the_end_of_an_interval_is_inside():
    table = pd.DataFrame({"return": [-1.0, -1.1, 0.0, 2.0, 2.1], "q_0.1": -1.0, "q_0.9": 2.0})
    assert is_inside(table, 0.8).tolist() == [True, False, True, True, False]


def test_winklers_score_by_hand():
    """Width 2 in all; one session is 0.5 below and one 0.25 above, each at twentyfold."""
    table = pd.DataFrame({name: np.zeros(4) for name in COLUMNS})
    table["return"] = [0.0, -1.5, 1.25, 1.0]
    table["q_0.05"], table["q_0.95"] = -1.0, 1.0
    found = summarise_scores(table)
    assert found["winkler_90"] == pytest.approx(2 + (20 * 0.5 + 20 * 0.25) / 4)
    assert found["coverage_90"] == 50
    assert found["width_90"] == 2


def test_a_forecast_that_is_right_covers_what_it_says():
    n = 4000
    scale = np.random.default_rng(2).uniform(0.5, 3, n)
    shocks = np.random.default_rng(3).standard_t(5, n)
    right = StudentMixture(np.zeros((1, n)), scale[None], np.full((1, n), 5.0))
    found = summarise_scores(score_sessions(right, scale * shocks))
    for level in LEVELS:
        spread = 400 * np.sqrt(level * (1 - level) / n)  # four standard errors, per cent
        assert found[f"coverage_{100 * level:g}"] == pytest.approx(100 * level, abs=spread)
    assert found["pit_p"] > 0.01


@pytest.mark.parametrize("factor", [0.6, 1.6])
def test_a_scale_that_is_wrong_shows(factor):
    right, wrong = summarise_scores(SCORED), score_sessions(FORECAST.times(factor), CAME)
    found = summarise_scores(wrong)
    assert found["pit_p"] < 1e-4
    assert not found["coverage_90_low"] < 90 < found["coverage_90_high"]
    for score in ("crps", "log_score", "pinball", "winkler_90"):
        assert found[score] > right[score]


def test_samples_have_no_log_score_in_sum_either():
    found = summarise_scores(score_draws(RNG.normal(0, 1, (50, 40)), CAME[:50]))
    assert np.isnan(found["log_score"])
    assert np.isfinite([value for name, value in found.items() if name != "log_score"]).all()


# --- ratios and standings ------------------------------------------------------------------------


LOSSES = [np.abs(RNG.standard_t(4, 200)) + 0.1 for _ in range(3)]


def test_equal_losses_have_a_ratio_of_one_and_smaller_ones_a_smaller():
    assert relative_loss(LOSSES, LOSSES) == (1, 1, 1)
    found = relative_loss([0.9 * loss for loss in LOSSES], LOSSES)
    np.testing.assert_allclose(found, 0.9)


def test_the_ratio_of_one_series_is_the_one_of_its_means():
    losses = RNG.uniform(0.5, 1.5, 200) * LOSSES[0]
    found, expected = relative_loss([losses], LOSSES[:1]), loss_ratio(losses, LOSSES[0])
    np.testing.assert_allclose(found, expected)
    assert found.estimate == pytest.approx(losses.mean() / LOSSES[0].mean())
    assert found.low < found.estimate < found.high


def test_each_series_weighs_the_same_whatever_its_unit():
    changed = [RNG.uniform(0.5, 1.5, 200) * loss for loss in LOSSES]
    found = relative_loss(changed, LOSSES)
    ratios = [a.mean() / b.mean() for a, b in zip(changed, LOSSES, strict=True)]
    assert found.estimate == pytest.approx(np.mean(ratios))
    units = (1, 1000, 0.01)
    scaled = [[u * x for u, x in zip(units, of, strict=True)] for of in (changed, LOSSES)]
    np.testing.assert_allclose(relative_loss(*scaled), found)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.9, 0.999, "ahead"),
        (0.9, 1.0, "level"),
        (0.99, 1.0099, "level"),
        (1.001, 1.009, "level"),
        (1.005, 1.009, "level"),  # above one as well, but level is asked first
        (0.99, 1.01, "not shown"),
        (0.9, 1.2, "not shown"),
        (1.0, 1.2, "not shown"),
        (1.0001, 1.2, "behind"),
    ],
)
def test_a_standing_is_read_off_the_interval(low, high, expected):
    assert standing(Interval((low + high) / 2, low, high)) == expected


def test_each_standing_is_one_of_four_words_in_the_order_in_which_they_are_asked():
    """All intervals between 0.98 and 1.03, by what is true of each, first come first served."""
    ends = np.linspace(0.98, 1.03, 26)
    for low in ends:
        for high in ends[ends >= low]:
            true = {"ahead": high < 1, "level": high < 1.01, "behind": low > 1, "not shown": True}
            first = next(word for word in STANDINGS if true[word])
            assert standing(Interval((low + high) / 2, low, high)) == first


def test_by_chance_is_one_end_of_a_95_per_cent_interval():
    assert pytest.approx(1 - 0.95) == 2 * BY_CHANCE


def test_the_band_holds_95_per_cent_of_flat_histograms():
    low, high = flat_band(500, 10)
    counts = np.random.default_rng(0).binomial(500, 0.1, size=20_000) / 500
    assert np.mean((low <= counts) & (counts <= high)) == pytest.approx(0.95, abs=0.01)
