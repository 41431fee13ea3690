"""What two drawings that move on the book's web pages are given: a small JSON inside the page.

``book/_static/explorers.js`` draws them and computes what they show: eqs. 3-8, and the errors of
forecasts. Each takes the place of a figure, which stands wherever scripts don't run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
import pandas as pd
import torch
from IPython.display import HTML
from numpy.typing import ArrayLike
from torch import Tensor

from paperlib.cells import LSTMParameters, LSTMStep, run_lstm

UNITS = 8
HORIZONS = (1, 5, 10, 20, 30)
EARLIER = 60
"""How many closes from before the first target are shipped, to look for the shift in."""


def pre_activations(x: Tensor, p: LSTMParameters) -> dict[str, Tensor]:
    """Return ``W·[h_{t-1}, x_t] + b``, what the gates (f, i, o) and the candidate (c) are made of.

    Args:
        x: one sequence, (T, 1, I).
        p: weights and biases of H units.

    Returns:
        (T, H) each, for a start from a zero state.
    """
    h = torch.cat([step.h for step in run_lstm(x, p)])
    before = torch.cat([torch.zeros_like(h[:1]), h[:-1]])
    hx = torch.cat([before, x[:, 0]], dim=1)  # (T, H + I)
    weights = {"f": (p.W_f, p.b_f), "i": (p.W_i, p.b_i), "o": (p.W_o, p.b_o), "c": (p.W_c, p.b_c)}
    return {name: hx @ W.T + b for name, (W, b) in weights.items()}


def loudest_units(steps: list[LSTMStep], count: int = UNITS) -> list[int]:
    """Choose the units, numbered from 0, whose hidden state strays farthest from zero on the way.

    Args:
        steps: of one sequence, as :func:`paperlib.cells.run_lstm` returns them.
        count: how many; the farthest comes first.
    """
    farthest = torch.cat([step.h for step in steps]).abs().amax(dim=0)
    return torch.argsort(farthest, descending=True, stable=True)[:count].tolist()


def cell_explorer(
    layers: Mapping[str, LSTMParameters], x: Tensor, close: pd.Series, figure: str
) -> HTML:
    """Let a reader move a cell's gates, and walk through trained cells over a window.

    Of each layer the eight loudest units are shipped (:func:`loudest_units`).

    Args:
        layers: the first layer of each network by its name.
        x: the window, (lookback, 1, 1) scaled closes.
        close: (lookback,) the same closes in dollars, indexed by session.
        figure: name of the figure whose place the explorer takes.

    Raises:
        ValueError: if window and closes are not of one length.
    """
    if len(x) != len(close):
        raise ValueError(f"a window of {len(x)} needs as many closes, got {len(close)}.")
    networks = []
    for name, p in layers.items():
        given = pre_activations(x, p)
        units = [
            {"unit": unit + 1} | {gate: rounded(z[:, unit]) for gate, z in given.items()}
            for unit in loudest_units(run_lstm(x, p))
        ]
        networks.append({"name": name, "units": units})
    return _explorer(
        "cell",
        figure,
        {"days": differences(days(close.index)), "close": rounded(close), "networks": networks},
    )


def forecast_explorer(
    paths: Mapping[tuple[str, str], np.ndarray], close: pd.Series, figure: str
) -> HTML:
    """Let a reader choose a horizon, and see forecasts beside the price and persistence.

    Args:
        paths: for each network and protocol, by their names, the forecasts of the last sessions,
            (n, 30 or more) dollars, as :func:`paperlib.forecasting.forecast_paths` returns them.
        close: dollars, indexed by session, to the last target; at least n + 60 of them.
        figure: name of the figure whose place the explorer takes.

    Raises:
        ValueError: if the paths differ in length, or reach too far back or not far enough ahead.
    """
    lengths = {len(path) for path in paths.values()}
    reach = min(path.shape[1] for path in paths.values())
    if len(lengths) != 1 or reach < max(HORIZONS) or len(close) < max(lengths) + EARLIER:
        raise ValueError(
            f"needs paths of one length and {max(HORIZONS)} sessions ahead, and {EARLIER} closes "
            f"before them; got {sorted(lengths)} origins, {reach} ahead, {len(close)} closes."
        )
    shown = close.iloc[-(lengths.pop() + EARLIER) :]
    # Whole multiples of a unit that gives the largest close five digits: with four, scores on the
    # page could differ in their last digit from those of the chapter's tables.
    unit = float(10.0 ** (np.floor(np.log10(shown.max())) - 4))
    forecasts = [
        {
            "network": network,
            "protocol": protocol,
            # Those of targets that lie in the data; the first is the h-th after the first origin.
            "ahead": [differences(path[: len(path) - h + 1, h - 1] / unit) for h in HORIZONS],
        }
        for (network, protocol), path in paths.items()
    ]
    return _explorer(
        "forecast",
        figure,
        {
            "days": differences(days(shown.index)),
            "close": differences(shown.to_numpy() / unit),
            "unit": unit,
            "earlier": EARLIER,
            "horizons": HORIZONS,
            "forecasts": forecasts,
        },
    )


def rounded(values: ArrayLike) -> list[float]:
    """Round to four significant digits."""
    return [float(f"{value:.4g}") for value in np.asarray(values, dtype=np.float64)]


def days(sessions: pd.DatetimeIndex) -> np.ndarray:
    """Return the days from 1970-01-01 to each session."""
    return np.asarray((sessions - pd.Timestamp(0)) // pd.Timedelta(days=1))


def differences(values: ArrayLike) -> list[int]:
    """Round to whole numbers and return the first and then the step to each next one.

    Neighbours are close together, so this halves what the page has to carry.
    """
    return np.diff(np.rint(np.asarray(values)).astype(int), prepend=0).tolist()


def _explorer(kind: str, figure: str, data: dict) -> HTML:
    """Wrap the data in an element that stays hidden until the script has drawn into it."""
    # No "<" may stand in a script element: "</script>" would end it.
    text = json.dumps(data, separators=(",", ":")).replace("<", r"\u003c")
    script = f'<script type="application/json">{text}</script>'
    return HTML(f'<div data-explorer="{kind}" data-figure="{figure}" hidden>{script}</div>')
