"""Do the paper's numbers fit our prices and runs? Units, figures and the naive forecast.

The paper prints few units. Each check names the units that a number could be in, and says under
which of them it is possible: on the paper's window, trained and scored as published.
"""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import pandas as pd

from paperlib.claims.ledger import printed
from paperlib.claims.rounding import Bounds, extremes, overlap, rounding_interval
from paperlib.experiments.catalogue import PAPER_WINDOW, SEEDS
from paperlib.experiments.results import load_measures
from paperlib.experiments.store import load_runs, load_values, select
from paperlib.recipe import AS_PUBLISHED
from paperlib.stats.seeds import prediction_interval


def stored_value(key: str, column: str = "estimate") -> float:
    """Find a number of the prices in ``values.csv``."""
    return float(primary_rows(load_values(), key=key)[column].iloc[0])


def _late_runs() -> pd.DataFrame:
    """Runs of 100 epochs with the L2 penalty in their loss."""
    return primary_rows(load_measures(), recipe="l2_in_loss_100", protocol=AS_PUBLISHED.name)


def _scored() -> pd.DataFrame:
    """All runs, scored as published."""
    return primary_rows(load_runs(), protocol=AS_PUBLISHED.name)


def primary_rows(table: pd.DataFrame, **equal: object) -> pd.DataFrame:
    """Select rows of the paper's window, or say that they are not stored."""
    rows = select(table, dataset=PAPER_WINDOW, **equal)
    if rows.empty:
        raise ValueError(f"nothing is stored for {PAPER_WINDOW} with {equal}; run make results.")
    return rows


def _closes() -> Bounds:
    return stored_value("close_min"), stored_value("close_max")


def loss_30_beats_zero() -> dict[str, bool]:
    """Section 4.1: always forecasting zero has an MSE of the mean square of the scaled targets."""
    (loss,) = printed("loss_epoch_30")
    late, zero = _late_runs(), stored_value("zero_forecast_mse")
    penalty = float((late["penalised_30"] - late["loss_30"]).max())
    return {
        "the loss is the MSE": loss < zero,
        "the loss holds a penalty as large as ours is by then": loss - penalty < zero,
    }


def figure_2_axis_bottom() -> dict[str, bool]:
    """Figure 2: the first tick above the lowest close, less the usual margin of a twentieth."""
    (bottom,) = printed("figure_2_axis_bottom")
    low, high = _closes()
    return {"ticks one lowest tick apart": 0 < low - (high - low) / 20 <= bottom}


def figure_2_axis_top() -> dict[str, bool]:
    """Figure 2: the last tick below the highest close, with the usual margin of a twentieth."""
    step, top = printed("figure_2_axis_bottom", "figure_2_axis_top")
    low, high = _closes()
    return {"ticks one lowest tick apart": top <= high + (high - low) / 20 < top + step}


def figure_3_shows_first_loss() -> dict[str, bool]:
    """Figure 3 against section 4.1: its axis ends below the first loss that the text tells.

    A penalty in the text's loss alone could explain that, but it would explain the text's loss at
    epoch 30 as well, which then has to be one that penalised runs have by that epoch. The loss of
    a first batch may be any; the first epoch's mean loss has to fit on the axis.
    """
    first, late, top = printed("loss_start", "loss_epoch_30", "figure_3_axis_top")
    highest = float(_late_runs()["penalised_30"].max())
    means = primary_rows(load_measures(), recipe="published_100", protocol=AS_PUBLISHED.name)
    return {
        "text and figure show one loss": first <= top,
        "the text's loss holds a penalty, the figure's does not": late <= highest,
        "the text tells the first batch, the figure the mean of each epoch": bool(
            (means["first_loss"] < top).all()
        ),
    }


def figure_4_samples() -> dict[str, bool]:
    """Figure 4: a part must have as many windows as the figure shows."""
    (samples,) = printed("figure_4_samples")
    return {"of the test part": samples <= stored_value("test_close_mean", "n")}


def mae_and_mape_agree_train() -> dict[str, bool]:
    """Table 1: MAE over MAPE, train part; both must be of the same prices."""
    return _of_the_same_prices("train_mae", "train_mape")


def mae_and_mape_agree_test() -> dict[str, bool]:
    """Table 1: MAE over MAPE, test part; both must be of the same prices."""
    return _of_the_same_prices("test_mae", "test_mape")


def _of_the_same_prices(mae: str, mape: str) -> dict[str, bool]:
    """MAPE weighs each error by its price, so MAE over MAPE lies among the prices' sizes."""
    low, high = extremes(lambda mae, mape: 100 * mae / mape, *printed(mae, mape))
    unit = stored_value("dollars_per_unit")
    return {
        "both in dollars": overlap((low, high), _closes()),
        "both in scaled units": low <= 1,
        "MAE in scaled units, MAPE of dollars": overlap((low * unit, high * unit), _closes()),
        "both of scaled closes, the MAPE a fraction printed with a per cent sign": (
            low / 100 <= 1 and _a_run_prints_the_fraction()
        ),
    }


def _a_run_prints_the_fraction() -> bool:
    """Tell whether a run, with L2 or without, has table 1's test MAPE if scaled closes are meant.

    Scaled closes come near zero, so almost any MAE would fit such a MAPE. Its size decides, on the
    test part; the training part is not stored, and one reading speaks for the table.
    """
    (told,) = map(rounding_interval, printed("test_mape"))
    runs = primary_rows(load_measures(), protocol=AS_PUBLISHED.name, status="ok")
    runs = runs[runs["seed"].isin(SEEDS) & runs["recipe"].isin(["published", "no_l2"])]
    ends = [prediction_interval(of)[1:] for _, of in runs.groupby("recipe")["mape_of_scaled"]]
    return any(overlap(told, between) for between in ends)


def table_3_mse_and_mape_agree() -> dict[str, bool]:
    """Table 3: the root of MSE is at least MAE, here MAPE times the mean price.

    How far above depends on the errors' spread; at most as far as in any run of ours.
    """
    runs = _scored()
    widest = float((runs["test_rmse_usd"] / runs["test_mae_usd"]).max())
    mse, mape = printed("full_test_mse", "full_test_mape")
    mae = mape / 100 * stored_value("test_close_mean")
    unit = stored_value("dollars_per_unit")
    units = {"scaled to [-1, 1]": unit, "scaled to [0, 1]": 2 * unit, "in dollars": 1}
    return {name: 1 <= sqrt(mse) * dollars / mae <= widest for name, dollars in units.items()}


def mape_beats_naive() -> dict[str, bool]:
    """Tables 1 to 3: test MAPE of the LSTM below that of persistence on the same closes."""
    naive = float(_scored()["persistence_mape_pct"].iloc[0])
    headline, full = printed("test_mape", "full_test_mape")
    return {"tables 1 and 2": headline < naive, "table 3": full < naive}


def mse_beats_naive() -> dict[str, bool]:
    """Tables 3 to 7: test MSE of the LSTM below persistence's; on [0, 1] MSEs are a quarter."""
    naive = float(_scored()["persistence_mse_scaled"].iloc[0])
    (full,) = printed("full_test_mse")
    return {
        "scaled to [-1, 1]": full < naive,
        "scaled to [0, 1]": full < naive / 4,
    }


AUDIT: dict[str, Callable[[], dict[str, bool]]] = {
    check.__name__: check
    for check in (
        loss_30_beats_zero,
        figure_2_axis_bottom,
        figure_2_axis_top,
        figure_3_shows_first_loss,
        figure_4_samples,
        mae_and_mape_agree_train,
        mae_and_mape_agree_test,
        table_3_mse_and_mape_agree,
        mape_beats_naive,
        mse_beats_naive,
    )
}
"""Each check by the id of its claim."""
