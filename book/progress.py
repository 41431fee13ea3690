"""A pytest plugin for the run of nbmake: keep each notebook, and tell of it, as soon as it is done.

So an interrupted run has to execute only what it had not finished.
"""

from contextlib import suppress
from functools import partial
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbmake import nb_run

from paperlib.machine.files import write

PATIENCE = 1200  # seconds; generous, since a busy machine may be ten times slower


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that says where notebooks are kept."""
    parser.addoption("--keep-in", type=Path, help="folder for the notebooks that succeed")


def pytest_configure(config: pytest.Config) -> None:
    """Watch from the process that hears of all notebooks, not from those that execute them."""
    # Where a busy machine takes longer than the usual 4 seconds, outputs would silently be lost.
    # A kernel whose cells have all run may end at once: to tidy up takes it a second.
    nb_run.NotebookClient = partial(
        NotebookClient,
        startup_timeout=PATIENCE,
        iopub_timeout=PATIENCE,
        shutdown_kernel="immediate",
    )
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Progress(config.rootpath, config.option.keep_in))


class Progress:
    """Keeps what has succeeded, and prints a line per notebook in place of pytest's dots."""

    def __init__(self, source: Path, target: Path) -> None:
        self.source, self.target = source, target  # folders: executed in, kept in

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str]:
        """Have pytest print no dot and no letter."""
        return report.outcome if is_result(report) else "", "", ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep a notebook that has succeeded, and say how long it took."""
        # Here, since every process of pytest imports this file, and these take seconds.
        from book.execution import blemish

        if is_result(report):
            name = Path(report.nodeid.partition("::")[0]).name
            failed = "" if report.passed and not blemish(self.source / name) else ", failed"
            if not failed:
                with suppress(OSError):  # a full disk: book/execution.py tries again and tells
                    keep(self.source / name, self.target)
            print(f"{name}: {report.duration:.0f} s{failed}", flush=True)


def is_result(report: pytest.TestReport) -> bool:
    """Whether a report says how a notebook did: not that its set-up went well, for example."""
    return report.when == "call" or report.failed


def keep(notebook: Path, target: Path) -> None:
    """Copy an executed notebook, normalised, and its key, which lies beside it, to a folder."""
    from book.execution import copy_key, normalise, to_bytes

    key = notebook.with_name(f"{notebook.name}.key").read_text()
    content = to_bytes(normalise(nbformat.read(notebook, 4)))
    write(target / notebook.name, content)
    write(target / f"{notebook.name}.key", copy_key(key, content).encode())
