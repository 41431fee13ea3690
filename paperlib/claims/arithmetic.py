"""Do the paper's numbers follow from each other? Each check takes them from the ledger, as printed.

A check returns named readings of its claim and, for each, whether the claim adds up under it. A
printed number stands for every number that is rounded to it (:mod:`paperlib.claims.rounding`), so
that no check fails over a last digit. Those that need prices or runs of ours are in
:mod:`paperlib.claims.plausibility`, those on numbers that may be of two runs in
:mod:`paperlib.claims.one_run`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import isclose, sqrt

from paperlib.claims.ledger import printed
from paperlib.claims.one_run import ONE_RUN
from paperlib.claims.plausibility import AUDIT
from paperlib.claims.rounding import can_round_to, extremes, overlap, rounding_interval
from paperlib.recipe import ABLATIONS, PUBLISHED


def _cut(after: float, before: float) -> float:
    return 100 * (1 - after / before)


def _growth(after: float, before: float) -> float:
    return 100 * (after / before - 1)


def _difference(larger: float, smaller: float) -> float:
    return larger - smaller


def _ratio(over: float, under: float) -> float:
    return over / under


Sum = tuple[str, str, Callable[..., float], tuple[str, ...]]
SUMS: dict[str, Sum] = {
    # Section 4.1; tables 3 to 7: what is left of the whole
    "loss_fall_adds_up": ("loss_fall", "1 - last / first", _cut, ("loss_epoch_30", "loss_start")),
    **{
        f"{cut}_adds_up": (cut, "1 - full / ablated", _cut, (full, ablated))
        for cut, full, ablated in (
            *((of.cut, "full_test_mse", f"{name}_mse") for name, of in ABLATIONS.items() if of.cut),
            ("cut_second_layer_mape", "full_test_mape", "single_layer_mape"),
        )
    },
    # Table 4: the gap between the two parts
    **{
        f"{gap}_adds_up": (gap, "test - train", _difference, (test, train))
        for gap, test, train in (
            ("full_gap", "full_test_mse", "full_train_mse"),
            ("no_dropout_gap", "no_dropout_mse", "no_dropout_train_mse"),
        )
    },
    # Section 4.2; section 4.3 with table 2; section 4.1 with table 1; section 6 with table 1
    "error_shares_add_up": (
        "error_systematic", "100 - random", lambda x: 100 - x, ("error_random",)
    ),
    "arima_growth_is_table_2": (
        "arima_growth_30_days", "ARIMA / LSTM - 1, RMSE", _growth, ("arima_rmse", "test_rmse")
    ),
    "validation_is_test": ("stop_mape", "both MAPEs are equal", lambda x: x, ("test_mape",)),
    "var_is_mape": ("var", "minus the test MAPE", lambda x: -x, ("test_mape",)),
}  # fmt: skip
"""Claim: the printed result, how it comes about in words and as an expression, and from what."""


def _adds_up(
    result: str, reading: str, expression: Callable[..., float], parts: tuple[str, ...]
) -> dict[str, bool]:
    return {reading: can_round_to(*printed(result), expression, *printed(*parts))}


def lr_before() -> dict[str, bool]:
    """Section 4.1 against 3.3: the rate before the cut is the one that Adam was given."""
    return {"the rate of section 3.3": isclose(*printed("lr_before"), PUBLISHED.lr)}


def lr_after() -> dict[str, bool]:
    """Section 4.1 against 3.3: the rate before the cut, times the schedule's factor."""
    before, after = printed("lr_before", "lr_after")
    return {"the factor of section 3.3": isclose(after, before * PUBLISHED.lr_factor)}


def one_cut() -> dict[str, bool]:
    """Section 4.1 against 3.3: training ends ``patience`` epochs after its best one.

    If stopping watches the loss, as the schedule does. The schedule cuts in the epoch after
    ``lr_patience`` epochs without a better one, so in that stretch it cuts once more, unless the
    cut that is told was this one.
    """
    told, last = printed("lr_cut_epoch", "stop_epoch")

    def once(best: float, stop: float) -> bool:
        """Tell whether one cut fits training that was best and stopped at these epochs."""
        return told >= best or best + PUBLISHED.lr_patience + 1 > stop

    return {
        "training stops at the epoch printed": once(last - PUBLISHED.patience, last),
        "the epoch printed is the best one": once(last, last + PUBLISHED.patience),
    }


def figure_3_ends_at_stop() -> dict[str, bool]:
    """Figure 3 against section 4.1: no run has curves past the epoch at which it stops."""
    drawn, stop = printed("figure_3_epochs", "stop_epoch")
    return {"the run that stopped": drawn <= stop}


def train_test_mae_close() -> dict[str, bool]:
    """Section 4.2 with table 1: test over train MAE, minus one."""
    grown = extremes(_growth, *printed("test_mae", "train_mae"))
    return {"in per cent of the train error": grown[0] < printed("train_test_mae_close")[0]}


def train_test_mape_close() -> dict[str, bool]:
    """Section 4.2 with table 1: test over train MAPE, minus one; or their plain difference."""
    errors, (limit,) = printed("test_mape", "train_mape"), printed("train_test_mape_close")
    return {
        "in per cent of the train error": extremes(_growth, *errors)[0] < limit,
        "in points": extremes(_difference, *errors)[0] < limit,
    }


def systematic_is_squared_bias() -> dict[str, bool]:
    """Section 4.2 with tables 1 and 2: bias is at most MAE, so its square at most (MAE/RMSE)²."""
    parts = {"test part": "test", "train part": "train", "RNN": "rnn", "ARIMA": "arima"}
    (share,) = map(rounding_interval, printed("error_systematic"))

    def possible(of: str) -> bool:
        """Tell whether squared bias can be so large a share of a model's printed errors."""
        errors = printed(f"{of}_mae", f"{of}_rmse")
        return overlap(share, (0, extremes(lambda mae, rmse: 100 * (mae / rmse) ** 2, *errors)[1]))

    return {name: possible(of) for name, of in parts.items()}


def residuals_stationary() -> dict[str, bool]:
    """Section 4.2: the ADF test rejects a unit root where its p is below the level."""
    (p_value,) = printed("adf_p")
    return {"at the 5 % level": p_value >= 0.05, "at the 10 % level": p_value >= 0.1}


def rnn_mape_difference() -> dict[str, bool]:
    """Section 4.3 with table 2: MAPE of the RNN less that of the LSTM, in points or per cent."""
    (told,) = printed("rnn_mape_difference")
    return {
        "in points": can_round_to(told, _difference, *printed("rnn_mape", "test_mape")),
        "in per cent of the RNN's": can_round_to(told, _cut, *printed("test_mape", "rnn_mape")),
    }


def layer_cut_30_days_follows() -> dict[str, bool]:
    """Section 6: the cuts that table 3 yields, by MSE, its root and MAPE, and two of them added."""
    (told,) = printed("layer_cut_30_days")
    cuts = printed("cut_second_layer", "cut_second_layer_mape")
    mse, mape = ("full_test_mse", "single_layer_mse"), ("full_test_mape", "single_layer_mape")
    return {
        "of MSE": can_round_to(told, _cut, *printed(*mse)),
        "of RMSE": can_round_to(told, lambda a, b: _cut(sqrt(a), sqrt(b)), *printed(*mse)),
        "of MAPE": can_round_to(told, _cut, *printed(*mape)),
        "table 3's cuts of MSE and MAPE added, which measures nothing": can_round_to(
            told, lambda a, b: a + b, *cuts
        ),
    }


def growth_past_30_days_follows() -> dict[str, bool]:
    """Section 4.2: no table has a horizon; the ratios of RMSE that tables 1 and 2 yield."""
    pairs = {
        "test over train": ("test_rmse", "train_rmse"),
        "RNN over LSTM": ("rnn_rmse", "test_rmse"),
        "ARIMA over RNN": ("arima_rmse", "rnn_rmse"),
        "ARIMA over LSTM": ("arima_rmse", "test_rmse"),
    }
    (told,) = printed("growth_past_30_days")
    return {name: can_round_to(told, _growth, *printed(*pair)) for name, pair in pairs.items()}


def clipping_acts() -> dict[str, bool]:
    """Table 6 against section 3.3: clipping acts on norms above its limit alone."""
    (norm,) = printed("grad_norm_clipped")
    return {"largest norm before clipping": norm > PUBLISHED.clip_norm}


def stability_follows() -> dict[str, bool]:
    """Section 6: the ratios that tables 5 and 6 yield, ablated over full, or their cuts added."""
    (told,) = printed("stability")
    mses = printed("default_init_mse", "no_clipping_mse", "full_test_mse")
    return {
        "wobble, table 5": can_round_to(
            told, _ratio, *printed("default_init_wobble", "full_wobble")
        ),
        "gradient norm, table 6": can_round_to(
            told, _ratio, *printed("grad_norm_unclipped", "grad_norm_clipped")
        ),
        "test MSE, tables 5 times 6": can_round_to(
            told, lambda init, clipping, full: init / full * clipping / full, *mses
        ),
        "one over what the cuts of tables 5 and 6 leave if added": can_round_to(
            told, lambda a, b: 1 / (1 - (a + b) / 100), *printed("cut_init", "cut_clipping")
        ),
    }


ARITHMETIC: dict[str, Callable[[], dict[str, bool]]] = {
    **{claim: partial(_adds_up, *parts) for claim, parts in SUMS.items()},
    **{
        check.__name__: check
        for check in (
            lr_before,
            lr_after,
            one_cut,
            figure_3_ends_at_stop,
            train_test_mae_close,
            train_test_mape_close,
            systematic_is_squared_bias,
            residuals_stationary,
            rnn_mape_difference,
            layer_cut_30_days_follows,
            growth_past_30_days_follows,
            clipping_acts,
            stability_follows,
        )
    },
    **AUDIT,
    **ONE_RUN,
}
"""The check of each claim of the kinds arithmetic and check, by its id."""
