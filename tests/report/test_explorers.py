"""The drawings that move: they are given, and they show, what paperlib computes."""

import json
import subprocess

import nbformat
import numpy as np
import pandas as pd
import pytest
import torch
from bs4 import BeautifulSoup
from torch import nn

from book.formulas import find_node
from paperlib import metrics
from paperlib.cells import LSTMParameters, LSTMStep, lstm_step, run_lstm
from paperlib.paths import ROOT
from paperlib.prices.series import load_prices
from paperlib.report.explorers import (
    EARLIER,
    HORIZONS,
    UNITS,
    cell_explorer,
    forecast_explorer,
    loudest_units,
    pre_activations,
)

STATIC = ROOT / "book" / "_static"
NODE = find_node()
LIMIT = 40_000  # bytes of data that an explorer may add to a page


def node(script: str, call: str, given: object) -> object:
    """Return what an expression makes of ``given`` and of ``explorer``, the script's functions."""
    path = json.dumps(str(STATIC / script))
    program = (
        f"const explorer = require({path});"
        'const given = JSON.parse(require("fs").readFileSync(0, "utf8"));'
        f"console.log(JSON.stringify({call}));"
    )
    run = subprocess.run(
        [NODE, "-e", program], input=json.dumps(given), capture_output=True, text=True, check=True
    )
    return json.loads(run.stdout)


def data_of(html: str) -> dict:
    (script,) = BeautifulSoup(html, "html.parser").select('script[type="application/json"]')
    return json.loads(script.get_text())


def text_of(output: nbformat.NotebookNode) -> str:
    return output.get("data", {}).get("text/html", "")


@pytest.fixture(scope="module")
def window() -> torch.Tensor:
    rng = np.random.default_rng(1)
    return torch.tensor(rng.uniform(-1, 1, (30, 1, 1)))


@pytest.fixture(scope="module")
def layers() -> dict[str, LSTMParameters]:
    torch.manual_seed(1)
    with torch.inference_mode():
        networks = {name: nn.LSTM(1, 64, dtype=torch.float64) for name in ("one", "other")}
        return {name: LSTMParameters.from_torch(network) for name, network in networks.items()}


@pytest.fixture(scope="module")
def read() -> pd.Series:
    sessions = pd.bdate_range("2022-01-31", periods=30)
    return pd.Series(np.linspace(457.13, 331.01, 30), sessions)


@pytest.fixture(scope="module")
def cell(layers, window, read) -> str:
    return cell_explorer(layers, window, read, "fig-x").data


@pytest.fixture(scope="module")
def close() -> pd.Series:
    steps = np.random.default_rng(2).normal(0, 0.02, 300)
    return pd.Series(400 * np.exp(steps.cumsum()), pd.bdate_range("2021-01-04", periods=300))


@pytest.fixture(scope="module")
def paths(close) -> dict[tuple[str, str], np.ndarray]:
    rng = np.random.default_rng(3)
    late = close.shift(4).to_numpy()[-100:, None]  # four sessions before the first target
    noise = {name: rng.normal(0, 3, (100, 30)) for name in ("LSTM", "RNN")}
    return {(name, "as published"): late + errors for name, errors in noise.items()}


@pytest.fixture(scope="module")
def forecast(paths, close) -> str:
    return forecast_explorer(paths, close, "fig-x").data


# The cell


def test_pre_activations_give_the_gates_of_the_trace(layers, window):
    p = layers["one"]
    given, steps = pre_activations(window, p), run_lstm(window, p)
    for name in ("f", "i", "o"):
        gate = torch.cat([getattr(step, name) for step in steps])
        torch.testing.assert_close(torch.special.expit(given[name]), gate)
    candidate = torch.cat([step.candidate for step in steps])
    torch.testing.assert_close(torch.tanh(given["c"]), candidate)


def test_the_loudest_units_are_those_that_stray_farthest():
    def step(*h):
        return LSTMStep(*[torch.zeros(1, 3)] * 5, torch.tensor([h]))

    steps = [step(0.1, 0.0, 0.3), step(0.2, -0.9, 0.1)]
    assert loudest_units(steps, 2) == [1, 2]


def test_the_cell_explorer_ships_the_window_and_eight_units_of_each_network(
    cell, layers, window, read
):
    data = data_of(cell)
    assert data["close"] == [float(f"{value:.4g}") for value in read]
    sessions = pd.to_datetime(np.cumsum(data["days"]), unit="D")
    assert list(sessions) == list(read.index)
    assert [network["name"] for network in data["networks"]] == ["one", "other"]
    for network in data["networks"]:
        given = pre_activations(window, layers[network["name"]])
        assert len(network["units"]) == UNITS
        for unit in network["units"]:
            for gate in "fioc":
                exact = given[gate][:, unit["unit"] - 1]
                np.testing.assert_allclose(unit[gate], exact, rtol=5.1e-4)


def test_a_cell_explorer_needs_a_close_for_each_step(layers, window, read):
    with pytest.raises(ValueError, match="a window of 30 needs as many closes, got 29"):
        cell_explorer(layers, window, read[1:], "fig-x")


def test_the_script_computes_the_equations_as_the_python_cell_does():
    rng = np.random.default_rng(4)
    given = rng.normal(0, 4, (500, 4))
    given[:2] = [[800, -800, 800, 800], [-800, 800, 0, -800]]  # what would overflow
    before = rng.uniform(-2, 2, (500, 1))
    # A cell of one unit whose inputs are the pre-activations themselves.
    weights = [torch.eye(5, dtype=torch.float64)[k : k + 1] for k in (1, 2, 3, 4)]
    p = LSTMParameters(*weights, *[torch.zeros(1, dtype=torch.float64)] * 4)
    expected = lstm_step(
        torch.tensor(given), torch.zeros(500, 1, dtype=torch.float64), torch.tensor(before), p
    )
    made = node(
        "cell_explorer.js",
        "given.map(([f, i, o, c, before]) => explorer.cellStep({ f, i, o, c }, before))",
        np.hstack([given, before]).tolist(),
    )
    for name, values in expected._asdict().items():
        ours = [step[name] for step in made]
        np.testing.assert_allclose(ours, values[:, 0], rtol=1e-12, atol=1e-15)


def test_the_script_walks_the_way_of_the_trained_cell(cell, layers, window):
    data = data_of(cell)
    made = node(
        "cell_explorer.js", "given.map(({ units }) => units.map(explorer.walk))", data["networks"]
    )
    for network, walks in zip(data["networks"], made, strict=True):
        steps = run_lstm(window, layers[network["name"]])
        for unit, walk in zip(network["units"], walks, strict=True):
            for name in ("c", "h"):
                exact = [getattr(step, name)[0, unit["unit"] - 1].item() for step in steps]
                ours = [step[name] for step in walk]
                np.testing.assert_allclose(ours, exact, atol=3e-4)  # the rounding


def test_shares_near_none_and_all_have_a_decimal():
    """No gate shuts or opens fully, so none may read 0% or 100%."""
    shares = [0.00247, 0.0099, 0.01, 0.4951, 0.99, 0.9901, 0.99753]
    assert node("explorers.js", "given.map(explorer.percent)", shares) == (
        ["0.2%", "1.0%", "1%", "50%", "99%", "99.0%", "99.8%"]
    )


# Forecasts


def test_the_forecast_explorer_ships_each_horizon_from_its_first_target_on(forecast, paths, close):
    data = data_of(forecast)
    assert data["horizons"] == list(HORIZONS)
    assert data["unit"] == 0.01  # the largest close has three digits before the point
    assert 100 < close.iloc[-160:].max() < 1000
    sent = close.iloc[-(100 + EARLIER) :]
    np.testing.assert_allclose(np.cumsum(data["close"]) * data["unit"], sent, atol=0.00501)
    assert list(pd.to_datetime(np.cumsum(data["days"]), unit="D")) == list(sent.index)
    for one in data["forecasts"]:
        exact = paths[one["network"], one["protocol"]]
        for h, ahead in zip(HORIZONS, one["ahead"], strict=True):
            assert len(ahead) == 101 - h
            made = np.cumsum(ahead) * data["unit"]
            np.testing.assert_allclose(made, exact[: 101 - h, h - 1], atol=0.00501)


def test_paths_that_do_not_fit_are_refused(paths, close):
    with pytest.raises(ValueError, match="got .100. origins, 30 ahead, 159 closes"):
        forecast_explorer(paths, close.iloc[-159:], "fig-x")
    with pytest.raises(ValueError, match="29 ahead"):
        forecast_explorer({("a", "b"): np.ones((100, 29))}, close, "fig-x")
    with pytest.raises(ValueError, match="got .99, 100. origins"):
        forecast_explorer(paths | {("a", "b"): np.ones((99, 30))}, close, "fig-x")


@pytest.mark.parametrize("horizon", HORIZONS)
def test_the_script_scores_as_the_metrics_do(forecast, paths, close, horizon):
    data = data_of(forecast)
    names = list(paths)
    made = node(
        "forecast_explorer.js",
        f"given.forecasts.map((_, k) => explorer.compare(given, k, {horizon}))",
        data,
    )
    prices = np.cumsum(data["close"]) * data["unit"]
    y, before = prices[EARLIER + horizon - 1 :], prices[EARLIER - 1 : -horizon]
    # The target itself and the closes before it: persistence trails by one, a target by none.
    seen = np.lib.stride_tricks.sliding_window_view(prices, EARLIER + 1)[-len(y) :]
    for k, name in enumerate(names):
        ahead = np.cumsum(data["forecasts"][k]["ahead"][HORIZONS.index(horizon)]) * data["unit"]
        for scored, forecasts in ((made[k]["model"], ahead), (made[k]["persistence"], before)):
            assert scored["mape"] == pytest.approx(metrics.mape(y, forecasts), rel=1e-9)
            assert scored["rmse"] == pytest.approx(metrics.rmse(y, forecasts), rel=1e-9)
            assert scored["bias"] == pytest.approx(np.mean(forecasts) - np.mean(y), abs=1e-9)
        skill = metrics.skill(y, ahead, before)
        assert made[k]["ratio"] == pytest.approx(1 - skill, rel=1e-9)
        assert made[k]["behind"] == metrics.sessions_behind(ahead, seen) - 1
        # and, but for the rounding, as from the numbers before they were shipped
        exact = metrics.rmse(close.iloc[horizon - 101 :], paths[name][: 101 - horizon, horizon - 1])
        assert made[k]["model"]["rmse"] == pytest.approx(exact, abs=0.005)


def test_the_shift_that_was_put_in_is_found(forecast):
    made = node("forecast_explorer.js", "explorer.compare(given, 0, 1)", data_of(forecast))
    assert made["behind"] == 4


def test_a_perfect_forecast_trails_by_none_and_is_wrong_by_nothing(close):
    ahead = [close.shift(1 - h)[-100:] for h in range(1, 31)]
    exact = np.nan_to_num(np.column_stack(ahead), nan=1.0)  # after the data, where nobody scores
    data = data_of(forecast_explorer({("a", "b"): exact}, close, "fig-x").data)
    for horizon in HORIZONS:
        made = node("forecast_explorer.js", f"explorer.compare(given, 0, {horizon})", data)
        assert made["behind"] == 0
        assert made["model"] == {"mape": 0, "rmse": 0, "bias": 0, "mse": 0}


@pytest.mark.parametrize("ticker", ["NFLX", "AAPL"])
def test_no_score_on_the_page_differs_from_the_unrounded_one(ticker):
    """To the digit that is printed, as the chapter's tables print it."""
    close = load_prices(ticker)["close"]
    origins = 383  # as in the chapter
    late = 1.01 * close.ewm(span=9).mean().shift(1)[-origins:]
    path = late.to_numpy()[:, None] * 1.001 ** np.arange(30)
    data = data_of(forecast_explorer({("a", "b"): path}, close, "fig-x").data)
    for h in HORIZONS:
        made = node("forecast_explorer.js", f"explorer.compare(given, 0, {h})", data)
        came, naive = close[h - 1 - origins :], close.shift(h)[h - 1 - origins :]
        ours = path[: origins - h + 1, h - 1]
        for name, forecasts in (("model", ours), ("persistence", naive)):
            assert f"{made[name]['mape']:.2f}" == f"{metrics.mape(came, forecasts):.2f}"
            assert f"{made[name]['rmse']:.2f}" == f"{metrics.rmse(came, forecasts):.2f}"


# On the page


def test_no_text_can_end_the_script_element(layers, window, read):
    evil = {"</script><b>": layers["one"]}
    html = cell_explorer(evil, window, read, "fig-x").data
    assert html.count("<") == 4  # two elements, opened and closed
    assert data_of(html)["networks"][0]["name"] == "</script><b>"


def test_an_explorer_is_hidden_until_a_script_draws_it(cell, forecast):
    for html, kind in ((cell, "cell"), (forecast, "forecast")):
        root = BeautifulSoup(html, "html.parser").div
        assert root.has_attr("hidden")
        assert (root["data-explorer"], root["data-figure"]) == (kind, "fig-x")


def test_scripts_are_small():
    for kind in ("cell", "forecast"):
        files = [STATIC / name for name in ("explorers.js", f"{kind}_explorer.js")]
        assert sum(path.stat().st_size for path in files) <= 15 * 1024


@pytest.fixture(scope="module", params=["lstm_cell", "horizons"])
def page(request, site) -> BeautifulSoup:
    path = site / "notebooks" / f"{request.param}.html"
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def test_a_built_page_has_the_data_and_the_figure_that_stands_for_it(page):
    (root,) = page.select("[data-explorer]")
    assert root.has_attr("hidden")
    assert data_of(str(root))["days"]
    figure = page.find(id=root["data-figure"])
    assert figure.name == "figure"
    assert figure.img["src"].endswith(".svg")
    assert len(figure.img["alt"]) > 60
    assert figure.figcaption.get_text(strip=True)


@pytest.mark.parametrize("chapter", ["lstm_cell", "horizons"])
def test_stored_data_are_small_and_end_with_the_bundled_prices(chapter):
    notebook = nbformat.read(ROOT / "notebooks" / f"{chapter}.ipynb", 4)
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    shown = [html for out in outputs if "data-explorer" in (html := text_of(out))]
    assert len(shown) == 1
    assert len(shown[0]) < LIMIT
    last = pd.Timestamp(sum(data_of(shown[0])["days"]), unit="D")
    assert last <= pd.Timestamp("2023-09-21")  # no later price is ours to ship


def test_scripts_are_loaded_where_they_are_needed_alone(page):
    named = [str(tag.get("src") or tag.get("href")) for tag in page.select("script, link")]
    assert not [address for address in named if "explorer" in address]


def test_equations_that_the_cell_refers_to_are_on_its_page(site):
    path = site / "notebooks" / "lstm_cell.html"
    page = BeautifulSoup(path.read_text("utf-8"), "html.parser")
    for number in range(3, 9):
        label = page.select_one(f"#equation-eq-{number} .eqno")
        assert label.get_text().startswith(f"(2.{number})")
