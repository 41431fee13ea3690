"""Against ARIMA the evidence is that of the stored values, reading by reading."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from paperlib.claims import comparison_evidence
from paperlib.claims.arima_evidence import RATIOS, arima_answers
from paperlib.claims.ledger import load_claims
from paperlib.experiments.catalogue import PAPER_WINDOW
from paperlib.experiments.readings import MODELS
from paperlib.experiments.store import load_values, select
from paperlib.prices.series import BUNDLED

CLAIMS = {claim.value: claim for claim in load_claims().values() if claim.value in RATIOS}


def test_every_comparison_of_runs_that_is_stored_as_a_ratio_has_its_evidence():
    stored = {
        claim.value
        for claim in load_claims().values()
        if claim.kind == "comparison" and claim.value and not claim.asked
    }
    assert stored == set(RATIOS) == set(CLAIMS)


@pytest.mark.parametrize("value", ["arima_over_lstm_mse", "arima_over_rnn_mse"])
def test_under_the_first_reading_it_is_the_stored_ratio(value):
    """Found by evaluating forecasts one by one; here from the runs' own errors."""
    rows = select(load_values(), key=value, dataset=PAPER_WINDOW, protocol="as_published")
    found = np.exp(arima_answers(CLAIMS[value]).readings["decay 0.01"])
    stored = rows[["estimate", "low", "high"]].to_numpy()
    assert np.isclose(stored, found, rtol=1e-3).all(axis=1).any()


def test_an_error_that_grows_with_the_horizon_contradicts_that_it_is_stable():
    found = arima_answers(CLAIMS["lstm_growth_30_days_ratio"])
    growth = np.exp(-found.readings["decay 0.01"].estimate)
    assert growth > 1
    assert found.not_asked == ["over sessions", "elsewhere"]


def test_elsewhere_arima_is_held_against_the_mean_of_the_seeds(monkeypatch):
    rows = []
    for period, ticker in product(range(1, 9), BUNDLED):
        cell = {"period": period, "ticker": ticker}
        for name, mse in (("arima", 2.0 + period), ("arima_30", 900.0), ("arima_path", 900.0)):
            rows.append(cell | {"setting": "arima", "recipe": name, "test_mse": mse})
        for setting, name in product(("decay 0.01", "no L2"), MODELS):
            mse = 4.0 + 2 * period if setting == "no L2" else 1.0
            rows += [cell | {"setting": setting, "recipe": name, "test_mse": mse}] * 2
    monkeypatch.setattr(comparison_evidence, "cell_runs", lambda: pd.DataFrame(rows))
    found = arima_answers(CLAIMS["arima_over_rnn_mse"]).elsewhere
    assert np.exp(found["no L2"]) == pytest.approx((0.5, 0.5, 0.5))
    logs = np.log(2.0 + np.arange(1, 9))
    assert found["decay 0.01"].estimate == pytest.approx(logs.mean())
