"""The command line: read arguments, call a job, print its result."""
