"""Torch computes with the instructions that paperlib names, or the user is told."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from paperlib.machine import processor
from paperlib.machine.processor import PINNED, has_avx2, is_pinned
from paperlib.paths import ROOT

NEEDS_AVX2 = pytest.mark.skipif(not has_avx2(), reason="no processor with AVX2: nothing is pinned")
SAY = "import torch\nfrom paperlib.machine.processor import is_pinned\nprint(is_pinned())"


def run(code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run Python where nobody has named instructions before."""
    clean = {name: value for name, value in os.environ.items() if name not in PINNED}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, env=clean | variables, capture_output=True, text=True, check=True,
    )  # fmt: skip


@NEEDS_AVX2
def test_here_torch_computes_as_told() -> None:
    assert is_pinned()


@NEEDS_AVX2
def test_torch_may_be_imported_first() -> None:
    done = run(f"import torch, numpy, pandas\nimport paperlib\n{SAY}")
    assert (done.stdout, done.stderr) == ("True\n", "")


@NEEDS_AVX2
def test_settings_of_the_user_for_other_work_change_nothing() -> None:
    done = run(f"import paperlib\n{SAY}", MKL_CBWR="AVX2", ATEN_CPU_CAPABILITY="default")
    assert done.stdout == "True\n"


@NEEDS_AVX2
def test_who_computed_before_is_told() -> None:
    """The product rounds once or twice: a processor that can do once does, unless told not to."""
    done = run(f"import torch\ntorch.ones(64, 64) @ torch.ones(64, 64)\nimport paperlib\n{SAY}")
    assert done.stdout == "False\n"
    assert "torch computed before paperlib was imported" in done.stderr
    assert "Import paperlib first" in done.stderr


def test_reading_prices_loads_no_torch() -> None:
    done = run("import sys, paperlib.prices\nprint('torch' in sys.modules)")
    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    ("machine", "flags", "found"),
    [
        ("x86_64", "flags\t\t: fpu sse4_2 avx avx2 bmi1\n", True),
        ("x86_64", "flags\t\t: fpu sse4_2 avx bmi1\n", False),
        ("x86_64", None, False),
        ("aarch64", "Features\t: fp asimd avx2 \n", False),
        ("arm64", None, False),
    ],
)
def test_a_processor_without_avx2_is_left_alone(machine, flags, found, tmp_path, monkeypatch):
    cpuinfo = tmp_path / "cpuinfo"
    if flags is not None:
        cpuinfo.write_text(flags)
    monkeypatch.setattr(processor.platform, "machine", lambda: machine)
    monkeypatch.setattr(processor, "CPUINFO", cpuinfo)
    assert has_avx2() == found
    for name in PINNED:
        monkeypatch.delenv(name, raising=False)
    processor.pin()
    assert {name in os.environ for name in PINNED} == {found}
