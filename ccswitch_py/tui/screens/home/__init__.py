"""The profiles."""
