"""What changes later moves no honest forecast, and is seen where one looks ahead."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from madeforecasts import CLOSE, PRICES

from paperlib.judging.later_prices import look_ahead

TEST = 200


def honest(close: pd.Series) -> pd.Series:
    return close.rolling(5).mean().shift(1).iloc[-TEST:]


def test_an_honest_pipeline_does_not_move():
    found = look_ahead(honest, PRICES)
    assert (found.moved, found.of, found.first) == (0, TEST // 2 + 1, None)
    assert found.largest == 0
    # The forecast of the session after the last that stays may know that last close, no later one.
    assert found.last == CLOSE.index[-TEST // 2 - 1]
    assert "does not look ahead here" in str(found)


@pytest.mark.parametrize("ahead", [1, 2, 5])
def test_one_that_sees_so_many_sessions_ahead_moves_so_many_forecasts(ahead):
    def peeks(close: pd.Series) -> pd.Series:
        return close.shift(1 - ahead).ffill().iloc[-TEST:]

    found = look_ahead(peeks, PRICES)
    assert found.moved == ahead
    assert found.first == CLOSE.index[-TEST // 2 - ahead + 1]
    assert found.largest == pytest.approx(np.exp(2) - 1)
    assert str(found).startswith("It looks ahead: closes after ")


def test_a_scaler_that_has_seen_all_moves_all():
    def scales(close: pd.Series) -> pd.Series:
        middle = (close.min() + close.max()) / 2  # of earlier closes, until later ones leave them
        return (middle + 0.9 * (close.shift(1) - middle)).iloc[-TEST:]

    assert look_ahead(scales, CLOSE).moved == TEST // 2 + 1


def test_one_that_is_not_repeatable_is_told_to_set_its_seeds():
    rng = np.random.default_rng()
    with pytest.raises(ValueError, match="otherwise each time on the same prices: set its seeds"):
        look_ahead(lambda close: honest(close) + rng.normal(), CLOSE)


def test_a_split_that_follows_prices_is_told():
    def splits(close: pd.Series) -> pd.Series:
        return close.shift(1)[close > close.iloc[-1]].iloc[1:]

    with pytest.raises(ValueError, match="fix its split"):
        look_ahead(splits, CLOSE)


def test_one_that_reads_a_global_is_told():
    with pytest.raises(ValueError, match="does not use the closes that it is given"):
        look_ahead(lambda close: CLOSE.iloc[-TEST:], CLOSE)
