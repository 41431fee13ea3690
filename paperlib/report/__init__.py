"""Tables, figures and drawings for the notebooks.

What is shown is computed elsewhere; here it is only laid out.
May import all rooms.
"""

from paperlib.report.ablation_table import Measure, with_and_without
from paperlib.report.accuracy_table import standings_table
from paperlib.report.distribution_tables import (
    FEWEST_VIOLATIONS,
    backtest_table,
    count_standings,
    coverage_table,
    further_scores,
    score_table,
    tick_ratio_text,
    tier_table,
)
from paperlib.report.explorers import (
    EARLIER,
    HORIZONS,
    cell_explorer,
    forecast_explorer,
    loudest_units,
)
from paperlib.report.figures.accuracy import (
    plot_headline,
    plot_horizons,
    plot_p_values,
    plot_standings,
)
from paperlib.report.figures.answers import plot_answers, plot_devices
from paperlib.report.figures.cell import plot_gates, plot_gradient_by_lag, plot_walk, plot_weights
from paperlib.report.figures.elsewhere import plot_forest
from paperlib.report.figures.forecasts import (
    plot_ahead,
    plot_error_size,
    plot_race,
    plot_samples,
    plot_zoom,
)
from paperlib.report.figures.intervals import (
    plot_bands,
    plot_by_place,
    plot_coverage,
    plot_fans,
    plot_pit,
    plot_score_ratios,
)
from paperlib.report.figures.layers import plot_answers_by_layer, plot_stack
from paperlib.report.figures.leakage import (
    plot_arms,
    plot_counts,
    plot_distances,
    plot_middles,
    plot_shares,
)
from paperlib.report.figures.learning import plot_run, plot_shapes, plot_slope
from paperlib.report.figures.plateau import plot_plateau, plot_timelines
from paperlib.report.figures.prices import (
    plot_close,
    plot_correlograms,
    plot_returns,
    plot_tails,
    plot_who_sees_what,
)
from paperlib.report.figures.readings import plot_by_reading
from paperlib.report.figures.response import plot_levels, plot_profiles
from paperlib.report.figures.risk import plot_power, plot_var, plot_wealth
from paperlib.report.figures.training import (
    plot_curves,
    plot_doses,
    plot_losses,
    plot_penalised,
    plot_step_control,
)
from paperlib.report.forecast_page import ForecastPage
from paperlib.report.paragraphs import prose
from paperlib.report.pictures import show_figure
from paperlib.report.reference_tables import figure_index, leak_checklist
from paperlib.report.style import use_style
from paperlib.report.tables import show_price_report, show_table

__all__ = [
    "EARLIER",
    "FEWEST_VIOLATIONS",
    "HORIZONS",
    "ForecastPage",
    "Measure",
    "backtest_table",
    "cell_explorer",
    "count_standings",
    "coverage_table",
    "figure_index",
    "forecast_explorer",
    "further_scores",
    "leak_checklist",
    "loudest_units",
    "plot_ahead",
    "plot_answers",
    "plot_answers_by_layer",
    "plot_arms",
    "plot_bands",
    "plot_by_place",
    "plot_by_reading",
    "plot_close",
    "plot_correlograms",
    "plot_counts",
    "plot_coverage",
    "plot_curves",
    "plot_devices",
    "plot_distances",
    "plot_doses",
    "plot_error_size",
    "plot_fans",
    "plot_forest",
    "plot_gates",
    "plot_gradient_by_lag",
    "plot_headline",
    "plot_horizons",
    "plot_levels",
    "plot_losses",
    "plot_middles",
    "plot_p_values",
    "plot_penalised",
    "plot_pit",
    "plot_plateau",
    "plot_power",
    "plot_profiles",
    "plot_race",
    "plot_returns",
    "plot_run",
    "plot_samples",
    "plot_score_ratios",
    "plot_shapes",
    "plot_shares",
    "plot_slope",
    "plot_stack",
    "plot_standings",
    "plot_step_control",
    "plot_tails",
    "plot_timelines",
    "plot_var",
    "plot_walk",
    "plot_wealth",
    "plot_weights",
    "plot_who_sees_what",
    "plot_zoom",
    "prose",
    "score_table",
    "show_figure",
    "show_price_report",
    "show_table",
    "standings_table",
    "tick_ratio_text",
    "tier_table",
    "use_style",
    "with_and_without",
]
