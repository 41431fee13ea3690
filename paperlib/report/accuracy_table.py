"""How every model stands one step ahead, as text."""

from __future__ import annotations

import pandas as pd

from paperlib.experiments.accuracy import standings
from paperlib.experiments.catalogue import PAPER_WINDOW
from paperlib.stats.interval import ratio_text, with_interval


def standings_table(dataset: str = PAPER_WINDOW, protocol: str = "as_published") -> pd.DataFrame:
    """Write :func:`standings` as text, a line a model."""
    lines = []
    for _, row in standings(dataset, protocol).iterrows():
        ends = {of: (row.get(f"{of}_low"), row.get(f"{of}_high")) for of in ("seeds", "sessions")}
        lines.append(
            {
                "model": row["title"],
                "MAPE (%)": with_interval(row, "mape_pct", "{:.2f}"),
                "MSE over persistence (over seeds)": ratio_text(row["ratio"], *ends["seeds"]),
                "the same (over sessions)": ratio_text(row["ratio"], *ends["sessions"]),
                "MAE ($)": with_interval(row, "mae_usd", "{:.1f}"),
                "RMSE ($)": with_interval(row, "rmse_usd", "{:.1f}"),
                "MAE (scaled)": with_interval(row, "mae_scaled", "{:.4f}"),
                "RMSE (scaled)": with_interval(row, "rmse_scaled", "{:.4f}"),
                "MASE": with_interval(row, "mase", "{:.2f}"),
                "right directions (%)": with_interval(row, "direction_pct", "{:.0f}"),
            }
        )
    return pd.DataFrame(lines)
