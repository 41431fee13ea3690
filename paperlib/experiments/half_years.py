"""Models estimated anew each half year of the test part, on all that precedes it.

Each network of a half year is a run as any other, whose series have a longer training part; that of
the first half year is the one that :mod:`paperlib.experiments.density_runs` has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from paperlib.experiments.density_runs import (
    NFLX_2025,
    TICKERS,
    DensityRun,
    Members,
    Series,
    density_grid,
)
from paperlib.experiments.pieces import Piece
from paperlib.probabilistic.student_t import StudentMixture, join

HALF_YEAR = 126  # sessions
RECIPE = "lstm_pooled_calendar"
REESTIMATED = "_reestimated"
"""What ends the name of a model that was."""


class Network(NamedTuple):
    """One training, and its series as they stood when its half year began."""

    run: DensityRun
    series: dict[str, Series]

    def key(self) -> str:
        """Digest of everything that decides the numbers."""
        return self.run.key(self.series)


def half_year_starts(series: Series) -> list[int]:
    """Count the returns before each half year of a test part, ascending.

    There are as many half years as come nearest to its length; the last has what is left.
    """
    first, sessions = series.train, len(series.returns) - series.train
    later = range(HALF_YEAR, HALF_YEAR * round(sessions / HALF_YEAR), HALF_YEAR)
    return [first, *(first + past for past in later)]


def networks_by_half_year(dataset: str, series: dict[str, Series]) -> list[list[Network]]:
    """Name the networks that forecast a test part: of each seed a list, one a half year.

    On the paper's window the five other tickers end earlier than the test part does; of these all
    that precedes a half year is what there is.

    Args:
        dataset: such as ``nflx-2013-2023``; of the bundled end each has the same networks.
        series: all of them.
    """
    of, pool = series[dataset], tuple(TICKERS.values())
    if dataset == NFLX_2025:
        pool = (NFLX_2025, *(other for ticker, other in TICKERS.items() if ticker != "NFLX"))
    later = [
        {name: _as_of(series[name], of, start) for name in pool}
        for start in half_year_starts(of)[1:]
    ]
    return [
        [
            Network(once, series),
            *(
                Network(replace(once, recipe_name=f"{RECIPE}_half_{k}", members=pool), stood)
                for k, stood in enumerate(later, start=1)
            ),
        ]
        for once in density_grid(dataset)
        if once.recipe_name == RECIPE
    ]


def reestimations(series: dict[str, Series]) -> dict[str, Network]:
    """Name every network to train beside those trained once, by key."""
    datasets = [*TICKERS.values(), *([NFLX_2025] if NFLX_2025 in series else [])]
    return {
        network.key(): network
        for dataset in datasets
        for networks in networks_by_half_year(dataset, series)
        for network in networks[1:]
    }


def load_reestimated(
    dataset: str, series: dict[str, Series], load: Callable[[str], Piece]
) -> Members:
    """Put together what each seed's networks forecast of a dataset's test part.

    Args:
        dataset: such as ``nflx-2013-2023``.
        series: all of them.
        load: returns the piece of a key.
    """
    starts = half_year_starts(series[dataset])
    seeds = []
    for networks in networks_by_half_year(dataset, series):
        made = [load(network.key()).arrays[dataset] for network in networks]
        forecasts = [StudentMixture(*(x[None] for x in arrays)) for arrays in made]
        seeds.append(follow(forecasts, starts))
    return {RECIPE + REESTIMATED: seeds}


def follow(forecasts: list[StudentMixture], starts: list[int]) -> StudentMixture:
    """Take each model's forecasts until the next one is estimated.

    Args:
        forecasts: of each model those of all sessions from its start on.
        starts: of each model, ascending.
    """
    until = [*(after - start for start, after in pairwise(starts)), None]
    return join([made.at(slice(n)) for made, n in zip(forecasts, until, strict=True)])


def _as_of(series: Series, of: Series, start: int) -> Series:
    """Let a training part end where that of another series does if it has ``start`` returns."""
    return replace(series, train=int((series.returns.index < of.returns.index[start]).sum()))
