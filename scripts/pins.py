"""What the project depends on: each pin, what it needs on which system, and under what licence it comes."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
SYSTEMS = {"linux": ("posix", "Linux"), "darwin": ("posix", "Darwin"), "win32": ("nt", "Windows")}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")

Place = tuple[str, str]
"""A system and a version of Python."""
EVERYWHERE: frozenset[Place] = frozenset(product(SYSTEMS, PYTHONS))


@dataclass(frozen=True)
class Release:
    """One pinned release, as its own metadata describe it."""

    name: str
    version: str
    requires: tuple[str, ...]
    licence: str


@dataclass(frozen=True)
class Use:
    """Where a release is needed, and which others need it."""

    places: frozenset[Place]
    by: frozenset[str]


def pins() -> dict[str, str]:
    """Name and version of each line of constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text().split()
    return {canonicalize_name(name): version for name, version in (line.split("==") for line in lines)}


def roots() -> dict[str, list[str]]:
    """What pyproject.toml names: for running, for building, for developing."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project = declared["project"]
    return {
        "run": project["dependencies"],
        "build": declared["build-system"]["requires"],
        "dev": project["optional-dependencies"]["dev"],
    }


def needed(wanted: Iterable[str], releases: Mapping[str, Release]) -> dict[str, Use]:
    """All that ``wanted`` brings with it, on every system and Python; a release that has no pin is a KeyError."""
    places: dict[str, set[Place]] = {}
    by: dict[str, set[str]] = {}
    for place in EVERYWHERE:
        waiting = [("ccswitch", Requirement(one), "") for one in wanted]
        done: set[tuple[str, str]] = set()
        while waiting:
            parent, requirement, extra = waiting.pop()
            if requirement.marker and not requirement.marker.evaluate(environment(place, extra)):
                continue
            name = canonicalize_name(requirement.name)
            places.setdefault(name, set()).add(place)
            by.setdefault(name, set()).add(parent)
            for part in ("", *requirement.extras):
                if (name, part) not in done:
                    done.add((name, part))
                    waiting += [(name, Requirement(text), part) for text in releases[name].requires]
    return {name: Use(frozenset(places[name]), frozenset(by[name])) for name in sorted(places)}


def environment(place: Place, extra: str = "") -> dict[str, str]:
    """The values of the markers there."""
    system, python = place
    os_name, platform_system = SYSTEMS[system]
    return {
        "sys_platform": system,
        "os_name": os_name,
        "platform_system": platform_system,
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "extra": extra,
    }


def marker(places: frozenset[Place]) -> str:
    """The words that a requirements file has for these places."""
    systems = {system for system, _ in places}
    pythons = [python for python in PYTHONS if any(python == one for _, one in places)]
    if places != frozenset(product(systems, pythons)) or tuple(pythons) != PYTHONS[: len(pythons)]:
        raise ValueError(f"no simple marker says {sorted(places)}")
    absent = sorted({*SYSTEMS} - systems)
    said = {
        0: [],
        1: [f'sys_platform != "{absent[0]}"'] if absent else [],
        2: [f'sys_platform == "{min(systems)}"'],
    }[len(absent)]
    if len(pythons) < len(PYTHONS):
        said.append(f'python_version < "{PYTHONS[len(pythons)]}"')
    return " and ".join(said)


UNAMBIGUOUS = {"MIT License": "MIT", "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0"}
"""Classifiers that mean one licence; "BSD License" for example may be any of several."""


def licence(expression: str | None, words: str | None, classifiers: Iterable[str]) -> str:
    """The licence of a release: an SPDX expression where its metadata have one, else their own words."""
    named = [one.rpartition(" :: ")[2] for one in classifiers if one.startswith("License :: ")]
    candidates = [one for one in (expression, words, *(UNAMBIGUOUS.get(one) for one in named)) if one]
    for one in candidates:
        if (known := spdx(one)) is not None:
            return known
    return next((one for one in (*named, *candidates) if len(one) < 60), "unknown")


def spdx(text: str) -> str | None:
    """The text as an SPDX expression, if it is one."""
    try:
        return canonicalize_license_expression(text)
    except InvalidLicenseExpression:
        return None
