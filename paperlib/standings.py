"""Tables of chapters 4 and 5: every model against persistence, and the claims of a chapter."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from paperlib.claims import Claim, load_claims
from paperlib.comparison import mean_ratio, prediction_interval
from paperlib.convergence import load_measures
from paperlib.grid import PAPER_WINDOW, SEEDS
from paperlib.store import load_values, select
from paperlib.tables import scientific
from paperlib.verdicts import Judgement, judge

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
          (``..._low``, ``..._high``), and the share of right directions, for a network the median
          run's, else with its exact 95 % interval over sessions;
        - ``ratio``: its MSE over persistence's, for a network the mean over seeds; with
          ``seeds_low`` and ``seeds_high``, the 95 % t interval of that mean, and ``sessions_low``
          and ``sessions_high``, the 95 % block-bootstrap interval over test sessions.
    """
    values = select(load_values(), dataset=dataset)
    values = values[values["protocol"].isna() | (values["protocol"] == protocol)]
    runs = select(load_measures(), dataset=dataset, protocol=protocol, status="ok")
    runs = runs[runs["seed"].isin(SEEDS)]
    unit = (runs["test_rmse_usd"] / runs["test_rmse_scaled"]).iloc[0]
    rows = {}
    for name, title in SIMPLE.items():
        rows[name] = {"title": title} | _stored_row(select(values, model=name), unit)
    for name, title in NETWORKS.items():
        of_recipe = select(runs, recipe=name)
        rows[name] = {"title": title} | _network_row(of_recipe, select(values, model=name))
        ensemble = f"{name}_ensemble"
        stored = _stored_row(select(values, model=ensemble), unit)
        rows[ensemble] = {"title": f"{title}, ensemble"} | stored
    return pd.DataFrame(rows).T.rename_axis("model").infer_objects()


def _stored_row(values: pd.DataFrame, unit: float) -> dict[str, float]:
    """Lay out the stored scores of a model that no seed moves.

    Its scaled errors are stored in the unit of the whole series; here they are in that of the
    protocol, as the networks' are.

    Args:
        values: its rows of ``values.csv``.
        unit: dollars in a scaled unit.
    """
    by_key = values.drop_duplicates("key").set_index("key")[["estimate", "low", "high"]]
    row = {name: by_key["estimate"].get(name, np.nan) for name in ERRORS}
    direction = by_key.reindex(["direction_pct"]).iloc[0]
    ratio = by_key.loc["mse_over_persistence"]
    return row | {
        "mae_scaled": row["mae_usd"] / unit,
        "rmse_scaled": row["rmse_usd"] / unit,
        "direction_pct_low": direction["low"],
        "direction_pct_high": direction["high"],
        "ratio": ratio["estimate"],
        "sessions_low": ratio["low"],
        "sessions_high": ratio["high"],
    }


def _network_row(runs: pd.DataFrame, values: pd.DataFrame) -> dict[str, float]:
    """Summarise the runs of a network."""
    row = {"direction_pct": runs["direction_pct"].median()}
    for name in ERRORS[:-1]:
        column = name if name == "mase" else f"test_{name}"
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


def ratio_text(ratio: float, low: float = np.nan, high: float = np.nan) -> str:
    """Write a ratio, with its interval if it has one, to the same number of decimals."""
    largest = np.nanmax([ratio, high])
    form = "{:.3f}" if largest < 2 else "{:.2f}" if largest < 10 else "{:.1f}"
    if np.isnan([low, high]).any() or low == high:
        return form.format(ratio)
    return f"{form.format(ratio)} ({form.format(low)} to {form.format(high)})"


def standings_table(dataset: str = PAPER_WINDOW, protocol: str = "as_published") -> pd.DataFrame:
    """Write :func:`standings` as text, a line a model."""
    lines = []
    for _, row in standings(dataset, protocol).iterrows():
        ends = {of: (row.get(f"{of}_low"), row.get(f"{of}_high")) for of in ("seeds", "sessions")}
        lines.append(
            {
                "model": row["title"],
                "MAPE (%)": with_interval(row, "mape_pct", "{:.2f}"),
                "MSE over persistence (over seeds)": ratio_text(row["ratio"], *ends["seeds"]),
                "the same (over sessions)": ratio_text(row["ratio"], *ends["sessions"]),
                "MAE ($)": with_interval(row, "mae_usd", "{:.1f}"),
                "RMSE ($)": with_interval(row, "rmse_usd", "{:.1f}"),
                "MAE (scaled)": with_interval(row, "mae_scaled", "{:.4f}"),
                "RMSE (scaled)": with_interval(row, "rmse_scaled", "{:.4f}"),
                "MASE": with_interval(row, "mase", "{:.2f}"),
                "right directions (%)": with_interval(row, "direction_pct", "{:.0f}"),
            }
        )
    return pd.DataFrame(lines)


FRACTIONS = ("mape_of_scaled",)
"""Measures that are no per cent though their claim is one; the sign would multiply by hundred."""

READINGS = {
    "mape_of_scaled": "MAPE of scaled closes, as a fraction",
    "test_mape_pct": "MAPE of prices, %",
    "train_mape_pct": "MAPE of prices, %",
    **{
        f"{part}_{metric}_{unit}": f"{metric.upper()} {shown}"
        for part in ("train", "test")
        for metric in ("mae", "rmse", "mse")
        for unit, shown in (("usd", "in dollars"), ("scaled", "in scaled units"))
    },
    "theil_systematic_pct": "bias and regression (Theil)",
    "willmott_systematic_pct": "systematic (Willmott)",
    "willmott_random_pct": "unsystematic (Willmott)",
    "disturbance_pct": "disturbance (Theil)",
    "unbiased_pct": "all but squared bias",
    "bias_pct": "squared bias",
    "adf_p": "ADF",
    "size_and_volatility_now": "error's size, volatility of the month up to the day",
    "size_and_volatility_week": "error's size, volatility of the week up to the day",
    "size_and_volatility": "error's size, volatility of the month before",
    "size_and_price": "error's size, price",
    "error_and_price": "error with its sign, price",
    "error_and_volatility": "error with its sign, volatility of the month before",
    "granger_size_5": "volume for the error's size, five lags",
    "granger_change_5": "change of volume for the error, five lags",
    **{
        f"granger_volume_{lags}": f"volume for the error, lags: {lags}" for lags in (10, 5, 3, 2, 1)
    },
    "rmse_day_1": "RMSE of day 1",
    "rmse_day_30": "RMSE of day 30",
    "rmse_30_days": "RMSE over 30 days",
    "mse_day_30": "MSE of day 30",
    "mse_30_days": "MSE over 30 days",
    "published over single_layer": "two layers over one",
    "rnn over published": "RNN over LSTM",
}
"""What to call the measures of the claims of chapters 4 and 5, longer names first."""


def in_words(reading: str) -> str:
    """Put a reading of a claim in a reader's words."""
    for name, title in READINGS.items():
        reading = re.sub(rf"\b{name}(_p)?\b", title, reading)
    return reading


def judge_chapter(chapter: int) -> pd.DataFrame:
    """List the claims that a chapter shows, with our answer and the verdict."""
    rows = []
    for claim in load_claims().values():
        if claim.chapter == chapter:
            found = judge(claim)
            rows.append(
                {
                    "claim": claim.words,
                    "paper": "a check of ours" if claim.kind == "check" else str(claim),
                    "ours": show_ours(found, claim),
                    "verdict": found.verdict,
                    "reading": in_words(found.reading),
                }
            )
    return pd.DataFrame(rows)


def show_ours(found: Judgement, claim: Claim) -> str:
    """Write our answer in the claim's unit, with the interval that decided; a dash for none."""
    if found.ours is None:
        return "–"
    numbers = found.ours[:1] if np.isnan(found.ours[1:]).any() else found.ours
    form = scientific if claim.kind == "p_value" else "{:.3g}".format
    first, *ends = map(form, numbers)
    text = first if found.reading in FRACTIONS else claim.in_unit(first)
    return f"{text} ({ends[0]} to {ends[1]})" if len(set(ends)) > 1 else text
