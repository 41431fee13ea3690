"""The paper's forecasting system, its baselines and the tools that judge its claims."""
