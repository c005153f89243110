"""The sources of Claude Code's address, key, headers and models, and their precedence."""
