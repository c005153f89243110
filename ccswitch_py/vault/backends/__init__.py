"""One key store each."""
