"""``python -m paperlib`` computes the stored results; ``make results`` calls it."""

from paperlib.experiments import main

main()
