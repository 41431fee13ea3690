"""One function a kind of figure. Each draws what it is given, and returns the figure."""
