"""The command line: read arguments, call a service, print its result."""
