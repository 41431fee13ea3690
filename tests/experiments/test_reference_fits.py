"""A few short fits come out to the bit as on the machines that are named beside them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from paperlib.experiments import reference_fits
from paperlib.experiments.catalogue import BUNDLED_WINDOW, PAPER_WINDOW
from paperlib.experiments.leakage import arms
from paperlib.experiments.readings import ADMISSIBLE, load_reading_runs
from paperlib.experiments.reference_fits import (
    FITS,
    TO_THE_END,
    arithmetic,
    fit_reference,
    fit_to_the_end,
    hash_fit,
    hash_references,
    kind_of_processor,
    load_hashes,
)
from paperlib.experiments.store import (
    RESULTS,
    load_elsewhere,
    load_readings,
    load_runs,
    select,
)
from paperlib.machine.processor import has_avx2
from paperlib.prices.series import load_prices
from paperlib.recipe import LEAK_FREE, PUBLISHED
from paperlib.training import fit
from paperlib.windows import make_windows


def test_this_machine_trains_the_same_bits_as_those_before():
    """Of a kind of processor that was not seen yet, it is told what came out, and no more."""
    found, stored = hash_references(), load_hashes()
    assert list(found.index) == list(stored.index) == [*FITS, "to_the_end"]
    if found.equals(stored):
        return
    differ = found[found != stored].to_dict()
    kind = kind_of_processor()
    if not has_avx2() or kind not in set(pd.read_csv(RESULTS / "processors.csv")["kind"]):
        pytest.xfail(f"{kind}, not seen before, trains other bits: {differ}")
    pytest.fail(f"{kind}: {differ}")


def test_a_fit_repeats_to_the_bit_and_any_change_shows(monkeypatch):
    recipe = replace(PUBLISHED, hidden=(4,), batch_size=256)
    first = fit_reference(recipe)
    assert hash_fit(first) == hash_fit(fit_reference(recipe))
    with_other_rate = fit_reference(replace(recipe, lr=recipe.lr * (1 + 1e-6)))
    assert hash_fit(with_other_rate) != hash_fit(first)
    first.model.head.bias.data += 1e-7  # one number's last digit
    assert hash_fit(first) != hash_fit(fit_reference(recipe))


def test_one_of_them_goes_through_schedule_and_stopping_to_the_best_epoch():
    fitted = fit_to_the_end()
    assert fitted.history["lr"].nunique() > 1
    assert fitted.best_epoch < len(fitted.history) < TO_THE_END.epochs
    for change in ({"lr_patience": 2}, {"lr_factor": 0.4}, {"patience": 2}):
        windows = make_windows(load_prices()["close"], TO_THE_END, LEAK_FREE)
        assert hash_fit(fit(replace(TO_THE_END, **change), windows, 0)) != hash_fit(fitted)


def test_the_name_of_an_arithmetic_hangs_on_every_fit(monkeypatch):
    hashes = pd.Series({name: f"{number:016x}" for number, name in enumerate(FITS)})
    others = [hashes.replace(h, "f" * 16) for h in hashes]
    assert len({arithmetic(hashes), *map(arithmetic, others)}) == len(FITS) + 1
    assert len(arithmetic(hashes)) == 10
    named = arithmetic(hashes)
    monkeypatch.setattr(reference_fits, "PROGRAM", 2)
    assert arithmetic(hashes) != named


def test_a_changed_program_is_another_arithmetic(monkeypatch):
    monkeypatch.setattr(reference_fits, "FITS", {"rnn": FITS["rnn"], "density": FITS["density"]})
    before = hash_references()
    monkeypatch.setattr("paperlib.probabilistic.density_network.LEAST_SCALE", 0.1)
    after = hash_references()
    assert before["rnn"] == after["rnn"]
    assert before["density"] != after["density"]


# --- the committed store -------------------------------------------------------------------------


@pytest.mark.parametrize("reading", ADMISSIBLE)
def test_all_runs_of_a_reading_are_of_one_arithmetic(reading):
    stored = pd.concat([load_runs(), load_readings()]).set_index("key")["arithmetic"]
    runs = select(load_reading_runs(), reading=reading)
    (one,) = stored[runs["key"]].unique()
    assert isinstance(one, str)


def test_all_cells_elsewhere_are_of_one_arithmetic():
    cells = load_elsewhere()
    networks = cells[~cells["recipe"].str.startswith("arima")]
    assert networks["arithmetic"].nunique(dropna=False) == 1


@pytest.mark.parametrize("recipe", ["published", "no_l2"])
@pytest.mark.parametrize("dataset", [PAPER_WINDOW, BUNDLED_WINDOW])
def test_runs_that_a_leak_compares_seed_by_seed_are_of_one_arithmetic(dataset, recipe):
    named = [table["arithmetic"].fillna("older") for table in arms(dataset, recipe).values()]
    by_seed = pd.concat(named).groupby(level="seed")
    assert by_seed.nunique().eq(1).all()
