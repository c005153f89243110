"""One file for each command: it declares its arguments, calls a service, and returns a ``Result``."""
