"""Tables, figures and drawings for the notebooks.

What is shown is computed elsewhere; here it is only laid out.
May import all rooms.
"""

import lazy_loader

# A file is read when a name of it is asked for: torch alone takes two seconds.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "ablation_table": ["Measure", "with_and_without"],
        "accuracy_table": ["standings_table"],
        "after_tables": [
            "later_closes_table",
            "later_coverage_table",
            "later_promises_table",
            "later_ranges_table",
            "later_risk_table",
        ],
        "figures.after": ["plot_later_errors"],
        "distribution_tables": [
            "FEWEST_VIOLATIONS",
            "backtest_table",
            "count_standings",
            "coverage_table",
            "further_scores",
            "score_table",
            "tier_table",
        ],
        "explorers": ["EARLIER", "HORIZONS", "cell_explorer", "forecast_explorer", "loudest_units"],
        "figures.accuracy": ["plot_headline", "plot_horizons", "plot_p_values", "plot_standings"],
        "figures.answers": ["plot_answers", "plot_devices"],
        "figures.cell": ["plot_gates", "plot_gradient_by_lag", "plot_walk", "plot_weights"],
        "figures.elsewhere": ["plot_forest"],
        "figures.forecasts": [
            "plot_ahead",
            "plot_error_size",
            "plot_race",
            "plot_samples",
            "plot_zoom",
        ],
        "figures.intervals": [
            "plot_bands",
            "plot_by_place",
            "plot_coverage",
            "plot_fans",
            "plot_pit",
            "plot_score_ratios",
        ],
        "figures.layers": ["plot_answers_by_layer", "plot_stack"],
        "figures.leakage": [
            "plot_arms",
            "plot_counts",
            "plot_distances",
            "plot_middles",
            "plot_shares",
        ],
        "figures.learning": ["plot_run", "plot_shapes", "plot_slope"],
        "figures.plateau": ["plot_plateau", "plot_timelines"],
        "figures.prices": [
            "plot_close",
            "plot_correlograms",
            "plot_returns",
            "plot_tails",
            "plot_who_sees_what",
        ],
        "figures.readings": ["plot_by_reading"],
        "figures.response": ["plot_levels", "plot_profiles"],
        "figures.risk": ["plot_power", "plot_var", "plot_wealth"],
        "figures.training": [
            "plot_curves",
            "plot_doses",
            "plot_losses",
            "plot_penalised",
            "plot_step_control",
        ],
        "forecast_page": ["ForecastPage"],
        "paragraphs": ["prose"],
        "pictures": ["show_figure"],
        "reference_tables": ["figure_index", "leak_checklist"],
        "side_by_side": ["interval_score_table"],
        "style": ["use_style"],
        "tables": ["show_price_report", "show_table"],
    },
)
