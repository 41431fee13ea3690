"""Run every test and every notebook on one thread.

More gain nothing on an idle machine, cost much on a busy one, and add up numbers in another order.
"""

import os

for library in ("OMP", "MKL", "OPENBLAS"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")
