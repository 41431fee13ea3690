"""What to call the measures that claims are judged by."""

from __future__ import annotations

import re

FRACTION = "mape_of_scaled"
"""A measure that is no per cent though its claim is one; the sign would multiply by hundred."""

MEASURES_IN_WORDS = {
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
}
"""What to call the measures that claims are judged by, longer names first."""


def in_words(reading: str) -> str:
    """Put a reading of a claim in a reader's words."""
    for name, title in MEASURES_IN_WORDS.items():
        reading = re.sub(rf"\b{name}(_p)?\b", title, reading)
    return reading
