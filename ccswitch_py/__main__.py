"""``python -m ccswitch_py`` is the same as ``ccswitch``."""

from ccswitch_py.cli.main import entry

entry()
