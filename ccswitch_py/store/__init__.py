"""Our own files: profiles, providers, keys, launch files and the journal."""
