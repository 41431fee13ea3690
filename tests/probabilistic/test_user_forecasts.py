"""The two functions for a person with prices: what they say, keep, refuse, and must not know."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from paperlib.prices.series import load_prices
from paperlib.probabilistic import user_forecasts
from paperlib.probabilistic.density_network import fit_density, forecast_density, load_density
from paperlib.probabilistic.features import NETWORK, DensityRecipe, log_returns, make_return_windows
from paperlib.probabilistic.student_t import StudentMixture, combine
from paperlib.probabilistic.user_forecasts import forecast, risk_report
from paperlib.probabilistic.volatility import garch_student_t, static_student_t
from paperlib.recipe import MIN_SESSIONS
from paperlib.stats.var_backtests import backtest

PRICES = load_prices("NFLX").iloc[:600]
RETURNS = log_returns(PRICES)
TRAIN = 479  # of 599 returns, the first four fifths
TINY = DensityRecipe(network=replace(NETWORK, hidden=(4, 3), epochs=2))


@pytest.fixture(autouse=True)
def _tiny(monkeypatch):
    """A tiny network, trained in this process."""
    monkeypatch.setattr(user_forecasts, "RECIPE", TINY)
    monkeypatch.setattr("joblib.cpu_count", lambda: 1)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A folder of networks that the tests of this module share."""
    return tmp_path_factory.mktemp("networks")


# --- the sessions after the data -----------------------------------------------------------------


def test_a_forecast_is_a_row_a_level_and_session(kept):
    found = forecast(PRICES, 10, (0.5, 0.9), members=2, saved=kept)
    assert list(found) == ["session", "horizon", "level", "low", "median", "high"]
    assert found["level"].tolist() == [0.5] * 10 + [0.9] * 10
    assert found["horizon"].tolist() == [*range(1, 11)] * 2
    assert list(found.index) == [*range(20)]
    # The bundled series goes on, so what the exchange traded next is known.
    following = load_prices("NFLX").index[600:610]
    assert found["session"].tolist() == list(following) * 2
    assert (found["low"] < found["median"]).all()
    assert (found["median"] < found["high"]).all()


def test_intervals_widen_with_the_level_and_the_horizon(kept):
    found = forecast(PRICES, 30, (0.5, 0.8, 0.95), members=2, saved=kept)
    low, median, high = (
        found.pivot(index="horizon", columns="level", values=name)
        for name in ("low", "median", "high")
    )
    assert (np.diff(low, axis=1) < 0).all()
    assert (np.diff(high, axis=1) > 0).all()
    assert (np.diff(median, axis=1) == 0).all()
    width = np.log(high / low)
    near, far = width.loc[1:5].mean(), width.loc[26:30].mean()
    assert (far > 1.5 * near).all()


def test_the_first_session_is_that_of_the_networks_mixture(kept):
    """By its quantiles, not by drawing: 2,000 paths are near them."""
    found = forecast(PRICES, 1, (0.5, 0.8), members=2, saved=kept)
    windows = make_return_windows(RETURNS, TINY, len(RETURNS))
    members = [forecast_density(fit_density(TINY, [windows], s), windows) for s in (0, 1)]
    following = combine(members).at(slice(-1, None))
    last = PRICES["close"].iloc[-1]
    for row in found.itertuples():
        below = [
            following.cdf(100 * np.log(value / last))[0]
            for value in (row.low, row.median, row.high)
        ]
        expected = [(1 - row.level) / 2, 0.5, (1 + row.level) / 2]
        np.testing.assert_allclose(below, expected, atol=0.045)


def test_forecasting_twice_is_the_same_without_a_folder_too():
    first, second = (forecast(PRICES, 3, [0.9], members=1) for _ in range(2))
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_says_what_it_trains_and_uses_what_was_saved(tmp_path, capsys, monkeypatch):
    folder = tmp_path / "made" / "on the way"
    first = forecast(PRICES, 5, members=2, saved=folder)
    said = capsys.readouterr().out
    assert "Networks to train on 569 sessions: 2" in said
    assert "Using" not in said
    assert sorted(load_density(path).seed for path in folder.iterdir()) == [0, 1]
    again = forecast(PRICES, 5, members=2, saved=str(folder))
    assert capsys.readouterr().out == "Saved networks found: 2.\n"
    pd.testing.assert_frame_equal(first, again, check_exact=True)
    # Another horizon needs no other network, and a third member only that one.
    with monkeypatch.context() as patched:
        patched.setattr(user_forecasts, "fit_density", _refuse_to_train)
        longer = forecast(PRICES, 8, members=2, saved=folder)
    pd.testing.assert_frame_equal(
        longer[longer["horizon"] <= 5].reset_index(drop=True), first, check_exact=True
    )
    capsys.readouterr()
    forecast(PRICES, 5, members=3, saved=folder)
    said = capsys.readouterr().out
    assert "Saved networks found: 2." in said
    assert "sessions: 1, some seconds" in said


def _refuse_to_train(*_):
    raise AssertionError("a network was trained although it was at hand")


def test_another_price_another_end_and_another_recipe_are_trained_anew(
    tmp_path, capsys, monkeypatch
):
    forecast(PRICES, 1, members=1, saved=tmp_path)
    changed = PRICES.copy()
    changed.loc[changed.index[300], "close"] += 0.01
    calls = [
        lambda: forecast(changed, 1, members=1, saved=tmp_path),
        lambda: forecast(PRICES.iloc[:-1], 1, members=1, saved=tmp_path),
        lambda: risk_report(PRICES, members=1, saved=tmp_path),
    ]
    for call in calls:
        capsys.readouterr()
        call()
        assert "sessions: 1, some seconds" in capsys.readouterr().out
    other = replace(TINY, network=replace(TINY.network, lr=0.002))
    monkeypatch.setattr(user_forecasts, "RECIPE", other)
    forecast(PRICES, 1, members=1, saved=tmp_path)
    assert "sessions: 1, some seconds" in capsys.readouterr().out
    assert len(list(tmp_path.iterdir())) == 5


# --- the risk of the next session ----------------------------------------------------------------


def test_a_report_is_a_row_a_model_and_tail_held_against_what_came(kept):
    """Worked out again: each model's forecasts of the last fifth, and of the session after."""
    found = risk_report(PRICES, (0.05, 0.1), members=2, saved=kept).set_index(["model", "tail"])
    r = RETURNS.to_numpy()
    windows = make_return_windows(RETURNS, TINY, TRAIN)
    fits = [fit_density(TINY, [windows], seed) for seed in (0, 1)]
    sessions = RETURNS.index.append(load_prices("NFLX").index[600:601])
    factors = np.where(windows.window.contains(sessions), windows.window.factor, 1)
    assert 0 < np.mean(factors > 1) < 0.5
    garch = garch_student_t(r / factors[:-1], TRAIN)
    models = {
        "LSTM, one ticker, calendar": combine([forecast_density(f, windows) for f in fits]),
        "GARCH, calendar": StudentMixture(
            garch.location * factors, garch.scale * factors, garch.df
        ),
        "GARCH": garch_student_t(r, TRAIN),
        "static Student-t": static_student_t(r, TRAIN),
    }
    assert list(found.index) == [(name, tail) for name in models for tail in (0.05, 0.1)]
    for name, made in models.items():
        for tail in (0.05, 0.1):
            var, shortfall = (x[-121:] for x in (made.quantile(tail), made.shortfall(tail)))
            row = found.loc[name, tail]
            assert row["next_var"] == pytest.approx(var[-1])
            assert row["next_shortfall"] == pytest.approx(shortfall[-1])
            assert row["next_shortfall"] < row["next_var"] < 0
            expected = backtest(r[-120:], var[:-1], shortfall[:-1], tail)
            assert list(row.index) == ["next_var", "next_shortfall", *expected]
            for column, value in expected.items():
                assert row[column] == pytest.approx(value, nan_ok=True), column
            assert row["violations"] == sum(r[-120:] < var[:-1])
            assert row["sessions"] == 120


def test_a_backtest_does_not_know_what_came_later(kept):
    """Prices that part ways within the last fifth: the same forecasts until then."""
    changed = PRICES.copy()
    changed.loc[changed.index[550] :, "close"] *= 3
    made = []
    for prices in (PRICES, changed):
        returns = log_returns(prices)
        windows = make_return_windows(returns, TINY, TRAIN)
        fitted = fit_density(TINY, [windows], 0)
        ours = forecast_density(fitted, windows)
        # Session 550, whose close is the first that differs, has return 549.
        lstm = ours.at(slice(549 - 30 + 1)).quantile(0.05)
        simple = [
            model(returns.to_numpy(), TRAIN).at(slice(550)).quantile(0.05)
            for model in (garch_student_t, static_student_t)
        ]
        made.append(np.concatenate([lstm, *simple]))
    np.testing.assert_array_equal(*made)


def test_a_report_made_again_from_what_was_saved_is_the_same(kept, capsys):
    first, second = (risk_report(PRICES, members=2, saved=kept) for _ in range(2))
    assert capsys.readouterr().out.endswith("Saved networks found: 2.\n")
    pd.testing.assert_frame_equal(first, second, check_exact=True)
    assert sorted(set(first["tail"])) == [0.01, 0.05]


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: forecast(PRICES, horizon=0), "the horizon and the number of members"),
        (lambda: forecast(PRICES, members=0), "the horizon and the number of members"),
        (lambda: forecast(PRICES, levels=[0.5, 0]), "levels are probabilities between 0 and 1"),
        (lambda: forecast(PRICES, levels=[1]), "levels are probabilities between 0 and 1"),
        (lambda: forecast(PRICES, levels=[1.5]), "levels are probabilities between 0 and 1"),
        (lambda: forecast(PRICES, levels=[np.nan]), "levels are probabilities between 0 and 1"),
        (lambda: forecast(PRICES, levels=[]), "levels are probabilities between 0 and 1"),
        (lambda: risk_report(PRICES, tails=[0.5]), "the tail is a probability between 0 and 0.5"),
        (lambda: risk_report(PRICES, tails=[0]), "the tail is a probability between 0 and 0.5"),
        (lambda: risk_report(PRICES, tails=[]), "at least one member and one tail"),
        (lambda: risk_report(PRICES, members=0), "at least one member and one tail"),
        (lambda: forecast(PRICES[::-1]), "sessions must ascend"),
        (lambda: risk_report(PRICES.assign(close=-PRICES["close"])), "must be positive numbers"),
        (lambda: forecast(PRICES.iloc[:249]), "249 sessions are too few; 250 are the least"),
        (lambda: risk_report(PRICES.iloc[:312]), "312 sessions are too few .* bring 313"),
        (lambda: forecast(PRICES.assign(close=7.0)), "the close hardly ever changes"),
        (lambda: risk_report(PRICES.assign(close=7.0)), "the close hardly ever changes"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(call, says, capsys, monkeypatch):
    monkeypatch.setattr(user_forecasts, "fit_density", _refuse_to_train)
    with pytest.raises(ValueError, match=says) as refused:
        call()
    assert "\n" not in str(refused.value)
    assert str(refused.value).endswith(".")
    assert capsys.readouterr().out == ""


def test_as_few_sessions_as_a_price_file_may_have_are_enough(capsys):
    assert len(forecast(PRICES.iloc[:MIN_SESSIONS], 1, [0.9], members=1)) == 1
    assert len(risk_report(PRICES.iloc[:313], [0.05], members=1)) == 4
    assert "Networks to train on 219 sessions: 1" in capsys.readouterr().out
