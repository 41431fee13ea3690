"""Drawn paths: against every mask there is, a second implementation, and steps made by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
import torch
from scipy import stats
from torch import nn

from paperlib.forecasting import forecast_paths
from paperlib.models import StackedNetwork, build_model
from paperlib.prices.series import load_prices
from paperlib.probabilistic import path_sampling
from paperlib.probabilistic.path_sampling import (
    bootstrap_paths,
    central_intervals,
    dropout_paths,
    persistence_paths,
)
from paperlib.recipe import LEAK_FREE, PUBLISHED, RNN, Recipe
from paperlib.training import predict
from paperlib.windows import Part, Scaler, Windows, make_windows

# A horizon beyond the lookback, so that the last windows hold nothing but drawn closes.
LOOKBACK, HORIZON = 4, 6
# Weights well above the published ones, so that a step can be seen to depend on the one before.
STACKED = replace(PUBLISHED, hidden=(5, 4), dropout=0.4, lookback=LOOKBACK, init_gain=2.0)
ONE_LAYER = replace(RNN, hidden=(3,), dropout=0.4, lookback=LOOKBACK, init_gain=2.0)
CLOSE = load_prices()["close"].iloc[:300]
RESIDUALS = np.array([-0.03, -0.01, 0.0, 0.02, 0.025])


def _windows(recipe: Recipe) -> Windows:
    return make_windows(CLOSE, recipe, LEAK_FREE)


def _network(recipe: Recipe) -> StackedNetwork:
    """As initialised: what a network has learnt does not matter here."""
    return build_model(recipe, init_seed=1, dropout_seed=2)


def _first(part: Part, n: int) -> Part:
    """The first n windows of a part."""
    return Part(*(getattr(part, name)[:n] for name in vars(part)))


@pytest.fixture(scope="module")
def windows() -> Windows:
    return _windows(STACKED)


@pytest.fixture
def network() -> StackedNetwork:
    return _network(STACKED)


def _all_three(network: StackedNetwork, windows: Windows, samples: int, seed: int) -> list:
    """Draw paths in each of the three ways."""
    part, scaler = windows.test, windows.scaler
    return [
        dropout_paths(network, part, scaler, HORIZON, samples, seed),
        bootstrap_paths(network, part, scaler, HORIZON, samples, RESIDUALS, seed),
        persistence_paths(part, HORIZON, samples, RESIDUALS, seed),
    ]


# What all three have in common


def test_the_same_seed_draws_the_same_paths_and_another_does_not(network, windows):
    shape = (len(windows.test.close), 5, HORIZON)
    first, again, other = (_all_three(network, windows, 5, seed) for seed in (1, 1, 2))
    for a, b, c in zip(first, again, other, strict=True):
        assert a.shape == shape and a.dtype == np.float64 and (a > 0).all()
        np.testing.assert_array_equal(a, b)
        assert (a != c).mean() > 0.7  # not all: a small network has few masks, and errors are five
        assert all(len(np.unique(paths[:, -1])) > 2 for paths in a)


def test_no_close_after_the_origin_is_read(network, windows):
    n, known = len(windows.test.close), 20
    later = CLOSE.copy()
    later.iloc[len(CLOSE) - n + known :] *= 1.5
    changed = make_windows(later, STACKED, LEAK_FREE)
    assert changed.scaler == windows.scaler
    for before, after in zip(
        _all_three(network, windows, 3, 1), _all_three(network, changed, 3, 1), strict=True
    ):
        # The origin of row i is the session before target i: row 20 is the last before the change.
        np.testing.assert_array_equal(after[: known + 1], before[: known + 1])
        # Nearly all: where a mask happens to drop everything, no close is read.
        assert (after[known + 1 :] != before[known + 1 :]).mean() > 0.9


@pytest.mark.parametrize("training", [True, False])
def test_the_model_and_the_windows_are_left_as_they_were(network, windows, training):
    network.train(training)
    own, random = network.dropout, network.dropout.generator.get_state()
    weights = {name: weight.clone() for name, weight in network.state_dict().items()}
    inputs = windows.test.inputs.copy()
    everything = torch.random.get_rng_state()
    _all_three(network, windows, 2, 1)
    with pytest.raises(AttributeError):  # no scaler: also if something goes wrong on the way
        dropout_paths(network, windows.test, None, 1, 1, 0)
    assert network.dropout is own and own.share == 0.4
    assert all(module.training == training for module in network.modules())
    assert torch.equal(network.dropout.generator.get_state(), random)
    assert torch.equal(torch.random.get_rng_state(), everything)
    assert list(network.state_dict()) == list(weights)
    assert all(torch.equal(network.state_dict()[name], weights[name]) for name in weights)
    np.testing.assert_array_equal(windows.test.inputs, inputs)


def test_forecasts_are_made_on_one_thread(network, windows):
    before, seen = torch.get_num_threads(), []
    network.register_forward_hook(lambda *_: seen.append(torch.get_num_threads()))
    torch.set_num_threads(2)
    try:
        _all_three(network, windows, 2, 1)
        assert set(seen) == {1} and torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize(("samples", "horizon"), [(0, 1), (1, 0), (-1, 1)])
def test_no_paths_and_no_steps_are_refused(network, windows, samples, horizon):
    part, scaler, says = windows.test, windows.scaler, "samples and horizon must be at least 1"
    with pytest.raises(ValueError, match=says):
        dropout_paths(network, part, scaler, horizon, samples, 0)
    with pytest.raises(ValueError, match=says):
        bootstrap_paths(network, part, scaler, horizon, samples, RESIDUALS, 0)
    with pytest.raises(ValueError, match=says):
        persistence_paths(part, horizon, samples, RESIDUALS, 0)


@pytest.mark.parametrize("residuals", [[], [0.1, np.nan], [np.inf], [[0.1, 0.2]], 0.1])
def test_residuals_that_can_not_be_drawn_are_refused(network, windows, residuals):
    part, scaler, says = windows.test, windows.scaler, "vector of finite numbers"
    with pytest.raises(ValueError, match=says):
        bootstrap_paths(network, part, scaler, 1, 1, residuals, 0)
    with pytest.raises(ValueError, match=says):
        persistence_paths(part, 1, 1, residuals, 0)


# Dropout


def test_without_dropout_all_paths_are_the_point_forecast(windows):
    network = _network(replace(STACKED, dropout=0.0))
    found = dropout_paths(network, windows.test, windows.scaler, HORIZON, 3, 0)
    expected = forecast_paths(network, windows.test, windows.scaler, HORIZON)
    for sample in range(3):
        np.testing.assert_allclose(found[:, sample], expected, rtol=1e-6)


def _elman_by_mask(network: StackedNetwork, window: list[float], mask: tuple[int, ...]) -> float:
    """Forecast in plain NumPy, with the mask given (1 keeps) on the one layer of the network."""
    weights = {name: value.double().numpy() for name, value in network.state_dict().items()}
    hidden = np.zeros(len(mask))
    for x in window:
        hidden = np.tanh(
            weights["layers.0.weight_ih_l0"][:, 0] * x
            + weights["layers.0.bias_ih_l0"]
            + weights["layers.0.weight_hh_l0"] @ hidden
            + weights["layers.0.bias_hh_l0"]
        )
    kept = hidden * mask / (1 - 0.4)
    return float(weights["head.weight"][0] @ kept + weights["head.bias"][0])


def test_dropout_draws_each_mask_as_often_as_it_should():
    """Two steps of a layer of three units have 8 x 8 pairs of masks: every one can be written out.

    The second step starts from the window that the first step's mask led to.
    """
    windows, network = _windows(ONE_LAYER), _network(ONE_LAYER)
    part, scaler, samples = _first(windows.test, 1), windows.scaler, 20_000
    found = dropout_paths(network, part, scaler, 2, samples, 3)[0]
    expected, chances = [], []
    masks = list(product([0, 1], repeat=3))
    chance = {mask: math.prod(0.6 if kept else 0.4 for kept in mask) for mask in masks}
    window = part.inputs[0].tolist()
    for one, two in product(masks, masks):
        first = _elman_by_mask(network, window, one)
        second = _elman_by_mask(network, [*window[1:], first], two)
        expected.append(scaler.unscale(np.array([first, second])))
        chances.append(chance[one] * chance[two])
    distances = np.abs(found[:, None] - np.array(expected)).max(axis=2)
    assert distances.min(axis=1).max() < 1e-4 * found.mean()
    counts = np.bincount(distances.argmin(axis=1), minlength=64)
    assert stats.chisquare(counts, samples * np.array(chances)).pvalue > 1e-3


class _PlainLSTM(nn.Module):
    """The stacked network, the way most tutorials write it."""

    def __init__(self, like: StackedNetwork) -> None:
        super().__init__()
        self.first, self.second = nn.LSTM(1, 5, batch_first=True), nn.LSTM(5, 4, batch_first=True)
        self.first.load_state_dict(like.layers[0].state_dict())
        self.second.load_state_dict(like.layers[1].state_dict())
        self.head = nn.Linear(4, 1)
        self.head.load_state_dict(like.head.state_dict())
        self.dropout = nn.Dropout(0.4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.dropout(self.second(self.dropout(self.first(x[:, :, None])[0]))[0])
        return self.head(x[:, -1])[:, 0]


def test_dropout_paths_spread_as_those_of_a_plain_network(network, windows):
    part, scaler, samples, steps = _first(windows.test, 1), windows.scaler, 20_000, 3
    found = dropout_paths(network, part, scaler, steps, samples, 4)[0]
    plain = _PlainLSTM(network).train()
    x = torch.tensor(part.inputs).repeat(samples, 1)
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(5)
        for _ in range(steps):
            x = torch.column_stack([x, plain(x[:, -LOOKBACK:])])
    expected = scaler.unscale(x[:, -steps:].numpy())
    for step in range(steps):
        assert stats.ks_2samp(found[:, step], expected[:, step]).pvalue > 1e-3
    np.testing.assert_allclose(np.corrcoef(found.T), np.corrcoef(expected.T), atol=0.03)


def test_each_chunk_draws_masks_of_its_own(network, windows, monkeypatch):
    monkeypatch.setattr(path_sampling, "CHUNK", 8)
    found = dropout_paths(network, _first(windows.test, 1), windows.scaler, 1, 40, 0)
    assert len(np.unique(found)) == 40


# Bootstrap


def test_without_errors_bootstrap_paths_are_the_point_forecast(network, windows):
    found = bootstrap_paths(network, windows.test, windows.scaler, HORIZON, 3, [0.0], 0)
    expected = forecast_paths(network, windows.test, windows.scaler, HORIZON)
    for sample in range(3):
        np.testing.assert_allclose(found[:, sample], expected, rtol=1e-6)


def test_a_constant_error_is_made_at_each_step_and_forecast_from(network, windows):
    part, scaler, error = windows.test, windows.scaler, 0.05
    found = bootstrap_paths(network, part, scaler, HORIZON, 2, [error], 0)
    window = part.inputs.astype(np.float64)
    for step in range(HORIZON):
        forecast = scaler.unscale(predict(network, window[:, -LOOKBACK:].astype(np.float32)))
        close = forecast * math.exp(error)
        for sample in range(2):
            np.testing.assert_allclose(found[:, sample, step], close, rtol=1e-5)
        window = np.column_stack(
            [window, 2 * (close - scaler.low) / (scaler.high - scaler.low) - 1]
        )


def _shocks(network: StackedNetwork, part: Part, scaler: Scaler, paths: np.ndarray) -> np.ndarray:
    """Tell the log error made at each step of drawn paths, from forecasts of what came before."""
    _, samples, horizon = paths.shape
    known = np.concatenate(
        [np.repeat(part.inputs[:, None], samples, axis=1), scaler.scale(paths)], axis=2
    ).astype(np.float32)
    made = [
        predict(network, known[:, :, step : step + LOOKBACK].reshape(-1, LOOKBACK))
        for step in range(horizon)
    ]
    forecast = scaler.unscale(np.stack(made, axis=1)).reshape(paths.shape)
    return np.log(paths / forecast)


def test_every_step_draws_one_of_the_errors_each_as_often_and_on_its_own(network, windows):
    part, samples = _first(windows.test, 4), 1500
    paths = bootstrap_paths(network, part, windows.scaler, HORIZON, samples, RESIDUALS, 0)
    shocks = _shocks(network, part, windows.scaler, paths)
    which = np.abs(shocks[..., None] - RESIDUALS).argmin(axis=-1)
    np.testing.assert_allclose(shocks, RESIDUALS[which], atol=1e-4)
    _assert_drawn_independently(which)


def _assert_drawn_independently(which: np.ndarray) -> None:
    """Draws (n, samples, horizon) are uniform, and those of any two steps or origins unrelated."""
    kinds = len(RESIDUALS)
    assert stats.chisquare(np.bincount(which.ravel(), minlength=kinds)).pvalue > 1e-3
    columns = which.transpose(1, 0, 2).reshape(which.shape[1], -1).T  # an origin's step each
    for one, two in pairwise(columns):
        table = np.histogram2d(one, two, bins=kinds)[0]
        assert stats.chi2_contingency(table).pvalue > 1e-4
    by_sample = which.reshape(-1, which.shape[2])
    table = np.histogram2d(by_sample[:-1].ravel(), by_sample[1:].ravel(), bins=kinds)[0]
    assert stats.chi2_contingency(table).pvalue > 1e-4


def test_chunks_do_not_change_bootstrap_paths(network, windows, monkeypatch):
    arguments = (network, windows.test, windows.scaler, HORIZON, 7, RESIDUALS, 0)
    whole = bootstrap_paths(*arguments)
    monkeypatch.setattr(path_sampling, "CHUNK", 10)  # neither 7 nor all paths are a multiple of it
    np.testing.assert_allclose(bootstrap_paths(*arguments), whole, rtol=1e-5)


# Persistence


def test_persistence_paths_sum_draws_from_the_close_before_the_target(windows):
    part, samples = _first(windows.test, 4), 2500
    paths = persistence_paths(part, HORIZON, samples, RESIDUALS, 1)
    # The close before each target, straight from the prices.
    first = len(CLOSE) - len(windows.test.close)
    today = CLOSE.to_numpy()[first - 1 : first + 3]
    closes = np.concatenate([np.tile(today[:, None, None], (1, samples, 1)), paths], axis=2)
    steps = np.diff(np.log(closes), axis=2)
    which = np.abs(steps[..., None] - RESIDUALS).argmin(axis=-1)
    np.testing.assert_allclose(steps, RESIDUALS[which], atol=1e-12)
    _assert_drawn_independently(which)
    # So the variance grows in proportion to the horizon, and the mean with it.
    far = np.log(paths / today[:, None, None])
    scale = np.arange(1, HORIZON + 1)
    np.testing.assert_allclose(
        far.var(axis=(0, 1)) / RESIDUALS.var(), scale, rtol=5 * math.sqrt(2 / far[..., 0].size)
    )
    error = RESIDUALS.std() * np.sqrt(scale / far[..., 0].size)
    assert (np.abs(far.mean(axis=(0, 1)) - RESIDUALS.mean() * scale) < 4 * error).all()


def test_errors_are_drawn_with_replacement(windows):
    part = _first(windows.test, 1)
    paths = np.stack([persistence_paths(part, 5, 1, RESIDUALS, seed)[0, 0] for seed in range(200)])
    steps = np.diff(np.log(np.column_stack([np.full(200, part.previous[0]), paths])))
    distinct = [len(np.unique(path.round(6))) for path in steps]
    # All five in five draws: once in 5**5 / 5! = 26.
    assert np.mean(np.array(distinct) == 5) < 0.1


# Intervals


def test_central_intervals_are_quantiles_of_each_origin_and_horizon():
    paths = np.random.default_rng(0).lognormal(size=(3, 41, 2))
    levels = (0.5, 0.8, 0.95)
    found = central_intervals(paths, levels)
    assert found.shape == (3, 2, 3, 2)
    for row, column, k in np.ndindex(3, 2, 3):
        drawn = np.sort(paths[row, :, column])
        for side, share in enumerate([(1 - levels[k]) / 2, (1 + levels[k]) / 2]):
            # 41 draws have 40 gaps: interpolate within the one that the share falls into.
            place = 40 * share
            below = math.floor(place + 1e-9)
            expected = drawn[below] + (place - below) * (drawn[min(below + 1, 40)] - drawn[below])
            assert found[row, column, k, side] == pytest.approx(expected)


def test_central_intervals_refuse_per_cents():
    with pytest.raises(ValueError, match="range"):
        central_intervals(np.ones((2, 3, 1)), [90])
