"""What networks might forecast of two tickers, made up instead of trained."""

from __future__ import annotations

import numpy as np

from paperlib.experiments.density_runs import Series
from paperlib.prices.series import load_prices
from paperlib.probabilistic.features import log_returns
from paperlib.probabilistic.student_t import StudentMixture

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
