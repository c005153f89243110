"""Other programs' files: changing a few entries and leaving every other byte alone."""
