"""``make schemas``: bring the JSON Schemas of our TOML files up to date with the models."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.support.schemas import schema_files


def main() -> None:
    """Rewrite the files."""
    for file, text in schema_files().items():
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
