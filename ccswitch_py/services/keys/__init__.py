"""The keys by name: list, check, store, replace, remove."""
