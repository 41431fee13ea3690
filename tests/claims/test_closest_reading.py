"""How far a reading is from the paper's tables, on errors made up to equal the printed ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from paperlib.claims.closest_reading import TABLES, describe_reading, distances
from paperlib.claims.ledger import load_claims, printed
from paperlib.experiments.sensitivity import READINGS


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


def test_readings_are_few_and_differ():
    assert len(READINGS) == len(set(READINGS)) == len(set(map(describe_reading, READINGS))) <= 24
