"""Measures have names that a reader knows."""

from __future__ import annotations

import pytest

from paperlib.claims.ledger import load_claims
from paperlib.claims.words import in_words


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        ("test_mae_usd", "MAE in dollars"),
        ("test_mse_scaled, no L2", "MSE in scaled units, no L2"),
        ("size_and_volatility_now_p", "error's size, volatility of the month up to the day"),
        ("granger_volume_10_p, no L2", "volume for the error, lags: 10, no L2"),
        ("historical, 95 % level, test part", "historical, 95 % level, test part"),
    ],
)
def test_a_reading_is_put_in_words(reading, words):
    assert in_words(reading) == words


def test_no_measure_of_several_readings_keeps_the_name_of_its_column():
    for claim in load_claims().values():
        if len(set(claim.columns)) > 2:
            assert not [name for name in claim.columns if in_words(name) == name], claim.id
