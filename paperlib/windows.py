"""From closes to windows: scale (eq. 9), window, split in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from paperlib.recipe import MIN_SESSIONS, EvalProtocol, Recipe


@dataclass(frozen=True)
class Scaler:
    """Min-max scaling to [-1, 1] (eq. 9), with the minimum and maximum it was given."""

    low: float
    high: float

    def scale(self, dollars: np.ndarray) -> np.ndarray:
        """Return ``2 (x - min) / (max - min) - 1``; any shape."""
        return 2 * (dollars - self.low) / (self.high - self.low) - 1

    def unscale(self, scaled: np.ndarray) -> np.ndarray:
        """Undo :meth:`scale`."""
        return (np.asarray(scaled, dtype=np.float64) + 1) / 2 * (self.high - self.low) + self.low


@dataclass(frozen=True)
class Part:
    """Consecutive windows and what follows each. n windows, in time order."""

    inputs: np.ndarray  # (n, lookback) scaled closes, float32
    targets: np.ndarray  # (n,) scaled close of the session after each window, float32
    sessions: pd.DatetimeIndex  # (n,) the targets' dates
    close: np.ndarray  # (n,) the targets in dollars
    previous: np.ndarray  # (n,) the close before each target in dollars: persistence's forecast


@dataclass(frozen=True)
class Windows:
    """What one run trains on, selects with and is scored on."""

    train: Part
    validation: Part
    test: Part
    scaler: Scaler
    scaler_sessions: pd.DatetimeIndex  # whose minimum and maximum the scaler was given
    target: Literal["close", "log_return", "relative"] = "close"  # what is scaled

    def to_dollars(self, part: Part, scaled: np.ndarray) -> np.ndarray:
        """Turn scaled forecasts of a part's targets, (n,), into closes in dollars."""
        values = self.scaler.unscale(scaled)
        if self.target == "close":
            return values
        return part.previous * (np.exp(values) if self.target == "log_return" else 1 + values)

    def persistence(self, part: Part) -> np.ndarray:
        """Forecast that the close stays as it is: (n,) scaled, as a network's forecast."""
        if self.target == "close":
            return part.inputs[:, -1]
        return np.full(len(part.targets), self.scaler.scale(np.array(0.0)))


def make_windows(close: pd.Series, recipe: Recipe, protocol: EvalProtocol) -> Windows:
    """Scale, window and split a series of closes, or of their log returns, in time order.

    The first ``recipe.train_share`` of the windows train (of these the last
    ``recipe.train_windows`` alone, where that is given), the rest test. Under
    ``AS_PUBLISHED`` the test part doubles as validation and the scaler sees every session.
    Under ``LEAK_FREE`` the last tenth of the training windows validate, and the scaler sees the
    sessions up to the last training or validation target. Targets of each part are of the same
    sessions whatever is forecast, but that with log returns the first training window lacks its
    first return and is left out.

    Args:
        close: dollars, indexed by session, ascending.
        recipe: gives ``lookback``, ``train_share``, ``train_windows`` and ``target``.
        protocol: what scaler and validation may look at.

    Raises:
        ValueError: for a missing or non-positive close, for unsorted dates, for fewer than 250
            sessions, for a part without windows, or for a constant price that can't be scaled.
    """
    dollars = checked_dollars(close)
    n_windows = len(dollars) - recipe.lookback
    n_train = int(n_windows * recipe.train_share)
    n_validation = round(n_train * protocol.validation_share)
    if min(n_train - n_validation, n_validation, n_windows - n_train) < 1:
        raise ValueError("too few windows to train, validate and test; shorten the lookback.")
    n_seen = len(dollars) if protocol.scaler_sees == "all" else n_train + recipe.lookback
    scaler = _find_scaler(dollars, recipe.target, n_seen, protocol)
    inputs, targets = _lay_out(dollars, recipe, scaler)

    def part(start: int, stop: int) -> Part:
        """Cut out the windows from number start up to, not including, number stop."""
        target = slice(start + recipe.lookback, stop + recipe.lookback)
        of, before = slice(start, stop), slice(target.start - 1, target.stop - 1)
        return Part(inputs[of], targets[of], close.index[target], dollars[target], dollars[before])

    test = part(n_train, n_windows)
    fitted = n_train if protocol.validation == "test" else n_train - n_validation
    whole = 1 if recipe.target == "log_return" else 0  # the first return is not known
    first = max(whole, fitted - recipe.train_windows) if recipe.train_windows else whole
    validation = part(fitted, n_train) if protocol.validation == "train_tail" else test
    sessions = close.index[:n_seen]
    return Windows(part(first, fitted), validation, test, scaler, sessions, recipe.target)


def later_windows(close: pd.Series, recipe: Recipe, windows: Windows) -> Part:
    """Window the sessions that come after those of ``windows``, at least one, on the same scale.

    ``close`` has the earlier sessions too; it is refused as by :func:`make_windows`.
    """
    dollars = checked_dollars(close)
    inputs, targets = _lay_out(dollars, recipe, windows.scaler)
    n = int((close.index > windows.test.sessions[-1]).sum())
    return Part(inputs[-n:], targets[-n:], close.index[-n:], dollars[-n:], dollars[-n - 1 : -1])


TYPICAL_MOVES = 5
"""Standard deviations of a daily move to a unit of relative windows, about what a month moves."""


def _find_scaler(dollars: np.ndarray, target: str, n_seen: int, protocol: EvalProtocol) -> Scaler:
    """Find the range of what is scaled, in the first ``n_seen`` sessions."""
    if target == "relative":
        unit = TYPICAL_MOVES * float(np.std(dollars[1:n_seen] / dollars[: n_seen - 1] - 1))
        if unit == 0:
            raise ValueError("the price never changes; its moves are no unit.")
        return Scaler(-unit, unit)
    values = _values(dollars, target)
    scaler = _range(values[:n_seen])
    if scaler.low == scaler.high:
        raise ValueError("the price never changes; eq. 9 would divide by zero.")
    if protocol.scaler_sees == "stretched":
        scaler = Scaler(scaler.low, 2 * scaler.high - scaler.low)
    if protocol.scaler_sees == "mirrored":
        whole = _range(values)
        above, below = whole.high - scaler.high, scaler.low - whole.low
        scaler = Scaler(scaler.low - above, scaler.high + below)
    return scaler


def _lay_out(dollars: np.ndarray, recipe: Recipe, scaler: Scaler) -> tuple[np.ndarray, np.ndarray]:
    """Window what the recipe forecasts: (n, lookback) inputs and (n,) targets, float32."""
    if recipe.target == "relative":
        windows = np.lib.stride_tricks.sliding_window_view(dollars[:-1], recipe.lookback)
        last = windows[:, -1]
        inputs = scaler.scale(windows / last[:, None] - 1).astype(np.float32)
        targets = scaler.scale(dollars[recipe.lookback :] / last - 1).astype(np.float32)
        return inputs, targets
    scaled = scaler.scale(_values(dollars, recipe.target)).astype(np.float32)
    inputs = np.lib.stride_tricks.sliding_window_view(scaled[:-1], recipe.lookback)
    return inputs, scaled[recipe.lookback :]


def _values(dollars: np.ndarray, target: str) -> np.ndarray:
    """Return what eq. 9 scales; the first log return is not known."""
    return np.append(np.nan, np.diff(np.log(dollars))) if target == "log_return" else dollars


def _range(values: np.ndarray) -> Scaler:
    return Scaler(float(np.nanmin(values)), float(np.nanmax(values)))


def checked_dollars(close: pd.Series) -> np.ndarray:
    """Return the closes as float64, or say why they can't be windowed."""
    dollars = close.to_numpy(dtype=np.float64)
    if not (np.isfinite(dollars) & (dollars > 0)).all():
        raise ValueError(
            "closes must be positive numbers; drop or repair the sessions that lack one."
        )
    if not (close.index.is_monotonic_increasing and close.index.is_unique):
        raise ValueError("sessions must ascend and not repeat; sort the prices by date.")
    if len(dollars) < MIN_SESSIONS:
        raise ValueError(f"{len(dollars)} sessions are too few; {MIN_SESSIONS} are the least.")
    return dollars
