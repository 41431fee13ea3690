"""Intervals of every kind side by side: conformal ones, and those that distributions give."""

from __future__ import annotations

import pandas as pd

from paperlib.experiments.catalogue import BUNDLED_WINDOW, PAPER_WINDOW
from paperlib.experiments.density_runs import NFLX, NFLX_2025

CONFORMAL = {
    "split": "split conformal",
    "rolling": "rolling conformal",
    "normalised": "scaled conformal",
    "adaptive": "adaptive conformal",
}
DRAWN = {
    "static_t": "static Student-t",
    "garch_t": "GARCH",
    "garch_t_calendar": "GARCH, calendar",
    "lstm_pooled_calendar": "LSTM, pooled, calendar",
}
WINDOWS = {"paper's": (PAPER_WINDOW, NFLX_2025), "bundled": (BUNDLED_WINDOW, NFLX)}


def interval_score_table(coverage: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Lay out 90 % intervals of Netflix one session ahead, a row a method.

    Args:
        coverage: as :func:`paperlib.experiments.store.load_coverage` has it; of it the conformal
            intervals around persistence are taken.
        scores: as :func:`paperlib.experiments.store.load_distributions` has them.

    Returns:
        The share inside (per cent) and the Winkler score (log return in per cent) on the paper's
        window and on the bundled one; a dash where a method was not computed.
    """
    around = coverage[(coverage["center"] == "persistence") & (coverage["horizon"] == 1)]
    conformal = around[around["level"] == 0.9].set_index(["dataset", "method"])
    drawn = scores.set_index(["dataset", "model"])[["coverage_90", "winkler_90"]]
    drawn.columns = ["coverage", "winkler"]
    methods = [*((0, *of) for of in CONFORMAL.items()), *((1, *of) for of in DRAWN.items())]
    lines = []
    for kind, method, name in methods:
        line = {"90% intervals": name}
        for window, datasets in WINDOWS.items():
            row, table = (datasets[kind], method), (conformal, drawn)[kind]
            found = table.loc[row] if row in table.index else None
            line[f"inside (%), {window}"] = "–" if found is None else f"{found['coverage']:.0f}"
            line[f"Winkler, {window}"] = "–" if found is None else f"{found['winkler']:.2f}"
        lines.append(line)
    return pd.DataFrame(lines)
