"""The committed tables of distributions, worked out again from what is in the repository."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from paperlib.claims.risk_values import claims_on_the_end, claims_on_var
from paperlib.experiments.catalogue import BUNDLED_WINDOW
from paperlib.experiments.density_runs import (
    NFLX,
    OWN,
    POOLED,
    TICKERS,
    density_runs,
    load_density_series,
)
from paperlib.experiments.density_scores import REFERENCE, references, simple_forecasts
from paperlib.experiments.interval_coverage import persistence_coverage, summarise_coverage
from paperlib.experiments.portfolios import tier_portfolios, tier_rows
from paperlib.experiments.store import (
    load_backtests,
    load_coverage,
    load_density_runs,
    load_distributions,
    load_sessions,
    load_tiers,
    load_values,
    select,
)
from paperlib.prices.series import load_prices
from paperlib.probabilistic.scores import TAILS, quantile_name, score_sessions, summarise_scores
from paperlib.stats.forecast_tests import loss_ratio
from paperlib.stats.var_backtests import backtest

PRICES = load_prices()
SERIES = load_density_series({BUNDLED_WINDOW: PRICES})
SESSIONS = load_sessions()
CLOSE = {"rtol": 2e-4, "atol": 1e-5}  # stored to six digits


@pytest.mark.parametrize("model", list(SESSIONS))
def test_scores_and_ratios_follow_from_the_sessions(model):
    stored = select(load_distributions(), dataset=NFLX, model=model).iloc[0]
    table = SESSIONS[model]
    for name, value in summarise_scores(table).items():
        np.testing.assert_allclose(stored[name], value, err_msg=name, equal_nan=True, **CLOSE)
    for column, reference in references(model).items():
        found = loss_ratio(table["crps"], SESSIONS[reference]["crps"])
        ends = [stored[name] for name in (column, f"{column}_low", f"{column}_high")]
        np.testing.assert_allclose(ends, found, err_msg=column, **CLOSE)


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("model", list(SESSIONS))
def test_backtests_follow_from_the_sessions(model, tail):
    stored = select(load_backtests(), dataset=NFLX, model=model, tail=tail).iloc[0]
    table = SESSIONS[model]
    found = backtest(
        table["return"], table[quantile_name(tail)], table[f"shortfall_{tail:g}"], tail
    )
    for name, value in found.items():
        np.testing.assert_allclose(stored[name], value, err_msg=name, equal_nan=True, **CLOSE)


@pytest.mark.parametrize("dataset", list(TICKERS.values()))
def test_simple_models_score_the_same_from_the_prices(dataset):
    of = SERIES[dataset]
    came = of.returns.to_numpy()[of.train :]
    crps = {name: made.crps(came) for name, made in simple_forecasts(of).items()}
    rows = select(load_distributions(), dataset=dataset).set_index("model")
    for name, scores in crps.items():
        assert rows.loc[name, "crps"] == pytest.approx(scores.mean(), rel=1e-4)
        ratio = scores.mean() / crps[REFERENCE].mean()
        assert rows.loc[name, "ratio"] == pytest.approx(ratio, rel=1e-4)


def test_the_sessions_of_garch_are_those_of_the_prices():
    of = SERIES[NFLX]
    came = of.returns.iloc[of.train :]
    found = score_sessions(simple_forecasts(of)["garch_t"], came.to_numpy()).set_index(came.index)
    stored = SESSIONS["garch_t"]
    pd.testing.assert_frame_equal(
        stored, found, rtol=1e-4, check_names=False, check_index_type=False
    )


def test_tiers_follow_from_the_sessions():
    found = tier_rows(NFLX, tier_portfolios(SESSIONS, SERIES[NFLX]))
    found = found.set_index(["model", "tier"]).drop(columns="dataset")
    stored = select(load_tiers(), dataset=NFLX).fillna({"tier": ""}).set_index(["model", "tier"])
    assert len(stored) == len(found)
    np.testing.assert_allclose(
        stored.loc[found.index, found.columns], found, rtol=2e-3, atol=2e-4, equal_nan=True
    )


def test_intervals_around_persistence_follow_from_the_prices():
    order = ["center", "method", "horizon", "level"]
    found = summarise_coverage([persistence_coverage(PRICES["close"])]).set_index(order)
    rows = select(load_coverage(), dataset=BUNDLED_WINDOW, center="persistence")
    stored = rows.set_index(order)[found.columns]
    assert set(rows["method"]) >= {"bootstrap", "split", "adaptive"}
    # A store may be older than the two methods that came later; what it has must be right.
    missing = {"rolling", "normalised"} - set(rows["method"])
    found = found.drop(index=list(missing), level="method")
    np.testing.assert_allclose(stored.loc[found.index], found, **CLOSE)
    assert len(stored) == len(found)


def test_readings_of_the_value_at_risk_follow_from_the_prices():
    stored = select(load_values(), dataset=BUNDLED_WINDOW).set_index(["key", "method"])
    for row in (*claims_on_var(PRICES), *claims_on_the_end(PRICES)):
        found = stored.loc[(row["key"], row["method"]), ["estimate", "low", "high"]]
        told = [row["estimate"], row["low"], row["high"]]
        np.testing.assert_allclose(found.astype(float), told, equal_nan=True, **CLOSE)


def test_stored_networks_have_the_keys_of_those_trained_once():
    """Their keys must not move: all of them would be trained again."""
    stored = load_density_runs()
    bundled = stored["dataset"].isin(list(TICKERS.values()))
    once = stored["recipe"].isin([*OWN, *POOLED])
    assert set(stored.loc[bundled & once, "key"]) == set(density_runs(SERIES))
