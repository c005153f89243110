"""The releases that locks/ names."""

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ROOT / "locks"


@dataclass(frozen=True)
class Locked:
    """One entry of a lock."""

    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def name(self) -> str:
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        return str(self.requirement.specifier).removeprefix("==")

    @property
    def is_needed_here(self) -> bool:
        return self.requirement.marker is None or self.requirement.marker.evaluate()


def locked(name: str) -> list[Locked]:
    """Parse ``locks/<name>.txt``; a line that is no pinned requirement raises."""
    lines = (LOCKS / f"{name}.txt").read_text().replace("\\\n", "").splitlines()
    return [
        Locked(
            Requirement(line.split(" --hash=")[0].strip()), tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})\b", line))
        )
        for line in lines
        if not line.startswith("#")
    ]
