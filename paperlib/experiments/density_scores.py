"""What the density networks and their rivals were worth on the test part, for the store."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from paperlib.experiments.density_runs import Drawn, Members, Series
from paperlib.experiments.half_years import REESTIMATED, follow, half_year_starts
from paperlib.probabilistic.earnings import choose_window
from paperlib.probabilistic.scores import (
    LEVELS,
    TAILS,
    is_inside,
    quantile_name,
    relative_loss,
    score_draws,
    score_sessions,
    summarise_scores,
)
from paperlib.probabilistic.student_t import StudentMixture, combine
from paperlib.probabilistic.volatility import garch_student_t, static_student_t
from paperlib.stats.forecast_tests import loss_ratio
from paperlib.stats.interval import Interval
from paperlib.stats.seeds import block_bootstrap_interval, prediction_interval
from paperlib.stats.var_backtests import backtest, tick_loss

REFERENCE, WITH_CALENDAR = "garch_t", "garch_t_calendar"
SIMPLE_MODELS = {"static_t": static_student_t, "garch_t": garch_student_t}
SIX = "six tickers"


def simple_forecasts(series: Series) -> dict[str, StudentMixture]:
    """Forecast a test part with the simple models, without and with the calendar.

    With it, returns are divided by how large moves are at their place in the quarter, and the
    forecasts multiplied by it.
    """
    r, test = series.returns.to_numpy(), slice(series.train, len(series.returns))
    factors = choose_window(series.returns[: series.train]).factors(series.returns.index)
    found = {}
    for name, model in SIMPLE_MODELS.items():
        found[name] = model(r, series.train).at(test)
        found[f"{name}_calendar"] = model(r / factors, series.train).at(test).times(factors[test])
    return found


def reestimated_garch(series: Series) -> dict[str, StudentMixture]:
    """Forecast a test part with GARCH estimated anew each half year, and its calendar with it."""
    starts = half_year_starts(series)
    made = [simple_forecasts(replace(series, train=start)) for start in starts]
    return {
        f"{name}{REESTIMATED}": follow([of[name] for of in made], starts)
        for name in (REFERENCE, WITH_CALENDAR)
    }


def score_dataset(of: Series, members: Members, drawn: Drawn) -> dict[str, pd.DataFrame]:
    """Score every model's forecasts of a series' test part, session by session.

    Args:
        of: the series.
        members: the networks' forecasts.
        drawn: where there are any, what each seed's dropout drew.

    Returns:
        By model the table of :func:`paperlib.probabilistic.scores.score_sessions`, indexed by
        session; of networks, what all seeds say together.
    """
    found = score_forecasts(of, simple_forecasts(of) | reestimated_garch(of), members)
    came = of.returns.iloc[of.train :]
    for name, seeds in drawn.items():
        table = score_draws(np.concatenate(seeds, axis=1), came.to_numpy())
        found[name] = table.set_index(came.index)
    return found


def score_forecasts(
    of: Series, made: dict[str, StudentMixture], members: Members
) -> dict[str, pd.DataFrame]:
    """Score forecasts of a test part, and what all seeds of each network say together.

    Arguments and what is returned are those of :func:`score_dataset`, but for what others made.
    """
    came = of.returns.iloc[of.train :]
    made = made | {name: combine(seeds) for name, seeds in members.items()}
    found = {name: score_sessions(forecast, came.to_numpy()) for name, forecast in made.items()}
    return {name: table.set_index(came.index) for name, table in found.items()}


def references(model: str) -> dict[str, str]:
    """Name what a model's CRPS is held against: GARCH, and GARCH that knows as much.

    ``ratio`` is to GARCH without the calendar, as for every model; ``equal_ratio`` to GARCH with
    the calendar, if the model has it, and re-estimated, if the model is.
    """
    once = model.removesuffix(REESTIMATED)
    equal = WITH_CALENDAR if once.endswith("_calendar") else REFERENCE
    return {"ratio": REFERENCE, "equal_ratio": equal + model.removeprefix(once)}


def score_rows(dataset: str, sessions: dict[str, pd.DataFrame], members: Members) -> pd.DataFrame:
    """Sum up every model: a row each, for ``distributions.csv``.

    Beside :func:`paperlib.probabilistic.scores.summarise_scores` the ratios of :func:`references`
    with their 95 % block-bootstrap intervals; and of a network ``run_ratio``, the CRPS of one
    network over GARCH's, with the 95 % prediction interval of one run.
    """
    crps = {name: table["crps"].to_numpy() for name, table in sessions.items()}
    rows = {}
    for name, table in sessions.items():
        rows[name] = summarise_scores(table)
        for column, reference in references(name).items():
            rows[name] |= interval_columns(column, loss_ratio(crps[name], crps[reference]))
    came = sessions[REFERENCE]["return"].to_numpy()
    for name, seeds in members.items():
        of_runs = [one.crps(came).mean() / crps[REFERENCE].mean() for one in seeds]
        rows[name] |= interval_columns("run_ratio", prediction_interval(of_runs))
    table = pd.DataFrame(rows).T.rename_axis("model").reset_index()
    return table.assign(dataset=dataset)


def single_networks(members: Members, drawn: Drawn, tail: float) -> dict[str, list[np.ndarray]]:
    """Return the values at risk of each seed's network by itself, (n,) per cent, by model."""
    found = {name: [one.quantile(tail) for one in seeds] for name, seeds in members.items()}
    return found | {
        name: [np.quantile(one, tail, axis=1) for one in seeds] for name, seeds in drawn.items()
    }


def backtest_rows(
    dataset: str,
    sessions: dict[str, pd.DataFrame],
    members: Members,
    drawn: Drawn,
) -> pd.DataFrame:
    """Backtest every model's value at risk and shortfall: a row a model and tail.

    Beside :func:`paperlib.stats.var_backtests.backtest`, ``tick_ratio``: the tick loss over GARCH's
    with its 95 % block-bootstrap interval; and of networks the violations of each seed's network by
    itself: the median (``run_violations``) and the fewest and most (``..._low``, ``..._high``).
    """
    rows = []
    for tail in TAILS:
        alone = single_networks(members, drawn, tail)
        var = {name: table[quantile_name(tail)] for name, table in sessions.items()}
        losses = {name: tick_loss(sessions[name]["return"], var[name], tail) for name in sessions}
        for name, table in sessions.items():
            came = table["return"].to_numpy()
            row = {"model": name, "tail": tail}
            row |= backtest(came, var[name], table[f"shortfall_{tail:g}"], tail)
            row |= interval_columns("tick_ratio", loss_ratio(losses[name], losses[REFERENCE]))
            if name in alone:
                counts = [int((came < one).sum()) for one in alone[name]]
                middle = Interval(float(np.median(counts)), min(counts), max(counts))
                row |= interval_columns("run_violations", middle)
            rows.append(row)
    return pd.DataFrame(rows).assign(dataset=dataset)


def over_tickers(sessions: dict[str, dict[str, pd.DataFrame]]) -> pd.DataFrame:
    """Compare models over six tickers together, each ticker weighing the same.

    Args:
        sessions: by dataset what :func:`score_dataset` returned, of the same sessions.

    Returns:
        A row a model that all have, with the ratios of :func:`references` and their 95 %
        intervals, and the coverages with theirs, for which a session is resampled for all tickers
        at once; and the means over tickers of the other scores.
    """
    tables = list(sessions.values())

    def crps(model: str) -> list[np.ndarray]:
        """Return a model's scores of each ticker."""
        return [table[model]["crps"].to_numpy() for table in tables]

    rows = []
    for model in (name for name in tables[0] if all(name in table for table in tables)):
        means = pd.DataFrame([summarise_scores(table[model]) for table in tables]).mean()
        row = {"model": model} | means.to_dict()
        for level in LEVELS:
            held = np.mean([is_inside(table[model], level) for table in tables], axis=0)
            found = block_bootstrap_interval(100 * held)
            row |= interval_columns(f"coverage_{100 * level:g}", found)
        for column, reference in references(model).items():
            row |= interval_columns(column, relative_loss(crps(model), crps(reference)))
        rows.append(row)
    return pd.DataFrame(rows).assign(dataset=SIX, pit_p=np.nan)  # no mean of p-values


def interval_columns(name: str, found: Interval) -> dict[str, float]:
    """Lay an interval out as columns."""
    return {name: found.estimate, f"{name}_low": found.low, f"{name}_high": found.high}
