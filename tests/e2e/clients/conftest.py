"""The tools that take long to install or start are left to ``make clients``."""

import os

collect_ignore_glob = [] if os.environ.get("CCSWITCH_CLIENTS") == "full" else ["heavy/*"]
