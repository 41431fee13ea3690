"""Two tables of words: how a test set leaks, and where the paper's figures are answered."""

from __future__ import annotations

import pandas as pd

LEAKS = (
    (
        "no test set",
        "one, but it is also the validation set [inferred]",
        "read once a run, though by every run of the book",
        "fig-who-sees-what",
    ),
    (
        "preprocessing on training and test data",
        "scale from the whole series [inferred]",
        "scale from the training part",
        "fig-leaks",
    ),
    (
        "features selected on all data",
        "one feature, the close",
        "the same; the density networks' inputs were chosen on earlier folds",
        "tab-folds",
    ),
    (
        "duplicates across the split",
        "windows overlap at the seam: 30 inputs of the first test target lie in the training part",
        "the same; inputs are past closes, which a forecaster has",
        "fig-who-sees-what",
    ),
    (
        "features that stand in for the target",
        "none",
        "none; a test holds every forecast to closes before it",
        "fig-who-sees-what",
    ),
    (
        "future data in training",
        "not in the gradient; scale and stopping see it [inferred]",
        "no",
        "fig-who-sees-what",
    ),
    (
        "dependent training and test data",
        "one series, so yes",
        "the same; five more tickers share the market and the years",
        "tab-tickers",
    ),
    (
        "test set unlike the population of interest",
        "one ticker, one test period",
        "two windows, five more tickers, a placebo",
        "tab-placebo",
    ),
    (
        "best of several runs reported",
        "not said",
        "all seeds drawn",
        "tab-best-of-ten",
    ),
)
"""How a test set leaks into a score (Kapoor & Narayanan 2023), and one way more; in the paper, here
leak-free, and what shows it."""

ANSWERED = (
    (
        "figure 1, inside of a cell",
        "fig-cell, fig-gates, fig-walk",
    ),
    (
        "figure 2, close price",
        "fig-close, fig-who-sees-what",
    ),
    (
        "figure 3, loss curves",
        "fig-losses, fig-penalised, fig-step-control, fig-story",
    ),
    (
        "figure 4, first 220 test samples",
        "fig-figure-4, tab-figure-4-axis, fig-zoom",
    ),
    (
        "figure 5, thirty days ahead",
        "fig-outlook, fig-ahead, fig-horizons",
    ),
    (
        "table 1, the LSTM",
        "tab-table-1, tab-implied-price, fig-race",
    ),
    (
        "table 2, against RNN and ARIMA",
        "tab-paper-table-2, fig-standings, fig-tests",
    ),
    (
        "table 3, second layer",
        "tab-layers, fig-layer-ratios, fig-elsewhere-layer",
    ),
    (
        "table 4, dropout",
        "tab-dropout, fig-dropout-ratios, fig-elsewhere-dropout",
    ),
    (
        "table 5, initialisation",
        "tab-init, fig-init-ratios, fig-elsewhere-init",
    ),
    (
        "table 6, clipping",
        "tab-clipping, fig-clipping-ratios, fig-elsewhere-clipping",
    ),
    (
        "table 7, learning rate",
        "tab-schedule, fig-schedule-ratios, fig-elsewhere-schedule",
    ),
    (
        "error diagnostics (text)",
        "fig-error-shares, fig-error-size, tab-error-tests",
    ),
    (
        "uncertainty (text)",
        "fig-bands, fig-coverage, fig-crps",
    ),
    (
        "value at risk, tiers (text)",
        "tab-historical-var, fig-var, fig-wealth",
    ),
    (
        "what it does not have",
        "tab-persistence, fig-leaks, fig-placebo, fig-nearest",
    ),
)
"""The paper's figures and tables, and which of ours answer them."""


def leak_checklist() -> pd.DataFrame:
    """List the ways in which a test set leaks, in the paper and here."""
    return pd.DataFrame(LEAKS, columns=["leak", "the paper", "this book, leak-free", "see"])


def figure_index() -> pd.DataFrame:
    """List which of our figures and tables answer those of the paper."""
    return pd.DataFrame(ANSWERED, columns=["the paper", "this book"])
