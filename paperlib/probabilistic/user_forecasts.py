"""Two functions for a person with prices: ``forecast`` and ``risk_report``.

Both train the density network on the prices they are given, and say so, or use
networks that they saved before.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import joblib
import numpy as np
import pandas as pd

from paperlib.prices.calendar import next_sessions
from paperlib.prices.series import fingerprint
from paperlib.probabilistic.density_network import (
    DensityFit,
    fit_density,
    forecast_density,
    load_density,
    simulate_density,
)
from paperlib.probabilistic.features import (
    DensityRecipe,
    ReturnWindows,
    log_returns,
    make_return_windows,
)
from paperlib.probabilistic.scores import LEVELS, TAILS
from paperlib.probabilistic.student_t import combine
from paperlib.probabilistic.volatility import garch_student_t, static_student_t
from paperlib.recipe import MIN_SESSIONS, digest
from paperlib.stats.var_backtests import backtest, check_tail
from paperlib.training import save_fit
from paperlib.windows import checked_dollars

RECIPE = DensityRecipe()
PATHS = 2000
TEST_SHARE = 0.2


def forecast(
    prices: pd.DataFrame,
    horizon: int = 30,
    levels: Sequence[float] = LEVELS,
    members: int = 5,
    saved: str | Path | None = None,
) -> pd.DataFrame:
    """Forecast the sessions after the data, with central intervals.

    An ensemble of density networks is trained on all the prices, of which the last tenth stops
    the training; from it paths are drawn.

    Args:
        prices: as :func:`paperlib.prices.series.load_prices` returns them.
        horizon: sessions ahead, at least 1.
        levels: probabilities of the intervals, each in (0, 1).
        members: networks, each with a seed of its own; more are slower and steadier.
        saved: a folder in which networks are looked for, and kept once trained; ``None`` for none.

    Returns:
        A row a level and session ahead, with ``session``, ``horizon``, ``level``, ``low``,
        ``median`` and ``high``, in dollars.

    Raises:
        ValueError: for a horizon, level or number of members that can't be, or for prices that
            are too few or never change.
    """
    if horizon < 1 or members < 1:
        raise ValueError("the horizon and the number of members must be at least 1.")
    if not len(levels) or not all(0 < level < 1 for level in levels):
        raise ValueError(f"levels are probabilities between 0 and 1, got {list(levels)}.")
    returns = checked_returns(prices, MIN_SESSIONS)
    fits, windows = _ensemble(prices, returns, len(returns), members, saved)
    each = -(-PATHS // members)  # rounded up
    drawn = [simulate_density(f, returns, windows, horizon, f.seed, each) for f in fits]
    closes = prices["close"].iloc[-1] * np.exp(np.concatenate(drawn).cumsum(axis=1) / 100)
    sessions = next_sessions(returns.index[-1], horizon)
    return pd.concat(
        pd.DataFrame(
            {
                "session": sessions,
                "horizon": np.arange(1, horizon + 1),
                "level": level,
                "low": np.quantile(closes, (1 - level) / 2, axis=0),
                "median": np.median(closes, axis=0),
                "high": np.quantile(closes, (1 + level) / 2, axis=0),
            }
        )
        for level in levels
    ).reset_index(drop=True)


def risk_report(
    prices: pd.DataFrame,
    tails: Sequence[float] = TAILS,
    members: int = 5,
    saved: str | Path | None = None,
) -> pd.DataFrame:
    """Report the next session's risk by four models, and how each has done on the last fifth.

    All are estimated once, on the first four fifths of the returns. *calendar*: told the sessions
    of the quarter in which moves are largest.

    Args:
        prices: as :func:`paperlib.prices.series.load_prices` returns them.
        tails: probabilities of the value at risk, each in (0, 0.5).
        members: as for :func:`forecast`.
        saved: likewise.

    Returns:
        A row a model and tail, with ``next_var`` and ``next_shortfall``, log returns in per cent,
        and the columns of :func:`paperlib.stats.var_backtests.backtest` over the last fifth.

    Raises:
        ValueError: as :func:`forecast`, of a tail instead of a level.
    """
    if members < 1 or not len(tails):
        raise ValueError("give at least one member and one tail.")
    for tail in tails:
        check_tail(tail)
    # So that the first four fifths have as many.
    returns = checked_returns(prices, math.ceil(MIN_SESSIONS / (1 - TEST_SHARE)))
    train = int(len(returns) * (1 - TEST_SHARE))
    fits, windows = _ensemble(prices, returns, train, members, saved)
    r = returns.to_numpy()
    sessions = returns.index.append(next_sessions(returns.index[-1], 1))
    factors = windows.window.factors(sessions)
    models = {
        "LSTM, one ticker, calendar": combine([forecast_density(f, windows) for f in fits]),
        "GARCH, calendar": garch_student_t(r / factors[:-1], train).times(factors),
        "GARCH": garch_student_t(r, train),
        "static Student-t": static_student_t(r, train),
    }
    rows = []
    for name, made in models.items():
        made = made.at(slice(-(len(r) - train) - 1, None))  # the test part, and the session after
        for tail in tails:
            var, shortfall = made.quantile(tail), made.shortfall(tail)
            row = {
                "model": name,
                "tail": tail,
                "next_var": var[-1],
                "next_shortfall": shortfall[-1],
            }
            rows.append(row | backtest(r[train:], var[:-1], shortfall[:-1], tail))
    return pd.DataFrame(rows)


def checked_returns(prices: pd.DataFrame, least: int) -> pd.Series:
    """Return log returns in per cent, or say why no distribution can be learnt from the prices.

    Raises:
        ValueError: for too few sessions, closes that are missing or not positive, sessions that
            don't ascend, or a close that hardly ever changes.
    """
    checked_dollars(prices["close"])
    returns = log_returns(prices)
    if len(prices) < least:
        raise ValueError(
            f"{len(prices)} sessions are too few to learn a distribution from; bring {least}."
        )
    if (returns != 0).mean() < 0.5:
        raise ValueError("the close hardly ever changes; there is no risk to learn from it.")
    return returns


def _ensemble(
    prices: pd.DataFrame, returns: pd.Series, train: int, members: int, saved: str | Path | None
) -> tuple[list[DensityFit], ReturnWindows]:
    """Load the networks of seeds 0, 1, ..., or train and keep those that are missing; say which."""
    windows = make_return_windows(returns, RECIPE, train)
    folder = Path(saved) if saved is not None else None
    stem = digest([asdict(RECIPE), fingerprint(prices).sha256, train])
    paths = {seed: folder and folder / f"{stem}-{seed}.pt" for seed in range(members)}
    at_hand = [seed for seed, path in paths.items() if path and path.exists()]
    missing = [seed for seed in paths if seed not in at_hand]
    if at_hand:
        print(f"Saved networks found: {len(at_hand)}.")
    fits = {seed: load_density(paths[seed]) for seed in at_hand}
    if missing:
        print(f"Networks to train on {windows.train} sessions: {len(missing)}, some seconds each.")
        parallel = joblib.Parallel(n_jobs=min(joblib.cpu_count(), len(missing)))
        made = parallel(joblib.delayed(fit_density)(RECIPE, [windows], seed) for seed in missing)
        fits |= dict(zip(missing, made, strict=True))
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        for seed in missing:
            save_fit(fits[seed], paths[seed])
    return [fits[seed] for seed in range(members)], windows
