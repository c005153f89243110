"""User actions, one file or package each; cli and tui call them."""
