"""``make lock``: write the hashes of every file of each pinned release, for every system, into locks/.

The releases are looked up in the index that pip is configured with (the simple API as JSON, PEP 691).
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import json
import os
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Mapping
from email.message import Message
from email.parser import BytesParser
from io import BytesIO
from typing import Any

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)

from scripts.pins import EVERYWHERE, ROOT, Release, Use, licence, marker, needed, pins, roots

LOCKS = {
    "run": "What ccswitch needs to run.",
    "build": "What building it needs.",
    "dev": "What its tests and checks need besides.",
}
HEADER = "# {about} Made by `make lock` from constraints.txt; not to be edited.\n"
JSON = "application/vnd.pypi.simple.v1+json"


def main() -> int:
    try:
        files = {name: files_of(name, version) for name, version in pins().items()}
        releases = {name: release(name, version, files[name]) for name, version in pins().items()}
        parts = partition(releases)
    except KeyError as missing:
        print(f"{missing.args[0]} is needed and has no line in constraints.txt", file=sys.stderr)
        return 1
    except (LookupError, OSError, ValueError) as problem:
        print(problem, file=sys.stderr)
        return 1
    if unused := sorted({*releases}.difference(*parts.values())):
        print(f"nothing needs {', '.join(unused)}: take the lines out of constraints.txt", file=sys.stderr)
        return 1
    hashes = {name: sorted(one["hashes"]["sha256"] for one in files[name]) for name in files}
    for part, about in LOCKS.items():
        text = HEADER.format(about=about) + "".join(
            entry(releases[name], use, hashes[name]) for name, use in parts[part].items()
        )
        (ROOT / "locks" / f"{part}.txt").write_text(text, newline="\n")
    return 0


def partition(releases: Mapping[str, Release]) -> dict[str, dict[str, Use]]:
    """Each release in the first list that needs it; in a later one only for the systems that are not served yet."""
    served: dict[str, frozenset[tuple[str, str]]] = {}
    parts: dict[str, dict[str, Use]] = {}
    for part, wanted in roots().items():
        uses = needed(wanted, releases)
        parts[part] = {
            name: Use(rest, use.by)
            for name, use in uses.items()
            if (rest := use.places - served.get(name, frozenset()))
        }
        for name, use in uses.items():
            served[name] = served.get(name, frozenset()) | use.places
    return parts


def entry(release: Release, use: Use, hashes: list[str]) -> str:
    """The lines of one release in a requirements file."""
    condition = "" if use.places == EVERYWHERE else f" ; {marker(use.places)}"
    lines = [f"{release.name}=={release.version}{condition}", *(f"--hash=sha256:{one}" for one in hashes)]
    return " \\\n    ".join(lines) + f"\n    # via {', '.join(sorted(use.by))}\n    # licence {release.licence}\n"


def files_of(name: str, version: str) -> list[dict[str, Any]]:
    """Every file of the release that the index has."""
    address = f"{index()}/{name}/"
    answer = json.loads(fetched(address, f"the list of {name}", JSON))
    files = [one for one in answer["files"] if version_of(one["filename"]) == version]
    if not files:
        raise LookupError(f"the index has no {name} {version}")
    for one in files:
        if "sha256" not in one["hashes"]:
            raise LookupError(f"the index has no SHA-256 of {one['filename']}")
        one["url"] = urllib.parse.urljoin(address, one["url"])
    return files


def version_of(filename: str) -> str | None:
    try:
        parse = parse_wheel_filename if filename.endswith(".whl") else parse_sdist_filename
        return str(parse(filename)[1])
    except (InvalidWheelFilename, InvalidSdistFilename):
        return None


def release(name: str, version: str, files: list[dict[str, Any]]) -> Release:
    """The release's own words, from what is installed here, or else from one of its wheels."""
    for installed in importlib.metadata.distributions(name=name):
        if installed.version == version:
            return described(name, version, installed.metadata)
    return described(name, version, metadata_of_a_wheel(name, files))


def described(name: str, version: str, metadata: Any) -> Release:
    classifiers = metadata.get_all("Classifier") or []
    said = licence(metadata.get("License-Expression"), metadata.get("License"), classifiers)
    return Release(canonicalize_name(name), version, tuple(metadata.get_all("Requires-Dist") or []), said)


def metadata_of_a_wheel(name: str, files: list[dict[str, Any]]) -> Message:
    wheels = [one for one in files if one["filename"].endswith(".whl")]
    if not wheels:
        raise LookupError(f"{name} has no wheel that could be asked what it needs")
    smallest = min(wheels, key=lambda one: one.get("size", 0))
    content = fetched(smallest["url"], smallest["filename"])
    if hashlib.sha256(content).hexdigest() != smallest["hashes"]["sha256"]:
        raise LookupError(f"{smallest['filename']} is not the file that the index announced")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        inside = next(one for one in archive.namelist() if one.endswith(".dist-info/METADATA"))
        return BytesParser().parsebytes(archive.read(inside))


def index() -> str:
    """The index that pip asks: its configuration, or what it has built in."""
    if named := os.environ.get("PIP_INDEX_URL") or setting("install.index-url") or setting("global.index-url"):
        return named.rstrip("/")
    from pip._internal.models.index import PyPI

    return PyPI.simple_url


@functools.cache
def setting(name: str) -> str:
    command = [sys.executable, "-m", "pip", "config", "get", name]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def fetched(address: str, what: str, accept: str = "*/*") -> bytes:
    """What stands there; an error names what was wanted, never the address."""
    authority = os.environ.get("PIP_CERT") or setting("global.cert") or None
    context = ssl.create_default_context(cafile=authority) if address.startswith("https:") else None
    request = urllib.request.Request(address, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=60, context=context) as answer:
            return answer.read()
    except (urllib.error.URLError, TimeoutError) as problem:
        raise LookupError(f"the index does not give {what}: {getattr(problem, 'reason', problem)}") from None


if __name__ == "__main__":
    sys.exit(main())
