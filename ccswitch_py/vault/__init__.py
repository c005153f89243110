"""Secrets: the masked type, the stores that may keep them, and how they are fetched."""
