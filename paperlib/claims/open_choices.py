"""What the paper leaves open, what we took, and what another choice would have changed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from paperlib.experiments.catalogue import BUNDLED_WINDOW, PAPER_WINDOW, SEEDS
from paperlib.experiments.leakage import price_leaks
from paperlib.experiments.price_series import ENDS
from paperlib.experiments.readings import load_reading_runs
from paperlib.experiments.sensitivity import READING_SEEDS
from paperlib.experiments.store import all_runs, load_runs, load_trials, load_values, select
from paperlib.recipe import PAPER_END
from paperlib.stats.seeds import compare_losses, mean_ratio, prediction_interval

NOT_MEASURED = "not measured"


def deviation_log() -> pd.DataFrame:
    """List the open choices with our pick and its effect, on the paper's window as published.

    Returns:
        ``choice``, ``ours``, ``effect``; effects are computed from stored results.
    """
    rows = [
        ("end of the data", "2025-03-31", _ends()),
        ("how L2 enters", "weight decay of 0.01", _penalties()),
        ("early stopping in the ablations", "on", _stopping()),
        (
            "which weights are scored",
            "those of the best epoch",
            "the chapter on the schedule shows the last ones",
        ),
        ("what scaling and stopping look at", "as the text implies, beside leak-free", _leaks()),
        (
            "units of the errors",
            "dollars and scaled units both; the nearer speaks",
            "see the chapter on the test set",
        ),
        ("ARIMA's order and path", "all readings; in tests AIC, one step ahead", _arima()),
        ("runs behind a number", "ten seeds, interval of one run", _spread()),
        ("what converged means", "within 5 % of the lowest validation loss", _converged()),
        ("width of the single layer", "64 units", _width()),
        ("biases at the start", "the framework's default", _biases()),
        ("Xavier on stacked gates or gate by gate", "stacked, as PyTorch holds them", _gain()),
        ("how thirty days are forecast", "recursively", NOT_MEASURED),
        ("depth of the RNN", "one layer of 64", _depth()),
        ("shuffling of the training windows", "yes", _shuffling()),
        ("80/20 of sessions or of windows", "of windows", NOT_MEASURED),
        (
            "which errors the diagnostics test",
            "test errors in dollars, one step ahead",
            NOT_MEASURED,
        ),
    ]
    return pd.DataFrame(rows, columns=["choice", "ours", "effect"])


def _runs(recipe: str, dataset: str = PAPER_WINDOW) -> pd.DataFrame:
    runs = select(all_runs(), dataset=dataset, protocol="as_published", recipe=recipe)
    return runs[(runs["status"] == "ok") & runs["seed"].isin(SEEDS)].set_index("seed")


def _mape(recipe: str) -> str:
    return f"{_runs(recipe)['test_mape_pct'].mean():.1f}%"


def _ratio(recipe: str, dataset: str = PAPER_WINDOW) -> str:
    """Write the ratio of a recipe's test MSE to the published one's, seed by seed."""
    ratio = (
        _runs(recipe, dataset)["test_mse_scaled"] / _runs("published", dataset)["test_mse_scaled"]
    )
    return f"{mean_ratio(ratio.dropna()):ratio}"


def _ends() -> str:
    trials = load_trials()
    of = trials[trials["recipe"].eq("published, decay 0.01") & trials["dataset"].isin(list(ENDS))]
    means = of.groupby("dataset")["test_mape_pct"].mean()
    found = [f"{mape:.1f}% to {ENDS[name][0][:7]}" for name, mape in means.items()]
    same = _runs("published").loc[list(READING_SEEDS), "test_mape_pct"].mean()
    return f"test MAPE of three seeds: {same:.1f}% to {PAPER_END[:7]}, {', '.join(found)}"


def _penalties() -> str:
    others = {"l2_in_loss": "in the loss", "l2_1e-4": "1e-4", "no_l2": "none"}
    return f"test MAPE {_mape('published')}; " + ", ".join(
        f"{title} {_mape(name)}" for name, title in others.items()
    )


def _stopping() -> str:
    return f"full model's test MSE, 100 epochs over stopped: {_ratio('published_100')}"


def _leaks() -> str:
    honest, published = (
        select(load_runs(), dataset=PAPER_WINDOW, recipe="published", protocol=name).set_index(
            "seed"
        )["test_rmse_usd"]
        for name in ("leak_free", "as_published")
    )
    both = price_leaks(PAPER_WINDOW).loc["both_leaks", "mse"]
    return (
        f"leak-free MSE over published: {mean_ratio((honest / published) ** 2):ratio}; "
        f"on equal training windows {both:ratio}"
    )


def _arima() -> str:
    values = select(load_values(), key="arima_mape_pct", dataset=PAPER_WINDOW)
    ways = ("one step ahead", "paths of 30 sessions", "one path")
    found = {way: values[values["method"].str.contains(way)]["estimate"] for way in ways}
    ends = {
        way: dict.fromkeys(f"{x:.1f}" for x in (of.min(), of.max())) for way, of in found.items()
    }
    return "MAPE " + ", ".join(f"{' to '.join(end)}% {way}" for way, end in ends.items())


def _spread() -> str:
    mape = prediction_interval(_runs("published")["test_mape_pct"])
    return f"one run's test MAPE: {mape.low:.1f} to {mape.high:.1f}%"


def _converged() -> str:
    runs = _runs("published")
    medians = np.median(runs[["converged_epoch", "best_epoch"]], axis=0)
    return f"median epoch {medians[0]:.0f}; as the best epoch {medians[1]:.0f}"


def _width() -> str:
    """Compare without pairs: the two start from other weights, so they don't pair up."""
    narrow, wide = (
        _runs(name, BUNDLED_WINDOW)["test_mse_scaled"] for name in ("single_layer", "wide_layer")
    )
    found = compare_losses(narrow, wide, paired=False)
    return f"84 units over 64, bundled series: {found.interval:ratio}"


def _biases() -> str:
    runs = load_reading_runs()
    told = []
    for reading in ("decay 0.01", "no L2"):
        default, zero = (
            select(runs, recipe="published", reading=of).set_index("seed")["test_mse_scaled"]
            for of in (reading, f"{reading}, zero biases")
        )
        told.append(f"{mean_ratio((zero / default).dropna()):ratio} ({reading})")
    return f"test MSE, zero over default: {', '.join(told)}"


def _depth() -> str:
    """Compare the RNN with one of the LSTM's two layers, and the LSTM with that one."""
    lstm, one, two = (_runs(of)["test_mse_scaled"] for of in ("published", "rnn", "rnn_two_layers"))
    deeper, rival = compare_losses(one, two, paired=False), compare_losses(two, lstm, paired=False)
    return (
        f"test MSE of 64 and 32 units over 64: {deeper.interval:ratio}; "
        f"the LSTM's over that of this RNN: {rival.interval:ratio}"
    )


def _shuffling() -> str:
    return f"test MSE, in order over shuffled: {_ratio('unshuffled')}"


def _gain() -> str:
    weaker, stronger = (_ratio(f"gain_{gain}", BUNDLED_WINDOW) for gain in ("0.3", "3"))
    return f"bracketed by weights times 0.3: {weaker}, and times 3: {stronger} (bundled series)"
