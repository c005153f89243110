"""``make pages``: bring the generated parts of docs/targets up to date with the targets."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ccswitch_py.targets.registry import TARGETS  # noqa: E402
from tests.support.target_pages import overview, page_of, with_generated  # noqa: E402


def main() -> None:
    """Rewrite the pages."""
    folder = ROOT / "docs" / "targets"
    (folder / "README.md").write_text(overview(list(TARGETS.values())))
    for target in TARGETS.values():
        page = folder / page_of(target)
        page.write_text(with_generated(page.read_text() if page.exists() else f"# {target.name}\n", target))


if __name__ == "__main__":
    main()
