"""Which address, key, headers and models Claude Code will use in a folder, and why."""
