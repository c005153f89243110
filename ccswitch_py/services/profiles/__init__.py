"""Profiles: set up, edit, rename, duplicate, remove."""
