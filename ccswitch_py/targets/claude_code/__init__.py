"""Claude Code: its settings, their precedence, its request shape, and what can be wrong with them."""
