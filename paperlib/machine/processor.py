"""Which of a processor's instructions train: the same everywhere, so that the bits are the same.

Sums in float32 depend on their order and on how often they are rounded. The libraries below torch
choose both by the processor: eight or sixteen numbers at once, product and sum rounded once or
twice. Under Linux, where the system tells what there is, they are asked to take what any x86-64
processor with AVX2 has. They look when they first compute, so ``paperlib`` says it on import,
before that; torch itself may have been imported.
"""

from __future__ import annotations

import os
import platform
import sys
import warnings
from pathlib import Path

PINNED = {
    "ATEN_CPU_CAPABILITY": "avx2",  # torch's own loops
    "ONEDNN_MAX_CPU_ISA": "AVX2",  # recurrent layers
    "MKL_CBWR": "COMPATIBLE",  # products of matrices; "conditional bitwise reproducibility"
}
"""Without any one of them another processor, or this one told to be lesser, gives other bits."""

CPUINFO = Path("/proc/cpuinfo")


def has_avx2() -> bool:
    """Tell whether this is an x86-64 processor with AVX2, as far as the system says."""
    if platform.machine() not in ("x86_64", "AMD64"):
        return False
    # Where the system does not say, nothing is pinned: a wrong guess would crash.
    return CPUINFO.exists() and "avx2" in CPUINFO.read_text("utf-8", errors="replace").split()


def pin() -> None:
    """Tell torch's libraries which instructions to use; warn if they have computed before."""
    if not has_avx2():
        return
    os.environ.update(PINNED)
    if "torch" in sys.modules and not is_pinned():
        warnings.warn(
            "torch computed before paperlib was imported, with instructions of its own choice: "
            "what is trained here may differ in the last digits from the stored results. Import "
            "paperlib first.",
            stacklevel=3,
        )


def is_pinned() -> bool:
    """Tell whether torch computes with the instructions of :data:`PINNED`.

    It asks torch for its vectors. Of matrix products it computes one whose answer is 0 if each
    product is rounded before it is added, and 2^-24 if product and sum are rounded at once.
    """
    import torch  # not before: what only reads prices needs no torch

    one, square = 1 + 2**-12, 1 + 2**-11  # the square of the first, rounded to float32
    left, right = torch.zeros(32, 64), torch.zeros(64, 32)
    left[:, 0], left[:, 1] = -1, one
    right[0], right[1] = square, one
    rounded_twice = not (left @ right).any()
    return rounded_twice and torch.backends.cpu.get_cpu_capability() == "AVX2"
