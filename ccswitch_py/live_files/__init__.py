"""Other programs' files: read, lock, journal, replace."""
