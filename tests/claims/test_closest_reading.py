"""How far a reading is from the paper's tables, on errors made up to equal the printed ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from paperlib.claims import closest_reading
from paperlib.claims.closest_reading import (
    GRID,
    TABLES,
    describe_reading,
    distances,
    typical_errors,
)
from paperlib.claims.ledger import load_claims, printed
from paperlib.experiments.catalogue import PAPER_WINDOW
from paperlib.experiments.readings import ADMISSIBLE
from paperlib.experiments.store import all_runs, load_runs, load_trials, select


def errors_as_printed() -> pd.DataFrame:
    """Errors that equal the printed ones in the first reading of each cell."""
    cells = [cell for table in TABLES.values() for cell in table]
    measures = sorted({m for *_, of in cells for m in of})
    table = pd.DataFrame(1e6, index=sorted({recipe for _, recipe, _ in cells}), columns=measures)
    for claim, recipe, of in reversed(cells):
        table.loc[recipe, of[0]] = printed(claim)[0]
    return table


def test_the_distance_of_a_table_is_the_mean_log_ratio_of_its_errors():
    errors = errors_as_printed()
    errors.loc["fixed_lr", "test_mse_scaled"] *= np.e
    found = distances(errors)
    assert found.loc[5, "distance"] == 0
    assert found.loc[7, "distance"] == pytest.approx(0.5)
    assert found.index[~found["met"].astype(bool)].tolist() == [3, 7]  # 3 has another MAPE than 1
    errors.loc["fixed_lr", "test_mse_scaled"] *= 1.05 / np.e
    assert distances(errors).loc[7, "met"]


def test_two_mapes_of_one_model_can_not_both_be_met():
    """Tables 1 and 2 print 3.21 %, table 3 prints 1.85 %: one error can't be near both."""
    for mape in printed("test_mape", "full_test_mape"):
        errors = errors_as_printed()
        errors.loc["published", "test_mape_pct"] = mape
        met = distances(errors)["met"]
        assert not (met[1] and met[3])


def test_where_no_unit_is_printed_the_nearer_counts():
    errors = errors_as_printed()
    errors.loc["published", "test_mape_pct"] = printed("test_mape")[0]
    errors.loc["rnn", ["test_mae_scaled", "test_mae_usd"]] = [9.0, printed("rnn_mae")[0]]
    found = distances(errors)
    assert found.loc[2, "distance"] == 0
    assert found.loc[2, "met"]


def test_the_cells_of_a_table_are_of_that_table():
    claims = load_claims()
    for number, cells in TABLES.items():
        for claim, recipe, _ in cells:
            place = claims[claim].place
            assert f"table {number}" in place or "tables" in place
            assert claims[claim].recipe in (recipe, "")


def test_the_grid_is_equal_on_the_papers_window_and_six_readings_have_other_ends():
    ends = {reading: [end for of, end in GRID if of == reading] for reading, _ in GRID}
    assert all(PAPER_WINDOW in of for of in ends.values())
    lengths = {reading: len(of) for reading, of in ends.items()}
    assert lengths == {name: 1 if "100 epochs" in name else 4 for name in ADMISSIBLE}
    assert len({describe_reading(*of) for of in GRID}) == len(GRID) == 26


def test_typical_errors_are_geometric_means_of_the_seeds_that_are_stored():
    runs = select(load_runs(), dataset=PAPER_WINDOW, protocol="as_published", recipe="rnn")
    of_three = runs[runs["seed"] < 3]["test_mape_pct"]
    found = typical_errors(all_runs(), "decay 0.01", PAPER_WINDOW, range(3))
    assert found.loc["rnn", "test_mape_pct"] == pytest.approx(np.exp(np.log(of_three).mean()))
    (arima,) = select(load_trials(), dataset=PAPER_WINDOW, recipe="arima")["test_mape_pct"]
    assert found.loc["arima", "test_mape_pct"] == pytest.approx(arima)


def test_readings_that_their_seeds_do_not_part_are_a_tie(monkeypatch):
    """Errors made up: a tenth apart with seeds a fifth apart, and one far away."""
    off = {"near": 0.0, "next": 0.05, "far": 2.0}
    monkeypatch.setattr(closest_reading, "GRID", [(name, PAPER_WINDOW) for name in off])

    def made_up(_: pd.DataFrame, reading: str, dataset: str, seeds: range) -> pd.DataFrame:
        spread = np.mean([seed - 1 for seed in seeds]) * 0.2
        return errors_as_printed() * np.exp(0.5 + off[reading] + spread)

    monkeypatch.setattr(closest_reading, "typical_errors", made_up)
    table, met = closest_reading.nearest_readings()
    assert table["tie"].tolist() == [True, True, False]
    assert table["error"].iloc[2] == pytest.approx(0.2 / np.sqrt(3))
    assert not met.any().any()
