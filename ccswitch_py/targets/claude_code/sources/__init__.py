"""Everything that can tell Claude Code which address, key, headers and models to use, read as it stands."""
