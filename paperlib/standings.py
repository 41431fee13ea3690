"""Tables of chapters 4 and 5: every model against persistence, and the claims of a chapter."""

from __future__ import annotations

import numpy as np
import pandas as pd

from paperlib.claims import load_claims
from paperlib.comparison import Interval, mean_ratio, prediction_interval
from paperlib.convergence import load_measures
from paperlib.grid import PAPER_WINDOW, SEEDS
from paperlib.store import load_values, select
from paperlib.verdicts import judge

SIMPLE = {
    "persistence": "persistence",
    "drift": "drift",
    "mean_return": "mean return",
    "arima_cut_off": "ARIMA by correlogram, cut-off",
    "arima_bic": "ARIMA by BIC",
    "arima_aic": "ARIMA by AIC",
    "arima_last_lag": "ARIMA by correlogram, last lag",
}
NETWORKS = {
    "published": "LSTM as published",
    "single_layer": "LSTM, one layer",
    "no_l2": "LSTM without L2",
    "rnn": "RNN",
}
ERRORS = ("mae_usd", "rmse_usd", "mape_pct", "mae_scaled", "rmse_scaled", "mase", "direction_pct")


def standings(dataset: str = PAPER_WINDOW, protocol: str = "as_published") -> pd.DataFrame:
    """Score every model one step ahead on the test part.

    Returns:
        Indexed by model, each with its ``title`` and

        - the errors of a typical run, for a network with the 95 % prediction interval of one run
          (``..._low``, ``..._high``), and the share of right directions, for a simple model and an
          ensemble with its exact 95 % interval;
        - ``ratio``: its MSE over persistence's, for a network the mean over seeds; with
          ``seeds_low`` and ``seeds_high``, the 95 % t interval of that mean, and ``sessions_low``
          and ``sessions_high``, the 95 % block-bootstrap interval over test sessions.
    """
    values = select(load_values(), dataset=dataset)
    values = values[values["protocol"].isna() | (values["protocol"] == protocol)]
    runs = select(load_measures(), dataset=dataset, protocol=protocol, status="ok")
    runs = runs[runs["seed"].isin(SEEDS)]
    rows = {}
    for name, title in SIMPLE.items():
        rows[name] = {"title": title} | _stored_row(select(values, model=name))
    for name, title in NETWORKS.items():
        of_recipe = select(runs, recipe=name)
        rows[name] = {"title": title} | _network_row(of_recipe, select(values, model=name))
        ensemble = f"{name}_ensemble"
        stored = _stored_row(select(values, model=ensemble))
        rows[ensemble] = {"title": f"{title}, ensemble"} | stored
    return pd.DataFrame(rows).T.rename_axis("model").infer_objects()


def _stored_row(values: pd.DataFrame) -> dict[str, float]:
    """Lay out the stored scores of a model that no seed moves."""
    by_key = values.drop_duplicates("key").set_index("key")[["estimate", "low", "high"]]
    row = {name: by_key["estimate"].get(name, np.nan) for name in ERRORS}
    direction = by_key.reindex(["direction_pct"]).iloc[0]
    ratio = by_key.loc["mse_over_persistence"]
    return row | {
        "direction_pct_low": direction["low"],
        "direction_pct_high": direction["high"],
        "ratio": ratio["estimate"],
        "sessions_low": ratio["low"],
        "sessions_high": ratio["high"],
    }


def _network_row(runs: pd.DataFrame, values: pd.DataFrame) -> dict[str, float]:
    """Summarise the runs of a network."""
    row = {}
    for name in ERRORS:
        column = name if name in ("mase", "direction_pct") else f"test_{name}"
        found = prediction_interval(runs[column])
        row |= {name: found.estimate, f"{name}_low": found.low, f"{name}_high": found.high}
    over_seeds = mean_ratio(runs["test_mse_scaled"] / runs["persistence_mse_scaled"])
    over_sessions = select(values, key="mse_over_persistence").iloc[0]
    return row | {
        "ratio": over_seeds.estimate,
        "seeds_low": over_seeds.low,
        "seeds_high": over_seeds.high,
        "sessions_low": over_sessions["low"],
        "sessions_high": over_sessions["high"],
    }


def with_interval(row: pd.Series, name: str, form: str) -> str:
    """Write a number of :func:`standings` with its interval, if it has one; a dash for none."""
    if np.isnan(row[name]):
        return "–"
    ends = [row.get(f"{name}_{end}", np.nan) for end in ("low", "high")]
    text = form.format(row[name])
    if np.isnan(ends).any():
        return text
    return f"{text} ({form.format(ends[0])} to {form.format(ends[1])})"


def standings_table(dataset: str = PAPER_WINDOW, protocol: str = "as_published") -> pd.DataFrame:
    """Write :func:`standings` as text, a line a model."""
    lines = []
    for _, row in standings(dataset, protocol).iterrows():
        lines.append(
            {
                "model": row["title"],
                "MAE ($)": with_interval(row, "mae_usd", "{:.1f}"),
                "RMSE ($)": with_interval(row, "rmse_usd", "{:.1f}"),
                "MAPE (%)": with_interval(row, "mape_pct", "{:.2f}"),
                "MASE": with_interval(row, "mase", "{:.2f}"),
                "MSE over persistence": short(row["ratio"]),
                "over seeds": _ends(row, "seeds"),
                "over sessions": _ends(row, "sessions"),
                "right directions (%)": with_interval(row, "direction_pct", "{:.0f}"),
            }
        )
    return pd.DataFrame(lines)


def _ends(row: pd.Series, name: str) -> str:
    low, high = row.get(f"{name}_low", np.nan), row.get(f"{name}_high", np.nan)
    return "–" if np.isnan([low, high]).any() or low == high else f"{short(low)} to {short(high)}"


def short(ratio: float) -> str:
    """Write a ratio with three digits after the point near one, else with three digits in all."""
    return f"{ratio:.3f}" if ratio < 2 else f"{ratio:.3g}"


def judge_chapter(chapter: int) -> pd.DataFrame:
    """List the claims that a chapter shows, with our answer and the verdict."""
    rows = []
    for claim in load_claims().values():
        if claim.chapter == chapter:
            found = judge(claim)
            rows.append(
                {
                    "claim": claim.words,
                    "paper": str(claim),
                    "ours": _show(found.ours),
                    "verdict": found.verdict,
                    "reading": found.reading,
                }
            )
    return pd.DataFrame(rows)


def _show(ours: Interval | None) -> str:
    if ours is None:
        return "–"
    if np.isnan([ours.low, ours.high]).any():
        return f"{ours.estimate:.3g}"
    return f"{ours.estimate:.3g} ({ours.low:.3g} to {ours.high:.3g})"
