"""How every model stands one step ahead, as text."""

from __future__ import annotations

import pandas as pd

from paperlib.experiments.accuracy import standings
from paperlib.experiments.catalogue import PAPER_WINDOW
from paperlib.stats.interval import interval_of


def standings_table(dataset: str = PAPER_WINDOW, protocol: str = "as_published") -> pd.DataFrame:
    """Write :func:`paperlib.experiments.accuracy.standings` as text, a line a model."""
    lines = []
    for _, row in standings(dataset, protocol).iterrows():
        lines.append(
            {
                "model": row["title"],
                "MAPE (%)": f"{interval_of(row, 'mape_pct'):.2f}",
                "MSE over persistence (over seeds)": f"{interval_of(row, 'seeds'):ratio}",
                "mean MSE over it (over sessions)": f"{interval_of(row, 'sessions'):ratio}",
                "MAE ($)": f"{interval_of(row, 'mae_usd'):.1f}",
                "RMSE ($)": f"{interval_of(row, 'rmse_usd'):.1f}",
                "MAE (scaled)": f"{interval_of(row, 'mae_scaled'):.4f}",
                "RMSE (scaled)": f"{interval_of(row, 'rmse_scaled'):.4f}",
                "MASE": f"{interval_of(row, 'mase'):.2f}",
                "right directions (%)": f"{interval_of(row, 'direction_pct'):.0f}",
            }
        )
    return pd.DataFrame(lines)
