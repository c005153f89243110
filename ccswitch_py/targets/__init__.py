"""The tools that we set up, one file each."""
