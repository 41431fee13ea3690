"""One paper's LSTM forecast, its baselines, and tools that judge its claims: a core, nine rooms.

The core is the files beside this one. Read in this order they are the whole system: ``recipe``,
``windows``, ``cells``, ``models``, ``training``, ``forecasting``, ``metrics``, ``baselines``,
``training_curves``, ``paths``. The rooms:

- ``machine`` asks the computer for the same bits everywhere, and keeps files whole;
- ``prices`` brings prices, checks or refuses them, and knows the sessions of the exchange;
- ``stats`` says what seeds, sessions and tests may say;
- ``probabilistic`` has forecasts that are distributions, and positions from them;
- ``experiments`` knows which runs there are, and makes, keeps and queries them;
- ``claims`` has the ledger of what the paper prints, values beside it, and verdicts;
- ``judging`` says what a reader's own forecast, or the code behind it, is worth;
- ``after`` asks prices that came after the paper what was fixed before;
- ``report`` has tables, figures and drawings for the notebooks.

Imports run one way: ``paths``, ``recipe`` and ``machine``, then ``prices``, the rest of the core,
``stats``, ``probabilistic``, ``experiments``, ``claims``, ``judging``, ``after``, ``report``.
``__main__`` runs everything.

Whatever of it is imported first, torch then trains the same bits on every processor with AVX2.
"""

from paperlib.machine.processor import pin

pin()
