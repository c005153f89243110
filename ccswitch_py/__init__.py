"""ccswitch: set up Claude Code-style coding tools for any gateway that speaks Claude Messages."""

__version__ = "0.1.0"
