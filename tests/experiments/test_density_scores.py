"""What the store tells of forecast distributions, counted and worked out again."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import mean_pinball_loss

from paperlib.experiments import density_scores
from paperlib.experiments.density_runs import Series
from paperlib.experiments.density_scores import (
    backtest_rows,
    over_tickers,
    references,
    score_dataset,
    score_rows,
    simple_forecasts,
)
from paperlib.experiments.portfolios import IN_TIERS, simple_per_cent, tier_portfolios, tier_rows
from paperlib.prices.series import load_prices
from paperlib.probabilistic.earnings import choose_window
from paperlib.probabilistic.features import log_returns
from paperlib.probabilistic.positions import TIERS, describe_portfolio
from paperlib.probabilistic.scores import score_sessions, summarise_scores
from paperlib.probabilistic.student_t import StudentMixture
from paperlib.probabilistic.volatility import ewma_volatility, garch_student_t, static_student_t
from paperlib.stats.seeds import prediction_interval

TRAIN, N = 560, 100
SERIES = {
    name: Series(log_returns(load_prices(ticker))[: TRAIN + N], TRAIN, name)
    for name, ticker in {"one": "NFLX", "two": "AAPL"}.items()
}
ONE = SERIES["one"]
CAME = ONE.returns.to_numpy()[TRAIN:]


def _network(seed: int, spread: float) -> StudentMixture:
    """What a network might forecast of the test part."""
    rng = np.random.default_rng(seed)
    of = rng.normal(0, 0.1, N), spread * rng.uniform(0.9, 1.1, N), rng.uniform(3, 6, N)
    return StudentMixture(*(x[None] for x in of))


MEMBERS = {
    "lstm": [_network(0, 2.5), _network(1, 2.0), _network(2, 0.6)],
    "lstm_pooled_calendar": [_network(3, 1.5), _network(4, 1.0), _network(5, 0.5)],
}
DRAWN = {
    "dropout": list(np.random.default_rng(9).normal(0, 0.5, (2, N, 15))),
    "noisy_dropout": list(np.random.default_rng(8).normal(0, 2, (2, N, 15))),
}
SIMPLE = ["static_t", "static_t_calendar", "garch_t", "garch_t_calendar"]


@pytest.fixture(autouse=True)
def _members(monkeypatch):
    """Networks that are made up instead of trained."""
    monkeypatch.setattr(density_scores, "load_members", lambda dataset, series: MEMBERS)


@pytest.fixture(scope="module")
def scored():
    """Every model's scores of the test part, session by session."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(density_scores, "load_members", lambda dataset, series: MEMBERS)
        return score_dataset("one", SERIES, DRAWN)


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


# --- scores --------------------------------------------------------------------------------------


def test_every_model_is_scored_on_every_session_of_the_test_part(scored):
    assert list(scored) == [*SIMPLE, *MEMBERS, *DRAWN]
    for table in scored.values():
        assert list(table.index) == list(ONE.returns.index[TRAIN:])
        np.testing.assert_array_equal(table["return"], CAME)
    assert list(score_dataset("one", SERIES, {})) == [*SIMPLE, *MEMBERS]


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


@pytest.fixture(scope="module")
def rows(scored):
    """The rows of ``distributions.csv``, by model."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(density_scores, "load_members", lambda dataset, series: MEMBERS)
        table = score_rows("one", scored, SERIES)
    assert (table["dataset"] == "one").all()
    return table.set_index("model")


def test_ratios_are_of_mean_crps(scored, rows):
    mean = {name: table["crps"].mean() for name, table in scored.items()}
    assert set(rows.index) == set(mean)
    for name, row in rows.iterrows():
        assert row["ratio"] == pytest.approx(mean[name] / mean["garch_t"])
        reference = "garch_t_calendar" if name.endswith("_calendar") else "garch_t"
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
    table = backtest_rows("one", scored, SERIES, DRAWN)
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
    table = backtest_rows("one", scored, SERIES, DRAWN).set_index(["model", "tail"])
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
        assert table.loc[[(name, tail) for name in SIMPLE], columns].isna().all().all()
    assert table.loc[("dropout", 0.05), "run_violations"] > 0


# --- tiers ---------------------------------------------------------------------------------------


def test_simple_returns_are_those_of_the_exponential():
    log = np.array([-60.0, -1.0, 0.0, 1e-7, 1.0, 60.0])
    np.testing.assert_allclose(simple_per_cent(log), 100 * (np.exp(log / 100) - 1), rtol=1e-7)
    closes = load_prices("NFLX")["close"]
    np.testing.assert_allclose(
        simple_per_cent(log_returns(load_prices("NFLX"))), 100 * closes.pct_change().iloc[1:]
    )


@pytest.fixture(scope="module")
def portfolios(scored):
    """By model and tier."""
    return tier_portfolios(scored, ONE)


def test_there_is_a_portfolio_a_model_and_tier(scored, portfolios):
    models = ["static_t", "garch_t", "lstm_pooled_calendar", "dropout"]
    models += ["volatility_target", "constant_mix"]
    tiers = ["conservative", "balanced", "aggressive"]
    expected = [("buy_and_hold", ""), *((model, tier) for model in models for tier in tiers)]
    assert list(portfolios) == expected
    assert set(models[:4]) == set(IN_TIERS) & set(scored)
    assert {len(table) for table in portfolios.values()} == {N}


def test_buy_and_hold_is_in_the_stock_from_the_second_session_on(portfolios):
    held = portfolios["buy_and_hold", ""]
    assert held["weight"].tolist() == [0] + [1] * (N - 1)
    earned = 100 * (np.exp(CAME[1:] / 100) - 1)
    np.testing.assert_allclose(held["return"][1:], earned)


def test_a_position_is_the_budget_over_the_var_and_holds_from_the_session_after(scored, portfolios):
    volatility = ewma_volatility(ONE.returns.to_numpy())
    of_normal = [stats.norm(0, volatility[t]).ppf(0.05) for t in range(TRAIN, TRAIN + N)]
    var = {name: scored[name]["q_0.05"].to_numpy() for name in ("garch_t", "dropout")}
    for name, of_model in {**var, "volatility_target": np.array(of_normal)}.items():
        loss = 100 * (1 - np.exp(of_model / 100))
        for tier in TIERS:
            expected = [min(1, tier.budget / x) for x in loss]
            weight = portfolios[name, tier.name]["weight"].to_numpy()
            np.testing.assert_allclose(weight[1:], expected[:-1], rtol=1e-6)
            assert weight[0] == 0


def test_a_higher_budget_never_holds_less(portfolios):
    for model in {model for model, _ in portfolios} - {"buy_and_hold"}:
        weights = [portfolios[model, tier.name]["weight"] for tier in TIERS]
        assert (weights[0] <= weights[1]).all()
        assert (weights[1] <= weights[2]).all()
        assert (weights[0] < weights[2]).any()


def test_a_constant_mix_holds_what_the_pooled_network_held_in_the_mean(portfolios):
    for tier in TIERS:
        held = portfolios["lstm_pooled_calendar", tier.name]["weight"].tolist()
        mean = sum(held[1:]) / (N - 1)
        weight = portfolios["constant_mix", tier.name]["weight"].tolist()
        assert weight == pytest.approx([0] + [mean] * (N - 1))


def test_a_forecast_that_sees_no_risk_is_all_in_the_stock(scored):
    found = tier_portfolios({**scored, "garch_t": scored["garch_t"].assign(**{"q_0.05": 0.3})}, ONE)
    for tier in TIERS:
        assert found["garch_t", tier.name]["weight"].tolist() == [0] + [1] * (N - 1)


def test_a_tier_is_described_by_what_its_portfolio_did(portfolios):
    chosen = {key: portfolios[key] for key in [("buy_and_hold", ""), ("garch_t", "balanced")]}
    table = tier_rows("one", chosen)
    described = describe_portfolio(chosen["garch_t", "balanced"]["return"])
    columns = ["dataset", "model", "tier", *described, "weight", "turnover"]
    for name in ("sharpe_gain", "beyond"):
        columns += [name, f"{name}_low", f"{name}_high"]
    assert list(table) == columns
    hold, row = table.iloc[0], table.iloc[1]
    portfolio = chosen["garch_t", "balanced"]
    assert (row["dataset"], row["model"], row["tier"]) == ("one", "garch_t", "balanced")
    assert row["weight"] == pytest.approx(portfolio["weight"].iloc[1:].mean())
    assert row["turnover"] == pytest.approx(252 * portfolio["turnover"].mean())
    assert {name: row[name] for name in described} == described
    assert row["sharpe_gain"] == pytest.approx(row["sharpe"] - hold["sharpe"])
    assert row["sharpe_gain_low"] < row["sharpe_gain"] < row["sharpe_gain_high"]
    assert row["beyond"] == sum(portfolio["return"] < -2) / N
    assert hold[["sharpe_gain", "beyond"]].isna().all()
    assert hold["weight"] == 1


# --- over tickers --------------------------------------------------------------------------------


@pytest.fixture
def tickers(monkeypatch):
    """Two tickers instead of six; of the second all moves are ten times as large."""
    monkeypatch.setattr(density_scores, "TICKERS", {"ONE": "one", "TWO": "two"})
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
    table = over_tickers({**tickers, "another": {}})
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
