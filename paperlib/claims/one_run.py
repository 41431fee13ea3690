"""Are two printed numbers of the full model those of one run, or could they be those of two?

What two tables print of one model must agree if it is of one run. The paper doesn't say that it
is, so a disagreement is no impossibility: it may have trained the model again. Then the two numbers
differ by no more than two of our runs do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from paperlib.claims.ledger import load_claims, printed
from paperlib.claims.plausibility import primary_rows, stored_value
from paperlib.claims.rounding import Bounds, extremes, overlap, rounding_interval
from paperlib.experiments.catalogue import SEEDS
from paperlib.experiments.results import load_measures
from paperlib.recipe import AS_PUBLISHED, PUBLISHED

READINGS_OF_L2 = ("published", "l2_in_loss", "l2_1e-4", "no_l2")
TWO_RUNS = "of two runs of the model, which differ as much in ours"


def _of_two_runs(claim: str, pairs: Iterable[tuple[Bounds, Bounds]]) -> dict[str, bool]:
    """Tell whether some two of our runs differ by as large a factor as two printed numbers.

    Args:
        claim: whose measure is compared, named in the ledger as ``two_runs``.
        pairs: all that the two numbers stand for, in each unit that they may have.
    """
    column = load_claims()[claim].two_runs
    runs = primary_rows(load_measures(), protocol=AS_PUBLISHED.name, status="ok")
    runs = runs[runs["seed"].isin(SEEDS) & runs["recipe"].isin(READINGS_OF_L2)]
    measures = runs.groupby("recipe")[column]
    widest = float((measures.max() / measures.min()).max())
    return {TWO_RUNS: any(_least_factor(*pair) <= widest for pair in pairs)}


def _least_factor(one: Bounds, other: Bounds) -> float:
    """Return by which factor two intervals of positive numbers lie apart; one if they overlap."""
    return 1.0 if overlap(one, other) else max(one[0], other[0]) / min(one[1], other[1])


def one_convergence_epoch() -> dict[str, bool]:
    """Tables 3 and 7 and section 4.1: one model, with one test MSE, and the stop it ends with."""
    table_3, table_7, stop = printed(
        "converged_epoch_table_3", "converged_epoch_table_7", "stop_epoch"
    )
    told = rounding_interval(table_3), rounding_interval(table_7)
    return {
        "tables 3 and 7": table_3 == table_7,
        "table 3 and the stop, ten epochs later": table_3 + PUBLISHED.patience == stop,
        "table 7 and the stop, ten epochs later": table_7 + PUBLISHED.patience == stop,
    } | _of_two_runs("one_convergence_epoch", [told])


def one_test_mape() -> dict[str, bool]:
    """Tables 1 and 3: the full model's MAPE, on the test part or, by mistake, on the train part."""
    full, test, train = printed("full_test_mape", "test_mape", "train_mape")
    told = rounding_interval(full), rounding_interval(test)
    return {
        "both of the test part": full == test,
        "table 3 of the train part": full == train,
    } | _of_two_runs("one_test_mape", [told])


def tables_1_and_3_same_error() -> dict[str, bool]:
    """Tables 1 and 3 to 7: the MSE is the square of the RMSE, in one unit or in two."""
    (mse,) = map(rounding_interval, printed("full_test_mse"))
    squares = {
        name: extremes(lambda rmse, f=factor: (f * rmse) ** 2, *printed("test_rmse"))
        for name, factor in {
            "both in one unit": 1,
            "RMSE in dollars, MSE in scaled units": 1 / stored_value("dollars_per_unit"),
            "RMSE scaled to [-1, 1], MSE to [0, 1]": 1 / 2,
        }.items()
    }
    found = {name: overlap(mse, square) for name, square in squares.items()}
    pairs = [(mse, square) for square in squares.values()]
    return found | _of_two_runs("tables_1_and_3_same_error", pairs)


def tables_1_and_4_same_model() -> dict[str, bool]:
    """Tables 1 and 4: test over train has no unit, so no rescaling can part the two."""

    def ratio(over: float, under: float, power: int = 1) -> float:
        """Divide one error by another, or their squares."""
        return (over / under) ** power

    table_4 = extremes(ratio, *printed("full_test_mse", "full_train_mse"))
    rmse, mae = printed("test_rmse", "train_rmse"), printed("test_mae", "train_mae")
    squared = extremes(lambda a, b: ratio(a, b, 2), *rmse)
    return {
        "table 4 prints MSE": overlap(table_4, squared),
        "table 4 prints RMSE": overlap(table_4, extremes(ratio, *rmse)),
        "table 4 prints MAE": overlap(table_4, extremes(ratio, *mae)),
    } | _of_two_runs("tables_1_and_4_same_model", [(table_4, squared)])


ONE_RUN: dict[str, Callable[[], dict[str, bool]]] = {
    check.__name__: check
    for check in (
        one_convergence_epoch,
        one_test_mape,
        tables_1_and_3_same_error,
        tables_1_and_4_same_model,
    )
}
"""Each check by the id of its claim."""
