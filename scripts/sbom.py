"""``make sbom``: what the wheel brings with it (CycloneDX), made from locks/run.txt alone.

The same lock gives the same bytes: it has no time and no serial number, and nothing of the machine that made it.
The hashes of a component are those of every file of its release; which of them pip takes depends on the system.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from dataclasses import dataclass
from typing import Any

from scripts.pins import ROOT, spdx

SBOM = ROOT / "locks" / "ccswitch.cdx.json"
ENTRY = re.compile(
    r"^(?P<name>[\w-]+)==(?P<version>\S+)(?: ; (?P<marker>[^\\\n]+?))?(?P<hashes>(?: \\\n    --hash=sha256:\w{64})+)\n"
    r"    # via (?P<by>.+)\n    # licence (?P<licence>.+)\n",
    re.M,
)


@dataclass(frozen=True)
class Locked:
    """One release of a lock."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    by: tuple[str, ...]
    licence: str


def main() -> int:
    SBOM.write_text(bill(), newline="\n")
    return 0


def locked(part: str) -> list[Locked]:
    """The releases of one of the files in locks/."""
    text = (ROOT / "locks" / f"{part}.txt").read_text()
    return [
        Locked(
            one["name"],
            one["version"],
            one["marker"] or "",
            tuple(re.findall(r"sha256:(\w{64})", one["hashes"])),
            tuple(one["by"].split(", ")),
            one["licence"],
        )
        for one in ENTRY.finditer(text)
    ]


def bill() -> str:
    """The bill as JSON text."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    parts = locked("run")
    whole = {
        "type": "application",
        "bom-ref": reference(project["name"], project["version"]),
        "name": project["name"],
        "version": project["version"],
        "description": project["description"],
        "licenses": licences(project["license"]["text"]),
        "purl": reference(project["name"], project["version"]),
    }
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": whole},
        "components": [component(one) for one in parts],
        "dependencies": [
            {"ref": whole["bom-ref"], "dependsOn": needs(project["name"], parts)},
            *({"ref": reference(one.name, one.version), "dependsOn": needs(one.name, parts)} for one in parts),
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def component(one: Locked) -> dict[str, Any]:
    described: dict[str, Any] = {
        "type": "library",
        "bom-ref": reference(one.name, one.version),
        "name": one.name,
        "version": one.version,
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in one.hashes],
        "licenses": licences(one.licence),
        "purl": reference(one.name, one.version),
    }
    if one.marker:
        described["properties"] = [{"name": "ccswitch:marker", "value": one.marker}]
    return described


def licences(text: str) -> list[dict[str, Any]]:
    if not spdx(text):
        return [{"license": {"name": text}}]
    return [{"expression": text}] if " " in text else [{"license": {"id": text}}]


def needs(name: str, parts: list[Locked]) -> list[str]:
    return [reference(one.name, one.version) for one in parts if name in one.by]


def reference(name: str, version: str) -> str:
    return f"pkg:pypi/{name}@{version}"


if __name__ == "__main__":
    sys.exit(main())
