"""What the store tells of forecast distributions, counted and worked out again."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from madeupnetworks import CAME, DRAWN, MEMBERS, ONE, TRAIN, N
from sklearn.metrics import mean_pinball_loss

from paperlib.experiments import half_years
from paperlib.experiments.density_runs import Series
from paperlib.experiments.density_scores import (
    backtest_rows,
    over_tickers,
    reestimated_garch,
    references,
    score_dataset,
    score_rows,
    simple_forecasts,
)
from paperlib.probabilistic.earnings import choose_window
from paperlib.probabilistic.scores import score_sessions, summarise_scores
from paperlib.probabilistic.student_t import StudentMixture
from paperlib.probabilistic.volatility import garch_student_t, static_student_t
from paperlib.stats.seeds import prediction_interval

SIMPLE = ["static_t", "static_t_calendar", "garch_t", "garch_t_calendar"]
ANEW = ["garch_t_reestimated", "garch_t_calendar_reestimated"]


# --- forecasts -----------------------------------------------------------------------------------


def test_the_simple_models_forecast_the_test_part():
    made, r = simple_forecasts(ONE), ONE.returns.to_numpy()
    assert list(made) == SIMPLE
    for name, model in {"static_t": static_student_t, "garch_t": garch_student_t}.items():
        np.testing.assert_array_equal(made[name].scale[0], model(r, TRAIN).scale[0, TRAIN:-1])
        assert made[name].scale.shape == made[f"{name}_calendar"].scale.shape == (1, N)


@pytest.mark.parametrize(
    ("name", "model"), [("static_t", static_student_t), ("garch_t", garch_student_t)]
)
def test_with_the_calendar_returns_are_divided_forecast_and_multiplied(name, model):
    window = choose_window(ONE.returns[:TRAIN])
    factors = [window.factor if x else 1.0 for x in window.contains(ONE.returns.index)]
    assert window.factor > 1
    assert 0 < np.mean(np.array(factors[TRAIN:]) > 1) < 0.5
    divided = np.array([r / f for r, f in zip(ONE.returns, factors, strict=True)])
    plain, found = model(divided, TRAIN), simple_forecasts(ONE)[f"{name}_calendar"]
    for k, t in enumerate(range(TRAIN, TRAIN + N)):
        assert found.location[0, k] == pytest.approx(factors[t] * plain.location[0, t])
        assert found.scale[0, k] == pytest.approx(factors[t] * plain.scale[0, t])
    np.testing.assert_array_equal(found.df[0], plain.df[0, TRAIN:-1])


@pytest.mark.parametrize("t", [TRAIN, TRAIN + 40])
def test_no_simple_forecast_knows_the_return_it_is_of(t):
    changed = ONE.returns.copy()
    changed.iloc[t:] *= -7
    before, after = (simple_forecasts(of) for of in (ONE, Series(changed, TRAIN, "")))
    until = slice(t - TRAIN + 1)
    for name, made in before.items():
        for array in ("location", "scale", "df"):
            np.testing.assert_array_equal(
                getattr(made.at(until), array), getattr(after[name].at(until), array)
            )


@pytest.fixture
def short_halves(monkeypatch):
    """A test part of two half years, the second longer."""
    monkeypatch.setattr(half_years, "HALF_YEAR", 40)


def test_until_its_first_reestimation_garch_is_that_estimated_once(short_halves):
    once, anew = simple_forecasts(ONE), reestimated_garch(ONE)
    assert list(anew) == ANEW
    for name, made in anew.items():
        before = once[name.removesuffix("_reestimated")]
        assert made.scale.shape == (1, N)
        for array in ("location", "scale", "df"):
            found, expected = getattr(made, array), getattr(before, array)
            np.testing.assert_array_equal(found[:, :40], expected[:, :40])
            assert (found[:, 40:] != expected[:, 40:]).all()


def test_from_then_on_it_is_estimated_on_all_that_precedes_it(short_halves):
    """Without the calendar by the model itself; with it, on a series that is split later."""
    r, later = ONE.returns.to_numpy(), TRAIN + 40
    found = reestimated_garch(ONE)
    expected = garch_student_t(r, later)
    calendar = simple_forecasts(Series(ONE.returns, later, ""))["garch_t_calendar"]
    for array in ("location", "scale", "df"):
        plain = getattr(found["garch_t_reestimated"], array)[0, 40:]
        np.testing.assert_array_equal(plain, getattr(expected, array)[0, later:-1])
        told = getattr(found["garch_t_calendar_reestimated"], array)[0, 40:]
        np.testing.assert_array_equal(told, getattr(calendar, array)[0])


@pytest.mark.parametrize("t", [TRAIN + 39, TRAIN + 40, TRAIN + 70])
def test_no_reestimated_forecast_knows_the_return_it_is_of(t, short_halves):
    changed = ONE.returns.copy()
    changed.iloc[t:] *= -7
    before, after = (reestimated_garch(of) for of in (ONE, Series(changed, TRAIN, "")))
    until = slice(t - TRAIN + 1)
    for name, made in before.items():
        for array in ("location", "scale", "df"):
            found, expected = (getattr(x.at(until), array) for x in (after[name], made))
            np.testing.assert_array_equal(found, expected)


# --- scores --------------------------------------------------------------------------------------


def test_every_model_is_scored_on_every_session_of_the_test_part(scored):
    assert list(scored) == [*SIMPLE, *ANEW, *MEMBERS, *DRAWN]
    for table in scored.values():
        assert list(table.index) == list(ONE.returns.index[TRAIN:])
        np.testing.assert_array_equal(table["return"], CAME)
    assert list(score_dataset(ONE, MEMBERS, {})) == [*SIMPLE, *ANEW, *MEMBERS]


def test_a_network_is_scored_as_the_mixture_of_its_seeds(scored):
    probabilities = [one.cdf(CAME) for one in MEMBERS["lstm"]]
    np.testing.assert_allclose(scored["lstm"]["pit"], np.mean(probabilities, axis=0))
    densities = [np.exp(-one.log_score(CAME)) for one in MEMBERS["lstm"]]
    expected = -np.log(np.mean(densities, axis=0))
    np.testing.assert_allclose(scored["lstm"]["log_score"], expected)


def test_dropout_is_scored_by_the_draws_of_all_its_seeds(scored):
    for name, seeds in DRAWN.items():
        both = np.column_stack(seeds)
        assert both.shape == (N, 30)
        below = [np.mean(row <= y) for row, y in zip(both, CAME, strict=True)]
        np.testing.assert_allclose(scored[name]["pit"], below)
        assert scored[name]["log_score"].isna().all()


def test_a_model_is_held_against_garch_that_knows_as_much():
    for name in ("static_t", "lstm_returns", "lstm", "lstm_pooled", "dropout", "garch_t"):
        assert references(name) == {"ratio": "garch_t", "equal_ratio": "garch_t"}
    for name in ("lstm_calendar", "lstm_pooled_calendar", "static_t_calendar", "garch_t_calendar"):
        assert references(name) == {"ratio": "garch_t", "equal_ratio": "garch_t_calendar"}
    for name in ("lstm_pooled_calendar_reestimated", "garch_t_calendar_reestimated"):
        alike = {"ratio": "garch_t", "equal_ratio": "garch_t_calendar_reestimated"}
        assert references(name) == alike
    alike = {"ratio": "garch_t", "equal_ratio": "garch_t_reestimated"}
    assert references("garch_t_reestimated") == alike


@pytest.fixture(scope="module")
def rows(scored):
    """The rows of ``distributions.csv``, by model."""
    table = score_rows("one", scored, MEMBERS)
    assert (table["dataset"] == "one").all()
    return table.set_index("model")


def test_ratios_are_of_mean_crps(scored, rows):
    mean = {name: table["crps"].mean() for name, table in scored.items()}
    assert set(rows.index) == set(mean)
    for name, row in rows.iterrows():
        assert row["ratio"] == pytest.approx(mean[name] / mean["garch_t"])
        reference = "garch_t_calendar" if "_calendar" in name else "garch_t"
        reference += "_reestimated" if "reestimated" in name else ""
        assert row["equal_ratio"] == pytest.approx(mean[name] / mean[reference])
        for of in ("ratio", "equal_ratio"):
            assert row[f"{of}_low"] <= row[of] <= row[f"{of}_high"]
    assert tuple(rows.loc["garch_t", ["ratio", "ratio_low", "ratio_high"]]) == (1, 1, 1)
    assert rows.loc["garch_t_calendar", "equal_ratio_high"] == 1


def test_one_networks_ratio_comes_with_where_another_would_fall(scored, rows):
    garch = scored["garch_t"]["crps"].mean()
    for name, seeds in MEMBERS.items():
        found = rows.loc[name, ["run_ratio", "run_ratio_low", "run_ratio_high"]]
        expected = prediction_interval([one.crps(CAME).mean() / garch for one in seeds])
        np.testing.assert_allclose(found.astype(float), expected)
    assert rows.drop(list(MEMBERS))["run_ratio"].isna().all()


def test_the_other_columns_are_the_summary_of_the_sessions(scored, rows):
    for name, table in scored.items():
        for column, value in summarise_scores(table).items():
            assert rows.loc[name, column] == pytest.approx(value, nan_ok=True), column


def test_backtests_agree_with_a_count(scored):
    table = backtest_rows("one", scored, MEMBERS, DRAWN)
    assert list(zip(table["tail"], table["model"], strict=True)) == [
        (tail, name) for tail in (0.05, 0.01) for name in scored
    ]
    assert (table["dataset"] == "one").all()
    for row in table.itertuples():
        of = scored[row.model]
        var, shortfall = of[f"q_{row.tail:g}"], of[f"shortfall_{row.tail:g}"]
        assert row.violations == sum(y < v for y, v in zip(CAME, var, strict=True))
        assert row.sessions == N
        assert row.expected == pytest.approx(N * row.tail)
        hit = (var > CAME).to_numpy()
        ratio = CAME[hit].mean() / shortfall[hit].mean() if hit.any() else math.nan
        assert row.shortfall_ratio == pytest.approx(ratio, nan_ok=True)
        own, garch = (
            mean_pinball_loss(CAME, scored[name][f"q_{row.tail:g}"], alpha=row.tail)
            for name in (row.model, "garch_t")
        )
        assert row.tick_ratio == pytest.approx(own / garch)
        assert row.tick_ratio_low <= row.tick_ratio <= row.tick_ratio_high


def test_each_seeds_network_is_backtested_by_itself(scored):
    table = backtest_rows("one", scored, MEMBERS, DRAWN).set_index(["model", "tail"])
    columns = ["run_violations", "run_violations_low", "run_violations_high"]
    for tail in (0.05, 0.01):
        counts = {
            name: [sum(one.cdf(CAME) < tail) for one in seeds] for name, seeds in MEMBERS.items()
        }
        for name, seeds in DRAWN.items():
            counts[name] = [sum(np.quantile(one, tail, axis=1) > CAME) for one in seeds]
        assert all(counts[name][2] > counts[name][1] for name in MEMBERS)
        for name, found in counts.items():
            expected = [np.median(found), min(found), max(found)]
            assert table.loc[(name, tail), columns].tolist() == expected
        simple = [(name, tail) for name in (*SIMPLE, *ANEW)]
        assert table.loc[simple, columns].isna().all().all()
    assert table.loc[("dropout", 0.05), "run_violations"] > 0


# --- over tickers --------------------------------------------------------------------------------


@pytest.fixture
def tickers():
    """Two tickers instead of six; of the second all moves are ten times as large."""
    rng = np.random.default_rng(5)
    made = {"garch_t": 1.0, "garch_t_calendar": 0.95, "lstm_calendar": 1.3}
    came = {name: unit * rng.standard_t(5, 60) for name, unit in {"one": 1, "two": 10}.items()}
    sessions = {}
    for dataset, unit in {"one": 1, "two": 10}.items():
        sessions[dataset] = {
            name: score_sessions(
                StudentMixture(
                    np.zeros((1, 60)), np.full((1, 60), unit * scale), np.full((1, 60), 5.0)
                ),
                came[dataset],
            )
            for name, scale in made.items()
        }
    return sessions


def test_each_ticker_weighs_the_same(tickers):
    table = over_tickers(tickers)
    assert (table["dataset"] == "six tickers").all()
    assert table["model"].tolist() == ["garch_t", "garch_t_calendar", "lstm_calendar"]
    mean = {
        (dataset, name): scores["crps"].mean()
        for dataset, of in tickers.items()
        for name, scores in of.items()
    }
    row = table.set_index("model").loc["lstm_calendar"]
    for column, reference in {"ratio": "garch_t", "equal_ratio": "garch_t_calendar"}.items():
        ratios = [mean[d, "lstm_calendar"] / mean[d, reference] for d in ("one", "two")]
        assert row[column] == pytest.approx(np.mean(ratios))
        assert row[f"{column}_low"] <= row[column] <= row[f"{column}_high"]
    for level in (50, 80, 90, 95):
        name = f"coverage_{level}"
        covered = [summarise_scores(tickers[d]["lstm_calendar"])[name] for d in ("one", "two")]
        assert row[name] == pytest.approx(np.mean(covered))
        assert row[f"{name}_low"] <= row[name] <= row[f"{name}_high"]
    assert table["pit_p"].isna().all()  # the mean of p-values is no p-value


def test_a_model_that_one_ticker_lacks_is_left_out(tickers):
    tickers["one"]["lstm"] = tickers["one"]["lstm_calendar"]
    del tickers["two"]["garch_t_calendar"]
    del tickers["one"]["lstm_calendar"], tickers["two"]["lstm_calendar"]
    assert over_tickers(tickers)["model"].tolist() == ["garch_t"]


def test_a_summary_holds_numbers_alone(rows):
    """Text in a column of numbers would be stored as it is printed."""
    assert all(pd.api.types.is_numeric_dtype(rows[name]) for name in rows if name != "dataset")
