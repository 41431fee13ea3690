"""``python -m paperlib.after`` asks later prices what was fixed; ``make after`` calls it."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import closing
from pathlib import Path

import joblib
import pandas as pd

from paperlib.after.answers import closes_rows
from paperlib.after.closes import closes_key, closes_tasks, gather, later_runs, simple_forecasts
from paperlib.after.distributions import ask_distributions
from paperlib.after.folder import read_folder
from paperlib.after.frozen import frozen_tasks, keep_frozen, load_frozen
from paperlib.after.tables import save_answers
from paperlib.experiments.density_scores import SIX
from paperlib.experiments.engine import Task, compute, on_one_thread
from paperlib.experiments.pieces import PIECES, is_kept, load
from paperlib.experiments.reference_fits import own_arithmetic
from paperlib.machine.files import Hindrance, hindrances, one_at_a_time
from paperlib.prices.findings import PriceFileError
from paperlib.prices.series import fingerprint
from paperlib.recipe import PAPER_START, digest

USAGE = "error: name a folder of later prices, such as NFLX.csv: AFTER=my_folder make after"


def ask(prices: dict[str, pd.DataFrame], jobs: int) -> str:
    """Train what is missing, ask all questions, and store the answers.

    Args:
        prices: by ticker, of :func:`paperlib.after.folder.read_folder`.
        jobs: processes.

    Returns:
        The end date.

    Raises:
        Hindrance: if a training could not be made.
    """
    arithmetic = own_arithmetic()
    folder = PIECES / arithmetic
    frozen, of_closes = frozen_tasks(), closes_tasks(prices["NFLX"])
    train([*frozen, *of_closes], folder, jobs)
    keep_frozen(folder, frozen)
    close = prices["NFLX"]["close"].loc[PAPER_START:]
    pieces = {run: load(folder, closes_key(run, close)) for run in later_runs()}
    print("\nJudging the forecasts.", flush=True)
    with on_one_thread():
        rows = closes_rows(gather(pieces) | simple_forecasts(close), close)
        answers = ask_distributions(prices, load_frozen())
    end = str(close.index[-1].date())
    files = {ticker: fingerprint(of).sha256[:16] for ticker, of in prices.items()}
    answers["closes"] = rows.assign(dataset="NFLX")
    save_answers(answers, end, arithmetic, files | {SIX: digest(files)})
    return end


def train(tasks: list[Task], folder: Path, jobs: int) -> None:
    """Make the pieces that are missing, and say how it goes on.

    Raises:
        Hindrance: if one failed.
    """
    problems, there = [], sum(is_kept(folder, task.key, task.arrays) for task in tasks)
    with closing(compute(tasks, folder, jobs)) as finished:
        for count, done in enumerate(finished, start=there + 1):
            print(f"\r{count} trained, of {len(tasks)} in all ", end="", flush=True)
            problems += [f"{done.task.name}: {done.problem}"] if done.problem else []
    if problems:
        raise Hindrance("; ".join(problems))


def main() -> None:
    """Answer the register's questions for the prices in the folder that ``AFTER`` names."""
    folder = os.environ.get("AFTER")
    if not folder:
        sys.exit(USAGE)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # kill ends it as Ctrl-C does
    sys.stdout.reconfigure(errors="backslashreplace")  # a terminal may lack a name's letters
    try:
        prices = read_folder(Path(folder))
        for of in prices.values():
            print(of.attrs["report"])
        with hindrances(), one_at_a_time(PIECES, "make results or make after"):
            end = ask(prices, joblib.cpu_count())
    except (Hindrance, PriceFileError) as problem:
        sys.exit(f"error: {problem}")
    except KeyboardInterrupt:
        sys.exit("\nstopped: what had finished is kept, and make after goes on from there")
    print(
        f"Stored in data/results/after_*.csv, as the rows that end on {end}. make book shows them."
    )


if __name__ == "__main__":
    main()
