"""What ``ccswitch doctor`` looks for in Claude Code's own files."""
