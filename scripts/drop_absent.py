"""drop_absent.py LOCK...: drop from npm locks the optional packages that were not served, and all addresses."""

import json
import sys
from pathlib import Path

for name in sys.argv[1:]:
    path = Path(name)
    lock = json.loads(path.read_text())
    locked = {key.rpartition("node_modules/")[2] for key in lock["packages"]}
    for package in lock["packages"].values():
        package.pop("funding", None)
        optional = package.get("optionalDependencies", {})
        for absent in optional.keys() - locked:
            del optional[absent]
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")
