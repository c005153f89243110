"""Keys: list, check, store, replace, remove."""
